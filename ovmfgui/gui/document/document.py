"""Reading, editing and saving what all views look at."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.flash.opening import image_of
from ovmfgui.gui.document.allocation import keep_memory_for
from ovmfgui.gui.document.open_documents import OpenDocuments
from ovmfgui.gui.document.opened import Content
from ovmfgui.gui.document.plain_data import keep_from_search
from ovmfgui.gui.document.undo import EditCommand
from ovmfgui.layout.inspection import (
    inspect,
    inspect_files,
    with_secure_boot,
    with_store_bytes,
    with_store_moved,
)
from ovmfgui.nvram.edit import apply_writes
from ovmfgui.nvram.json_editor import editor_of
from ovmfgui.nvram.locating import store_offset
from ovmfgui.nvram.packing import format_for, save_flash, write_flash
from ovmfgui.nvram.saved import told_of_other_names
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.nvram.editor import Edit, Editor, FlashWrite
    from ovmfgui.nvram.store import Store
    from ovmfgui.progress import Report


class Document(OpenDocuments):
    """What is in front: it is read, edited and saved here; all else stays beside it.

    Attributes:
        backups: when a file that is saved lives on as .bak: "first" save, "always" or "never".
    """

    backups = "first"

    # Opening

    def open(
        self,
        paths: Sequence[str | Path],
        *,
        beside: str = "",
        instead: bool = False,
        behind: bool = False,
        then: Callable[[], object] | None = None,
    ) -> None:
        """Read files in the background, then show them; a refusal leaves all as it is.

        What is open already comes to the front as it is.

        Args:
            paths: one or two files.
            beside: a file that is opened together with them where they make a pair, which then
                takes the place of what is in front.
            instead: whether they take the place of what is in front, with its edits.
            behind: whether they stay beside what is in front, if anything is.
            then: called once they are open.
        """
        names = tuple(str(path) for path in paths)
        asked = tuple(str(Path(name).absolute()) for name in names)
        there = None if instead else self.holding(asked)
        if there is not None and not beside:
            if not behind:
                self.bring_to_front(there)
            if then is not None:
                then()
            return
        front = self.front

        def work(report: Report) -> Inspection:
            inspection = inspect_files(names, report, beside=beside)
            keep_memory_for(inspection.image.files[-1].size)
            keep_from_search(inspection)
            return inspection

        def show(inspection: Inspection, request: int) -> None:
            completed = beside in [file.path for file in inspection.image.files]
            place = front if instead or (beside and completed) else None
            self.show(Content(inspection, asked), place, request, behind=behind)
            if then is not None:
                then()

        self._start_opening(" and ".join(Path(name).name for name in names), work, show)

    def open_made(
        self, title: str, make: Callable[[], Sequence[FlashFile]], played: Prepared | None = None
    ) -> None:
        """Show files that ``make`` builds in memory, in the background.

        What was made under the same title before is taken the place of, unless it was edited.

        Args:
            title: what it is made as.
            make: builds them.
            played: the recording or trace whose chips they are.
        """

        def work(report: Report) -> Inspection:
            report(0, 1, "building the images")
            return with_secure_boot(inspect(image_of(make())))

        def show(inspection: Inspection, request: int) -> None:
            before = (each for each in self.all_open if each.made == title and not each.modified)
            content = Content(inspection, made=title, played=played)
            self.show(content, next(before, None), request)

        self._start_opening(title, work, show)

    def open_host(self, name: str, *, behind: bool = False) -> None:
        """Show a host, which nobody asks anything yet.

        Args:
            name: a libvirt URI or a folder.
            behind: whether it stays beside what is in front, if anything is.
        """
        there = self.holding((name,))
        if there is None:
            self.show(Content(None, names=(name,), host=name), behind=behind)
        elif not behind:
            self.bring_to_front(there)

    def show_played(self, played: Prepared) -> None:
        """Show what was played, which has no chips of its own to look into.

        What was played from the same file before is taken the place of.
        """
        path = played.replay.scenario.path
        before = (
            each
            for each in self.all_open
            if path and each.played is not None and each.played.replay.scenario.path == path
        )
        self.show(Content(None, played=played), next(before, None))

    def played_on(self, played: Prepared) -> bool:
        """Have more of what was played from the same file; whether that is in front."""
        path = played.replay.scenario.path
        for each in self.all_open:
            if each.played is not None and each.played.replay.scenario.path == path:
                each.played = played
        return self.played is played

    def _start_opening(
        self,
        what: str,
        work: Callable[[Report], Inspection],
        show: Callable[[Inspection, int], None],
    ) -> None:
        request = self.next_request()
        task = self.tasks.start(f"Opening {what}", work, lambda read: show(read, request))
        self.opening.emit(task)

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
        known = self.store if _reads_alone(self.store, data) else None
        return editor_of(data, limits=self.limits, compact=compact, store=known)

    def edit(self, edit: Edit, opened: Opened | None = None) -> None:
        """Make a change, as a step that can be undone; in what is in front where None is named."""
        place = self.front if opened is None else opened
        if edit.writes:
            place.undo_stack.push(EditCommand(edit, partial(self._write, place)))
        else:
            self.notice.emit(f"{edit.title}: firmware would write nothing.")

    def _write(self, opened: Opened, writes: tuple[FlashWrite, ...]) -> None:
        inspection, index = opened.inspection, opened.store_file
        if inspection is not None and index is not None:
            self.put_bytes(opened, apply_writes(inspection.image.spaces[index].data, writes))

    def put_bytes(self, opened: Opened, data: bytes) -> None:
        """Show a store with these bytes, beside as it was when it was opened or saved."""
        inspection, index = opened.inspection, opened.store_file
        if inspection is not None and index is not None:
            opened.inspection = with_store_bytes(inspection, index, data)
            if opened is self.front:
                self.inspection_changed.emit()

    def save(self, then: Callable[[], None] | None = None, opened: Opened | None = None) -> None:
        """Write the edits into the file they came from; ``then`` is called where that succeeded.

        Args:
            then: called once they are there.
            opened: whose edits; those of what is in front where None.
        """
        place = self.front if opened is None else opened
        index = place.store_file
        if place.inspection is None or place.saved is None or index is None:
            return
        inspection, file = place.inspection, place.saved.image.files[index]
        path, data = file.path, inspection.image.spaces[index].data
        first = path not in place.backed_up
        backup = {"first": first, "always": True}.get(self.backups, False)

        def work(report: Report) -> Path | None:
            report(0, 1, "writing")
            return save_flash(file, data, backup=backup)

        def done(kept: Path | None) -> None:
            where = f" The file as it was is {kept.name}." if kept is not None else ""
            place.backed_up.add(path)
            place.saved = inspection
            _mark_clean(place, index, data)
            self.on_disk.emit()
            links = "".join(f" {sentence}." for sentence in told_of_other_names())
            self.notice.emit(f"Saved {Path(path).name}.{where}{links}")
            self._tell_saved(place)
            if then is not None:
                then()

        refused = partial(self._on_save_refused, place)
        self.tasks.start(f"Saving {Path(path).name}", work, done, refused)

    def save_as(self, target: str | Path) -> None:
        """Write the store with its edits into another file, which is what is open from then on.

        It stays a copy where another file cannot take the place of the one that is open: where
        that belongs to a machine or a recording, or the new one is of another kind, JSON or flash.
        """
        place, index, inspection = self.front, self.store_file, self.inspection
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
            if follows and place.image is not None and place.image.files[index] == file:
                _follow(place, index, str(target), form)
                self.on_disk.emit()
                self.notice.emit(f"Saved as {name}, which is what is open now.")
                self._tell_saved(place)
            else:
                self.notice.emit(f"Saved a copy as {name}; what is open stays as it is.")

        refused = partial(self._on_save_refused, place)
        self.tasks.start(f"Saving {Path(target).name}", work, done, refused)

    def _tell_saved(self, place: Opened) -> None:
        (self.inspection_changed if place is self.front else self.listed).emit()

    def _on_save_refused(self, place: Opened, refusal: Refused) -> None:
        # What is to be done about it is done in front.
        self.bring_to_front(place)
        self.save_refused.emit(refusal)


def _reads_alone(store: Store | None, data: bytes) -> bool:
    """Whether a store of an image is what its file holds for a machine with that file alone."""
    if store is None or store.volume is None:
        return False
    span = store.volume.span
    return span.end <= len(data) and span.start == store_offset(data)


def _follow(place: Opened, index: int, path: str, form: Format) -> None:
    """Go on with another file, which holds what is shown."""
    assert place.inspection is not None
    place.inspection = place.saved = with_store_moved(place.inspection, index, path, form)
    place.made, place.names, place.locked = "", (), ""
    place.undo_stack.setClean()


def _mark_clean(place: Opened, index: int, data: bytes) -> None:
    # Unless something was changed or undone while the file was being written.
    if place.image is not None and place.image.spaces[index].data == data:
        place.undo_stack.setClean()
    else:
        place.undo_stack.resetClean()
