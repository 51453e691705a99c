"""What is played: scenarios, drafts of them, recordings and traces, read in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ovmfgui.dataclass import replace
from ovmfgui.migration.recorded.prepared import play, play_scenario, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.tasks import TaskRunner
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.progress import Report
    from ovmfgui.refusal import Refused


class Playing(QObject):
    """Starts what is asked for and says what came of it.

    Signals:
        begun: path of what is being read.
        prepared: the ``Prepared`` that came of it.
        refused: path, and the ``Refused`` that says why nothing came.
        ended: after either, and where it was cancelled.
    """

    begun = Signal(str)
    prepared = Signal(object)
    refused = Signal(str, object)
    ended = Signal()

    def __init__(
        self, tasks: TaskRunner, engine: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._engine = engine
        self._again: dict[str, Callable[[], None]] = {}

    def again(self, path: str) -> None:
        """What was shown before, by its path; else the scenario that is there."""
        self._again.get(path, partial(self.scenario, Path(path)))()

    def remember(self, path: str, how: Callable[[], None]) -> None:
        """How what a path names is shown again."""
        self._again[path] = how

    def scenario(self, path: Path) -> None:
        """Play a scenario file on the engine that is chosen."""
        self._start(f"Playing {path.stem}", str(path), partial(_play, path, self._engine()))

    def draft(self, draft: Draft) -> None:
        """A scenario as it is being edited."""
        work = partial(_play_draft, draft, self._engine())
        self._start(f"Playing {draft.name}", draft.path, work)

    def recording(self, path: str) -> None:
        """A migration stream or a save file."""
        from ovmfgui.migration.recorded.stream import prepare_recording

        self._again[path] = partial(self.recording, path)
        self._start(f"Reading {Path(path).name}", path, partial(prepare_recording, path))

    def running(self, socket: str) -> None:
        """The chips of a running QEMU as they are now, by the path of its QMP socket."""
        from ovmfgui.migration.recorded.stream import prepare_running

        self._again[socket] = partial(self.running, socket)
        self._start(f"Looking at {Path(socket).name}", socket, partial(prepare_running, socket))

    def trace(self, path: str, before: str) -> None:
        """A log of ``pflash_*`` events, from what the chip's file held before."""
        from ovmfgui.migration.recorded.trace import prepare_trace

        self._again[path] = partial(self.trace, path, before)
        self._start(f"Playing {Path(path).name}", path, partial(prepare_trace, path, before))

    def replay(self, replay: Replay) -> None:
        """A replay that has been run elsewhere; its maps are still to be drawn."""
        scenario = replay.scenario
        self._start(f"Drawing {scenario.title}", scenario.path, partial(prepare, replay))

    def _start(self, title: str, path: str, work: Callable[[Report], Prepared]) -> None:
        self.begun.emit(path)

        def refused(refusal: Refused) -> None:
            self.refused.emit(path, refusal)

        self._tasks.start(title, work, self.prepared.emit, refused, self.ended.emit)


def _play(path: Path, engine: str, report: Report) -> Prepared:
    return play(path, report, engine)


def _play_draft(draft: Draft, engine: str, report: Report) -> Prepared:
    return replace(play_scenario(draft.scenario(), report, engine), draft=draft)
