"""What is open, as entries of the Go menu: which is in front, and a key for each of the first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup

from ovmfgui.gui.actions.spec import NUMBERED
from ovmfgui.gui.panes.open_rows import mark_of, name_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench


class DocumentEntries(QObject):
    """Follows the documents; they stand in the order of Sources.

    Args:
        workbench: whose documents they are.
        menu: holds the actions of the first; those beyond come after them, without keys.
    """

    def __init__(self, workbench: Workbench, menu: QMenu) -> None:
        super().__init__(menu)
        self._actions, self._document = workbench.actions, workbench.document
        self._menu = menu
        self._beyond: list[QAction] = []
        self._one_of = QActionGroup(self)
        places = range(NUMBERED)
        for n in places:
            self._one_of.addAction(workbench.actions[f"document-{n + 1}"])
        workbench.actions.bind(
            {f"document-{n + 1}": partial(self._bring, n) for n in places},
            {
                f"document-{n + 1}": partial(lambda n: n < len(self._document.all_open), n)
                for n in places
            },
        )
        for told in (self._document.listed, self._document.edits_changed):
            told.connect(self._refresh)
        self._refresh()

    def _bring(self, place: int) -> None:
        every = self._document.all_open
        if place < len(every):
            self._document.bring_to_front(every[place])
        self._refresh()

    def _refresh(self) -> None:
        every = self._document.all_open
        for action in self._beyond:
            self._menu.removeAction(action)
            action.deleteLater()
        self._beyond.clear()
        for place in range(NUMBERED):
            name = f"document-{place + 1}"
            action = self._actions[name]
            there = every[place] if place < len(every) else None
            action.setVisible(there is not None)
            if there is None:
                action.setText(self._actions.specs[name].text)
            else:
                self._show(action, there, f"&{place + 1}")
        after = self._menu.actions()
        last = after.index(self._actions[f"document-{NUMBERED}"]) + 1
        for opened in every[NUMBERED:]:
            action = QAction(self)
            action.setCheckable(True)
            self._one_of.addAction(action)
            self._show(action, opened, "")
            action.triggered.connect(partial(self._bring, every.index(opened)))
            self._menu.insertAction(after[last], action)
            self._beyond.append(action)

    def _show(self, action: QAction, opened: Opened, number: str) -> None:
        name = name_of(opened).replace("&", "&&")
        action.setText(f"{number} {mark_of(opened)}{name}".strip())
        action.setChecked(opened is self._document.front)
