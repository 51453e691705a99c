"""The rows of a table for a file, some in each turn: a damaged image has ten thousands."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ovmfgui.gui.models.table_text import shown_rows

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

AT_ONCE = 1_000
"""Rows in one turn: some 60 ms."""


class TableReading(QObject):
    """Reads what a table shows, as long as it stays as it is.

    Signals:
        read: all rows, as ``shown_rows`` gives them.
        given_up: the table became another one meanwhile.
    """

    read = Signal(object)
    given_up = Signal()

    def __init__(
        self, model: QAbstractItemModel, hidden: frozenset[int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._rows: list[tuple[int, list[str]]] = []
        self._left = shown_rows(model, hidden)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.go_on)
        # Behind any of these the next row would be asked for at a place that is gone.
        for about in (
            *(model.modelAboutToBeReset, model.layoutAboutToBeChanged, model.destroyed),
            *(model.rowsAboutToBeInserted, model.rowsAboutToBeRemoved, model.rowsAboutToBeMoved),
        ):
            about.connect(self._give_up)

    def go_on(self) -> None:
        """Read the next rows; the others in the turns that follow."""
        some = list(islice(self._left, AT_ONCE))
        self._rows += some
        if len(some) == AT_ONCE:
            self._timer.start()
            return
        self._end()
        self.read.emit(self._rows)

    def _give_up(self, *_what: object) -> None:
        if self._end():
            self.given_up.emit()

    def _end(self) -> bool:
        """Whether it has not ended before."""
        going_on = self._left is not _NOTHING
        self._left = _NOTHING
        self._timer.stop()
        self.deleteLater()
        return going_on


_NOTHING = iter(())
