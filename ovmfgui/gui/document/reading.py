"""What is to be said of something open, whether it is in front or beside that."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Role
from ovmfgui.flash.region import Region, address_of, innermost
from ovmfgui.hosts.naming import short_name
from ovmfgui.nvram.editor import why_not_editable

if TYPE_CHECKING:
    from PySide6.QtGui import QUndoStack

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.span import Place


class Reading:
    """Follows from what was read, what it was played from, and its edits."""

    @property
    def inspection(self) -> Inspection | None:
        """What was read; None where nothing is open, and of what holds no image."""
        raise NotImplementedError

    @property
    def saved(self) -> Inspection | None:
        """It as it stands on disk; another one while there are unsaved edits."""
        raise NotImplementedError

    @property
    def locked(self) -> str:
        """Why it cannot be edited whatever it holds; empty where nothing speaks against it."""
        raise NotImplementedError

    @property
    def played(self) -> Prepared | None:
        """The scenario, recording or trace that it is; None of plain images."""
        raise NotImplementedError

    @property
    def host(self) -> str:
        """The name of the host that it is: a libvirt URI or a folder; empty of anything else."""
        raise NotImplementedError

    @property
    def undo_stack(self) -> QUndoStack:
        """The edits, and which of them are on disk."""
        raise NotImplementedError

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
        """What is open: the story's, machine's or host's name, or the files'; empty for nothing."""
        if self.host:
            return short_name(self.host)
        chips = self.played.chips if self.played is not None else ()
        files = self.inspection.image.files if self.inspection is not None else ()
        # A chip that has been saved as a file is that file.
        moved = chips and [file.path for file in files] != [chip.path for chip in chips]
        if self.played is not None and not moved:
            return self.played.replay.scenario.title
        if self.inspection is None:
            return ""
        machine = self.inspection.machine
        if machine is not None:
            return machine.machine.title
        return " + ".join(Path(file.path).name for file in self.inspection.image.files)

    @property
    def modified(self) -> bool:
        """Whether there are edits that are not on disk."""
        return not self.undo_stack.isClean()

    @property
    def unsaved_edits(self) -> int:
        """How many steps there are between what is shown and what is on disk."""
        stack = self.undo_stack
        return stack.index() if stack.cleanIndex() < 0 else abs(stack.index() - stack.cleanIndex())

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
        if self.locked:
            return self.locked
        machine = None if self.inspection is None else self.inspection.machine
        if machine is not None and machine.store is not None and machine.store.stands_for:
            return "The machine's store does not exist yet; what is shown is its template."
        if index is None or store is None:
            return "There is no variable store."
        return why_not_editable(store) or ""

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
