"""What is open as Markdown, for a ticket: CommonMark with the tables of GitHub and GitLab."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from ovmfgui import __version__
from ovmfgui.layout.report_blocks import (
    Answer,
    Block,
    Drawing,
    Heading,
    Table,
    Words,
    report_blocks,
    report_title,
)
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection

_MARKS = re.compile(r"([\\`*_\[\]<>|~#&!])")
"""What Markdown, or HTML within it, would take for its own."""

_CALLS = re.compile(r"(?<=[@#])(?=\w)|(?<=://)|(?<=\bwww)(?=\.)")
"""Where trackers find a person to be called, another ticket, or an address to be linked."""


def report_markdown(inspection: Inspection, today: date | None = None) -> str:
    """The report; nothing that stands in a file is taken for markup, secrets are masked.

    Args:
        inspection: of the image or machine.
        today: what the validity of certificates is held against; the machine's date where None.
    """
    day = today or date.today()
    parts = [
        f"# {_plain(report_title(inspection))}",
        *map(_markdown, report_blocks(inspection, day)),
        f"ovmfgui {__version__}, {day.isoformat()}",
    ]
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """Text as it is, on one line: no markup, nobody called, nothing linked."""
    return _CALLS.sub("\u2060", _MARKS.sub(r"\\\1", " ".join(text.split())))


def _code(text: str) -> str:
    """Digits and names in a span of code, which ends at nothing that is in it."""
    text = " ".join(text.split()).replace("|", "\\|")
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {_plain(text)}"
        case Words(text, strong):
            return f"**{_plain(text)}**" if strong else _plain(text)
        case Answer(text, _well):
            return f"**{_plain(text)}**"
        case Drawing(regions):
            return _table(_as_table(regions))
        case Table():
            return _table(block)


def _as_table(regions: tuple[Region, ...]) -> Table:
    """The map in words, the highest address on top."""
    rows = tuple(
        (
            "" if region.address is None else f"0x{region.address:08X}",
            f"0x{region.span.start:X}",
            size_text(region.span.size),
            region.name,
        )
        for region in sorted(regions, key=_height, reverse=True)
    )
    return Table(("guest address", "offset", "size", "region"), rows, mono=(0, 1))


def _height(region: Region) -> tuple[int, int]:
    return region.address or 0, region.span.start


def _table(table: Table) -> str:
    def row(cells: tuple[str, ...], mono: tuple[int, ...]) -> str:
        shown = (_code(cell) if i in mono else _plain(cell) for i, cell in enumerate(cells))
        return f"| {' | '.join(shown)} |"

    lines = [row(table.heads, ()), f"|{' --- |' * len(table.heads)}"]
    return "\n".join([*lines, *(row(each, table.mono) for each in table.rows)])
