"""What is open as one self-contained HTML page: for a ticket, a colleague, an archive."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from ovmfgui import __version__
from ovmfgui.flash.opening import describe_role
from ovmfgui.guid import guid_name
from ovmfgui.layout.map_drawing import map_svg
from ovmfgui.layout.words import FACT_NAMES, OUTCOMES, value_text
from ovmfgui.machine.sentence import machine_sentence
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.faults import visible_name
from ovmfgui.page import page
from ovmfgui.trust.overview import overview
from ovmfgui.trust.room import room_for_dbx
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

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
_SIGNS = {"error": "✖ error", "warning": "⚠ warning", "info": "· note"}


def report_page(inspection: Inspection, today: date | None = None) -> str:
    """The page; everything that stands in a file is escaped, secrets are masked.

    Args:
        inspection: of the image or machine.
        today: what the validity of certificates is held against; the machine's date where None.
    """
    title, day = escape(_title(inspection)), today or date.today()
    parts = [
        f"<h1>{title}</h1>",
        *_body(inspection, day),
        f'<p class="soft">ovmfgui {__version__}, {day.isoformat()}</p>',
    ]
    return page(title, _STYLE, "\n".join(parts))


def _title(inspection: Inspection) -> str:
    if inspection.machine is not None:
        return inspection.machine.machine.title
    return " + ".join(file.path.rpartition("/")[2] for file in inspection.image.files)


def _body(inspection: Inspection, today: date) -> Iterator[str]:
    if inspection.machine is not None:
        yield f"<p>{escape(machine_sentence(inspection.machine))}.</p>"
    if inspection.verdict is not None:
        yield from _verdict(inspection.verdict)
    yield "<h2>Files</h2>"
    yield _table(
        ("", "bytes", "SHA-256"),
        (
            (f"{file.path}: {describe_role(file.role)}", f"{file.size:,}", file.sha256)
            for file in inspection.image.files
        ),
        mono=(1, 2),
    )
    yield "<h2>Flash map</h2>"
    yield map_svg([r for r in inspection.map if r.place.space < len(inspection.image.files)])
    yield from _constants(inspection)
    if inspection.store is not None and inspection.store.header_span is not None:
        yield from _variables(inspection.store)
        yield from _secure_boot(inspection.store, today)
    yield from _findings(inspection)


def _verdict(verdict: Verdict) -> Iterator[str]:
    good = "well" if verdict.fit.well else "ill"
    yield f'<p class="verdict {good}">{verdict.fit.sign} {escape(str(verdict.fit))}</p>'
    yield f"<p>At the next power-on: {escape(OUTCOMES[verdict.outcome])}.</p>"
    yield f"<p>{escape(verdict.summary)}</p>"
    if verdict.advice:
        yield f"<p><strong>{escape(verdict.advice)}</strong></p>"


def _constants(inspection: Inspection) -> Iterator[str]:
    expects = inspection.expects.layout.facts() if inspection.expects else {}
    provides = inspection.provides.facts() if inspection.provides else {}
    if not expects and not provides:
        return
    yield "<h2>What CODE expects, what VARS provides</h2>"
    rows = []
    for fact in expects or provides:
        left, right = expects.get(fact), provides.get(fact)
        differ = left is not None and right is not None and left != right
        rows.append(
            (
                f"{'≠' if differ else ' '} {FACT_NAMES[fact]}",
                value_text(left) if expects else "",
                value_text(right) if provides else "",
            )
        )
    yield _table(("constant", "CODE expects", "VARS provides"), rows, mono=(1, 2))


def _variables(store: Store) -> Iterator[str]:
    gauge = store.gauge
    yield f"<h2>{count(len(store.live), 'variable')}</h2>"
    yield (
        f"<p>{gauge.live:,} bytes live, {gauge.dead:,} dead, {gauge.free:,} free of "
        f"{gauge.total:,}.</p>"
    )
    if store.live:
        heads = ("name", "vendor", "attributes", "bytes", "value")
        yield _table(heads, map(_variable, store.live), mono=(2, 3))


def _variable(record: Record) -> tuple[str, ...]:
    return (
        visible_name(record.name),
        guid_name(record.guid) or str(record.guid),
        ",".join(record.attribute_names),
        f"{len(record.data):,}",
        decode(record).summary,
    )


def _secure_boot(store: Store, today: date) -> Iterator[str]:
    seen = overview(
        {record.key: record.data for record in store.live},
        authenticated=store.authenticated,
        room=room_for_dbx(store),
        today=today,
    )
    yield "<h2>Secure Boot</h2>"
    yield f"<p>Mode: {escape(seen.mode)}.</p>"
    rows = [
        (name, c.subject, c.generation, c.read.not_after[:10] if c.read else "")
        for name, found in seen.databases.items()
        for c in found.certificates
    ]
    if rows:
        yield _table(("", "certificate", "generation", "valid until"), rows)
    for finding in seen.findings:
        yield f"<p>{_SIGNS[str(finding.severity)]}: {escape(finding.text)}</p>"


def _findings(inspection: Inspection) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    said = inspection.verdict.summary if inspection.verdict else ""
    findings = [each for each in inspection.findings if each.text != said]
    if not findings:
        yield "<p>None.</p>" if not said else "<p>None besides the verdict.</p>"
        return
    files = inspection.image.files
    rows = []
    for finding in findings:
        place, where = finding.place, ""
        if place is not None:
            name = files[place.space].role.upper() if place.space < len(files) else "unpacked"
            where = f"{name} 0x{place.span.start:X}"
        rows.append((_SIGNS[str(finding.severity)], where, finding.text))
    yield _table(("", "where", "what it is, what it means, what to do"), rows, mono=(1,))


def _table(
    heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], mono: tuple[int, ...] = ()
) -> str:
    def cell(index: int, text: str) -> str:
        kind = ' class="mono"' if index in mono else ""
        return f"<td{kind}>{escape(text)}</td>"

    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(
        f"<tr>{''.join(cell(i, text) for i, text in enumerate(row))}</tr>\n" for row in rows
    )
    return f"<table>\n<tr>{head}</tr>\n{body}</table>"
