"""The one opened image: what was read from it, what is selected, what has been changed."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from ovmfgui.ahead import Ahead
from ovmfgui.flash.image import Format, Image, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.region import Region, address_of, innermost
from ovmfgui.gui.document.allocation import keep_memory_for
from ovmfgui.gui.document.undo import EditCommand
from ovmfgui.layout.inspection import (
    Inspection,
    inspect,
    inspect_files,
    with_store_bytes,
    with_store_moved,
)
from ovmfgui.layout.limits import variable_limits
from ovmfgui.nvram.edit import apply_writes
from ovmfgui.nvram.editor import why_not_editable
from ovmfgui.nvram.json_editor import editor_of
from ovmfgui.nvram.packing import format_for, save_flash, write_flash
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.gui.document.tasks import Task, TaskRunner
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.nvram.editor import Edit, Editor, FlashWrite
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.progress import Report
    from ovmfgui.span import Place

_AFTER_FIRST_FRAME = 150
"""Milliseconds: what nobody waits for yet begins then."""


class Document(QObject):
    """What all views look at.

    One selection runs through them: a view calls ``select`` and listens to ``selection_changed``.

    Attributes:
        inspection: what was read; None while nothing is open.
        saved: the inspection as it stands on disk; differs from ``inspection`` while there are
            unsaved edits.
        selection: the selected bytes; None where there are none.
        undo_stack: the edits, and which of them are on disk.
        tasks: where it reads and writes in the background; they tell what was refused.
        without_file: whether what is open was made in memory and lies in no file yet.

    Signals:
        inspection_changed: another image, or the same one after an edit.
        presented: another image, or none: after ``inspection_changed``.
        selection_changed: ``Place | None``.
        edits_changed: something was edited, undone, redone or saved; after
            ``inspection_changed``.
        opening: the ``Task`` that reads what is to be shown next.
        notice: one line for a person, after something was done.
        on_disk: the file was saved, before anybody is told so.
        save_refused: the ``Refused`` that says why the file could not be saved.
    """

    inspection_changed = Signal()
    presented = Signal()
    selection_changed = Signal(object)
    edits_changed = Signal()
    opening = Signal(object)
    notice = Signal(str)
    on_disk = Signal()
    save_refused = Signal(object)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.undo_stack = QUndoStack(self)
        # Listeners hang on this object, not on the stack: as it dies, the stack speaks once more.
        self.undo_stack.indexChanged.connect(self.edits_changed)
        self.undo_stack.cleanChanged.connect(self.edits_changed)
        self.inspection: Inspection | None = None
        self.saved: Inspection | None = None
        self.selection: Place | None = None
        self._names: tuple[str, ...] = ()
        self._backed_up: set[str] = set()
        self._opening: Task | None = None
        self._limits: Ahead[Limits | None] | None = None
        self._limits_soon = QTimer(self)
        self._limits_soon.setSingleShot(True)
        self._limits_soon.setInterval(_AFTER_FIRST_FRAME)
        self._limits_soon.timeout.connect(self._begin_limits)
        self.without_file = False

    # What is open

    @property
    def image(self) -> Image | None:
        """The opened files; None while nothing is open."""
        return self.inspection.image if self.inspection is not None else None

    @property
    def store(self) -> Store | None:
        """The variable store; None where there is none."""
        return self.inspection.store if self.inspection is not None else None

    @property
    def verdict(self) -> Verdict | None:
        """Whether CODE and VARS fit; None where not both are open."""
        return self.inspection.verdict if self.inspection is not None else None

    @property
    def map(self) -> tuple[Region, ...]:
        """The top-level regions; empty while nothing is open."""
        return self.inspection.map if self.inspection is not None else ()

    @property
    def title(self) -> str:
        """What is open: the machine's name, or the files'; empty where nothing is."""
        if self.inspection is None:
            return ""
        machine = self.inspection.machine
        if machine is not None:
            return machine.machine.title
        return " + ".join(Path(file.path).name for file in self.inspection.image.files)

    @property
    def opened(self) -> tuple[str, ...]:
        """The paths by which it can be opened again; empty for what no file holds."""
        if self.inspection is None or self.without_file:
            return ()
        # A machine is opened by its definition, files by their own paths.
        files = tuple(file.path for file in self.inspection.image.files)
        paths = files if self.inspection.machine is None else self._names
        return paths if all(Path(path).is_file() for path in paths) else ()

    @property
    def modified(self) -> bool:
        """Whether there are edits that are not on disk."""
        return not self.undo_stack.isClean()

    @property
    def store_file(self) -> int | None:
        """Index of the file, and so of the space, that holds the variable store."""
        if self.image is None:
            return None
        return self.image.file_with(Role.VARS, Role.UNIFIED)

    @property
    def read_only_because(self) -> str:
        """Why the variables cannot be edited, in words; empty where they can."""
        index, store = self.store_file, self.store
        if self.image is None:
            return "Nothing is open."
        machine = None if self.inspection is None else self.inspection.machine
        if machine is not None and machine.store is not None and machine.store.stands_for:
            return "The machine's store does not exist yet; what is shown is its template."
        if index is None or store is None:
            return "There is no variable store."
        return why_not_editable(store) or ""

    @property
    def limits(self) -> Limits | None:
        """The largest variables that CODE takes; None where it does not tell, or is not open."""
        self._begin_limits()
        return None if self._limits is None else self._limits.result()

    def _begin_limits(self) -> None:
        """Disassemble what tells the limits, in a thread: it takes longer than a frame may."""
        image = self.image
        if image is not None and self._limits is None:
            self._limits = Ahead(lambda: variable_limits(image))

    def path_at(self, place: Place | None) -> tuple[Region, ...]:
        """The regions around ``place``, outermost first."""
        return innermost(self.map, place) if place is not None else ()

    def record_at(self, place: Place | None) -> Record | None:
        """The variable record that holds ``place``; None where that is none."""
        if place is None or self.store is None or place.space != self.store_file:
            return None
        records = self.store.records
        after = bisect_right(records, place.span.start, key=lambda record: record.span.start)
        record = records[after - 1] if after else None
        return record if record is not None and record.span.covers(place.span) else None

    def address_of(self, place: Place | None) -> int | None:
        """Guest-physical address of the first byte of ``place``; None where it has none."""
        return address_of(self.path_at(place), place) if place is not None else None

    def saved_bytes(self, space: int) -> bytes:
        """A space's bytes as they stand on disk."""
        return self.saved.image.spaces[space].data if self.saved is not None else b""

    # Opening and closing

    def open(self, paths: Sequence[str | Path], *, beside: str = "") -> None:
        """Read files in the background, then show them; a refusal leaves what is open alone.

        Args:
            paths: one or two files.
            beside: a file that is opened together with them where they make a pair.
        """
        names = tuple(str(path) for path in paths)

        def work(report: Report) -> Inspection:
            inspection = inspect_files(names, report, beside=beside)
            keep_memory_for(inspection.image.files[-1].size)
            return inspection

        def show(inspection: Inspection) -> None:
            self._names = tuple(str(Path(name).absolute()) for name in names)
            self.present(inspection)

        self._start_opening(" and ".join(Path(name).name for name in names), work, show)

    def open_made(self, title: str, make: Callable[[], Sequence[FlashFile]]) -> None:
        """Show files that ``make`` builds in memory, in the background."""

        def work(report: Report) -> Inspection:
            report(0, 1, "building the images")
            return inspect(image_of(make()))

        def show(inspection: Inspection) -> None:
            self.present(inspection)
            self.without_file = True

        self._start_opening(title, work, show)

    def _start_opening(
        self,
        what: str,
        work: Callable[[Report], Inspection],
        show: Callable[[Inspection], None] | None = None,
    ) -> None:
        # Of two requests in a row the second one counts.
        if self._opening is not None:
            self._opening.cancel()
        self._opening = self.tasks.start(f"Opening {what}", work, show or self.present)
        self.opening.emit(self._opening)

    def present(self, inspection: Inspection | None) -> None:
        """Show what was read, with no edits and nothing selected; None closes."""
        self.without_file = False
        self.undo_stack.clear()
        self._backed_up.clear()
        self._limits = None
        self._limits_soon.start()
        self.saved = inspection
        self.select(None)
        self._show(inspection)
        self.presented.emit()

    def close(self) -> None:
        """Close what is open, with its edits."""
        self.present(None)

    def _show(self, inspection: Inspection | None) -> None:
        self.inspection = inspection
        self.inspection_changed.emit()

    # Selecting

    def select(self, place: Place | None) -> None:
        """Select bytes in every view and pane; a place outside what is open is passed over."""
        if place is not None and (self.image is None or place.space >= len(self.image.spaces)):
            return
        if place != self.selection:
            self.selection = place
            self.selection_changed.emit(place)

    # Editing and saving

    def editor(self, *, compact: bool = False) -> Editor:
        """What makes edits of the store as it is now.

        Args:
            compact: compact the store where a variable finds no room.

        Raises:
            Refused: the store cannot be edited, with the reason.
        """
        index = self.store_file
        if self.image is None or index is None or self.read_only_because:
            raise Refused(self.read_only_because)
        data = self.image.spaces[index].data
        return editor_of(data, limits=self.limits, compact=compact)

    def edit(self, edit: Edit) -> None:
        """Make a change, as a step that can be undone."""
        if edit.writes:
            self.undo_stack.push(EditCommand(edit, self._write))
        else:
            self.notice.emit(f"{edit.title}: firmware would write nothing.")

    def _write(self, writes: tuple[FlashWrite, ...]) -> None:
        index = self.store_file
        if self.image is not None and index is not None:
            self._put(apply_writes(self.image.spaces[index].data, writes))

    def _put(self, data: bytes) -> None:
        index = self.store_file
        if self.inspection is not None and index is not None:
            self._show(with_store_bytes(self.inspection, index, data))

    def save(self, then: Callable[[], None] | None = None) -> None:
        """Write the edits into the file they came from; ``then`` is called where that succeeded."""
        index = self.store_file
        if self.inspection is None or self.saved is None or index is None:
            return
        inspection, file = self.inspection, self.saved.image.files[index]
        path, data = file.path, inspection.image.spaces[index].data
        backup = path not in self._backed_up

        def work(report: Report) -> Path | None:
            report(0, 1, "writing")
            return save_flash(file, data, backup=backup)

        def done(kept: Path | None) -> None:
            where = f" The file as it was is {kept.name}." if kept is not None else ""
            self._backed_up.add(path)
            self.saved = inspection
            self._mark_clean(index, data)
            self.on_disk.emit()
            self.notice.emit(f"Saved {Path(path).name}.{where}")
            self.inspection_changed.emit()
            if then is not None:
                then()

        self.tasks.start(f"Saving {Path(path).name}", work, done, self.save_refused.emit)

    def save_as(self, target: str | Path) -> None:
        """Write the store with its edits into another file, which is what is open from then on.

        It stays a copy where another file cannot take the place of the one that is open: where
        that belongs to a machine, or the new one is of another kind, JSON or flash.
        """
        index, inspection = self.store_file, self.inspection
        if inspection is None or index is None:
            return
        file, form = inspection.image.files[index], format_for(target)
        data = inspection.image.spaces[index].data
        other_kind = (form is Format.JSON) is not (file.format is Format.JSON)
        follows = inspection.machine is None and not other_kind

        def work(report: Report) -> None:
            report(0, 1, "writing")
            write_flash(target, data)

        def done(_nothing: None) -> None:
            name = Path(target).name
            if follows and self.image is not None and self.image.files[index] == file:
                self._follow(index, str(target), form)
                self.notice.emit(f"Saved as {name}, which is what is open now.")
                self.inspection_changed.emit()
            else:
                self.notice.emit(f"Saved a copy as {name}; what is open stays as it is.")

        self.tasks.start(f"Saving {Path(target).name}", work, done, self.save_refused.emit)

    def _follow(self, index: int, path: str, form: Format) -> None:
        """Go on with another file, which holds what is shown."""
        assert self.inspection is not None
        self.inspection = self.saved = with_store_moved(self.inspection, index, path, form)
        self.without_file = False
        self.undo_stack.setClean()
        self.on_disk.emit()

    @property
    def unsaved_edits(self) -> int:
        """How many steps there are between what is shown and what is on disk."""
        stack = self.undo_stack
        return stack.index() if stack.cleanIndex() < 0 else abs(stack.index() - stack.cleanIndex())

    def _mark_clean(self, index: int, data: bytes) -> None:
        # Unless something was changed or undone while the file was being written.
        if self.image is not None and self.image.spaces[index].data == data:
            self.undo_stack.setClean()
        else:
            self.undo_stack.resetClean()
