"""What was noticed, one line each; a click selects the bytes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Role
from ovmfgui.gui.actions.curing import cure_actions
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import OneLineDelegate, dress_table, set_widths, when_chosen
from ovmfgui.gui.models.findings import FindingsModel
from ovmfgui.gui.widgets.action_row import ActionRow
from ovmfgui.gui.widgets.empty import empty_label

if TYPE_CHECKING:
    from ovmfgui.flash.image import Image
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.span import Place


_ROWS = 4
"""Findings that are in sight without anybody asking for more room."""


def place_text(document: Document, place: Place) -> str:
    """A place in short: which file, and where in it."""
    image = document.image
    if image is None:
        return ""
    return f"{_space_word(image, place.space)} 0x{place.span.start:06X}"


def _space_word(image: Image, space: int) -> str:
    if space >= len(image.files):
        return "unpacked"
    role = image.files[space].role
    return "VARS" if role is Role.BLANK else role.upper()


class FindingsPane(QWidget):
    """The findings of what is open.

    Signals:
        counted: the findings in short, for the pane's title.
    """

    counted = Signal(str)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document = workbench.document
        self.model = FindingsModel(lambda place: place_text(document, place), self)
        self.table = QTableView(self)
        self.table.setModel(self.model)
        dress_table(self.table, "Findings")
        set_widths(self.table, ("⚠ warning", "0" * 17))
        self.table.setWordWrap(True)
        self._one_line = OneLineDelegate(self.table)
        for column in (0, 1):
            self.table.setItemDelegateForColumn(column, self._one_line)
        rows = self.table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for text, shortcut, slot in (
            ("Copy finding", QKeySequence.StandardKey.Copy, self.copy),
            ("Copy all findings", None, self.copy_all),
        ):
            action = QAction(text, self.table)
            if shortcut is not None:
                action.setShortcut(QKeySequence(shortcut))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(slot)
            self.table.addAction(action)
        self._stack = QStackedLayout(self)
        self._empty = empty_label("", self, margin=2 * theme.GRID)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._with_cures())
        when_chosen(self.table, self._on_row)
        document.inspection_changed.connect(self._refresh)
        workbench.actions.bind(
            {
                "next-finding": lambda: self.step(1),
                "previous-finding": lambda: self.step(-1),
            },
            {"findings": lambda: bool(self.findings)},
        )
        self._refresh()

    def _with_cures(self) -> QWidget:
        """The table, and below it what can be done about the current row."""
        whole = QWidget(self)
        self.cures = ActionRow(whole)
        below = QHBoxLayout()
        below.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        below.addWidget(self.cures)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addLayout(below)
        return whole

    def wanted_height(self) -> int:
        """Of the rows, four at most or an eighth of the window, and what can be done about them."""
        rows = min(len(self.findings), _ROWS)
        if not rows:
            return 3 * self.fontMetrics().lineSpacing()
        heights = [self.table.rowHeight(row) for row in range(rows)]
        high = max(heights[0], min(sum(heights), self.window().height() // 8))
        below = (
            0 if self.cures.isHidden() else self.cures.heightForWidth(self.width()) + 2 * theme.GRID
        )
        return self.table.horizontalHeader().height() + high + below + theme.GRID

    def _show_cures(self) -> None:
        """Of the current finding, or of the gravest while none is."""
        row = max(self.table.currentIndex().row(), 0)
        finding = self.findings[row] if row < len(self.findings) else None
        actions, inspection = self._workbench.actions, self._document.inspection
        self.cures.set_actions(
            cure_actions(actions, inspection, finding) if finding is not None else []
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """As shown, the gravest first."""
        return self.model.rows

    def step(self, by: int) -> None:
        """Select the next finding's bytes, or those of the one before, going round at the end."""
        count = len(self.findings)
        if not count:
            return
        here = self.table.currentIndex().row()
        row = (here + by) % count if here >= 0 else (0 if by > 0 else count - 1)
        self.table.setCurrentIndex(self.model.index(row, 0))

    def copy(self) -> None:
        """The current finding as text."""
        index = self.table.currentIndex()
        if index.isValid():
            QGuiApplication.clipboard().setText(self._text(self.findings[index.row()]))

    def copy_all(self) -> None:
        """All findings as text."""
        QGuiApplication.clipboard().setText(self.text())

    def text(self) -> str:
        """All findings, one a line."""
        return "\n".join(self._text(finding) for finding in self.findings)

    def _text(self, finding: Finding) -> str:
        where = f" {place_text(self._document, finding.place)}:" if finding.place else ""
        return f"{finding.severity}:{where} {finding.text} [{finding.id}]"

    def _refresh(self) -> None:
        found = self._found()
        if found != self.model.rows:
            self.model.set_rows(found)
        self._empty.setText(self._nothing())
        self._stack.setCurrentIndex(1 if found else 0)
        self._show_cures()
        self.counted.emit(self._count(found))

    def _found(self) -> tuple[Finding, ...]:
        """Of images, or of a scenario as it is written."""
        inspection, played = self._document.inspection, self._document.played
        if inspection is not None:
            return inspection.findings
        if played is None or played.aside is not None:
            return ()
        from ovmfgui.migration.remarks import remarks

        return remarks(played.replay)

    def _nothing(self) -> str:
        """What is said where there are none."""
        if self._document.inspection is not None:
            return "Nothing to report."
        if self._document.host:
            return "A host has no findings of its own; Hosts judges each of its domains."
        if self._document.played is not None:
            return "Nothing to report: it was played as it is written. Each step says how it went."
        return "Nothing is open."

    def _count(self, found: tuple[Finding, ...]) -> str:
        counts = Counter(finding.severity for finding in found)
        parts = [
            f"{counts[severity]} {theme.severity_style(severity, self.palette()).sign}"
            for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)
            if counts[severity]
        ]
        return " ".join(parts)

    def _on_row(self, index: QModelIndex) -> None:
        if index.isValid():
            self._show_cures()
            place = self.findings[index.row()].place
            if place is not None:
                self._document.select(place)
