"""What a report says of an image, a pair or a machine, whatever it is written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.opening import describe_role
from ovmfgui.guid import guid_name
from ovmfgui.layout.words import FACT_NAMES, OUTCOMES, value_text
from ovmfgui.machine.sentence import machine_sentence
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.faults import visible_name
from ovmfgui.trust.overview import overview
from ovmfgui.trust.room import room_for_dbx
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from ovmfgui.finding import Finding
    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.trust.overview import Overview

_SIGNS = {"error": "✖ error", "warning": "⚠ warning", "info": "· note"}


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; ``strong`` for what is to be read first."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict in a word."""

    text: str
    well: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below heads; ``mono`` are the columns that digits stand in."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mono: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The flash map of these regions."""

    regions: tuple[Region, ...]


Block = Heading | Words | Answer | Table | Drawing


def report_title(inspection: Inspection) -> str:
    """What the report is about: a machine's name, or those of the files."""
    if inspection.machine is not None:
        return inspection.machine.machine.title
    return " + ".join(file.path.rpartition("/")[2] for file in inspection.image.files)


def report_blocks(inspection: Inspection, today: date) -> Iterator[Block]:
    """All that it says, in order; ``today`` is what certificates' validity is held against."""
    if inspection.machine is not None:
        yield Words(f"{machine_sentence(inspection.machine)}.")
    if inspection.verdict is not None:
        yield from _verdict(inspection.verdict)
    yield Heading("Files")
    yield Table(
        ("", "bytes", "SHA-256"),
        tuple(
            (f"{file.path}: {describe_role(file.role)}", f"{file.size:,}", file.sha256)
            for file in inspection.image.files
        ),
        mono=(1, 2),
    )
    yield Heading("Flash map")
    yield Drawing(tuple(r for r in inspection.map if r.place.space < len(inspection.image.files)))
    yield from _constants(inspection)
    told: tuple[Finding, ...] = ()
    if inspection.store is not None and inspection.store.header_span is not None:
        yield from _variables(inspection.store)
        seen = _overview(inspection.store, today)
        yield from _secure_boot(seen)
        told = seen.findings
    yield from _findings(inspection, told)


def _verdict(verdict: Verdict) -> Iterator[Block]:
    yield Answer(f"{verdict.fit.sign} {verdict.fit}", well=verdict.fit.well)
    yield Words(f"At the next power-on: {OUTCOMES[verdict.outcome]}.")
    yield Words(verdict.summary)
    if verdict.advice:
        yield Words(verdict.advice, strong=True)


def _constants(inspection: Inspection) -> Iterator[Block]:
    expects = inspection.expects.layout.facts() if inspection.expects else {}
    provides = inspection.provides.facts() if inspection.provides else {}
    if not expects and not provides:
        return
    yield Heading("What CODE expects, what VARS provides")
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
    yield Table(("constant", "CODE expects", "VARS provides"), tuple(rows), mono=(1, 2))


def _variables(store: Store) -> Iterator[Block]:
    gauge = store.gauge
    yield Heading(count(len(store.live), "variable"))
    yield Words(
        f"{gauge.live:,} bytes live, {gauge.dead:,} dead, {gauge.free:,} free of {gauge.total:,}."
    )
    if store.live:
        heads = ("name", "vendor", "attributes", "bytes", "value")
        yield Table(heads, tuple(map(_variable, store.live)), mono=(2, 3))


def _variable(record: Record) -> tuple[str, ...]:
    return (
        visible_name(record.name),
        guid_name(record.guid) or str(record.guid),
        ",".join(record.attribute_names),
        f"{len(record.data):,}",
        decode(record).summary,
    )


def _overview(store: Store, today: date) -> Overview:
    return overview(
        {record.key: record.data for record in store.live},
        authenticated=store.authenticated,
        room=room_for_dbx(store),
        today=today,
    )


def _secure_boot(seen: Overview) -> Iterator[Block]:
    yield Heading("Secure Boot")
    yield Words(f"Mode: {seen.mode}.")
    rows = [
        (name, c.subject, c.generation, c.read.not_after[:10] if c.read else "")
        for name, found in seen.databases.items()
        for c in found.certificates
    ]
    if rows:
        yield Table(("", "certificate", "generation", "valid until"), tuple(rows))
    for finding in seen.findings:
        yield Words(f"{_SIGNS[str(finding.severity)]}: {finding.text}")


def _findings(inspection: Inspection, told: Sequence[Finding]) -> Iterator[Block]:
    """What has not been told under another heading."""
    yield Heading("Findings")
    said = inspection.verdict.summary if inspection.verdict else ""
    findings = [each for each in inspection.findings if each.text != said and each not in told]
    if not findings:
        yield Words("None." if not said else "None besides the verdict.")
        return
    files = inspection.image.files
    rows = []
    for finding in findings:
        place, where = finding.place, ""
        if place is not None:
            name = files[place.space].role.upper() if place.space < len(files) else "unpacked"
            where = f"{name} 0x{place.span.start:X}"
        rows.append((_SIGNS[str(finding.severity)], where, finding.text))
    yield Table(("", "where", "what it is, what it means, what to do"), tuple(rows), mono=(1,))
