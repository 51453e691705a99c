"""The main window: what it consists of and how the parts hang together."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMainWindow,
    QSizePolicy,
    QWidget,
)

from ovmfgui.gui.actions.bound import Actions
from ovmfgui.gui.actions.table import ACTIONS, THEMES, TOOLBAR
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.commands.comparison import compare_two
from ovmfgui.gui.commands.handlers import Commands
from ovmfgui.gui.dialogs.leaving import leave_all, may_lose
from ovmfgui.gui.document.closing import was_closed
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.settings import (
    BACKUP,
    DIGITS,
    GEOMETRY,
    GUID_NAMES,
    KEYS,
    LAYOUT,
    LAYOUT_VERSION,
    TEXT_SIZE,
    THEME,
    VIEW,
    Settings,
)
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.context_key import opens_context_menu
from ovmfgui.gui.look.focus_ring import FocusRing
from ovmfgui.gui.look.reading_order import step_focus
from ovmfgui.gui.look.text_size import resize_text
from ovmfgui.gui.panes.details import DetailsPane
from ovmfgui.gui.panes.findings import FindingsPane
from ovmfgui.gui.panes.history import HistoryPane
from ovmfgui.gui.panes.notes import NotesPane
from ovmfgui.gui.panes.search import SearchPane
from ovmfgui.gui.panes.sources import SourcesPane
from ovmfgui.gui.shell.docks import Docks
from ovmfgui.gui.shell.goto_box import GoToBox
from ovmfgui.gui.shell.menus import Menus
from ovmfgui.gui.shell.on_screen import keep_on_screen
from ovmfgui.gui.shell.pages import PageStack
from ovmfgui.gui.shell.screenshots import Sitter, take_pictures
from ovmfgui.gui.shell.status_bar import StatusBar
from ovmfgui.gui.shell.verdict_badge import VerdictBadge
from ovmfgui.gui.widgets.hex_style import HEX_STYLE
from ovmfgui.gui.widgets.spoken import install_spoken_drawings
from ovmfgui.gui.workbench import Workbench
from ovmfgui.guid import use_table
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent

_AT_FIRST = QSize(1280, 800)
_BUTTONS = tuple(name for name in TOOLBAR if name != "|")


class Window(QMainWindow):
    """Several documents and all that looks at the one in front; other windows show others."""

    _all: ClassVar[set[Window]] = set()
    """Those that stand open; nobody else holds on to the second one."""
    _quitting: ClassVar = False
    """Whether all of them are being closed at once."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(TaskRunner(self), self)
        self.actions_of = Actions(ACTIONS, self)
        self.workbench = workbench = Workbench(self.document, settings, self.actions_of, self)
        self.actions_of.give_keys(settings.keys())
        settings.changed.connect(self._on_setting)
        self._apply_settings()
        self._take_names()
        self.commands = Commands(workbench)
        self.pages = PageStack(workbench, self.commands.files.open, self)
        self.setCentralWidget(self.pages)
        self.sources = SourcesPane(
            workbench, self.commands.files.open, self.commands.files.close, self
        )
        self.details = DetailsPane(workbench, self)
        self.findings = FindingsPane(workbench, self)
        self.history = HistoryPane(self.document, self)
        self.search = SearchPane(workbench, self)
        self.notes = NotesPane(workbench, self)
        self.goto = GoToBox(workbench, self)
        self.badge = VerdictBadge(workbench, self)
        self.setStatusBar(StatusBar(workbench, self))
        panes = {
            "Sources": self.sources,
            "Details": self.details,
            "Findings": self.findings,
            "History": self.history,
            "Search": self.search,
            "Notes": self.notes,
        }
        self._docks = Docks(self, panes)
        self._make_toolbar()
        self._bind()
        toggles = (*self._docks.toggles(), self._toolbar.toggleViewAction())
        self._menus = Menus(workbench, self.menuBar(), toggles, self.commands.files.open)
        self.setAcceptDrops(True)
        self.resize(_AT_FIRST)
        self._first_layout = self.saveState(LAYOUT_VERSION)
        self._connect()
        self._restore()
        self.actions_of.draw_icons(self.palette(), _BUTTONS)
        self._on_front()
        self._ring = FocusRing(self)
        install_spoken_drawings()

    # Building

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

    def _bind(self) -> None:
        self.actions_of.bind(
            {
                "pictures": self._on_pictures,
                "quit": self.quit,
                "new-window": self.open_another,
                "find": self._on_find,
                "find-next": partial(self._on_step, 1),
                "find-previous": partial(self._on_step, -1),
                "filter": self._on_filter,
                "reset-layout": self.reset_layout,
                "compare-two": lambda: compare_two(self.workbench, *self.sources.two()),
                **{f"theme-{name}": partial(self.dress, name) for name in THEMES},
            },
            {"two": lambda: bool(self.sources.two())},
        )

    def _connect(self) -> None:
        document = self.document
        document.inspection_changed.connect(self.refresh)
        document.selection_changed.connect(self.refresh)
        document.edits_changed.connect(self.refresh)
        self.workbench.heading_changed.connect(self.refresh)
        self.pages.front_changed.connect(self._on_front)
        document.listed.connect(self._make_way)
        self.notes.begun.connect(partial(self._docks.bring_up, "Notes"))
        self.findings.counted.connect(self._docks.count_findings)
        document.presented.connect(self._fit_findings)
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        # Once the panes have come back from the first page, and rows have their heights.
        self._fitting.setInterval(0)
        self._fitting.timeout.connect(
            lambda: self._docks.fit_findings(self.findings.wanted_height())
        )

    # Following

    def _on_front(self) -> None:
        self._make_way()
        self.refresh()

    def _make_way(self) -> None:
        front = self.pages.front
        self._docks.make_way(
            first_page=front is None,
            wide=front is not None and front.wide,
            several=len(self.document.all_open) > 1,
        )

    def refresh(self, _what: object = None) -> None:
        """Title, and what can be done now."""
        self.actions_of.update()
        for view in VIEWS:
            self.actions_of[f"view-{view.id}"].setChecked(view.id == self.pages.tabs.current_id)
        heading = self.pages.heading
        names = heading or self.document.title
        self.setWindowTitle(f"{names}[*] – ovmfgui" if names else "ovmfgui[*]")
        # A verdict beside what it is not about would be taken for that one's.
        self._badge_shown.setVisible(self.document.image is not None and not heading)
        self.setWindowModified(self.document.front.changed)

    def _fit_findings(self) -> None:
        """No more room than they need, unless somebody has given them theirs."""
        if not self.settings.get(LAYOUT):
            self._docks.fit_sides(self.width())
            self._fitting.start()

    def reset_layout(self) -> None:
        """Panes and toolbar where they were at first."""
        self.restoreState(self._first_layout, LAYOUT_VERSION)
        self._docks.reset()
        self._toolbar.show()

    def _on_setting(self, key: str) -> None:
        if key in (DIGITS.key, BACKUP.key):
            self._apply_settings()
        elif key == GUID_NAMES.key:
            self._take_names()
            # Names of variables' vendors are looked up as they are shown.
            self.document.inspection_changed.emit()
        elif key == KEYS.key:
            self.actions_of.give_keys(self.settings.keys())
        elif key == TEXT_SIZE.key:
            application = QApplication.instance()
            if isinstance(application, QApplication):
                resize_text(application, int(self.settings.get(TEXT_SIZE)))
        elif key == THEME.key:
            name = self.settings.get(THEME)
            self.actions_of[f"theme-{name}"].setChecked(True)
            application = QApplication.instance()
            if isinstance(application, QApplication):
                theme.apply_theme(application, name)

    def _apply_settings(self) -> None:
        """What is a matter of the whole program, or of how this window saves."""
        settings = self.settings
        HEX_STYLE.choose(capitals=settings.get(DIGITS) == "upper")
        self.document.backups = str(settings.get(BACKUP))

    def _take_names(self) -> None:
        names = str(self.settings.get(GUID_NAMES))
        use_table(Path(names) if names else None)

    def dress(self, name: str) -> None:
        """Light, dark or the desktop's colours; remembered."""
        self.settings.set(THEME, name)

    def sitter(self) -> Sitter:
        """This window, for pictures."""
        return Sitter(self, self.workbench, self.pages, self.badge)

    def _on_pictures(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder for the pictures")
        if folder:
            try:
                made = take_pictures(self.sitter(), Path(folder))
            except Refused as refusal:
                self.workbench.refuse(refusal)
            else:
                self.workbench.tell(f"{len(made)} pictures are in {folder}.")

    def _on_find(self) -> None:
        self._docks.bring_up("Search")
        self.search.begin()

    def _on_filter(self) -> None:
        if not self.pages.show_find():
            key = self.actions_of.key_text("find")
            more = f"; {key} searches it all" if key else ""
            self.workbench.tell(f"There is nothing to filter in this view{more}.")

    def _on_step(self, by: int) -> None:
        """Among what the view in front has found, where it looks for something itself."""
        if not self.pages.step_find(by):
            self._docks.bring_up("Search")
            self.search.step(by)

    def open_another(self) -> Window:
        """A window beside this one, with nothing open."""
        other = Window(self.settings)
        other.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        Window._all.add(other)
        other.destroyed.connect(lambda: Window._all.discard(other))
        other.resize(self.size())
        other.move(self.pos() + QPoint(8 * theme.GRID, 8 * theme.GRID))
        other.show()
        keep_on_screen(other)
        return other

    # Remembering

    @property
    def _beside_others(self) -> bool:
        every = QApplication.topLevelWidgets()
        return any(isinstance(e, Window) and e.isVisible() and e is not self for e in every)

    @property
    def _program_goes_on(self) -> bool:
        """Whether it does behind this window, which closes."""
        others = self._beside_others and not Window._quitting
        return others or not QApplication.quitOnLastWindowClosed()

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
        """Draw anew what has the palette's colours in it, once these are others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_of"):
            self.actions_of.draw_icons(QGuiApplication.palette(), _BUTTONS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for Sources beside a wide view now, or no longer."""
        super().resizeEvent(event)
        if hasattr(self, "_ring"):
            self._make_way()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What nothing in the window has taken."""
        if not opens_context_menu(event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the eye does."""
        return step_focus(self, forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved edits, remember the layout, wait for workers."""
        if any(each.changed for each in self.document.all_open):
            event.ignore()
            leave_all(self.workbench, partial(self._close_for_good, quitting=Window._quitting))
            return
        if not may_lose(self.workbench):
            event.ignore()
            return
        self._docks.bring_back()
        self.settings.set(GEOMETRY, self.saveGeometry().data())
        self.settings.set(LAYOUT, self.saveState(LAYOUT_VERSION).data())
        self.settings.set(VIEW, self.pages.tabs.current_id)
        self.commands.session.end(alone=self._beside_others and not Window._quitting)
        if self._program_goes_on:
            if not self.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose):
                # The program's first window stays with whoever made it, what was open does not.
                self.document.close_all()
            was_closed(all_of_it=True)
        self.workbench.tasks.shutdown()
        super().closeEvent(event)

    def _close_for_good(self, *, quitting: bool) -> None:
        self.commands.session.end(alone=self._beside_others and not quitting)
        self.document.close_all()
        # Not at once: Qt ignores a close within a close.
        QTimer.singleShot(0, self.quit if quitting else self.close)

    def quit(self) -> None:
        """Close every window; all of them come back at the next start."""
        Window._quitting = True
        try:
            QApplication.closeAllWindows()
        finally:
            Window._quitting = False

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files be dropped that lie on this machine."""
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
