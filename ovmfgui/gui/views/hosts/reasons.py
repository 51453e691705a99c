"""Why a domain can go or cannot, what to do, and what to look at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.hosts.rows import live_words, outcome_words, overall
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.term_browser import TermBrowser
from ovmfgui.layout.words import OUTCOMES

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QColor

    from ovmfgui.finding import Finding
    from ovmfgui.hosts.preflight import Row


class RowReasons(QWidget):
    """The reasons of one row.

    Signals:
        open_wanted: both files of the domain's next power-on are to be opened.
        replay_wanted: its migration is to be played.
    """

    open_wanted = Signal()
    replay_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self.title = ElidedLabel("", self)
        self._ink = Tint(self.title)
        self.text = TermBrowser(self)
        self.open_button = QPushButton("Open this pair", self)
        self.replay_button = QPushButton("Replay this domain's migration", self)
        self._build()

    def _build(self) -> None:
        large = self.font()
        large.setPointSizeF(large.pointSizeF() * 1.2)
        large.setBold(True)
        self.title.setFont(large)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName("Reasons")
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(0)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The window's ground shows through.
        self.text.viewport().setAutoFillBackground(False)
        self.open_button.clicked.connect(lambda: self.open_wanted.emit())
        self.replay_button.clicked.connect(lambda: self.replay_wanted.emit())
        top = QHBoxLayout()
        top.setSpacing(2 * theme.GRID)
        top.addWidget(self.title, 1)
        top.addWidget(self.open_button)
        top.addWidget(self.replay_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * theme.GRID, 2 * theme.GRID, 4 * theme.GRID, theme.GRID)
        column.setSpacing(2 * theme.GRID)
        column.addLayout(top)
        column.addWidget(self.text, 1)

    def show_row(self, row: Row | None, no_pair: str = "", no_replay: str = "") -> None:
        """Show a domain's reasons.

        Args:
            row: the domain's; None for none.
            no_pair: why there is no pair to be opened; empty where there is.
            no_replay: why its migration cannot be played; empty where it can.
        """
        self._row = row
        for button, why, tip in (
            (self.open_button, no_pair, "Open CODE of the other host with this domain's store"),
            (
                self.replay_button,
                no_replay,
                "Play this domain's migration and next power-on step by step, on copies",
            ),
        ):
            button.setEnabled(row is not None and not why)
            button.setToolTip(plain_tip(why or tip))
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is event.Type.PaletteChange:
            self._fill()

    def _fill(self) -> None:
        row = self._row
        if row is None:
            self.title.setText("")
            self.text.setPlainText("Choose a domain to see its reasons.")
            return
        self.title.setText(f"{overall(row).sign} {row.name}")
        fit = overall(row)
        self._ink.mean(
            lambda p: contrast.readable(theme.fit_style(fit, p).colour, p.window().color())
        )
        self.text.setHtml(self._html(row))

    def _html(self, row: Row) -> str:
        muted = self._on_window(theme.muted(self.palette()))
        answers = [f"<b>While running:</b> {escape(live_words(row))}"]
        for title, outcome in (
            ("Next power-on there", row.next_power_on),
            ("Moved switched off", row.offline_move),
        ):
            words = "no UEFI" if outcome is None else f"{outcome_words(outcome)[0]} "
            told = words if outcome is None else words + OUTCOMES[outcome]
            answers.append(f"<b>{title}:</b> {escape(told)}")
        parts = [f'<p style="margin:0 0 6px 0">{"<br>".join(answers)}</p>']
        if row.advice:
            parts.append(f'<p style="margin:0 0 6px 0"><b>→ {escape(row.advice)}</b></p>')
        parts += [self._finding(finding) for finding in row.findings]
        if row.code:
            where = f"CODE {row.code}" + (f" · store {row.store.path}" if row.store else "")
            parts.append(f'<p style="margin:4px 0 0 0; color:{muted}">{escape(where)}</p>')
        return "".join(parts)

    def _finding(self, finding: Finding) -> str:
        style = theme.severity_style(finding.severity, self.palette())
        ink = self._on_window(style.colour)
        return (
            f'<p style="margin:0 0 3px 0"><span style="color:{ink}">{style.sign}</span> '
            f"{escape(finding.text)}</p>"
        )

    def _on_window(self, colour: QColor) -> str:
        return contrast.readable(colour, self.palette().window().color()).name()
