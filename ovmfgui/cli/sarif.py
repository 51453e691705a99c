"""Answers as SARIF 2.1.0 (OASIS), which code hosting services show beside the change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ovmfgui import __version__
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.finding import Finding

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"info": "note", "warning": "warning", "error": "error"}
"""Of section 3.27.10, level."""


def write_sarif(path: str, found: Iterable[tuple[str, Finding]]) -> None:
    """Write findings, each with the path of the file that it is about.

    Raises:
        Refused: the file cannot be written.
    """
    results = [_result(about, finding) for about, finding in found]
    rules = [{"id": each} for each in sorted({result["ruleId"] for result in results})]
    driver = {"name": "ovmfgui", "version": __version__, "rules": rules}
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }
    text = json.dumps(log, indent=1) + "\n"
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise Refused(msg) from error


def _result(about: str, finding: Finding) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "level": _LEVELS[str(finding.severity)],
        "message": {"text": finding.text},
    }
    if about:
        # An absolute path as such is no URI; one without a scheme is relative to the run's base.
        uri = quote(about if not about.startswith("/") else f"file://{about}", safe="/:")
        result["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": uri}}}]
    return result
