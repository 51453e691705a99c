"""What was open comes back at the next start, and after a crash the edits, if they are wanted."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections import deque
from functools import partial
from itertools import count as counting
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from ovmfgui.finding import Severity
from ovmfgui.gui.document.journal import Journal, Unsaved, UnsavedScenario, left_behind
from ovmfgui.gui.document.settings import AT_START
from ovmfgui.gui.workbench import Message
from ovmfgui.hosts.naming import is_there
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench

_NUMBERS = counting()
_SETTLES = 1000
"""Milliseconds; a selection wanders."""
_MOST = 100
"""Documents of a window that come back: a settings file says how many, and may say anything."""


class SessionCommands:
    """Remembers what is open in a window, and brings it back.

    Args:
        workbench: whose documents they are.
        play: takes a kind of opener and a path: what the migration view opens.

    Attributes:
        changed: paths of scenarios that come back as they were changed.
    """

    def __init__(self, workbench: Workbench, play: Callable[[str, str], None]) -> None:
        self._workbench = workbench
        self._play = play
        self._number = next(_NUMBERS)
        self._ended = False
        self.changed: set[str] = set()
        self._awaited: dict[tuple[str, ...], tuple[dict[str, Any], Unsaved | None]] = {}
        self._front: tuple[str, ...] = ()
        self._steps: deque[Callable[[], None]] = deque()
        self._left: dict[str, UnsavedScenario] = {}
        self._soon = QTimer(workbench)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._next_step)
        self._folder = workbench.settings.folder / "journal"
        self.journal = Journal(workbench.document, self._folder)
        self._timer = QTimer(workbench)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLES)
        self._timer.timeout.connect(self.remember)
        document = workbench.document
        document.listed.connect(self._on_listed)
        document.listed.connect(self._timer.start)
        document.selection_changed.connect(lambda _place: self._timer.start())

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def begin(self, *, reopen: bool, another: Callable[[], SessionCommands]) -> None:
        """Ask about what a crash has left, or else open what was open the last time.

        Args:
            reopen: whether that is wanted: nothing else is to be opened.
            another: makes another window, for what was open in a second one.
        """
        settings = self._workbench.settings
        wanted = reopen and settings.get(AT_START) == "again"
        windows = settings.session() if wanted else ()
        left = left_behind(self._folder)
        back = partial(self._reopen, windows, another)
        if left:
            self._ask(left, back)
        else:
            back(())

    def remember(self) -> None:
        """What is open, and where the selections are."""
        if not self._ended:
            self._document.leaving.emit()  # Views say what they keep of what is in front.
            self._workbench.settings.set_session(self._number, self._said())

    def end(self, *, alone: bool) -> None:
        """The window closes; the first time counts.

        Args:
            alone: whether others stay open: then it does not come back.
        """
        self.remember()
        if alone and not self._ended:
            self._workbench.settings.set_session(self._number, None)
        self._ended = True

    def _said(self) -> dict[str, Any]:
        document = self._document
        every = [each for each in document.all_open if each.paths]
        return {
            "open": [_said_of(each) for each in every],
            "front": every.index(document.front) if document.front in every else 0,
            "geometry": b64encode(self._workbench.owner.saveGeometry().data()).decode(),
        }

    # Bringing back

    def _reopen(
        self,
        windows: Sequence[dict[str, Any]],
        another: Callable[[], SessionCommands],
        unsaved: Sequence[Unsaved | UnsavedScenario],
    ) -> None:
        """Each window's documents; edits go to the first that has their files open."""
        left = [each for each in unsaved if isinstance(each, Unsaved)]
        scenarios = [each for each in unsaved if isinstance(each, UnsavedScenario)]
        self.changed = {each.path for each in scenarios}
        for number, window in enumerate(windows):
            session = self if number == 0 else another()
            session.changed = self.changed
            left = session.bring_back(window, left, placed=number > 0)
        for each in left:
            self._document.open(each.paths, then=partial(self._edit, each))
        for scenario in scenarios:
            self._go_on_with(scenario)

    def bring_back(
        self, window: dict[str, Any], unsaved: Sequence[Unsaved], *, placed: bool
    ) -> list[Unsaved]:
        """Open what was open in a window; returns the edits of what was not.

        Args:
            window: what was remembered of it.
            unsaved: edits that a crash has left.
            placed: whether the window goes where it was.
        """
        left = {each.paths: each for each in unsaved}
        kept = window.get("open")
        every = [each for each in kept[:_MOST] if _whole(each)] if isinstance(kept, list) else []
        front = window.get("front")
        for number, each in enumerate(every):
            paths = tuple(each["paths"])
            host = each["kind"] == "host"
            if paths[0] in self.changed:
                continue  # It comes back as it was changed.
            if not (is_there(paths[0]) if host else all(Path(path).exists() for path in paths)):
                continue
            self._awaited[paths] = (each, left.pop(paths, None))
            if number == front:
                self._front = paths
            if host:
                self._document.open_host(paths[0], behind=number != front)
            elif each["kind"]:
                self._play(each["kind"], paths[0])
            else:
                self._document.open(paths, behind=number != front)
        geometry = window.get("geometry")
        if placed and isinstance(geometry, str):
            self._workbench.owner.restoreGeometry(b64decode(geometry))
        return list(left.values())

    def _on_listed(self) -> None:
        """Have what was waited for as it was, and in front what was there."""
        for paths in tuple(self._awaited):
            opened = self._document.holding(paths)
            if opened is None or paths not in self._awaited:
                continue
            said, unsaved = self._awaited.pop(paths)
            taken = opened is self._document.front
            self._steps.append(partial(self._restore, opened, said, front_taken=taken))
            if unsaved is not None:
                self._steps.append(partial(self._edit, unsaved))
        if self._steps:
            self._soon.start(0)

    def _next_step(self) -> None:
        """One a turn: each shows the document once more, and several may come at once."""
        try:
            self._steps.popleft()()
        finally:
            if self._steps:
                self._soon.start(0)

    def _restore(self, opened: Opened, said: dict[str, Any], *, front_taken: bool) -> None:
        self._document.restore(opened, _place_of(said), said["kept"])
        front = self._document.holding(self._front)
        # Recordings come to the front by themselves; what somebody went to meanwhile stays there.
        if front is not None and front_taken and opened is self._document.front:
            self._document.bring_to_front(front)

    # After a crash

    def _ask(
        self,
        left: tuple[Unsaved | UnsavedScenario, ...],
        back: Callable[[Sequence[Unsaved | UnsavedScenario]], None],
    ) -> None:
        what, it = _told(left)

        def throw_away() -> None:
            for each in left:
                _throw_away(each)
            back(())

        self._workbench.announce(
            Message(
                f"ovmfgui ended before {what} had been saved.",
                Severity.WARNING,
                offers=(
                    (f"Bring the {it} back", partial(back, left)),
                    ("Throw them away", throw_away),
                ),
            )
        )

    def _go_on_with(self, unsaved: UnsavedScenario) -> None:
        """Play a scenario as it was changed, and go on editing it."""
        from ovmfgui.gui.views.migration.view import MigrationView
        from ovmfgui.migration.scenario.draft import draft_from

        try:
            draft = draft_from(unsaved.path, unsaved.text)
        except (Refused, ValueError) as error:
            self._workbench.refuse(str(error))
            return
        view = self._workbench.show_view(MigrationView)
        self._left[unsaved.path] = unsaved
        if len(self._left) == 1:
            view.playing.ended.connect(self._take_over)
        view.edit_played(draft.path, draft)

    def _take_over(self) -> None:
        """Of what was left, what is in this window's own journal by now; not what cannot be played.

        Whatever play ends may be another one's.
        """
        self.journal.write()
        for path, _unsaved in tuple(self._left.items()):
            if self.journal.keeps(path):
                _throw_away(self._left.pop(path))

    def _edit(self, unsaved: Unsaved) -> None:
        """Make the edits anew, in what has their files open."""
        opened = self._document.holding(unsaved.paths)
        index = opened.store_file if opened is not None else None
        if opened is None or opened.image is None or index is None:
            return
        try:
            edit = unsaved.edit_of(opened.image.spaces[index].data)
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        self._document.edit(edit, opened)
        # They are this window's own from now on, and in its own journal.
        self.journal.write()
        _throw_away(unsaved)


