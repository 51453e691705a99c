"""The application around the window: start, the unexpected, the end."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from ovmfgui import __version__
from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.gui.document.settings import TEXT_SIZE, THEME, Settings
from ovmfgui.gui.ended_by_signal import EndedBySignal
from ovmfgui.gui.look.theme import apply_theme, size_text
from ovmfgui.gui.shell.on_screen import keep_on_screen
from ovmfgui.gui.shell.screenshots import select_something, settle, take_pictures
from ovmfgui.gui.shell.views_ahead import ViewsAhead
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.workbench import Message
from ovmfgui.refusal import Refused
from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.migration.simulation.step import Replay


_FRAMED = 100
"""Milliseconds, by which a window manager has put its frame around a window."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the window is to come up.

    Attributes:
        paths: files to open.
        demo: open the built-in pair instead, the migration lesson in front.
        theme: ``light``, ``dark``, ``system``; what is remembered where empty.
        size: width and height in device-independent pixels; what is remembered where None.
        settings_file: where settings are kept; where the desktop keeps them where None.
    """

    paths: tuple[str, ...] = ()
    demo: bool = False
    theme: str = ""
    size: tuple[int, int] | None = None
    settings_file: Path | None = None


def make_application() -> QApplication:
    """Qt's application object: the one there is, made at the first call."""
    qInstallMessageHandler(_on_qt_message)
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
    application.setApplicationName("ovmfgui")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("ovmfgui")
    application.setWindowIcon(QIcon(str(resource_path("icons/ovmfgui.svg"))))
    return application


# What the platform for pictures says of every window, and what Qt says of a script without a font,
# which bytes shown as text run into.
_IDLE_WORDS = ("This plugin does not support", "OpenType support missing")


def _on_qt_message(kind: QtMsgType, _where: QMessageLogContext, text: str) -> None:
    """Qt's own messages, without those that speak of no fault and help nobody."""
    if kind is not QtMsgType.QtDebugMsg and not text.startswith(_IDLE_WORDS):
        sys.stderr.write(f"{text}\n")


def make_window(application: QApplication, start: Start) -> Window:
    """The window, dressed and opening what it should."""
    settings = Settings(start.settings_file)
    size_text(application, int(settings.get(TEXT_SIZE)))
    apply_theme(application, start.theme or settings.get(THEME))
    window = Window(settings)
    if start.size is not None:
        window.resize(*start.size)
    install_hook(window)
    # A view may bring in a library that puts a hook of its own in place.
    window.pages.tabs.view_made.connect(lambda _view: install_hook(window))
    if start.demo:
        window.commands.files.open_demo()
        window.commands.migration.play_lesson()
    elif start.paths:
        window.commands.files.open(start.paths)
    return window


def install_hook(window: Window) -> None:
    """Show what nobody foresaw as one line with details to copy; the window goes on."""

    def hook(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        details = "".join(traceback.format_exception(kind, error, where))
        sys.stderr.write(details)
        text = (
            f"Something went wrong inside ovmfgui ({kind.__name__}: {error}). No file was changed."
        )
        front = QApplication.activeWindow()
        shown = front if isinstance(front, Window) else window
        shown.workbench.announce(Message(text, Severity.ERROR, details))

    sys.excepthook = hook


def run(start: Start, *, quit_after_first_paint: bool = False) -> int:
    """Open the window and stay until it is closed; returns the exit status."""
    application = make_application()
    # Modules stay: no search for cycles needs to look at them again.
    gc.freeze()
    window = make_window(application, start)
    keep_on_screen(window)
    window.show()
    # Its frame is there a moment later.
    QTimer.singleShot(_FRAMED, partial(keep_on_screen, window))
    window.commands.session.begin(
        reopen=not start.paths and not start.demo,
        another=lambda: window.open_another().commands.session,
    )
    if quit_after_first_paint:
        _when_complete(window, window.close)
    else:
        ViewsAhead(window.workbench.tasks, application)
    # Qt waits for a pipe on POSIX only.
    posix = os.name == "posix"
    signals = EndedBySignal(window.workbench.tasks.shutdown, window) if posix else None
    status = application.exec()
    if signals is not None:
        signals.let_go()
    window.workbench.tasks.shutdown()
    return status


def _when_complete(window: Window, then: Callable[[], object]) -> None:
    """Call ``then`` once the window has been painted with what it is opening."""
    timer = QTimer(window)

    def look() -> None:
        if not any(task.title.startswith("Opening") for task in window.workbench.tasks.tasks):
            timer.stop()
            window.repaint()
            then()

    timer.timeout.connect(look)
    # Not at every turn of the loop: that would be most of what is timed.
    timer.start(2)


@dataclass(frozen=True, slots=True)
class Pictures:
    """What came of taking pictures.

    Attributes:
        files: the PNGs.
        inspection: what was open; None where nothing was.
        replay: the migration that was shown; None where none was.
    """

    files: tuple[Path, ...]
    inspection: Inspection | None
    replay: Replay | None


def pictures(start: Start, folder: Path) -> Pictures:
    """Open the window, write a PNG of every view into ``folder``, and close it.

    Raises:
        Refused: the files could not be opened, or the folder not be written.
    """
    application = make_application()
    window = make_window(application, start)
    refusals: list[str] = []
    window.workbench.refused.connect(refusals.append)
    try:
        window.show()
        settle(window.workbench)
        if refusals:
            raise Refused(refusals[0])
        select_something(window.document)
        made = take_pictures(window.sitter(), folder, poses=True)
        every = window.document.all_open
        images = (each.inspection for each in every if each.inspection is not None)
        replays = (each.played.replay for each in every if each.played is not None)
        return Pictures(tuple(made), next(images, None), next(replays, None))
    finally:
        for each in window.document.all_open:
            each.undo_stack.setClean()
        window.close()
        settle(window.workbench, 1.0)
