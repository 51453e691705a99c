"""Many variables into a store: a task, as a full store takes longer than a turn of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.gui.dialogs.compacting import wants_room
from ovmfgui.nvram.importing import Import, import_variables
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.progress import Report


class _Found(NamedTuple):
    """An import, and why it was refused before the store was compacted for it; None if not."""

    made: Import
    refused: Refused | None


def start_import(
    workbench: Workbench,
    title: str,
    read: Callable[[], Sequence[Variable]],
    then: Callable[[Import], None],
    *,
    place: Opened | None = None,
    what_fits: bool = False,
) -> None:
    """Work out in a task how variables come into a store; ask where it has to be compacted.

    Args:
        workbench: of the window.
        title: of the task.
        read: gives the variables that are to be set, or refuses; called in the task.
        then: does the edit; not called where it is refused or not wanted.
        place: whose store; of what is in front where None.
        what_fits: leave out what the store does not take, as long as it takes one.
    """
    place = workbench.document.front if place is None else place
    index, image, why_not = place.store_file, place.image, place.read_only_because
    if index is None or image is None or why_not:
        workbench.refuse(Refused(why_not))
        return
    data, limits = image.spaces[index].data, place.limits

    def work(report: Report) -> _Found:
        return _find(data, read(), limits, what_fits, report)

    def done(found: _Found) -> None:
        if place not in workbench.document.all_open:
            return
        now, index = place.image, place.store_file
        if now is None or index is None or now.spaces[index].data is not data:
            workbench.refuse(Refused("the store was changed meanwhile; do it once more"))
        elif found.refused is None or wants_room(workbench, found.refused, place):
            then(found.made)

    workbench.tasks.start(title, work, done, workbench.refuse)


def _find(
    data: bytes, variables: Sequence[Variable], limits: Limits | None, fits: bool, report: Report
) -> _Found:
    def made(*, compact: bool) -> Import:
        return import_variables(
            data, variables, limits=limits, compact=compact, what_fits=fits, report=report
        )

    try:
        return _Found(made(compact=False), None)
    except Refused as refusal:
        try:
            return _Found(made(compact=True), refusal)
        except Refused:
            raise refusal from None
