"""Variables of one side, copied into the other as an edit of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.gui.dialogs.importing import start_import
from ovmfgui.gui.workbench import Message
from ovmfgui.nvram.edit import Edit
from ovmfgui.nvram.exchange import Variable
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.views.compare.variables_page import VariablesPage
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.importing import Import
    from ovmfgui.nvram.record import Record


def take_over(
    workbench: Workbench,
    records: Sequence[Record],
    place: Opened,
    side: str,
    then: Callable[[], None] | None = None,
) -> None:
    """Set variables in another document's store, as one step that can be undone.

    What that store does not take is left out and said.

    Args:
        workbench: of the window.
        records: of the other side, or of what is in front.
        place: where they go.
        side: the letter of the side that they are of.
        then: called where anything was changed.
    """

    def done(made: Import) -> None:
        title = f"Take over {count(len(made.changed), 'variable')} from {side}"
        workbench.document.edit(Edit.of_writes(title, made.edit.start, made.edit.writes), place)
        _tell(workbench, made, side)
        if made.changed and then is not None:
            then()

    def read() -> list[Variable]:
        return [Variable.of_record(record) for record in records]

    title = f"Taking over {count(len(records), 'variable')} from {side}"
    start_import(workbench, title, read, done, place=place, what_fits=True)


def _tell(workbench: Workbench, made: Import, side: str) -> None:
    left = [*made.refused, *(f"{name}: it is volatile" for name in made.skipped)]
    told = f"{count(len(made.changed), 'variable')} taken over from {side}."
    if left:
        words = f"{told} {count(len(left), 'variable')} left out. {left[0]}"
        workbench.announce(Message(words, Severity.WARNING, "\n".join((told, *left))))
    else:
        workbench.tell(told)


class TakingOver:
    """The two actions, for the rows that are chosen.

    Args:
        workbench: of the window.
        page: where rows are chosen.
        beside: B, where it is open in this window.
        changed: called with B after an edit of it.
    """

    def __init__(
        self,
        workbench: Workbench,
        page: VariablesPage,
        beside: Callable[[], Opened | None],
        changed: Callable[[Opened], None],
    ) -> None:
        self._workbench, self._page = workbench, page
        self._beside, self._changed = beside, changed
        actions = workbench.actions
        actions.bind(
            {"take-over-from-a": self._from_a, "take-over-from-b": self._from_b},
            {
                "into-b": lambda: self._takes(beside(), self._of_a()),
                "into-a": lambda: self._takes(workbench.document.front, self._of_b()),
            },
        )
        page.offer([actions["take-over-from-a"], actions["take-over-from-b"]])
        page.table.selectionModel().selectionChanged.connect(actions.update)

    def _of_a(self) -> list[Record]:
        return [row.first for row in self._page.chosen_rows() if row.first is not None]

    def _of_b(self) -> list[Record]:
        return [row.second for row in self._page.chosen_rows() if row.second is not None]

    def _takes(self, place: Opened | None, records: Sequence[Record]) -> bool:
        if place is None or not records:
            return False
        return place in self._workbench.document.all_open and not place.read_only_because

    def _from_a(self) -> None:
        place = self._beside()
        if place is not None:
            take_over(self._workbench, self._of_a(), place, "A", lambda: self._changed(place))

    def _from_b(self) -> None:
        take_over(self._workbench, self._of_b(), self._workbench.document.front, "B")