def _told(left: Sequence[Unsaved | UnsavedScenario]) -> tuple[str, str]:
    """What has been left, and what that is in a word."""
    edits = [each for each in left if isinstance(each, Unsaved)]
    scenarios = [each for each in left if isinstance(each, UnsavedScenario)]
    parts = []
    if edits:
        names = [" and ".join(Path(path).name for path in each.paths) for each in edits]
        listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if names[3:] else "")
        parts.append(f"{count(sum(each.edits for each in edits), 'edit')} of {listed}")
    if scenarios:
        listed = ", ".join(Path(each.path).stem for each in scenarios[:3])
        more = f" and {len(scenarios) - 3} more" if scenarios[3:] else ""
        parts.append(f"changes of the scenario {listed}{more}")
    return " and ".join(parts), "changes" if scenarios else "edits"


def _said_of(opened: Opened) -> dict[str, Any]:
    place = opened.selection
    return {
        "paths": list(opened.paths),
        "kind": opened.kind,
        "at": None if place is None else [place.space, place.span.start, place.span.size],
        "kept": opened.kept,
    }


def _whole(said: object) -> bool:
    """Whether what was remembered of something open can be gone on with."""
    return (
        isinstance(said, dict)
        and isinstance(said.get("paths"), list)
        and bool(said["paths"])
        and all(isinstance(path, str) for path in said["paths"])
        and said.get("kind") in ("", "scenario", "recording", "host")
        and isinstance(said.get("kept"), dict)
    )


def _place_of(said: dict[str, Any]) -> Place | None:
    try:
        space, start, size = map(int, said["at"])
        return Place(space, Span(start, size)) if space >= 0 else None
    except (ValueError, TypeError, LookupError):
        return None


def _throw_away(unsaved: Unsaved | UnsavedScenario) -> None:
    unsaved.journal.unlink(missing_ok=True)
