"""What is open in a window, and which of it is in front."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from ovmfgui.gui.document.allocation import LARGE
from ovmfgui.gui.document.closing import was_closed, watch
from ovmfgui.gui.document.opened import Content, Opened
from ovmfgui.gui.document.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.document.tasks import TaskRunner
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.span import Place

_AFTER_FIRST_FRAME = 150
"""Milliseconds: what nobody waits for yet begins then."""


class OpenDocuments(QObject, Reading):
    """Several documents, one of which all views look at.

    One selection runs through them: a view calls ``select`` and listens to ``selection_changed``.
    What is opened comes to the front; the rest stays beside it, with its edits. There is always
    something in front, empty where nothing is open.

    Attributes:
        front: what is in front.
        all_open: everything that is open, in the order in which it was opened.
        tasks: where it reads and writes in the background; they tell what was refused.

    Signals:
        inspection_changed: another image is in front, or the same one after an edit.
        presented: something was read and is in front, or there is nothing left: after
            ``inspection_changed``.
        selection_changed: ``Place | None``.
        edits_changed: something was edited, undone, redone or saved, in front or beside; after
            ``inspection_changed``.
        pending_changed: what is changed beside a store, as a scenario, may be another one.
        leaving: something else is about to come to the front.
        returned: what was open beside came to the front: after all of the above.
        listed: something was opened or closed, or is another one's place in front.
        opening: the ``Task`` that reads what is to be shown next.
        notice: one line for a person, after something was done.
        on_disk: the file was saved, before anybody is told so.
        save_refused: the ``Refused`` that says why what is in front could not be saved.
    """

    inspection_changed = Signal()
    presented = Signal()
    selection_changed = Signal(object)
    edits_changed = Signal()
    pending_changed = Signal()
    leaving = Signal()
    returned = Signal()
    listed = Signal()
    opening = Signal(object)
    notice = Signal(str)
    on_disk = Signal()
    save_refused = Signal(object)

    def __init__(self, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.front = self._make()
        self._beside: list[Opened] = [self.front]
        self._requests = 0
        self._newest = 0
        self._limits_soon = QTimer(self)
        self._limits_soon.setSingleShot(True)
        self._limits_soon.setInterval(_AFTER_FIRST_FRAME)
        self._limits_soon.timeout.connect(lambda: self.front.begin_limits())
        watch(self)

    def _make(self) -> Opened:
        opened = Opened(QUndoStack(self))
        # Listeners hang on this object, not on the stack: as it dies, the stack speaks once more.
        opened.undo_stack.indexChanged.connect(self.edits_changed)
        opened.undo_stack.cleanChanged.connect(self.edits_changed)
        return opened

    # What is in front

    @property
    def all_open(self) -> tuple[Opened, ...]:
        """Everything that is open."""
        return tuple(each for each in self._beside if not each.empty)

    @property
    def inspection(self) -> Inspection | None:
        """What was read; None while nothing is open, and of what holds no image."""
        return self.front.inspection

    @property
    def saved(self) -> Inspection | None:
        """It as it stands on disk; another one while there are unsaved edits."""
        return self.front.saved

    @property
    def played(self) -> Prepared | None:
        """The scenario, recording or trace that it is; None of plain images."""
        return self.front.played

    @property
    def host(self) -> str:
        """The name of the host that it is; empty of anything else."""
        return self.front.host

    @property
    def locked(self) -> str:
        """Why it cannot be edited whatever it holds; empty where nothing speaks against it."""
        return self.front.locked

    @property
    def undo_stack(self) -> QUndoStack:
        """The edits, and which of them are on disk."""
        return self.front.undo_stack

    @property
    def selection(self) -> Place | None:
        """The selected bytes; None where there are none."""
        return self.front.selection

    @property
    def without_file(self) -> bool:
        """Whether what is open was made in memory and lies in no file yet."""
        return bool(self.front.made)

    @property
    def limits(self) -> Limits | None:
        """The largest variables that CODE takes; None where it does not tell, or is not open."""
        return self.front.limits

    # Coming to the front

    def next_request(self) -> int:
        """A number for a request to open something; the latest ends in front."""
        self._requests += 1
        return self._requests

    def show(
        self,
        content: Content,
        place: Opened | None = None,
        request: int = 0,
        *,
        behind: bool = False,
    ) -> None:
        """Open what was read.

        Args:
            content: what it is.
            place: what it takes the place of, with its edits; beside all else where None.
            request: when it was asked for; 0 for now.
            behind: whether it stays beside what is in front, if anything is.
        """
        request = request or self.next_request()
        there = place if place in self._beside else None
        if there is None and (there := self.holding(content.names)) is not None:
            # Asked for twice before it had been read once.
            self.bring_to_front(there)
            return
        if there is None:
            there = self.front if self.front.empty else self._make()
            there.asked = request
            if there is not self.front:
                self._beside.append(there)
            # A large one is read later than a small one that was asked for after it.
            self._beside.sort(key=lambda each: each.asked)
        if there is not self.front and (behind or request < self._newest):
            there.hold(content)
            self.listed.emit()
            return
        self._newest = self._newest if behind else max(self._newest, request)
        if there is not self.front:
            self.leaving.emit()
            self.front = there
        there.hold(content)
        self._tell_presented()

    def present(self, inspection: Inspection | None) -> None:
        """Show what was read in place of what is in front, with no edits and nothing selected."""
        self.show(Content(inspection), self.front)

    def _tell_presented(self) -> None:
        self._limits_soon.start()
        self.selection_changed.emit(None)
        self.inspection_changed.emit()
        self.edits_changed.emit()
        self.presented.emit()
        self.listed.emit()

    # Several

    def holding(self, paths: Sequence[str]) -> Opened | None:
        """What is open that was asked for by these paths, or lies in them; None for nothing."""
        wanted = sorted(paths)
        return next(
            (
                each
                for each in self.all_open
                if wanted and (sorted(each.names) == wanted or sorted(each.paths) == wanted)
            ),
            None,
        )

    def bring_to_front(self, opened: Opened) -> None:
        """Look at something else that is open; its bytes are there, nothing is read again."""
        if opened is self.front or opened not in self._beside:
            return
        self.leaving.emit()
        if self.front.empty:
            self._beside.remove(self.front)
        self.front = opened
        self._tell_returned()

    def step(self, by: int) -> None:
        """Bring to the front what was opened after this, or before it, going round."""
        every = self.all_open
        if self.front in every:
            self.bring_to_front(every[(every.index(self.front) + by) % len(every)])

    def restore(self, opened: Opened, selection: Place | None, kept: dict[str, Any]) -> None:
        """Have it as it was another time: what is selected, and what views keep of it."""
        image = opened.image
        if selection is not None and (image is None or selection.space >= len(image.spaces)):
            selection = None
        opened.selection, opened.kept = selection, kept
        if opened is self.front:
            self._tell_returned()

    def _tell_returned(self) -> None:
        self._limits_soon.start()
        self.inspection_changed.emit()
        self.selection_changed.emit(self.selection)
        self.edits_changed.emit()
        self.returned.emit()
        self.listed.emit()

    def close(self, opened: Opened | None = None) -> None:
        """Close what is in front, or something beside it, with its edits.

        What was opened before that in front comes to the front, or else what was opened after it.
        """
        gone = self.front if opened is None else opened
        if gone not in self._beside:
            return
        at = self._beside.index(gone)
        if gone is not self.front or len(self._beside) > 1:
            self._beside.remove(gone)
            # As it dies, the stack would speak once more.
            gone.undo_stack.blockSignals(True)
            gone.undo_stack.deleteLater()
        if gone is not self.front:
            self.listed.emit()
        elif gone in self._beside:
            self.present(None)  # There is always something in front.
        else:
            self.front = self._beside[max(at - 1, 0)]
            self._tell_returned()
        was_closed(all_of_it=not self.all_open)

    @property
    def holds_large(self) -> bool:
        """Whether a large file is open, for which memory is kept."""
        images = (each.image for each in self._beside)
        files = (file for image in images if image is not None for file in image.files)
        return any(file.size >= LARGE for file in files)

    def close_all(self) -> None:
        """Close everything, with all edits."""
        for each in self.all_open:
            if each is not self.front:
                self.close(each)
        self.close()

    # Selecting

    def select(self, place: Place | None) -> None:
        """Select bytes in every view and pane; a place outside what is open is passed over."""
        if place is not None and (self.image is None or place.space >= len(self.image.spaces)):
            return
        if place != self.selection:
            self.front.selection = place
            self.selection_changed.emit(place)
