"""What is open as one self-contained HTML page: for a colleague, an archive."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from ovmfgui import __version__
from ovmfgui.layout.map_drawing import map_svg
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
from ovmfgui.page import page

if TYPE_CHECKING:
    from ovmfgui.layout.inspection import Inspection

_STYLE = """
:root { color-scheme: light dark; --ink: #14181d; --paper: #fff; --soft: #56606a; --line: #c3cad1;
  --code: #a6cee3; --live: #7fc8a9; --spare: #e6d27a; --ftw: #f0b45a; --log: #e2b6cf;
  --head: #5b9bc9; --nv: #cfe8dc; --other: #eceff2; --good: #00694d; --bad: #b0400f; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f4; --paper: #14181d; --soft: #a9b3bd;
  --line: #46505a; --code: #2f5f80; --live: #2a6b50; --spare: #6b5e1f; --ftw: #7d5512;
  --log: #6d3f58; --head: #2f6d9c; --nv: #24473a; --other: #262d34; --good: #5fd0a5;
  --bad: #ff9a6b; } }
body { margin: 0 auto; max-width: 72em; padding: 1.5em; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--soft); }
td, th { padding: .25em .6em; border-bottom: 1px solid var(--line); vertical-align: top; }
td.mono, code { font-family: "DejaVu Sans Mono", monospace; font-size: .88em;
  overflow-wrap: anywhere; }
.verdict { font-size: 1.3em; font-weight: bold; } .well { color: var(--good); }
.ill { color: var(--bad); } .soft { color: var(--soft); }
svg { width: 100%; } svg text { fill: var(--ink); font-size: 14px; }
svg .small { font-size: 11px; fill: var(--soft); } svg .title { font-weight: bold; }
svg rect { stroke: var(--paper); stroke-width: 1; }
svg .code { fill: var(--code); } svg .live { fill: var(--live); } svg .spare { fill: var(--spare); }
svg .ftw { fill: var(--ftw); } svg .log { fill: var(--log); } svg .head { fill: var(--head); }
svg .nv { fill: var(--nv); } svg .other { fill: var(--other); }
"""


def report_page(inspection: Inspection, today: date | None = None) -> str:
    """The page; everything that stands in a file is escaped, secrets are masked.

    Args:
        inspection: of the image or machine.
        today: what the validity of certificates is held against; the machine's date where None.
    """
    title, day = escape(report_title(inspection)), today or date.today()
    parts = [
        f"<h1>{title}</h1>",
        *map(_html, report_blocks(inspection, day)),
        f'<p class="soft">ovmfgui {__version__}, {day.isoformat()}</p>',
    ]
    return page(title, _STYLE, "\n".join(parts))


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Words(text, strong):
            said = escape(text)
            return f"<p><strong>{said}</strong></p>" if strong else f"<p>{said}</p>"
        case Answer(text, well):
            return f'<p class="verdict {"well" if well else "ill"}">{escape(text)}</p>'
        case Drawing(regions):
            return map_svg(regions)
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    def cell(index: int, text: str) -> str:
        kind = ' class="mono"' if index in table.mono else ""
        return f"<td{kind}>{escape(text)}</td>"

    head = "".join(f"<th>{escape(each)}</th>" for each in table.heads)
    body = "".join(
        f"<tr>{''.join(cell(i, text) for i, text in enumerate(row))}</tr>\n" for row in table.rows
    )
    return f"<table>\n<tr>{head}</tr>\n{body}</table>"
