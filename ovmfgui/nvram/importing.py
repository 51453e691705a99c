"""Bringing many variables into a store at once, as one edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.nvram.edit import Edit, FlashWrite
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.limits import Limits


class Import(NamedTuple):
    """An import: the edit, what of it changed something, and what was left out."""

    edit: Edit
    changed: tuple[str, ...]
    skipped: tuple[str, ...]


class _Batch:
    """Edits one after the other; only the volume is copied at each step, files may be 64 MiB."""

    def __init__(
        self, data: bytes, generation: Generation, limits: Limits | None, compact: bool
    ) -> None:
        first = Editor(data, generation, limits=limits)
        volume = first.store.volume
        self.whole = data
        self.end = len(data) if volume is None else volume.span.end
        self.generation, self.limits, self.compact = generation, first.limits, compact
        self.editor = self._editor(data[: self.end])
        self.writes: list[FlashWrite] = []

    def _editor(self, data: bytes) -> Editor:
        return Editor(data, self.generation, limits=self.limits, compact=self.compact)

    def add(self, edit: Edit) -> bool:
        """Take an edit in; whether it wrote anything."""
        if edit.writes:
            self.writes.extend(edit.writes)
            self.editor = self._editor(edit.after)
        return bool(edit.writes)

    def edit(self, title: str) -> Edit:
        """All of them as one."""
        return Edit.of_writes(title, self.whole, tuple(self.writes))


def _take(batch: _Batch, variable: Variable) -> bool:
    current = batch.editor.store.by_key.get((variable.guid, variable.name))
    attributes = variable.attributes & ~int(Attributes.APPEND)
    timestamp = variable.timestamp
    if current is not None and current.attributes != attributes:
        # Firmware changes attributes no other way.
        batch.add(batch.editor.delete_variable(variable.name, variable.guid))
        current = None
    if current is not None and current.timestamp == timestamp:
        timestamp = None
    return batch.add(
        batch.editor.set_variable(
            variable.name, variable.guid, variable.data, attributes, timestamp=timestamp
        )
    )


def import_variables(
    data: bytes,
    variables: Iterable[Variable],
    *,
    replace: bool = False,
    generation: Generation = Generation.NEW,
    limits: Limits | None = None,
    compact: bool = False,
) -> Import:
    """Set every variable given, as firmware would one after the other.

    Args:
        data: the store's file.
        variables: volatile ones are left out, they are never in a store.
        replace: delete the variables that are not among them.
        generation: as with ``Editor``.
        limits: as with ``Editor``.
        compact: as with ``Editor``.

    Raises:
        Refused: the store cannot be changed, or does not take one of the variables.
    """
    batch = _Batch(data, generation, limits, compact)
    changed: list[str] = []
    skipped: list[str] = []
    wanted: set[tuple[UUID, str]] = set()
    for variable in variables:
        if not variable.attributes & Attributes.NV or not variable.data:
            skipped.append(visible_name(variable.name))
            continue
        wanted.add((variable.guid, variable.name))
        if _take(batch, variable):
            changed.append(visible_name(variable.name))
    if replace:
        for record in batch.editor.store.live:
            if record.key not in wanted:
                batch.add(batch.editor.delete_variable(record.name, record.guid))
                changed.append(visible_name(record.name))
    if not wanted and not replace:
        msg = "there is no non-volatile variable to import"
        raise Refused(msg)
    count = len(changed)
    title = f"Import {count} variable{'' if count == 1 else 's'}"
    return Import(batch.edit(title), tuple(changed), tuple(skipped))
