"""The menu bar, made from the table of actions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup

from ovmfgui.gui.actions.spec import MENUS
from ovmfgui.gui.actions.table import THEMES
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.document.recent import by_folder, name_of
from ovmfgui.gui.document.settings import RECENT
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.shell.document_entries import DocumentEntries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenu, QMenuBar

    from ovmfgui.gui.workbench import Workbench


class Menus(QObject):
    """Fills a menu bar, and keeps the list of what was open lately.

    Args:
        workbench: whose actions they are.
        bar: to be filled.
        toggles: what shows and hides panes and toolbar.
        open_files: opens one of those that were open lately.
    """

    def __init__(
        self,
        workbench: Workbench,
        bar: QMenuBar,
        toggles: Iterable[QAction],
        open_files: Callable[[Sequence[str]], None],
    ) -> None:
        super().__init__(bar)
        self._actions, self._settings = workbench.actions, workbench.settings
        self._toggles = list(toggles)
        self._open_files = open_files
        for title in MENUS:
            menu = bar.addMenu(f"&{title}")
            menu.setToolTipsVisible(True)
            self._fill(menu, title)
            if title == "Go":
                DocumentEntries(workbench, menu)
        themes = [self._actions[f"theme-{name}"] for name in THEMES]
        views = [self._actions[f"view-{view.id}"] for view in VIEWS]
        for choice in (themes, views):
            group = QActionGroup(self)
            for action in choice:
                group.addAction(action)
        self._settings.changed.connect(self._fill_recent)
        self._fill_recent()

    def _fill(self, menu: QMenu, title: str) -> None:
        for spec, action in self._actions.of_menu(title):
            if spec.separated:
                menu.addSeparator()
            if spec.id == "reset-layout":
                menu.addMenu("&Panes").addActions(self._toggles)
            menu.addAction(action)
            if spec.id == "open-demo":
                self._recent = menu.addMenu("Open &recent")

    def _fill_recent(self, key: str = RECENT.key) -> None:
        if key != RECENT.key:
            return
        self._recent.clear()
        for folder in by_folder(self._settings.recent()):
            self._recent.addSection(folder.title.replace("&", "&&"))
            for paths in folder.entries:
                action = self._recent.addAction(name_of(paths).replace("&", "&&"))
                action.setToolTip(plain_tip("\n".join(paths)))
                action.setEnabled(all(Path(path).exists() for path in paths))
                action.triggered.connect(lambda _checked=False, p=paths: self._open_files(p))
        self._recent.setEnabled(bool(self._settings.recent()))
