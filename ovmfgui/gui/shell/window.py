"""The main window: what it consists of and how the parts hang together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QWidget,
)

from ovmfgui.gui.actions.bound import Actions
from ovmfgui.gui.actions.spec import MENUS
from ovmfgui.gui.actions.table import ACTIONS, THEMES, TOOLBAR
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.commands.handlers import Commands
from ovmfgui.gui.dialogs.leaving import leave
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.settings import GEOMETRY, LAYOUT, LAYOUT_VERSION, THEME, VIEW, Settings
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.look import theme
from ovmfgui.gui.panes.details import DetailsPane
from ovmfgui.gui.panes.findings import FindingsPane
from ovmfgui.gui.panes.history import HistoryPane
from ovmfgui.gui.panes.sources import SourcesPane
from ovmfgui.gui.shell.goto_box import GoToBox
from ovmfgui.gui.shell.pages import PageStack
from ovmfgui.gui.shell.screenshots import Sitter, take_pictures
from ovmfgui.gui.shell.status_bar import StatusBar
from ovmfgui.gui.shell.verdict_badge import VerdictBadge
from ovmfgui.gui.workbench import Workbench

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
_SPEAK_OF_WHAT_IS_OPEN = ("Details", "Findings", "History")
_AT_FIRST = QSize(1280, 800)


class Window(QMainWindow):
    """One document and all that looks at it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(TaskRunner(self), self)
        self.actions_of = Actions(ACTIONS, self)
        self.workbench = workbench = Workbench(self.document, settings, self.actions_of, self)
        self.commands = Commands(workbench)
        self.pages = PageStack(workbench, self.commands.files.open, self)
        self.setCentralWidget(self.pages)
        self.sources = SourcesPane(workbench, self.commands.files.open, self)
        self.details = DetailsPane(self.document, self)
        self.findings = FindingsPane(workbench, self)
        self.history = HistoryPane(self.document, self)
        self.goto = GoToBox(workbench, self)
        self.badge = VerdictBadge(workbench, self)
        self.setStatusBar(StatusBar(workbench, self))
        self._docks = self._make_docks()
        self._folded: set[str] = set()
        self._place_docks()
        self._make_toolbar()
        self._bind()
        self._make_menus()
        self.setAcceptDrops(True)
        self.resize(_AT_FIRST)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self._connect()
        self._restore()
        self.actions_of.draw_icons(self.palette())
        self._on_front()

    # Building

    def _make_docks(self) -> dict[str, QDockWidget]:
        docks = {}
        for title, pane in (
            ("Sources", self.sources),
            ("Details", self.details),
            ("Findings", self.findings),
            ("History", self.history),
        ):
            dock = QDockWidget(title, self)
            dock.setObjectName(f"dock-{title.lower()}")
            dock.setWidget(pane)
            dock.toggleViewAction().setToolTip(f"Show or hide the pane {title}")
            dock.toggleViewAction().setStatusTip(f"Show or hide the pane {title}")
            docks[title] = dock
        return docks

    def _place_docks(self) -> None:
        for title, area in (
            ("Sources", _LEFT),
            ("Details", _RIGHT),
            ("Findings", _BOTTOM),
            ("History", _BOTTOM),
        ):
            self.addDockWidget(area, self._docks[title])
            self._docks[title].show()
        self.tabifyDockWidget(self._docks["Findings"], self._docks["History"])
        self._docks["Findings"].raise_()
        for corner in (Qt.Corner.TopLeftCorner, Qt.Corner.TopRightCorner):
            self.setCorner(corner, _LEFT if corner is Qt.Corner.TopLeftCorner else _RIGHT)
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        sides = [self._docks["Sources"], self._docks["Details"]]
        self.resizeDocks(sides, [52 * theme.GRID, 80 * theme.GRID], across)
        self.resizeDocks([self._docks["Findings"]], [36 * theme.GRID], down)

    def _make_toolbar(self) -> None:
        bar = self.addToolBar("Toolbar")
        bar.setObjectName("toolbar")
        bar.setIconSize(QSize(5 * theme.GRID, 5 * theme.GRID))
        bar.toggleViewAction().setToolTip("Show or hide the toolbar")
        for name in TOOLBAR:
            if name == "|":
                bar.addSeparator()
            else:
                bar.addAction(self.actions_of[name])
        bar.addSeparator()
        bar.addWidget(self.goto)
        spring = QWidget(bar)
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spring)
        self._badge_shown = bar.addWidget(self.badge)
        self._toolbar = bar

    def _make_menus(self) -> None:
        for title in MENUS:
            entries = self.actions_of.of_menu(title)
            if not entries:
                continue
            menu = self.menuBar().addMenu(f"&{title}")
            menu.setToolTipsVisible(True)
            for spec, action in entries:
                if spec.separated:
                    menu.addSeparator()
                if spec.id == "reset-layout":
                    self._add_panes(menu)
                menu.addAction(action)
                if spec.id == "open-demo":
                    self._recent = menu.addMenu("Open &recent")
        views = [self.actions_of[f"view-{view.id}"] for view in VIEWS]
        for choice in ([self.actions_of[f"theme-{name}"] for name in THEMES], views):
            group = QActionGroup(self)
            for action in choice:
                group.addAction(action)

    def _add_panes(self, menu: QMenu) -> None:
        panes = menu.addMenu("&Panes")
        for dock in self._docks.values():
            panes.addAction(dock.toggleViewAction())
        panes.addAction(self._toolbar.toggleViewAction())

    def _bind(self) -> None:
        self.actions_of.bind(
            {
                "pictures": self._on_pictures,
                "quit": self.close,
                "find": self._on_find,
                "reset-layout": self.reset_layout,
                **{f"theme-{name}": partial(self.dress, name) for name in THEMES},
            }
        )

    def _connect(self) -> None:
        document = self.document
        document.inspection_changed.connect(self.refresh)
        document.selection_changed.connect(self.refresh)
        document.edits_changed.connect(self.refresh)
        self.pages.front_changed.connect(self._on_front)
        self.findings.counted.connect(self._on_counted)
        self.settings.changed.connect(self._fill_recent)
        self._fill_recent()

    # Following

    def _on_front(self) -> None:
        front = self.pages.front
        if front is None:
            self._fold_panes(_SPEAK_OF_WHAT_IS_OPEN)
        else:
            self._fold_panes(tuple(self._docks) if front.wide else ())
        self.refresh()

    def _fold_panes(self, titles: tuple[str, ...]) -> None:
        """Hide panes that have nothing to say now; they come back as they were."""
        for title, dock in self._docks.items():
            if title in titles:
                if not dock.isHidden():
                    self._folded.add(title)
                    dock.hide()
            elif title in self._folded:
                self._folded.remove(title)
                dock.show()
                if title == "Findings":
                    dock.raise_()

    def _on_counted(self, counts: str) -> None:
        self._docks["Findings"].setWindowTitle(f"Findings  {counts}" if counts else "Findings")

    def refresh(self, _what: object = None) -> None:
        """Title, and what can be done now."""
        self.actions_of.update()
        for view in VIEWS:
            self.actions_of[f"view-{view.id}"].setChecked(view.id == self.pages.tabs.current_id)
        image = self.document.image
        names = " + ".join(Path(file.path).name for file in image.files) if image else ""
        self.setWindowTitle(f"{names}[*] – ovmfgui" if names else "ovmfgui[*]")
        self._badge_shown.setVisible(image is not None)
        self.setWindowModified(self.document.modified)

    def _fill_recent(self, _key: str = "") -> None:
        self._recent.clear()
        for paths in self.settings.recent():
            action = self._recent.addAction(" + ".join(Path(path).name for path in paths))
            action.setToolTip("\n".join(paths))
            action.setEnabled(all(Path(path).exists() for path in paths))
            action.triggered.connect(lambda _checked=False, p=paths: self.commands.files.open(p))
        self._recent.setEnabled(bool(self.settings.recent()))

    def reset_layout(self) -> None:
        """Panes and toolbar where they were at first."""
        self._folded.clear()
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self._place_docks()
        self._toolbar.show()

    def dress(self, name: str) -> None:
        """Light, dark or the desktop's colours; remembered."""
        self.settings.set(THEME, name)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply_theme(application, name)

    def sitter(self) -> Sitter:
        """This window, for pictures."""
        return Sitter(self, self.workbench, self.pages, self.badge)

    def _on_pictures(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder for the pictures")
        if folder:
            made = take_pictures(self.sitter(), Path(folder))
            self.workbench.tell(f"{len(made)} pictures are in {folder}.")

    def _on_find(self) -> None:
        if not self.pages.show_find():
            self.goto.begin()

    # Remembering

    def _restore(self) -> None:
        geometry, layout = self.settings.get(GEOMETRY), self.settings.get(LAYOUT)
        if geometry:
            self.restoreGeometry(geometry)
        if layout:
            self.restoreState(layout, LAYOUT_VERSION)
        self.pages.tabs.choose(self.settings.get(VIEW))
        chosen = f"theme-{self.settings.get(THEME)}"
        self.actions_of[chosen].setChecked(True)

    # Qt's own

    def changeEvent(self, event: QEvent) -> None:
        """Other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_of"):
            self.actions_of.draw_icons(QGuiApplication.palette())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved edits, remember the layout, wait for workers."""
        if self.document.modified:
            event.ignore()
            leave(self.workbench, self._close_for_good)
            return
        self._fold_panes(())
        self.settings.set(GEOMETRY, self.saveGeometry().data())
        self.settings.set(LAYOUT, self.saveState(LAYOUT_VERSION).data())
        self.settings.set(VIEW, self.pages.tabs.current_id)
        self.workbench.tasks.shutdown()
        super().closeEvent(event)

    def _close_for_good(self) -> None:
        self.document.close()
        # Not at once: Qt ignores a close within a close.
        QTimer.singleShot(0, self.close)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files are welcome."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        paths = _dropped(event)
        if paths:
            event.acceptProposedAction()
            self.commands.files.open_dropped(paths)


def _dropped(event: QDragEnterEvent | QDropEvent) -> tuple[str, ...]:
    urls = event.mimeData().urls()
    return tuple(url.toLocalFile() for url in urls if url.isLocalFile())
