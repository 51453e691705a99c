"""Bringing many variables into a store at once, as one edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.json_text import is_json_store
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.authenticated import is_private
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.editor import Generation
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_importing import import_into_json
from ovmfgui.nvram.record import Attributes
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.progress import Report


class Import(NamedTuple):
    """An import: the edit, what of it changed something, and what was left out.

    Attributes:
        refused: what the store does not take, each with why; empty unless that was asked for.
    """

    edit: Edit
    changed: tuple[str, ...]
    skipped: tuple[str, ...]
    refused: tuple[str, ...] = ()


def _take(batch: Batch, variable: Variable) -> bool:
    current = batch.editor.find(variable.name, variable.guid)
    attributes = variable.attributes & ~int(Attributes.APPEND)
    timestamp = variable.timestamp
    if current is not None and is_private(
        (variable.guid, variable.name), current.attributes | attributes
    ):
        # Another signer may be meant: the old one goes from certdb with the variable.
        if current.attributes != attributes:
            batch.add(batch.editor.delete_variable(variable.name, variable.guid))
            current = None
    elif current is not None and current.attributes != attributes:
        edit = batch.editor.change_attributes(
            variable.name, variable.guid, attributes, data=variable.data, timestamp=timestamp
        )
        return batch.add(edit)
    if current is not None and current.timestamp == timestamp:
        timestamp = None
    return batch.add(
        batch.editor.set_variable(
            variable.name, variable.guid, variable.data, attributes, timestamp=timestamp
        )
    )


def _why_not_taken(batch: Batch, variable: Variable, changed: list[str], *, raising: bool) -> str:
    """Take a variable over, and note where that changed it; why not, where it cannot be."""
    written = len(batch.writes)
    try:
        if _take(batch, variable):
            changed.append(visible_name(variable.name))
    except Refused as refusal:
        # Half a change is none that can be left out.
        if raising or len(batch.writes) != written:
            raise
        return str(refusal)
    return ""


def import_variables(
    data: bytes,
    variables: Iterable[Variable],
    *,
    replace: bool = False,
    generation: Generation = Generation.NEW,
    limits: Limits | None = None,
    compact: bool = False,
    what_fits: bool = False,
    report: Report = silent,
) -> Import:
    """Set every variable given, as firmware would one after the other.

    Args:
        data: the store's file.
        variables: volatile ones are left out, they are never in a store.
        replace: delete the variables that are not among them.
        generation: as with ``Editor``.
        limits: as with ``Editor``.
        compact: as with ``Editor``.
        what_fits: leave out what the store does not take, as long as it takes one.
        report: called before each variable.

    Raises:
        Refused: the store cannot be changed, or does not take one of the variables.
    """
    if is_json_store(data):
        return Import(*import_into_json(data, variables, replace=replace, limits=limits))
    batch = Batch(data, generation, limits, compact)
    changed: list[str] = []
    skipped: list[str] = []
    refused: list[str] = []
    wanted: set[tuple[UUID, str]] = set()
    given = list(variables)
    for number, variable in enumerate(given):
        report(number, len(given), variable.name)
        if not variable.attributes & Attributes.NV or not variable.data:
            skipped.append(visible_name(variable.name))
            continue
        wanted.add((variable.guid, variable.name))
        why = _why_not_taken(batch, variable, changed, raising=not what_fits)
        if why:
            refused.append(f"{visible_name(variable.name)}: {why}")
    if replace:
        for record in batch.editor.store.live:
            if record.key not in wanted:
                batch.add(batch.editor.delete_variable(record.name, record.guid))
                changed.append(visible_name(record.name))
    if not wanted and not replace:
        msg = "there is no non-volatile variable to import"
        raise Refused(msg)
    if refused and len(refused) == len(wanted):
        raise Refused(refused[0])
    count = len(changed)
    title = f"Import {count} variable{'' if count == 1 else 's'}"
    return Import(batch.edit(title), tuple(changed), tuple(skipped), tuple(refused))
