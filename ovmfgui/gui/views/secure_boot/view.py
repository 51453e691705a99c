"""Secure Boot as a page: who owns the machine, who may change what, what would start."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.dataclass import replace
from ovmfgui.finding import Severity
from ovmfgui.gui.catching_up import CatchingUp
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.secure_boot.binaries import Binaries, card_of, marks_of
from ovmfgui.gui.views.secure_boot.chain_drawing import ChainDrawing
from ovmfgui.gui.views.secure_boot.words import MODES, binary_html, card_html, meaning_html
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.term_browser import TermBrowser
from ovmfgui.layout.enforcement import NO_CODE
from ovmfgui.layout.secure_boot_findings import enforcement_findings
from ovmfgui.layout.verdict import Fit
from ovmfgui.span import Place
from ovmfgui.trust.chain import chain_of
from ovmfgui.trust.overview import overview
from ovmfgui.trust.room import room_for_dbx

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPalette

    from ovmfgui.finding import Finding
    from ovmfgui.gui.views.secure_boot.tried import Tried
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.enforcement import Enforcement
    from ovmfgui.trust.chain import Card, Link
    from ovmfgui.trust.overview import Overview

_EMPTY = "Open a VARS file or a machine to see whose keys it trusts, and what would start on it."
_NO_STORE = "A CODE image keeps no keys. Add the VARS file that belongs to it."
_HINT = "Choose a card to see all of it. Drop an EFI binary anywhere here: would it start?"
_FILTER = "EFI binaries and media (*.efi *.EFI *.signed *.iso *.img *.qcow2);;All files (*)"
_BINARY = (".efi", ".signed", ".iso")


class SecureBootView(CatchingUp):
    """Follows the document's store, its unsaved edits too."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(workbench, parent)
        self._workbench = workbench
        self.overview: Overview | None = None
        self._findings: tuple[Finding, ...] = ()
        self.judged: tuple[Tried, ...] = ()
        self._chosen: Callable[[], str] = lambda: _HINT
        self.state = PlainLabel(self)
        self._state_tint = Tint(self.state)
        self.meaning = ElidedLabel("", self)
        self.toggle = QPushButton("Switch off", self)
        self.profile = QPushButton("Enrol a profile…", self)
        self.keys = QPushButton("Enrol keys…", self)
        self.chain = ChainDrawing(self)
        self.findings = TermBrowser(self)
        self.details = TermBrowser(self)
        self.binaries = Binaries(workbench, self)
        self._empty = empty_label(_EMPTY, self)
        self._build()
        actions = workbench.actions
        self.toggle.clicked.connect(actions["toggle-secure-boot"].trigger)
        self.profile.clicked.connect(actions["enrol-profile"].trigger)
        self.keys.clicked.connect(actions["enrol-keys"].trigger)
        self.chain.link_chosen.connect(self._on_card)
        self.chain.binary_chosen.connect(self.show_binary)
        self.chain.choose_wanted.connect(self._ask_binary)
        for text in (self.findings, self.details):
            text.asked.connect(workbench.term_asked)
        self.binaries.changed.connect(self._on_binaries)
        self.follow_document()

    def _build(self) -> None:
        bold = self.state.font()
        bold.setBold(True)
        bold.setPointSizeF(bold.pointSizeF() * 1.2)
        self.state.setFont(bold)
        top = QHBoxLayout()
        top.setContentsMargins(3 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID, 2 * theme.GRID)
        top.setSpacing(2 * theme.GRID)
        top.addWidget(self.state)
        top.addWidget(self.meaning, 1)
        for button in (self.toggle, self.profile, self.keys):
            top.addWidget(button)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.chain)
        below = QSplitter(Qt.Orientation.Horizontal, self)
        for text, name in ((self.findings, "What it means"), (self.details, "The chosen card")):
            text.setFrameShape(QFrame.Shape.NoFrame)
            text.setAccessibleName(name)
            text.setOpenLinks(False)
            text.document().setDocumentMargin(3 * theme.GRID)
            text.setMinimumHeight(20 * theme.GRID)
            below.addWidget(text)
        below.setChildrenCollapsible(False)
        down = QSplitter(Qt.Orientation.Vertical, self)
        down.addWidget(area)
        down.addWidget(below)
        down.setSizes([90 * theme.GRID, 50 * theme.GRID])
        down.setStretchFactor(0, 3)
        down.setStretchFactor(1, 2)
        down.setChildrenCollapsible(False)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(down, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(page)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.profile)

    # What is shown

    def refresh(self) -> None:
        """Read the store anew."""
        store = self._document.store
        if store is None or not store.readable:
            self.overview = None
            self._empty.setText(_EMPTY if self._document.image is None else _NO_STORE)
            self._stack.setCurrentIndex(0)
            return
        seen = overview(
            {record.key: record.data for record in store.live},
            authenticated=store.authenticated,
            room=room_for_dbx(store, self._document.limits),
            today=date.today(),
        )
        code = self._enforcement()
        self._findings = (*seen.findings, *enforcement_findings(code, seen.mode))
        ignored = seen.mode == "user" and code.enforced is False
        self.overview = replace(seen, mode="unenforced") if ignored else seen
        self._chosen = lambda: _HINT
        self._stack.setCurrentIndex(1)
        self._show_state(self.overview)
        self._show_chain()

    def _enforcement(self) -> Enforcement:
        """What CODE makes of the keys, where it is open."""
        verdict = self._document.verdict
        expects = None if verdict is None else verdict.expects
        return NO_CODE if expects is None or expects.enforcement is None else expects.enforcement

    def _show_state(self, seen: Overview) -> None:
        word, meaning = MODES[seen.mode]
        ink, sign = _state_style(seen.mode)
        self.state.setText(f"{sign} {word}")
        self._state_tint.mean(ink)
        self.meaning.setText(meaning)
        self.meaning.setToolTip(plain_tip(self.meaning.text()))
        actions = self._workbench.actions
        actions.update()
        self.toggle.setText("Switch on" if seen.mode == "off" else "Switch off")
        for button, name in (
            (self.toggle, "toggle-secure-boot"),
            (self.profile, "enrol-profile"),
            (self.keys, "enrol-keys"),
        ):
            button.setEnabled(actions[name].isEnabled())
            button.setToolTip(plain_tip(actions[name].statusTip()))

    def _show_chain(self) -> None:
        seen = self.overview
        if seen is None:
            return
        self.judged = self.binaries.tried(seen)
        self.chain.show_chain(chain_of(seen), [card_of(each) for each in self.judged])
        self.findings.setHtml(meaning_html(seen, self._findings, self.palette()))
        self._fill_details()
        if self.judged:
            self.show_binary(len(self.judged) - 1)

    def _fill_details(self) -> None:
        self.details.setHtml(self._chosen())

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self.overview is not None:
            self.findings.setHtml(meaning_html(self.overview, self._findings, self.palette()))
            self._fill_details()

    # What the user does

    def _on_card(self, link: Link, card: Card) -> None:
        self.chain.choose(card)
        self._chosen = lambda: card_html(link, card, self.palette())
        self._fill_details()
        store = self._document.store
        record = None if store is None else store.by_key.get((link.guid, link.name))
        if record is not None and store is not None:
            self._document.select(Place(store.space, record.span))

    def show_binary(self, index: int) -> None:
        """Say why a binary starts or does not, and mark who decides."""
        seen = self.overview
        if seen is None or not 0 <= index < len(self.judged):
            return
        tried = self.judged[index]
        self.chain.choose(self.chain.binaries[index].card)
        self.chain.mark(marks_of(tried, seen))
        self._chosen = lambda: binary_html(tried, self.palette())
        self._fill_details()

    def _on_binaries(self) -> None:
        self._show_chain()

    def _ask_binary(self) -> None:
        paths, _filter = QFileDialog.getOpenFileNames(
            self,
            "Would this start?",
            "",
            "EFI binaries and media (*.efi *.EFI *.signed *.iso *.img *.qcow2);;All files (*)",
        )
        if paths:
            self.binaries.add(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """EFI binaries are judged here; anything else is the window's."""
        if _binaries(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Judge what was dropped."""
        paths = _binaries(event)
        if paths and self.overview is not None:
            event.acceptProposedAction()
            self.binaries.add(paths)
        else:
            event.ignore()

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        cards = self.chain.cards
        return (("card", cards[0].click),) if cards else ()


def _binaries(event: QDragEnterEvent | QDropEvent) -> list[str]:
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.lower().endswith(_BINARY)]


def _state_style(mode: str) -> tuple[Callable[[QPalette], QColor], str]:
    if mode == "user":
        return (lambda p: _on_window(p, theme.fit_style(Fit.FITS, p).colour)), Fit.FITS.sign
    severity = Severity.WARNING if mode in ("off", "unenforced") else Severity.INFO

    def ink(palette: QPalette) -> QColor:
        return _on_window(palette, theme.severity_style(severity, palette).colour)

    return ink, "⚠" if severity is Severity.WARNING else "ℹ"


def _on_window(palette: QPalette, colour: QColor) -> QColor:
    return contrast.readable(colour, palette.window().color())
