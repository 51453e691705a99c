"""Whether the opened files are changed on disk by another program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document

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


class DiskWatch(QObject):
    """Watches the files of a document; what the document saves itself does not count.

    Signals:
        changed: the path of a file that another program has written to or taken away.
    """

    changed = Signal(str)

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._known: dict[str, Stamp | None] = {}
        self._read: dict[str, Stamp | None] = {}
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
        document.presented.connect(self.take_note)
        document.on_disk.connect(self.take_note)

    def take_note(self) -> None:
        """What is on disk now is what is shown."""
        image = self._document.image
        paths = [file.path for file in image.files] if image is not None else []
        self._known = {path: stamp for path in paths if (stamp := _stamp(path)) is not None}
        self._read = dict(self._known)
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        if self._known:
            self._watcher.addPaths(list(self._known))

    def differs(self, path: str) -> bool:
        """Whether a file is not what was read of it."""
        return path in self._read and _stamp(path) != self._read[path]

    def let_be(self, path: str) -> None:
        """Say no more of a file until another one is opened or this one saved."""
        self._known.pop(path, None)
        self._watcher.removePath(path)

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
        for path, known in tuple(self._known.items()):
            now = _stamp(path)
            if now != known:
                self._known[path] = now
                self.changed.emit(path)
            # A file that another took the place of is not watched any more.
            if now is not None and path not in self._watcher.files():
                self._watcher.addPath(path)
