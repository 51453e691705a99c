"""Unsaved changes beside the settings, for the case that the program ends without being asked."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer

from ovmfgui.budgets import MOST_JOURNAL
from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_regular
from ovmfgui.nvram.changes import changed_bytes
from ovmfgui.nvram.edit import Edit, FlashWrite, TextChange
from ovmfgui.refusal import RAISED, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.layout.inspection import Inspection

    _State = tuple[Inspection | None, Inspection | None] | str

FORMAT = 1
_SETTLES = 400
"""Milliseconds; a boot order that is dragged makes an edit a row."""


class Unsaved(NamedTuple):
    """Edits that a program had not saved when it ended.

    Attributes:
        journal: where they are kept.
        paths: what was open.
        sha256: of the store's file before the edits, as the guest sees it.
        edits: how many there were.
        writes: what they come to.
    """

    journal: Path
    paths: tuple[str, ...]
    sha256: str
    edits: int
    writes: tuple[FlashWrite, ...]

    def edit_of(self, before: bytes) -> Edit:
        """All of them as one edit of a store.

        Raises:
            Refused: it is another file by now.
        """
        if hashlib.sha256(before).hexdigest() != self.sha256:
            name = Path(self.paths[-1]).name
            msg = (
                f"{name} has been changed since: the edits that were not saved do not fit it any "
                f"more. They are kept in {self.journal}"
            )
            raise Refused(msg)
        return Edit.of_writes("Bring unsaved edits back", before, self.writes)


class UnsavedScenario(NamedTuple):
    """A scenario that was changed and in no file as a program ended.

    Attributes:
        journal: where it is kept.
        path: what it was known by: its file's, or that of a file that has never been.
        text: it, as TOML.
    """

    journal: Path
    path: str
    text: str


class Journal(QObject):
    """Follows the edits of all that is open in a window, a file for each that has some to lose.

    Args:
        document: what is open.
        folder: for the files; made when it is first needed.
    """

    def __init__(self, document: Document, folder: Path) -> None:
        super().__init__(document)
        self._document = document
        self._folder = folder
        self._written: dict[Path, _State] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLES)
        self._timer.timeout.connect(self.write)
        document.edits_changed.connect(self._timer.start)
        document.pending_changed.connect(self._timer.start)
        document.presented.connect(self.write)
        document.listed.connect(self._timer.start)
        document.returned.connect(self.write)
        document.on_disk.connect(self._timer.start)

    def path_of(self, opened: Opened) -> Path:
        """Where the edits of something open are kept, while there are any."""
        return self._folder / f"{os.getpid()}-{id(opened):x}.json"

    def keeps(self, path: str) -> bool:
        """Whether changes of the scenario that is known by a path are kept now."""
        return any(
            each.pending is not None
            and each.played is not None
            and each.played.replay.scenario.path == path
            and self.path_of(each) in self._written
            for each in self._document.all_open
        )

    def write(self) -> None:
        """Keep the edits as they are now; a folder that cannot be written to keeps none."""
        self._timer.stop()
        left = dict(self._written)
        self._written.clear()
        for opened in self._document.all_open:
            path, state = self.path_of(opened), _state_of(opened)
            # One is edited at a time; what the others have to lose is there already.
            if opened.changed and _same(left.get(path), state):
                self._written[path] = state
            elif (said := _said(opened)) is not None:
                with suppress(OSError):
                    _write(path, said)
                    self._written[path] = state
        for path in left.keys() - self._written.keys():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _state_of(opened: Opened) -> _State:
    return opened.pending.text() if opened.pending else (opened.saved, opened.inspection)


def _same(one: _State | None, other: _State) -> bool:
    """Whether they are the very same; to compare the bytes of stores takes long."""
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return one is not None and all(a is b for a, b in zip(one, other, strict=True))


def _write(path: Path, said: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_suffix(".partial")
    # Values of variables may be secrets of their owner.
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(said, file)
    partial.replace(path)


def _said(opened: Opened) -> dict[str, object] | None:
    """What there is to lose; None where there is nothing, or it comes from no file."""
    if opened.pending is not None and opened.played is not None:
        path, text = opened.played.replay.scenario.path, opened.pending.text()
        return {"format": FORMAT, "pid": os.getpid(), "scenario": text, "paths": [path]}
    saved, now, index = opened.saved, opened.inspection, opened.store_file
    paths = opened.paths
    if not opened.modified or saved is None or now is None or index is None or not paths:
        return None
    before, after = saved.image.spaces[index].data, now.image.spaces[index].data
    return {
        "format": FORMAT,
        "pid": os.getpid(),
        "paths": list(paths),
        "sha256": hashlib.sha256(before).hexdigest(),
        "edits": max(opened.unsaved_edits, 1),
        "replaced": len(before) if saved.image.files[index].format is Format.JSON else None,
        "writes": [[at, data.hex()] for at, data in _writes(opened, before, after)],
    }


def _writes(opened: Opened, before: bytes, after: bytes) -> Iterator[tuple[int, bytes]]:
    if len(before) != len(after):
        yield 0, after
        return
    # Edits never reach beyond the volume; ARM files have 64 MiB around it.
    store = opened.store
    end = store.volume.span.end if store is not None and store.volume is not None else None
    found = changed_bytes(before[:end], after[:end])
    if found.cut:
        yield 0, after[:end]
        return
    for run in found.runs:
        yield run.start, run.of(after)


def left_behind(folder: Path) -> tuple[Unsaved | UnsavedScenario, ...]:
    """What programs that run no more have left; a journal that cannot be read is passed over."""
    found = (_read(path) for path in sorted(folder.glob("*.json"))) if folder.is_dir() else ()
    return tuple(each for each in found if each is not None)


def _read(path: Path) -> Unsaved | UnsavedScenario | None:
    try:
        said = json.loads(read_regular(path, MOST_JOURNAL))
        if said["format"] != FORMAT or _lives(int(said["pid"])):
            return None
        if "scenario" in said:
            return UnsavedScenario(path, str(said["paths"][0]), str(said["scenario"]))
        replaced = said["replaced"]
        writes = tuple(
            FlashWrite(int(at), bytes.fromhex(data), "an edit that was not saved")
            if replaced is None
            else TextChange(0, bytes.fromhex(data), "edits that were not saved", int(replaced))
            for at, data in said["writes"]
        )
        paths = tuple(str(each) for each in said["paths"])
        return Unsaved(path, paths, str(said["sha256"]), int(said["edits"]), writes)
    except (Refused, *RAISED, TypeError, AttributeError):
        return None


def _lives(pid: int) -> bool:
    """Whether a process of that number runs, this one too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
