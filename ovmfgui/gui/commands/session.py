"""What was open comes back at the next start, and after a crash the edits, if they are wanted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.gui.document.journal import Journal, left_behind
from ovmfgui.gui.workbench import Message
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.journal import Unsaved
    from ovmfgui.gui.workbench import Workbench


class SessionCommands:
    """Remembers what is open, and brings it back."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._remembered = False
        self._folder = workbench.settings.folder / "journal"
        self.journal = Journal(workbench.document, self._folder)

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def begin(self, *, reopen: bool) -> None:
        """Ask about what a crash has left, or else open what was open the last time.

        Args:
            reopen: whether that is wanted: nothing else is to be opened.
        """
        left = left_behind(self._folder)
        if left:
            self._ask(left[0])
        elif reopen:
            self._reopen()

    def remember(self) -> None:
        """What is open, and where the selection is, as the window closes; the first time counts."""
        if self._remembered:
            return
        self._remembered = True
        place = self._document.selection
        where = "" if place is None else f"{place.space} {place.span.start} {place.span.size}"
        self._workbench.settings.set_session(self._document.opened, where)

    def _reopen(self) -> None:
        paths, where = self._workbench.settings.session()
        if paths and all(Path(path).exists() for path in paths):
            self._open(paths, partial(self._select, where))

    def _open(self, paths: tuple[str, ...], then: Callable[[], None]) -> None:
        document = self._document

        def shown() -> None:
            document.presented.disconnect(shown)
            if document.opened:
                then()

        document.presented.connect(shown)
        document.open(paths)

    def _select(self, where: str) -> None:
        try:
            space, start, size = map(int, where.split())
        except ValueError:
            return
        self._document.select(Place(space, Span(start, size)))

    def _ask(self, unsaved: Unsaved) -> None:
        names = " and ".join(Path(path).name for path in unsaved.paths)
        edits = count(unsaved.edits, "edit")
        self._workbench.announce(
            Message(
                f"ovmfgui ended before {edits} of {names} had been saved.",
                Severity.WARNING,
                offers=(
                    ("Bring the edits back", partial(self._bring_back, unsaved)),
                    ("Throw them away", partial(_throw_away, unsaved)),
                ),
            )
        )

    def _bring_back(self, unsaved: Unsaved) -> None:
        def edit() -> None:
            index, image = self._document.store_file, self._document.image
            if index is None or image is None:
                return
            try:
                self._document.edit(unsaved.edit_of(image.spaces[index].data))
            except Refused as refusal:
                self._workbench.refuse(refusal)
                return
            # They are this window's own from now on, and in its own journal.
            self.journal.write()
            _throw_away(unsaved)

        self._open(unsaved.paths, edit)


def _throw_away(unsaved: Unsaved) -> None:
    unsaved.journal.unlink(missing_ok=True)
