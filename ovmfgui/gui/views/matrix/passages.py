"""The domains of one package on a host with another: which survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush, QFont

from ovmfgui.gui.look import theme
from ovmfgui.hosts.matrix_board import SHORT_OUTCOMES
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPalette

    from ovmfgui.gui.models.columns import Index
    from ovmfgui.hosts.matrix_board import Passage

TITLES = ("Domain's CODE", "Domain's VARS", "CODE there", "While running", "At the next power-on")
_WELL = (Fit.FITS, Fit.RISKY)
_RUNNING, _POWER_ON = 3, 4


def survives(passage: Passage) -> bool:
    """Whether a domain lives through both: the migration, and its next power-on."""
    return not passage.qemu_error and passage.verdict.fit in _WELL


def summary(passages: Sequence[Passage]) -> str:
    """How many survive, in one sentence."""
    if not passages:
        return "No domain of A meets CODE of its own processor and name in B."
    well = sum(map(survives, passages))
    if well == len(passages):
        many = "All survive" if well > 1 else "It survives"
        return f"{many} the migration and the next power-on."
    refused = sum(1 for each in passages if each.qemu_error)
    fallen = sum(1 for each in passages if each.verdict.fit not in _WELL)
    return (
        f"{well} of {len(passages)} survive both; {refused} refused while running, "
        f"{fallen} not well after the next power-on."
    )


class PassagesModel(QAbstractTableModel):
    """A row for each domain and CODE that it may meet."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.passages: tuple[Passage, ...] = ()
        self._palette: QPalette | None = None

    def set_passages(self, passages: Sequence[Passage], palette: QPalette) -> None:
        """Show others."""
        self.beginResetModel()
        self.passages, self._palette = tuple(passages), palette
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Passages."""
        return 0 if parent is not None and parent.isValid() else len(self.passages)

    def columnCount(self, parent: Index | None = None) -> int:
        """Domain, CODE there, both answers."""
        return 0 if parent is not None and parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        return TITLES[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells; both answers by sign, word and colour."""
        if not index.isValid() or self._palette is None:
            return None
        passage, column = self.passages[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(passage, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(passage, column)
            case Qt.ItemDataRole.ForegroundRole if column >= _RUNNING:
                fit = self._running(passage) if column == _RUNNING else passage.verdict.fit
                return QBrush(theme.fit_style(fit, self._palette).colour)
            case Qt.ItemDataRole.FontRole if column >= _RUNNING:
                bold = QFont()
                bold.setBold(True)
                return bold
            case _:
                return None

    @staticmethod
    def _running(passage: Passage) -> Fit:
        return Fit.INCOMPATIBLE if passage.qemu_error else Fit.FITS

    def _text(self, passage: Passage, column: int) -> str:
        files = (passage.code, passage.store, passage.other)
        if column < len(files):
            return files[column].name
        if column == _RUNNING:
            return "✖ Refused" if passage.qemu_error else "✔ Accepted"
        assert self._palette is not None
        sign = theme.fit_style(passage.verdict.fit, self._palette).sign
        return f"{sign} {SHORT_OUTCOMES[passage.verdict.outcome]}"

    @staticmethod
    def _tip(passage: Passage, column: int) -> str:
        files = (passage.code, passage.store, passage.other)
        if column < len(files):
            return files[column].tip
        if column == _RUNNING:
            return (
                passage.qemu_error or "QEMU compares the sizes of the chips alone: they are equal"
            )
        return f"<p>{passage.verdict.summary}</p>"
