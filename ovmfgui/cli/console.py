"""Plain text for the terminal: tables, signs, wrapped sentences."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_CELL, MOST_TEXT
from ovmfgui.wording import one_line, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.finding import Finding

_COLUMNS, _MOST_COLUMNS = 100, 110
SIGNS = {"info": "·", "warning": "⚠", "error": "✖"}


def width() -> int:
    """Columns to write in; never so many that a sentence is hard to read."""
    # What shutil.get_terminal_size does; importing shutil brings three compressors along.
    columns = os.environ.get("COLUMNS", "")
    if not columns.isdecimal() or not int(columns):
        try:
            columns = str(os.get_terminal_size(sys.stdout.fileno()).columns)
        except (AttributeError, ValueError, OSError):
            columns = "0"
    return min(int(columns) or _COLUMNS, _MOST_COLUMNS)


def say(text: str) -> None:
    """Print a line that has words of unknown origin in it; empty lines before it stay."""
    line = text.lstrip("\n")
    print("\n" * (len(text) - len(line)) + one_line(line))


def say_all(texts: Iterable[str]) -> None:
    """The same for many lines, written in one go."""
    lines = "\n".join(map(one_line, texts))
    if lines:
        print(lines)


def _cell(text: str) -> str:
    return shortened(text if text.isascii() and text.isprintable() else one_line(text), MOST_CELL)


def print_wrapped(text: str, indent: str = "", first: str | None = None) -> None:
    """Print a sentence, wrapped, later lines under the first one's text."""
    import textwrap

    opening = indent if first is None else indent + first
    print(
        textwrap.fill(
            shortened(text, MOST_TEXT),
            width(),
            initial_indent=opening,
            subsequent_indent=indent + " " * (0 if first is None else len(first)),
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def print_findings(findings: Iterable[Finding]) -> None:
    """Findings under a heading, one a line, sign first; nothing where there are none."""
    listed = list(findings)
    if not listed:
        return
    print("\nFindings")
    for finding in listed:
        print_wrapped(finding.text, "  ", f"{SIGNS[finding.severity]} ")


def print_table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> None:
    """Print rows in columns two spaces apart; ``right`` are the columns to align to the right."""
    if not rows:
        return
    shown = [tuple(map(_cell, row)) for row in rows]
    widths = [max(len(row[i]) for row in shown) for i in range(len(rows[0]))]
    form = "  ".join(f"%{'' if i in right else '-'}{size}s" for i, size in enumerate(widths))
    # Written in one go: a store has thousands of rows.
    print("\n".join(f"  {form % row}".rstrip() for row in shown))
