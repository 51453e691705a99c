"""The minimap of the bytes shown: how full they are is worked out once, in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.flash.byte_overview import overview
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.minimap import Minimap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from ovmfgui.flash.byte_overview import Part
    from ovmfgui.flash.notes import Note
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.widgets.hex_grid import HexGrid
    from ovmfgui.gui.widgets.hex_marks import Marks
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.span import Span


class MinimapSide(Minimap):
    """Follows a grid of bytes and moves it.

    Args:
        workbench: whose tasks work out how full the bytes are.
        grid: what is scrolled.
        parent: where it stands.
    """

    def __init__(self, workbench: Workbench, grid: HexGrid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = workbench.tasks
        self._grid = grid
        self._task: Task | None = None
        self._known: dict[int, tuple[bytes, tuple[Part, ...]]] = {}
        self._changed: Iterable[Span] = ()
        self._found: Iterable[Span] = ()
        self._noted: Sequence[Note] = ()
        bar = grid.verticalScrollBar()
        bar.valueChanged.connect(self._on_scrolled)
        bar.rangeChanged.connect(self._on_scrolled)
        self.went.connect(bar.setValue)
        workbench.document.listed.connect(self._known.clear)  # what was closed goes

    def show_bytes(
        self, space: int, data: bytes, marks: Marks, describe: Callable[[int], str]
    ) -> None:
        """Other bytes; those that were looked over before are known."""
        self.set_contents(len(data), marks, describe)
        if self._task is not None:
            self._task.cancel()
            self._task = None
        known = self._known.get(space)
        if known is not None and known[0] is data:
            self.set_overview(known[1])
        elif data:
            work = partial(overview, data)
            done = partial(self._on_overview, space, data)
            self._task = self._tasks.start("Looking over the bytes", work, done)
        self._on_scrolled()

    def mark(
        self,
        *,
        changed: Iterable[Span] | None = None,
        found: Iterable[Span] | None = None,
        notes: Sequence[Note] | None = None,
    ) -> None:
        """Which bytes were changed, found and noted; what is not given stays."""
        self._noted = self._noted if notes is None else notes
        self._changed = self._changed if changed is None else changed
        self._found = self._found if found is None else found
        self.set_flags(
            (
                (self._changed_ink, self._changed),
                (self._found_ink, self._found),
                *((partial(self._note_ink, note.sign), [note.span]) for note in self._noted),
            )
        )

    def _changed_ink(self) -> QColor:
        return theme.severity_style(Severity.WARNING, self.palette()).colour

    def _note_ink(self, sign: int) -> QColor:
        return theme.note_colour(sign, self.palette())

    def _found_ink(self) -> QColor:
        return theme.accent(self.palette())

    def _on_overview(self, space: int, data: bytes, parts: tuple[Part, ...]) -> None:
        self._task = None
        self._known[space] = (data, parts)
        self.set_overview(parts)

    def _on_scrolled(self, *_what: int) -> None:
        layout, bar = self._grid.grid_layout, self._grid.verticalScrollBar()
        self.set_window(bar.value(), bar.pageStep(), layout.rows)
