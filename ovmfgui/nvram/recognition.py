"""What firmware meant by the bytes it programmed: SetVariable calls in a log of flash writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes, Record, Status
from ovmfgui.nvram.structures import (
    MASK_DELETED,
    STATE_ADDED,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
)
from ovmfgui.nvram.writes import Generation
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.store import Store

_STATE_OFFSET = 2


class Program(NamedTuple):
    """One byte programmed: its offset in the file, and the value as flash took it."""

    offset: int
    value: int


class SeenCall(NamedTuple):
    """A SetVariable call as it shows in the flash.

    Attributes:
        kind: ``create``, ``update`` or ``delete``; ``other`` for bytes that belong to no call.
        name: of the variable; empty for ``other``.
        guid: of the variable; None for ``other``.
        size: of the new value in bytes.
        first: index of its first program.
        programs: how many programs it took.
        generations: those of firmware that write just so, byte by byte; a deletion is the same in
            both, and none are left where something was cut off or is not firmware's.
    """

    kind: str
    name: str
    guid: UUID | None
    size: int
    first: int
    programs: int
    generations: tuple[Generation, ...]


def _length(store: Store, programs: Sequence[Program], first: int) -> tuple[str, int]:
    """What starts at program ``first``, and how many programs it takes."""
    states = {record.header_span.start + _STATE_OFFSET: record for record in store.records}
    start = programs[first]
    record = states.get(start.offset)
    if record is not None:
        return _of_record(store, record, programs, first)
    if start.offset == store.end:
        done = Program(store.end + _STATE_OFFSET, STATE_ADDED)
        return "create", _until(programs, first, done)
    return "other", 1


def _of_record(
    store: Store, record: Record, programs: Sequence[Program], first: int
) -> tuple[str, int]:
    """A state byte of a record is programmed: a deletion, or the start of an update."""
    here = programs[first]
    live = store.by_key.get(record.key)
    if live is None:
        return "other", 1
    state = live.header_span.start + _STATE_OFFSET
    if record.status is Status.TRANSITION and here.value == record.state & MASK_DELETED:
        # The twin goes first when its variable is deleted.
        return "delete", _until(programs, first, Program(state, live.state & MASK_DELETED))
    if record is live and here.value == live.state & MASK_DELETED:
        return "delete", 1
    if record is live and here.value == STATE_IN_TRANSITION:
        return "update", _until(programs, first, Program(state, STATE_SUPERSEDED))
    return "other", 1


def _until(programs: Sequence[Program], first: int, last: Program) -> int:
    """How many programs there are from ``first`` to ``last``; to the end where it never comes."""
    for index in range(first, len(programs)):
        if programs[index] == last:
            return index - first + 1
    return len(programs) - first


def _edit(editor: Editor, kind: str, record: Record) -> Edit:
    if kind == "delete":
        return editor.delete_variable(record.name, record.guid)
    timed = bool(record.attributes & Attributes.AT)
    current = editor.store.by_key.get(record.key)
    stamp = record.timestamp if timed and current is not None else None
    if timed and current is None:
        stamp = record.timestamp
    return editor.set_variable(
        record.name, record.guid, record.data, record.attributes, timestamp=stamp
    )


def _generations(
    before: bytes, kind: str, record: Record, programs: Sequence[Program]
) -> Iterator[Generation]:
    """The generations of firmware whose writes these are."""
    for generation in Generation:
        try:
            edit = _edit(Editor(before, generation), kind, record)
        except Refused:
            return
        expected = [
            Program(write.offset + index, value)
            for write in edit.writes
            for index, value in enumerate(write.data)
        ]
        if expected == list(programs):
            yield generation


def recognise(data: bytes, programs: Sequence[Program]) -> Iterator[SeenCall]:
    """The SetVariable calls in what was programmed into a store, in their order.

    Args:
        data: the store before the first of them.
        programs: every byte in order; erasures end what can be recognised and are not among them.
    """
    first = 0
    while first < len(programs):
        store = read_store(data)
        kind, count = _length(store, programs, first)
        taken = programs[first : first + count]
        changed = bytearray(data)
        for program in taken:
            changed[program.offset] &= program.value
        after = bytes(changed)
        record = None if kind == "other" else _record(store, kind, taken, after)
        if record is None:
            yield SeenCall("other", "", None, 0, first, count, ())
        else:
            generations = tuple(_generations(data, kind, record, taken))
            size = 0 if kind == "delete" else len(record.data)
            yield SeenCall(kind, record.name, record.guid, size, first, count, generations)
        first += count
        data = after


def _record(store: Store, kind: str, taken: Sequence[Program], after: bytes) -> Record | None:
    """The record that was written, or the one that was deleted."""
    if kind == "delete":
        at = taken[-1].offset - _STATE_OFFSET
        return next((r for r in store.records if r.span.start == at), None)
    return next((r for r in read_store(after).live if r.span.start == store.end), None)
