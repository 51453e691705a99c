"""The verdict of one cell, with its reasons and the way to the pair itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.verdict_panel import VerdictPanel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from ovmfgui.hosts.matrix_board import Named
    from ovmfgui.layout.verdict import Verdict

_SIDE = 4 * theme.GRID


class Reasons(QWidget):
    """What a store and a CODE image make of each other.

    Signals:
        open_wanted: the paths of CODE and store, to be opened as a pair.
        replay_wanted: how a domain comes to this CODE is to be played.
    """

    open_wanted = Signal(object)
    replay_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths: tuple[str, str] = ("", "")
        self.code = ElidedLabel("", self)
        self.store = ElidedLabel("", self)
        self.running = PlainLabel(self)
        self.qemu = WrappedLabel("", self)
        Tint(self.qemu, theme.error_colour)
        self.panel = VerdictPanel(linked=False)
        self.open_button = QPushButton("Open this pair", self)
        self.open_button.setToolTip("Open both files, to look at the store and the reasons in CODE")
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(self._paths))
        self.replay_button = QPushButton("Replay this migration", self)
        self.replay_button.clicked.connect(self.replay_wanted)
        self.replay_button.hide()
        self._build()

    def _build(self) -> None:
        bold = self.font()
        bold.setBold(True)
        self.running.setWordWrap(True)
        self.qemu.setFont(theme.fixed_font())
        self.qemu.setAccessibleName("What QEMU says")
        names = QVBoxLayout()
        names.setSpacing(0)
        for title, label in (("VARS", self.store), ("CODE", self.code)):
            label.setFont(bold)
            row = QHBoxLayout()
            row.setSpacing(2 * theme.GRID)
            word = PlainLabel(title, self)
            word.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            word.setFixedWidth(self.fontMetrics().horizontalAdvance("CODE") + theme.GRID)
            row.addWidget(word)
            row.addWidget(label, 1)
            names.addLayout(row)
        top = QHBoxLayout()
        top.setContentsMargins(_SIDE, 3 * theme.GRID, _SIDE, 0)
        top.setSpacing(3 * theme.GRID)
        top.addLayout(names, 1)
        for button in (self.open_button, self.replay_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setContentsMargins(_SIDE, 2 * theme.GRID, _SIDE, 0)
        words.setSpacing(theme.GRID)
        words.addWidget(self.running)
        words.addWidget(self.qemu)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(words)
        column.addWidget(self.panel, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(area, 1)

    def show_pair(self, code: Named, store: Named, verdict: Verdict) -> None:
        """The verdict on a store with a CODE image."""
        self._paths = (code.path, store.path)
        for label, named in ((self.code, code), (self.store, store)):
            label.setText(named.name)
            label.setToolTip(plain_tip(named.tip))
        self.running.hide()
        self.qemu.hide()
        self.panel.show_verdict(verdict)

    def offer_replay(self, why_not: str = "") -> None:
        """Offer to play it, or say why that cannot be."""
        self.replay_button.setEnabled(not why_not)
        tip = "Play the migration and the next power-on step by step, on copies"
        self.replay_button.setToolTip(plain_tip(why_not or tip))
        self.replay_button.show()

    def show_running(self, qemu_error: str) -> None:
        """Beside the verdict, what becomes of a guest that runs."""
        self.running.setText(
            "While running: QEMU refuses the migration; the guest stays where it is. It says"
            if qemu_error
            else "While running: QEMU accepts the migration; the guest notices nothing."
        )
        self.qemu.setText(qemu_error)
        self.running.show()
        self.qemu.setVisible(bool(qemu_error))
