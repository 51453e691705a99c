"""Two hosts: every domain of one on the other, with its reasons and the way to its bytes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.hosts.choosing import Choosing
from ovmfgui.gui.views.hosts.domain_table import DomainTable
from ovmfgui.gui.views.hosts.in_front import InFront
from ovmfgui.gui.views.hosts.keeping import Keeping
from ovmfgui.gui.views.hosts.reasons import RowReasons
from ovmfgui.gui.views.hosts.rows import summary
from ovmfgui.gui.waiting import Waiting
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.filter_line import FilterLine
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.hosts.crossing import Crossing, cross
from ovmfgui.hosts.naming import is_uri
from ovmfgui.migration.scenario.of_domain import move_of, not_played

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.hosts.preflight import Row
    from ovmfgui.refusal import Refused

_EMPTY = (
    "Which domains of one host can go to another, and which will not start again there?\n\n"
    "Add the hosts: folders that 'ovmfgui collect' has made, or what libvirt reaches. Folders can "
    "be dropped here."
)
_CHOOSE = "Choose the host that the domains are on at the left, and the one they go to beside it."
_SAME = "This is the same host twice: nothing would move. Choose another one to go to."


class HostsView(QWidget):
    """Needs nothing open; a domain's pair can be opened, and its migration played."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.crossing: Crossing | None = None
        self._keeping = keeping = Keeping()
        self.destroyed.connect(lambda: keeping.close())
        self.choosing = Choosing(workbench, self)
        self.message = WrappedLabel("", self)
        Tint(self.message, theme.error_colour)
        self.headline = ElidedLabel("", self)
        self.filter = FilterLine("Filter: domain, path, reason …", "Filter", self)
        self.only_not_well = QCheckBox("Only what is not well", self)
        self.domains = DomainTable(self)
        self.reasons = RowReasons(self)
        self.busy = Busy(self)
        self.hint = empty_label("", self)
        self.connect_button = QPushButton("Connect and check", self)
        self.pages = QStackedWidget(self)
        self._waiting = Waiting(workbench.tasks, self.busy, self.pages, self._choose_page, self)
        self._build()
        self._connect()
        self.keeping = InFront(workbench.document, self.choosing, self.filter)
        self._choose_page()
        self.keeping.follow()

    # Building

    def _build(self) -> None:
        self.message.setMargin(2 * theme.GRID)
        self.message.hide()
        for page in (self._make_hint(), self.busy, self._make_answer()):
            self.pages.addWidget(page)
        down = QSplitter(Qt.Orientation.Vertical, self)
        down.addWidget(self.choosing)
        down.addWidget(self.pages)
        down.setSizes([36 * theme.GRID, 120 * theme.GRID])
        down.setStretchFactor(1, 1)
        down.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(down, 1)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.choosing.source.table)

    def _make_hint(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addWidget(self.hint)
        column.addWidget(self.connect_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._first = QWidget(page)
        row = QHBoxLayout(self._first)
        row.setSpacing(2 * theme.GRID)
        row.addStretch(1)
        for button in self.choosing.adding_buttons(self._first):
            row.addWidget(button)
        row.addStretch(1)
        column.addWidget(self._first)
        column.addStretch(3)
        return page

    def _make_answer(self) -> QWidget:
        self.filter.setMaximumWidth(72 * theme.GRID)
        bold = self.font()
        bold.setBold(True)
        self.headline.setFont(bold)
        top = QHBoxLayout()
        top.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        top.setSpacing(3 * theme.GRID)
        top.addWidget(self.headline, 2)
        top.addWidget(self.only_not_well)
        top.addWidget(self.filter, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.domains)
        split.addWidget(self.reasons)
        split.setSizes([50 * theme.GRID, 50 * theme.GRID])
        split.setChildrenCollapsible(False)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(split, 1)
        return page

    def _connect(self) -> None:
        self.choosing.pair_chosen.connect(self._on_pair)
        self.choosing.again_wanted.connect(self.check)
        self.choosing.filled.connect(self._choose_page)
        self.connect_button.clicked.connect(self.check)
        self.busy.cancelled.connect(self.cancel)
        self.filter.textChanged.connect(self._on_filter)
        self.domains.wrong_changed.connect(self.filter.tell)
        self.only_not_well.toggled.connect(self._on_filter)
        self.domains.row_chosen.connect(self._on_row)
        self.domains.activated.connect(lambda: self.reasons.open_button.setFocus())
        self.reasons.open_wanted.connect(self.open_pair)
        self.reasons.replay_wanted.connect(self.replay)
        self.reasons.text.asked.connect(self._workbench.term_asked)

    # What is shown

    def _choose_page(self, _filled: bool = True) -> None:
        asking = False
        if self._waiting.show():
            pass
        elif self.crossing is not None:
            self.pages.setCurrentIndex(2)
        else:
            a, b = self.choosing.pair
            asking = bool(a and b and a != b)
            self.hint.setText(self._hint(a, b))
            self.pages.setCurrentIndex(0)
        self.connect_button.setVisible(asking)
        self.choosing.setVisible(bool(self.choosing.names))
        self._first.setVisible(not self.choosing.names)

    def _hint(self, a: str, b: str) -> str:
        if not self.choosing.names:
            return _EMPTY
        if not a or not b:
            return _CHOOSE
        if a == b:
            return _SAME
        uris = " and ".join(name for name in (a, b) if is_uri(name))
        if not uris:
            return "Check the domains of the first host on the second."
        return (
            f"{uris} will be connected to read-write: files are read through storage pools, which "
            "are removed afterwards; nothing else is changed."
        )

    def _say(self, text: str) -> None:
        self.message.setText(f"✖ {text}" if text else "")
        self.message.setVisible(bool(text))

    # Checking

    def _on_pair(self, a: str, b: str) -> None:
        """Folders are looked at at once; nobody is connected to without being asked."""
        self.cancel()
        self._forget()
        self._say("")
        if a and b and a != b and not is_uri(a) and not is_uri(b):
            self.check()
        self._choose_page()

    def check(self) -> None:
        """Judge the domains of the one host on the other, anew."""
        a, b = self.choosing.pair
        if not a or not b or a == b:
            return
        self.cancel()
        self._say("")
        self._waiting.start(
            "Holding the domains against the other host",
            partial(cross, a, b),
            self._on_crossed,
            self._on_refusal,
        )

    def cancel(self) -> None:
        """Stop looking."""
        self._waiting.cancel()

    def _on_crossed(self, crossing: Crossing) -> None:
        self.crossing = crossing
        self._keeping.look_at(crossing)
        for host in (crossing.source, crossing.destination):
            if not is_uri(host.name) or host is crossing.source:
                # Of a host behind a URI that is gone to, only what is needed was asked.
                self.choosing.count_domains(host.name, len(host.domains))
        found = crossing.preflight
        self._tell(summary(found))
        self.only_not_well.setEnabled(not found.well)
        self.only_not_well.setChecked(False)
        self.filter.clear()
        self.domains.set_rows(found.rows)
        self._choose_page()

    def _on_refusal(self, refusal: Refused) -> None:
        self._forget()
        self._say(str(refusal))

    def _forget(self) -> None:
        self.crossing = None
        self._keeping.look_at(None)
        self.domains.set_rows(())

    # What the user does

    def _on_filter(self, _what: object = None) -> None:
        self.domains.show_only(self.filter.text(), not_well=self.only_not_well.isChecked())
        if self.crossing is not None:
            hidden = len(self.crossing.preflight.rows) - self.domains.shown
            more = f" {hidden:,} hidden by the filter." if hidden else ""
            self._tell(summary(self.crossing.preflight) + more)

    def _tell(self, text: str) -> None:
        self.headline.setText(text)
        self.headline.setToolTip(plain_tip(text))

    def _on_row(self, row: Row | None) -> None:
        crossing = self.crossing
        if row is None or crossing is None:
            self.reasons.show_row(None)
            return
        no_pair = "" if row.files else f"{row.name} has no files that are known on both hosts"
        self.reasons.show_row(row, no_pair, not_played(row, crossing.source, crossing.destination))

    def open_pair(self) -> None:
        """CODE of the other host with the domain's store, in the other views."""
        row = self.domains.row
        if row is not None and self.crossing is not None:
            paths = self.crossing.pair_of(row)
            self._keeping.use()
            self._workbench.document.open(paths, then=partial(self._workbench.show, "map"))

    def replay(self) -> None:
        """The domain's migration as a scenario, played."""
        row, crossing = self.domains.row, self.crossing
        if row is None or crossing is None:
            return
        draft = move_of(row, crossing.source, crossing.destination)
        self._workbench.play(self._keeping.written(draft))

    def show_find(self) -> None:
        """The cursor goes into the filter line."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F5 looks again."""
        if event.key() == Qt.Key.Key_F5:
            self.check()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders are welcome."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the hosts that were dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.choosing.adding.add(paths)
