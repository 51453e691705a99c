"""Notes on bytes of the opened files, kept beside the settings, by the files' paths."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ovmfgui.budgets import MOST_NOTES
from ovmfgui.flash.notes import Note, notes_json, notes_of
from ovmfgui.flash.source import read_regular
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document


class Notes(QObject):
    """What was noted on the files of a document, by their spaces.

    A note stays at its offset, whatever comes to stand there: it speaks of a place in the file.
    What was unpacked, or made in memory, lies in no file, and takes no notes.

    Args:
        document: whose files they are of.
        folder: where they are kept; made when the first one is.

    Signals:
        changed: there are others now.
    """

    changed = Signal()

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._paths: tuple[str, ...] = ()
        self._notes: dict[int, tuple[Note, ...]] = {}
        document.inspection_changed.connect(self._on_inspection)
        self._on_inspection()

    def of(self, space: int) -> tuple[Note, ...]:
        """Those of a space, ascending."""
        return self._notes.get(space, ())

    @property
    def all(self) -> tuple[tuple[int, Note], ...]:
        """Every note, with its space."""
        return tuple((space, note) for space in sorted(self._notes) for note in self.of(space))

    def why_not(self, space: int) -> str:
        """Why bytes of a space take no notes; empty where they do."""
        if space < len(self._paths) and self._paths[space]:
            return ""
        return "Only bytes of a file can be noted: these were unpacked, or made in memory."

    def add(self, space: int, note: Note) -> None:
        """One more."""
        self._put(space, (*self.of(space), note))

    def replace(self, space: int, old: Note, new: Note) -> None:
        """Another one in the place of one that is there."""
        self._put(space, (*(each for each in self.of(space) if each != old), new))

    def remove(self, space: int, note: Note) -> None:
        """One less."""
        self._put(space, tuple(each for each in self.of(space) if each != note))

    def export_to(self, space: int, target: str) -> None:
        """Write those of a file into another file.

        Raises:
            Refused: it cannot be written.
        """
        try:
            Path(target).write_text(notes_json(self._paths[space], self.of(space)), "utf-8")
        except OSError as error:
            msg = f"{Path(target).name} cannot be written: {error.strerror}"
            raise Refused(msg) from error

    def import_from(self, space: int, source: str) -> int:
        """Take over the notes that a file holds; returns how many are new.

        Raises:
            Refused: there are none in it.
        """
        here = self.of(space)
        new = [each for each in notes_of(read_regular(source, MOST_NOTES)) if each not in here]
        self._put(space, (*here, *new))
        return len(new)

    def _put(self, space: int, notes: tuple[Note, ...]) -> None:
        if self.why_not(space):
            raise Refused(self.why_not(space))
        self._notes[space] = tuple(sorted(notes))
        self._keep(self._paths[space], self._notes[space])
        self.changed.emit()

    def _kept_in(self, path: str) -> Path:
        import hashlib

        return self._folder / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"

    def _keep(self, path: str, notes: tuple[Note, ...]) -> None:
        kept = self._kept_in(path)
        try:
            if not notes:
                kept.unlink(missing_ok=True)
                return
            kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = kept.with_suffix(".partial")
            partial.write_text(notes_json(path, notes), "utf-8")
            partial.replace(kept)
        except OSError as error:
            msg = f"The note is not kept: {self._folder} cannot be written ({error.strerror})."
            raise Refused(msg) from error

    def _path_of(self, path: str) -> str:
        """By which a file's notes are found again; empty for what lies in no file."""
        kept = not self._document.without_file and Path(path).is_file()
        return str(Path(path).absolute()) if kept else ""

    def _on_inspection(self) -> None:
        image = self._document.image
        files = () if image is None else image.files
        paths = tuple(self._path_of(file.path) for file in files)
        if paths == self._paths:
            return
        self._paths, self._notes = paths, {}
        for space, path in enumerate(paths):
            # Notes that cannot be read are none; they are written over by the next one only.
            with suppress(Refused, OSError):
                if path and self._kept_in(path).exists():
                    self._notes[space] = notes_of(read_regular(self._kept_in(path), MOST_NOTES))
        self.changed.emit()
