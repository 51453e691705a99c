"""The verdict, always in sight: sign, word and colour; a click opens the reasons."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QDialog, QToolButton, QVBoxLayout, QWidget

from ovmfgui.flash.image import Role
from ovmfgui.gui.actions.curing import cure_actions
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.verdict_panel import VerdictPanel
from ovmfgui.machine.sentence import machine_sentence

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.verdict import Fit

_HALVES = {Role.CODE: "no VARS yet", Role.VARS: "no CODE yet", Role.BLANK: "no CODE yet"}


class VerdictBadge(QToolButton):
    """The document's verdict as a button that opens its reasons."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document = workbench.document
        self._workbench = workbench
        self._fit: Fit | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Verdict")
        self.panel = VerdictPanel()
        self.window_of_reasons = QDialog(parent)
        self.window_of_reasons.setWindowTitle("Do CODE and VARS fit?")
        self._column = QVBoxLayout(self.window_of_reasons)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.panel)
        self.panel.chosen.connect(document.select)
        self.panel.cures.triggered.connect(self.window_of_reasons.hide)
        self.clicked.connect(self.open_reasons)
        document.inspection_changed.connect(self._refresh)
        workbench.actions.bind(
            {"verdict": self.open_reasons}, {"verdict": lambda: document.verdict is not None}
        )
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew what has the palette's colours in it, once these are others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def open_reasons(self) -> None:
        """Show the reasons beside the window's right edge."""
        verdict = self._document.verdict
        if verdict is None:
            return
        self._tell()
        reasons = self.window_of_reasons
        wide = 200 * theme.GRID
        reasons.resize(wide, self._column.totalHeightForWidth(wide))
        below = self.mapToGlobal(QPoint(self.width() - reasons.width(), self.height()))
        reasons.move(below)
        reasons.show()
        reasons.raise_()
        reasons.activateWindow()

    def _refresh(self) -> None:
        verdict, image = self._document.verdict, self._document.image
        self.setEnabled(verdict is not None)
        self._fit = None if verdict is None else verdict.fit
        self.updateGeometry()
        self.update()
        if verdict is None:
            half = _HALVES.get(image.role, "") if image is not None else ""
            self.setText(half or "–")
            self.setToolTip("With CODE and VARS open, this tells whether they fit")
            self.window_of_reasons.hide()
            return
        style = theme.fit_style(verdict.fit, self.palette())
        self.setText(f"{style.sign} {style.word}")
        self.setAccessibleName(f"Verdict: {style.word}")
        self.setToolTip(f"<p>{escape(verdict.summary)}</p><p>Click for the reasons.</p>")
        self.setAccessibleDescription(verdict.summary)
        if self.window_of_reasons.isVisible():
            self._tell()

    def _tell(self) -> None:
        """The reasons, and what can be done about them."""
        verdict = self._document.verdict
        if verdict is not None:
            self.panel.show_verdict(verdict, self._machine())
            self.panel.cures.set_actions(
                cure_actions(self._workbench.actions, self._document.inspection)
            )

    def _machine(self) -> str:
        """The sentence about the machine that is open; empty for plain files."""
        inspection = self._document.inspection
        machine = None if inspection is None else inspection.machine
        return "" if machine is None else machine_sentence(machine)

    def _ink(self, palette: QPalette) -> QColor:
        return (
            theme.muted(palette)
            if self._fit is None
            else theme.fit_style(self._fit, palette).colour
        )

    def sizeHint(self) -> QSize:
        """The text and air around it."""
        metrics = QFontMetrics(self._bold())
        wide = metrics.horizontalAdvance(self.text()) + 8 * theme.GRID
        return QSize(wide, metrics.height() + 3 * theme.GRID)

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A plate in the verdict's colour, so that it is seen from the corner of the eye."""
        palette = QGuiApplication.palette()
        busy = self.underMouse() or self.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        ink = self._ink(palette)
        ground = contrast.mix(ink, palette.base().color(), 0.22 if busy else 0.12)
        painter.setBrush(ground)
        edge = contrast.mix(ink, ground, 1.0 if self.hasFocus() else 0.45)
        painter.setPen(QPen(contrast.readable(edge, ground, 3.0), 1))
        painter.drawRoundedRect(plate, theme.GRID, theme.GRID)
        painter.setFont(self._bold())
        painter.setPen(contrast.readable(ink, ground))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
