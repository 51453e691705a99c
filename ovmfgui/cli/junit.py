"""Answers as JUnit XML, which every CI shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow (section 2.2)."""


class Case(NamedTuple):
    """A test: its name, and why it fails; empty where it does not."""

    name: str
    failure: str


def write_junit(path: str, suite: str, cases: Sequence[Case]) -> None:
    """Write one suite.

    Raises:
        Refused: the file cannot be written.
    """
    failures = sum(bool(case.failure) for case in cases)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name={_attribute(suite)} tests="{len(cases)}" failures="{failures}">',
        *(_case(suite, case) for case in cases),
        "</testsuite>",
    ]
    try:
        Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise Refused(msg) from error


def _case(suite: str, case: Case) -> str:
    opening = f"  <testcase classname={_attribute(suite)} name={_attribute(case.name)}"
    if not case.failure:
        return f"{opening}/>"
    text = escape(_NOT_XML.sub("?", case.failure))
    first = _attribute(case.failure.splitlines()[0])
    return f"{opening}><failure message={first}>{text}</failure></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("?", text))
