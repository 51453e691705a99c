"""The reasons of a verdict: both sides, the difference, what will happen and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QBrush, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, row_height, set_widths
from ovmfgui.guid import guid_name
from ovmfgui.layout.verdict import Outcome, Verdict
from ovmfgui.layout.words import FACT_NAMES
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.gui.models.columns import Index
    from ovmfgui.layout.verdict import Evidence

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.BOOTS: "boots, and saves variables",
    Outcome.BOOTS_INITIALISES: "formats the store, boots, and saves variables",
    Outcome.BOOTS_VOLATILE: "boots, but saves nothing, and says nothing",
    Outcome.BOOTS_CORRUPTING: "boots, while regions overlap: data will be lost",
    Outcome.WIPED: "erases the store; its variables are lost",
    Outcome.NO_BOOT: "does not boot",
    Outcome.REFUSED_BY_QEMU: "QEMU refuses to start",
    Outcome.UNKNOWN: "not known",
}
"""What happens at the next power-on, in a few words."""

_TITLES = ("Constant", "CODE expects", "VARS provides", "Difference")


@dataclass(frozen=True, slots=True)
class FactRow:
    """One constant of the layout on both sides.

    Attributes:
        name: in words.
        expected: of CODE; None where no witness tells.
        provided: of VARS; None where there is none.
        differs: whether the verdict counts this as a difference.
        evidence: the places in CODE that tell, the most direct one first.
    """

    name: str
    expected: Any
    provided: Any
    differs: bool
    evidence: tuple[Evidence, ...]

    @property
    def sign(self) -> str:
        """Whether both sides agree; nothing where one is not known."""
        if self.differs:
            return "≠"
        return "=" if self.expected is not None and self.provided is not None else "\u2007"

    @property
    def difference(self) -> str:
        """In bytes, with sign; empty where both agree or one is not known."""
        if isinstance(self.expected, int) and isinstance(self.provided, int):
            by = self.provided - self.expected
            return f"{by:+,} bytes".replace("-", "−") if by else ""
        return "differs" if self.differs else ""


def fact_rows(verdict: Verdict) -> tuple[FactRow, ...]:
    """Every constant that is known on at least one side."""
    expects, provides = verdict.expects, verdict.provides
    expected = expects.layout.facts() if expects is not None else {}
    provided = provides.facts() if provides is not None else {}
    differing = {difference.fact for difference in verdict.differences}
    rows = []
    for fact, name in FACT_NAMES.items():
        left, right = expected.get(fact), provided.get(fact)
        if left is None and right is None:
            continue
        evidence = tuple(e for e in (expects.evidence if expects else ()) if e.fact == fact)
        rows.append(FactRow(name, left, right, fact in differing, evidence))
    return tuple(rows)


def _value(value: object) -> str:
    match value:
        case None:
            return "–"
        case UUID():
            return guid_name(value) or str(value)
        case int():
            return exact_size_text(value)
        case _:
            return str(value)


class FactsModel(QAbstractTableModel):
    """The constants as a table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[FactRow, ...] = ()
        self._palette = QApplication.palette()

    def set_rows(self, rows: tuple[FactRow, ...], palette: QPalette) -> None:
        """Show other constants."""
        self.beginResetModel()
        self.rows, self._palette = rows, palette
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Constants."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Name, both sides, difference."""
        return 0 if parent is not None and parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_TITLES):
            return None
        return _TITLES[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells; what differs by sign and colour."""
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                name = f"{row.sign}  {row.name}"
                return (name, _value(row.expected), _value(row.provided), row.difference)[column]
            case Qt.ItemDataRole.ToolTipRole:
                return self._told_by(row)
            case Qt.ItemDataRole.ForegroundRole:
                if row.differs:
                    return QBrush(theme.error_colour(self._palette))
                return None
            case Qt.ItemDataRole.FontRole:
                return theme.fixed_font() if column in (1, 2, 3) else None
            case _:
                return None

    @staticmethod
    def _told_by(row: FactRow) -> str:
        told = [
            f"{item.source}{' (a guess from sizes)' if item.heuristic else ''}"
            for item in row.evidence
        ]
        return "In CODE told by:\n" + "\n".join(told) if told else "Nothing in CODE tells this."


class VerdictPanel(QFrame):
    """Plain data in.

    Args:
        linked: whether the bytes that tell a constant can be gone to from here.

    Signals:
        chosen: a ``Place``: the bytes in CODE that tell a constant were asked for.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, linked: bool = True) -> None:
        super().__init__(parent)
        self._verdict: Verdict | None = None
        self._linked = linked
        self.headline = QLabel(self)
        self.outcome = QLabel(self)
        self.summary = QLabel(self)
        self.advice = QLabel(self)
        self.overlaps = QLabel(self)
        self.model = FactsModel(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "What CODE expects and what VARS provides")
        self._hint = QLabel("Click a constant to see the bytes in CODE that tell it.", self)
        self._build()
        if not linked:
            self._share_width()
        self.table.clicked.connect(self._on_row)
        self.table.activated.connect(self._on_row)

    def _build(self) -> None:
        large = self.font()
        large.setPointSizeF(large.pointSizeF() * 1.35)
        large.setBold(True)
        self.headline.setFont(large)
        bold = self.font()
        bold.setBold(True)
        self.advice.setFont(bold)
        for label in (self.outcome, self.summary, self.advice, self.overlaps):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        for widget in (self.headline, self.outcome, self.summary, self.advice):
            column.addWidget(widget)
        column.addSpacing(theme.GRID)
        column.addWidget(self.table)
        column.addWidget(self._hint)
        column.addWidget(self.overlaps)
        column.addStretch(1)

    def _share_width(self) -> None:
        """Columns that fit into whatever width there is."""
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def show_verdict(self, verdict: Verdict) -> None:
        """Show the reasons of this verdict."""
        self._verdict = verdict
        style = theme.fit_style(verdict.fit, self.palette())
        self.headline.setText(f"{style.sign} {style.word}")
        colours = self.headline.palette()
        colours.setColor(QPalette.ColorRole.WindowText, style.colour)
        self.headline.setPalette(colours)
        self.outcome.setText(f"At the next power-on: {OUTCOMES[verdict.outcome]}.")
        self.summary.setText(verdict.summary)
        self.advice.setText(verdict.advice)
        self.advice.setVisible(bool(verdict.advice))
        rows = fact_rows(verdict)
        self.model.set_rows(rows, self.palette())
        self.table.setVisible(bool(rows))
        self._hint.setVisible(self._linked and any(row.evidence for row in rows))
        self.overlaps.setText("\n".join(each.text for each in verdict.overlaps))
        self.overlaps.setVisible(bool(verdict.overlaps))
        samples = ("=  FTW working block's offset", *["0" * 29] * 2)
        set_widths(self.table, samples)
        self.table.setColumnHidden(3, not self._linked or not any(row.difference for row in rows))
        self.table.setCurrentIndex(QModelIndex())
        header = self.table.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + len(rows) * row_height(self.table) + theme.GRID)

    def _on_row(self, index: QModelIndex) -> None:
        if not self._linked:
            return
        places = [e.place for e in self.model.rows[index.row()].evidence if e.place is not None]
        if places:
            self.chosen.emit(places[0])
