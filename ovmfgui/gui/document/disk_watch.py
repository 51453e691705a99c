"""Whether the opened files are changed on disk by another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.layout.inspection import Inspection

_SETTLES = 300
"""Milliseconds; a running machine writes its store byte by byte."""

Stamp = tuple[int, int, int]


def _stamp(path: str) -> Stamp | None:
    """What a file that was written to does not keep; None where it is gone."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


class _Noted(NamedTuple):
    """What was read, the stamps of its files then, and those that are looked after."""

    saved: Inspection | None
    read: dict[str, Stamp]
    known: dict[str, Stamp | None]


class DiskWatch(QObject):
    """Watches the files of all that is open; what is saved here does not count.

    Signals:
        changed: the ``Opened``, and the path of its file that another program has written to or
            taken away.
    """

    changed = Signal(object, str)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._noted: dict[Opened, _Noted] = {}
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLES)
        self._timer.timeout.connect(self.look)
        self._watcher.fileChanged.connect(self._on_file)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # Not every file system tells of changes.
            application.applicationStateChanged.connect(self._on_state)
        for told in (document.presented, document.listed, document.on_disk):
            told.connect(self.take_note)

    def take_note(self) -> None:
        """What is on disk now is what was read, of all that has been read or saved since."""
        before, self._noted = self._noted, {}
        for opened in self._document.all_open:
            noted = before.get(opened)
            if noted is None or noted.saved is not opened.saved:
                paths = [file.path for file in opened.image.files] if opened.image else []
                found = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
                noted = _Noted(opened.saved, found, {**found})
            self._noted[opened] = noted
        wanted = {path for noted in self._noted.values() for path in noted.known}
        watched = set(self._watcher.files())
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def differs(self, opened: Opened, path: str) -> bool:
        """Whether a file is not what was read of it."""
        read = self._noted[opened].read if opened in self._noted else {}
        return path in read and _stamp(path) != read[path]

    def let_be(self, opened: Opened, path: str) -> None:
        """Say no more of a file until it is read anew or saved."""
        if opened in self._noted:
            self._noted[opened].known.pop(path, None)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self._timer.start()

    def _on_file(self, _path: str) -> None:
        self._timer.start()

    def look(self) -> None:
        """Tell of files that are not what they were; each change once."""
        if self._document.tasks.tasks:
            # It may be this program that is writing.
            self._timer.start()
            return
        for opened, noted in tuple(self._noted.items()):
            for path, known in tuple(noted.known.items()):
                now = _stamp(path)
                if now != known:
                    noted.known[path] = now
                    self.changed.emit(opened, path)
                # A file that another took the place of is not watched any more.
                if now is not None and path not in self._watcher.files():
                    self._watcher.addPath(path)
