"""The reasons of a verdict: both sides, the difference, what will happen and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, row_height, set_widths
from ovmfgui.gui.look.text_size import measured
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.models.facts import FactRow, fact_rows, facts_model
from ovmfgui.gui.widgets.action_row import ActionRow
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.layout.words import OUTCOMES

if TYPE_CHECKING:
    from ovmfgui.gui.models.rows import RowsModel
    from ovmfgui.layout.verdict import Verdict


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
        self.machine = WrappedLabel("", self)
        self.headline = PlainLabel(self)
        self._ink = Tint(self.headline)
        self.outcome = WrappedLabel("", self)
        self.summary = WrappedLabel("", self)
        self.advice = WrappedLabel("", self)
        self.overlaps = WrappedLabel("", self)
        self.model: RowsModel[FactRow] = facts_model(self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "What CODE expects and what VARS provides")
        self._hint = PlainLabel("Click a constant to see the bytes in CODE that tell it.", self)
        self.cures = ActionRow(self)
        self._build()
        if not linked:
            self._share_width()
        measured(self.table, self._fit)
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
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        for widget in (self.machine, self.headline, self.outcome, self.summary, self.advice):
            column.addWidget(widget)
        column.addSpacing(theme.GRID)
        column.addWidget(self.table)
        column.addWidget(self._hint)
        column.addWidget(self.overlaps)
        column.addWidget(self.cures)
        column.addStretch(1)

    def _share_width(self) -> None:
        """Columns that fit into whatever width there is."""
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def show_verdict(self, verdict: Verdict, machine: str = "") -> None:
        """Show the reasons of this verdict.

        Args:
            verdict: the answer.
            machine: the sentence about the machine that it is on; empty for plain files.
        """
        self._verdict = verdict
        self.machine.setText(machine)
        self.machine.setVisible(bool(machine))
        style = theme.fit_style(verdict.fit, self.palette())
        self.headline.setText(f"{style.sign} {style.word}")
        self._ink.mean(lambda palette: theme.fit_style(verdict.fit, palette).colour)
        self.outcome.setText(f"At the next power-on: {OUTCOMES[verdict.outcome]}.")
        self.summary.setText(verdict.summary)
        self.advice.setText(verdict.advice)
        self.advice.setVisible(bool(verdict.advice))
        rows = fact_rows(verdict)
        self.model.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._hint.setVisible(self._linked and any(row.evidence for row in rows))
        self.overlaps.setText("\n".join(each.text for each in verdict.overlaps))
        self.overlaps.setVisible(bool(verdict.overlaps))
        samples = ("=  FTW working block's offset", *["0" * 29] * 2)
        set_widths(self.table, samples)
        self.table.setColumnHidden(3, not self._linked or not any(row.difference for row in rows))
        self.table.setCurrentIndex(QModelIndex())
        self._fit()

    def _fit(self) -> None:
        """All of the table, whatever size its text has."""
        header = self.table.horizontalHeader().sizeHint().height()
        rows = len(self.model.rows) * row_height(self.table)
        self.table.setFixedHeight(header + rows + theme.GRID)

    def _on_row(self, index: QModelIndex) -> None:
        if not self._linked:
            return
        places = [e.place for e in self.model.rows[index.row()].evidence if e.place is not None]
        if places:
            self.chosen.emit(places[0])
