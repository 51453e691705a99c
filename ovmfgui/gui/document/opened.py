"""One thing that is open, with all that is its own: bytes, edits, selection, what views keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.document.cycles import begin_ahead
from ovmfgui.gui.document.reading import Reading
from ovmfgui.hosts.naming import is_there
from ovmfgui.layout.limits import variable_limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QUndoStack

    from ovmfgui.ahead import Ahead
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.span import Place


@dataclass(frozen=True, slots=True)
class Content:
    """What something open consists of when it is opened.

    Attributes:
        inspection: its images; None where it holds none.
        names: the paths that it was asked for by.
        made: what it was made in memory as; empty for what lies in files.
        played: the scenario, recording or trace that it is.
        host: the name of the host that it is: a libvirt URI or a folder; empty of anything else.
    """

    inspection: Inspection | None
    names: tuple[str, ...] = ()
    made: str = ""
    played: Prepared | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """Changes of something open that are no edits of a store, such as those of a scenario.

    Attributes:
        words: what is changed, for a person.
        save: writes it where it belongs, asking where that is unknown; calls what it is given
            once that is done.
        save_as: lets a file be chosen, and writes it there.
        drop: gives the changes up.
        text: it as it would be written, so that it is there after a crash.
    """

    words: str
    save: Callable[[Callable[[], None]], None]
    save_as: Callable[[], None]
    drop: Callable[[], None]
    text: Callable[[], str]


class Opened(Reading):
    """A machine, a pair or a half of one, a recording, a trace, a scenario, a host.

    Attributes:
        selection: the selected bytes; None where there are none.
        been: where the selection has been, oldest first, and which of these it is at.
        made: what it was made in memory as; empty for what lies in files.
        names: the paths that it was asked for by.
        pending: what is changed beside its store; whoever edits it keeps this.
        asked: the request that it was opened by; the order of all that is open.
        backed_up: files of which a .bak has been kept.
        kept: what each view and pane keeps of it while something else is in front, by their ids;
            of numbers, words, lists and tables, so that it can be written down.
    """

    inspection: Inspection | None = None
    saved: Inspection | None = None
    played: Prepared | None = None
    locked = ""
    host = ""
    # QUndoStack's parent is the document, with which it goes.
    undo_stack: QUndoStack = None  # type: ignore[assignment]

    def __init__(self, undo_stack: QUndoStack) -> None:
        self.undo_stack = undo_stack
        self.selection: Place | None = None
        self.been: tuple[list[Place], int] = ([], -1)
        self.made = ""
        self.names: tuple[str, ...] = ()
        self.pending: Pending | None = None
        self.asked = 0
        self.backed_up: set[str] = set()
        self.kept: dict[str, Any] = {}
        self._limits: Ahead[Limits | None] | None = None

    def hold(self, content: Content) -> None:
        """Hold this from now on, with no edits and nothing selected."""
        self.undo_stack.clear()
        self.names, self.made, self.played = content.names, content.made, content.played
        self.host = content.host
        self.locked = ""
        self.pending = None
        self.backed_up.clear()
        self.kept.clear()
        self._limits = None
        self.been = ([], -1)
        self.selection = None
        self.inspection = self.saved = content.inspection

    @property
    def changed(self) -> bool:
        """Whether anything of it is not on disk."""
        return self.modified or self.pending is not None

    @property
    def empty(self) -> bool:
        """Whether nothing is open here."""
        return self.inspection is None and self.played is None and not self.host

    @property
    def paths(self) -> tuple[str, ...]:
        """By which it can be opened again; empty for what no file holds."""
        if self.host:
            return (self.host,) if is_there(self.host) else ()
        if self.played is not None:
            source = self.played.replay.scenario.path
            traced = self.played.aside is not None and not self.played.alone
            return (source,) if Path(source).is_file() and not traced else ()
        if self.inspection is None or self.made:
            return ()
        # A machine is opened by its definition, files by their own paths.
        files = tuple(file.path for file in self.inspection.image.files)
        paths = files if self.inspection.machine is None else self.names
        return paths if all(Path(path).is_file() for path in paths) else ()

    @property
    def kind(self) -> str:
        """How a host, or what was played, is opened again; empty of images.

        Empty too of what asks something first: a trace asks what the chip held before it.
        """
        if self.host:
            return "host"
        if self.played is None:
            return ""
        return "recording" if self.played.alone else "scenario"

    @property
    def limits(self) -> Limits | None:
        """The largest variables that CODE takes; None where it does not tell, or is not open."""
        self.begin_limits()
        return None if self._limits is None else self._limits.result()

    def begin_limits(self) -> None:
        """Disassemble what tells the limits, in a thread: it takes longer than a frame may."""
        image = self.image
        if image is not None and self._limits is None:
            self._limits = begin_ahead(lambda: variable_limits(image))
