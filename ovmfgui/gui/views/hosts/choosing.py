"""The hosts to choose from: two columns of them, and how they get there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.dialogs.adding_hosts import FOLDER_TIP, URI_TIP, AddingHosts
from ovmfgui.gui.document.settings import HOSTS
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.views.hosts.host_list import Entry, HostList
from ovmfgui.hosts.naming import THIS_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.workbench import Workbench


class Choosing(QWidget):
    """Both columns, and the buttons beside them.

    Signals:
        pair_chosen: the names of both hosts, whenever one of them is chosen anew.
        again_wanted: look at both once more.
        filled: whether there are any hosts to choose from.
        added: the name of a host that somebody added.
        removed: the names of hosts that somebody took off.
    """

    pair_chosen = Signal(str, str)
    again_wanted = Signal()
    filled = Signal(bool)
    added = Signal(str)
    removed = Signal(tuple)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._entries: tuple[Entry, ...] = ()
        self.source = HostList("From host", self)
        self.destination = HostList("To host", self)
        self.adding = AddingHosts(workbench, workbench.owner, self)
        self.adding.found.connect(self._on_found)
        self.adding.refused.connect(workbench.refuse)
        self._build()
        for column in (self.source, self.destination):
            column.chosen.connect(self._on_chosen)
            column.removal_wanted.connect(self.remove)
        self._set_names(workbench.settings.hosts())
        workbench.settings.changed.connect(self._on_setting)

    def _build(self) -> None:
        sides = QVBoxLayout()
        sides.setSpacing(theme.GRID)
        for button in self.adding_buttons(self):
            sides.addWidget(button)
        again = QPushButton("Read again", self)
        again.setToolTip("Look at both hosts once more (F5)")
        again.clicked.connect(lambda: self.again_wanted.emit())
        sides.addWidget(again)
        sides.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        row.addWidget(self.source, 1)
        row.addWidget(self.destination, 1)
        row.addLayout(sides)

    def adding_buttons(self, parent: QWidget) -> list[QPushButton]:
        """The ways to get a host here."""
        ways: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("Add folder…", FOLDER_TIP, self.adding.ask_folder),
            ("Add URI…", URI_TIP, self.adding.ask_uri),
            ("This host", f"libvirt's QEMU driver on this machine ({THIS_HOST})", self.add_this),
        )
        made = []
        for text, tip, slot in ways:
            button = QPushButton(text, parent)
            button.setToolTip(plain_tip(tip))
            button.clicked.connect(slot)
            made.append(button)
        return made

    # What is there

    @property
    def names(self) -> tuple[str, ...]:
        """All hosts, as they were named."""
        return tuple(each.name for each in self._entries)

    @property
    def pair(self) -> tuple[str, str]:
        """The hosts that are chosen; empty for none."""
        return self.source.current, self.destination.current

    def _on_setting(self, key: str) -> None:
        hosts, before = self._workbench.settings.hosts(), self.names
        if key != HOSTS.key or hosts == before:
            return
        self._set_names(hosts)
        if gone := tuple(name for name in before if name not in hosts):
            self.removed.emit(gone)
        for name in hosts:
            if name not in before:
                self.added.emit(name)

    def add_this(self) -> None:
        """This machine's own libvirt."""
        self._on_found((THIS_HOST,))

    def remove(self, name: str) -> None:
        """Take a host off both columns; nothing happens to the host."""
        self._set_names(tuple(each for each in self.names if each != name))
        self.removed.emit((name,))

    def take(self, name: str) -> None:
        """Choose a host that domains come from, put into the list where it is not there."""
        if name not in self.names:
            self._set_names((*self.names, name))
        to = self.destination.current
        self.choose(name, "" if to == name else to)

    def count_domains(self, name: str, domains: int) -> None:
        """How many domains a host turned out to have."""
        self._show(
            tuple(
                Entry(each.name, domains) if each.name == name else each for each in self._entries
            )
        )

    def choose(self, source: str, destination: str) -> None:
        """Choose both hosts."""
        self.source.choose(source, tell=False)
        self.destination.choose(destination, tell=False)
        self._on_chosen("")

    def _on_found(self, names: tuple[str, ...]) -> None:
        self._set_names(tuple(dict.fromkeys((*self.names, *names))))
        free = [name for name in names if name not in self.pair]
        for column in (self.source, self.destination):
            if not column.current and free:
                column.choose(free.pop(0), tell=False)
        for name in names:
            self.added.emit(name)
        self._on_chosen("")
        self.source.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_names(self, names: Sequence[str]) -> None:
        known = {each.name: each for each in self._entries}
        self._show(tuple(known.get(name, Entry(name)) for name in names))
        if tuple(names) != self._workbench.settings.hosts():
            self._workbench.settings.set_hosts(tuple(names))
        self.filled.emit(bool(names))

    def _show(self, entries: tuple[Entry, ...]) -> None:
        self._entries = entries
        for column in (self.source, self.destination):
            column.set_entries(entries)

    def _on_chosen(self, _name: str) -> None:
        self.pair_chosen.emit(*self.pair)
