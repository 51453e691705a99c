"""A host at one step, in sections and rows: what the stage draws."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field, replace
from ovmfgui.migration.lesson.host_cast import chip_words, guest_lines, store_chip
from ovmfgui.migration.simulation.snapshot import (
    ROM_BLOCK,
    ChipState,
    DomainState,
    GuestState,
    HostState,
    ObjectKey,
    is_second,
)
from ovmfgui.migration.simulation.states import FileRole, RunState
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.constants import Layout
    from ovmfgui.migration.lesson.host_cast import HostCast
    from ovmfgui.migration.simulation.step import Step
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.span import Span

FILE_LABELS = {
    FileRole.CODE: "CODE",
    FileRole.TEMPLATE: "template",
    FileRole.STORE: "VARS",
    FileRole.UNIFIED: "unified image",
    FileRole.SAVED: "save file",
    FileRole.SNAPSHOT: "snapshot",
}
"""What a file of a package or a domain is, in a word or two."""

_RUN_STATES = {
    RunState.RUNNING: "running",
    RunState.PAUSED: "paused",
    RunState.INMIGRATE: "not running yet",
    RunState.POSTMIGRATE: "left behind after the migration",
}


_KEPT_WHERE = {
    FileRole.SAVED: "the chip in a save file",
    FileRole.SNAPSHOT: "inside the store's file",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A file or a chip.

    Attributes:
        key: which one.
        label: what it is.
        notes: what else is to be said beside it: the longest that fits is shown.
        contents: its bytes.
        changed: the bytes that the step changed.
        fresh: whether all of it is new at this step.
        words: a second line: a chip's command state; empty where there is nothing to say.
        busy: whether that is something out of the ordinary.
        attention: offset of the last bus write; None before any.
        path: for the tooltip.
        address: guest address of a chip's first byte; None for a file.
        expected: offsets where the CODE that has just been started expects a boundary, and there
            is none.
        code: whether CODE is in it; such rows have a scale of their own.
        heads: whether the row stands for its whole section.
        pending: whether the whole chip is still to go to its file.
        store: whether it is the chip that has a guest's variables.
    """

    key: ObjectKey
    label: str
    notes: tuple[str, ...]
    contents: Pages
    changed: tuple[Span, ...] = ()
    fresh: bool = False
    words: str = ""
    busy: bool = False
    attention: int | None = None
    path: str = ""
    address: int | None = None
    expected: tuple[int, ...] = ()
    code: bool = False
    heads: bool = False
    pending: bool = False
    store: bool = False

    @property
    def changed_size(self) -> int:
        """How many bytes the step changed."""
        return sum(span.size for span in self.changed)


@dataclass(frozen=True, slots=True)
class Section:
    """A package, a domain with its file, or a guest with its chips.

    Attributes:
        title: what it is.
        note: beside the title, of lesser weight.
        rows: its files or chips.
        lines: sentences below them.
        absent: whether only the place is kept.
        headless: whether the only row stands for the section, without a heading above it.
    """

    title: str
    note: str
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()
    absent: bool = False
    headless: bool = False


_NOTHING = Section("", "", absent=True, headless=True)
"""The place of something that is not there."""


