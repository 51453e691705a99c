"""Secure Boot at a glance: what firmware will make of the keys and switches in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from ovmfgui.nvram.secure_boot import SecureBoot


def state_words(state: SecureBoot) -> tuple[str, str]:
    """Whether Secure Boot is on, in two or three words, and what that means, in a sentence."""
    if state.setup_mode:
        return (
            "Setup mode",
            "no PK: anyone may enrol keys, nothing is checked",
        )
    custom = "; custom mode: firmware setup changes keys without a signature"
    tail = custom if state.custom_mode else ""
    if state.enabled:
        return "Secure Boot on", f"user mode: what is started must be signed{tail}"
    return "Secure Boot off", f"user mode, switched off: nothing is checked{tail}"


class SecureBootLine(QWidget):
    """Two lines: the state with its switch, and what is in the key databases.

    Signals:
        toggle_asked: Secure Boot is to be switched on or off.
        enrol_asked: keys are to be enrolled.
        chain_asked: the whole chain of trust is to be seen.
    """

    toggle_asked = Signal()
    enrol_asked = Signal()
    chain_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sign = PlainLabel(self)
        self._ink = Tint(self.sign)
        self.state = PlainLabel(self)
        self.meaning = ElidedLabel("", self)
        self.keys = ElidedLabel("", self)
        self.toggle = QPushButton("Switch off", self)
        self.enrol = QPushButton("Enrol keys…", self)
        self.chain = QPushButton("Chain of trust", self)
        self._build()

    def _build(self) -> None:
        self.setAccessibleName("Secure Boot")
        bold = self.state.font()
        bold.setBold(True)
        self.state.setFont(bold)
        self.keys.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        words = QHBoxLayout()
        words.setSpacing(2 * theme.GRID)
        words.addWidget(self.sign)
        words.addWidget(self.state)
        words.addWidget(self.meaning, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * theme.GRID)
        grid.setVerticalSpacing(theme.GRID)
        grid.addLayout(words, 0, 0)
        grid.addWidget(self.keys, 1, 0)
        grid.addWidget(self.toggle, 0, 1, 2, 1)
        grid.addWidget(self.enrol, 0, 2, 2, 1)
        grid.addWidget(self.chain, 0, 3, 2, 1)
        grid.setColumnStretch(0, 1)
        self.enrol.setToolTip(
            "Put certificates or hashes into PK, KEK, db, dbx or shim's lists, from DER, PEM, ESL "
            "or .auth files"
        )
        self.toggle.clicked.connect(self.toggle_asked)
        self.enrol.clicked.connect(self.enrol_asked)
        self.chain.setToolTip("Who owns the machine, who may change what, and what would start")
        self.chain.clicked.connect(self.chain_asked)

    def show_state(
        self, state: SecureBoot | None, why_not: str = "", out_of_reach: str = ""
    ) -> None:
        """Show it; None where the store cannot have Secure Boot.

        Args:
            state: what firmware will make of the store.
            why_not: why the store cannot be edited; empty where it can.
            out_of_reach: what keeps variables of the store, keys among them maybe, from firmware.
        """
        self.setVisible(state is not None)
        if state is None:
            return
        word, meaning = state_words(state)
        if out_of_reach and state.setup_mode:
            word = "Keys out of reach"
            meaning = f"firmware would be in setup mode, as it finds no PK. {out_of_reach}"
        self.state.setText(word)
        self.meaning.setText(meaning)
        self.meaning.setToolTip(plain_tip(meaning))
        keys = " · ".join(each.summary for each in state.keys)
        nothing = "No keys are in firmware's reach." if out_of_reach else "No keys are enrolled."
        self.keys.setText(keys or nothing)
        self.keys.setToolTip(plain_tip("\n".join(each.summary for each in state.keys)))
        self.toggle.setText("Switch off" if state.enabled else "Switch on")
        reason = why_not or ("without a PK there is nothing to switch" if state.setup_mode else "")
        self.toggle.setEnabled(not reason)
        self.toggle.setToolTip(
            plain_tip(reason or "Write SecureBootEnable, as firmware setup does")
        )
        self.enrol.setEnabled(not why_not)
        self.sign.setText(self._style(state, self.palette()).sign)
        self._ink.mean(lambda palette: self._style(state, palette).colour)
        self.setAccessibleDescription(f"{word}: {meaning}. {keys}")

    @staticmethod
    def _style(state: SecureBoot, palette: QPalette) -> theme.SignStyle:
        if state.enabled:
            return theme.fit_style(Fit.FITS, palette)
        severity = Severity.INFO if state.setup_mode else Severity.WARNING
        return theme.severity_style(severity, palette)