@dataclass(slots=True)
class _Teller:
    step: Step
    host: HostState
    changed: dict[ObjectKey, tuple[Span, ...]] = field(default_factory=dict)

    def row(self, key: ObjectKey, label: str, notes: tuple[str, ...], contents: Pages) -> Row:
        spans = self.changed.get(key, ())
        fresh = len(spans) == 1 and spans[0].start == 0 and spans[0].size == contents.size
        return Row(key, label, notes, contents, spans, fresh)

    def file_row(self, path: str | None) -> list[Row]:
        file = self.host.file(path) if path is not None else None
        if file is None:
            return []
        name = PurePosixPath(file.path).name
        row = self.row(
            ObjectKey.file(self.host.name, file.path),
            FILE_LABELS[file.role],
            (f"{name}, {size_text(file.contents.size)}", name),
            file.contents,
        )
        code = file.role in (FileRole.CODE, FileRole.UNIFIED)
        return [replace(row, path=file.path, code=code)]

    def chip_row(self, guest: GuestState, chip: ChipState) -> Row:
        row = self.row(
            ObjectKey.chip(self.host.name, guest.domain, chip.name),
            _chip_label(chip),
            _chip_notes(chip),
            chip.contents,
        )
        words = chip_words(chip)
        busy = not chip.command.idle
        path = f"{chip.name}, behind it {chip.backing}"
        return replace(
            row,
            words=words,
            busy=busy,
            attention=chip.attention,
            path=path,
            address=chip.address,
            expected=self.expected(chip.name),
            code=holds_code(chip),
            pending=chip.dump_pending,
            store=chip.name == store_chip(guest),
        )

    def expected(self, chip: str) -> tuple[int, ...]:
        """The boundaries that the store lacks, after a power-on on this host."""
        verdict = self.step.verdict
        if verdict is None or verdict.expects is None or not is_second(chip):
            return ()
        if self.step.host != self.host.name or verdict.provides is None:
            return ()
        there = set(_boundaries(verdict.provides))
        return tuple(at for at in _boundaries(verdict.expects.layout) if at not in there)

    def packages(self, most: int) -> list[Section]:
        found = []
        for package in self.host.packages:
            rows = [*self.file_row(package.code), *self.file_row(package.template)]
            found.append(Section(f"Package {package.title}", "", tuple(rows)))
        while len(found) < most:
            found.append(Section("", "", absent=True))
        return found

    def seat(self, names: Sequence[str], cast: HostCast) -> list[Section]:
        """Of the domains that share a seat the one that is there."""
        here = {d.name for d in self.host.domains} | {g.domain for g in self.host.guests}
        name = next((name for name in names if name in here), names[0])
        domain = next((d for d in self.host.domains if d.name == name), None)
        guest = self.host.guest(name)
        sections: list[Section] = []
        kept = [self.laid_aside(path) for path in cast.kept.get(name, ())]
        kept += [_NOTHING] * (cast.kept_in(names) - len(kept))
        if not cast.stored:
            pass
        elif domain is None:
            sections.append(
                Section(f"Domain {name}", "not defined here", absent=True, headless=True)
            )
        else:
            sections.append(self.private(domain))
        sections.extend(kept)
        if guest is None:
            sections.append(Section("No guest", "powered off", absent=True))
        else:
            sections.append(self.guest(guest))
        return sections

    def private(self, domain: DomainState) -> Section:
        """A domain: the file that is its own."""
        path = domain.private
        label = f"Domain {domain.name}"
        if path is None:
            return Section(label, domain.words, absent=True, headless=True)
        file = self.host.file(path)
        if file is None:
            return Section(label, "its file is missing", absent=True, headless=True)
        name = PurePosixPath(path).name
        where = "on shared storage" if file.shared else "its private store"
        rows = [
            replace(row, label=label, notes=(f"{name}, {where}", name), heads=True)
            for row in self.file_row(path)
        ]
        return Section(label, "", tuple(rows), headless=True)

    def laid_aside(self, path: str) -> Section:
        """A save file or a snapshot, or its place."""
        file = self.host.file(path)
        if file is None:
            return _NOTHING
        name = PurePosixPath(path).name
        label = FILE_LABELS[file.role].capitalize()
        rows = [
            replace(row, label=label, notes=(f"{name}, {_KEPT_WHERE[file.role]}", name), heads=True)
            for row in self.file_row(path)
        ]
        return Section(label, "", tuple(rows), headless=True)

    def guest(self, guest: GuestState) -> Section:
        rows = tuple(self.chip_row(guest, chip) for chip in guest.chips)
        state = _RUN_STATES[guest.run_state] if guest.alive else "did not get as far as to boot"
        return Section(f"Guest {guest.domain}", state, rows, guest_lines(guest))


def holds_code(chip: ChipState) -> bool:
    """Whether a chip is the first one, which holds CODE; x86 and ARM machines name them alike."""
    return not chip.second


def _chip_label(chip: ChipState) -> str:
    if chip.name == ROM_BLOCK:
        return "ROM"
    return "CODE chip" if holds_code(chip) else "VARS chip"


def _chip_notes(chip: ChipState) -> tuple[str, ...]:
    """Whose CODE a chip holds matters most, then where the guest sees it."""
    where = f"0x{chip.address:08X}"
    if chip.dump_pending:
        return f"{where}, to be dumped into the file", "to be dumped"
    full = f"{where}, {size_text(chip.size)}"
    if not chip.firmware:
        return full, where
    return f"{chip.firmware}, {full}", chip.firmware


def _boundaries(layout: Layout) -> tuple[int, ...]:
    """Where regions of a store begin, as far as that is known."""
    starts = (
        layout.variable_size,
        layout.ftw_working_offset,
        layout.ftw_spare_offset,
        layout.fv_length,
    )
    return tuple(at for at in starts if at is not None)


def sections_of(step: Step, host: str, cast: HostCast) -> tuple[Section, ...]:
    """A host at ``step``; everyone in ``cast`` has a place, there or not."""
    state = step.snapshot.host(host)
    if state is None:
        return ()
    teller = _Teller(step, state, {change.key: change.spans for change in step.changed})
    sections = teller.packages(cast.packages)
    for names in cast.seats:
        sections.extend(teller.seat(names, cast))
    return tuple(sections)
