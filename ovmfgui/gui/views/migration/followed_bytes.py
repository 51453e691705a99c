"""The file or chip whose bytes the drawer shows, followed from step to step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ovmfgui.gui.views.migration.host_bytes import inspect_bytes, save_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRectF

    from ovmfgui.gui.views.migration.bytes_drawer import BytesDrawer
    from ovmfgui.gui.views.migration.stage import Stage
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.lesson.host_rows import Row
    from ovmfgui.migration.recorded.prepared import Prepared
    from ovmfgui.migration.simulation.snapshot import ObjectKey
    from ovmfgui.migration.simulation.step import Step


class FollowedBytes(QObject):
    """What was chosen on the stage, in the drawer as it is at each step.

    Signals:
        shown: the drawer was opened.
    """

    shown = Signal()

    def __init__(
        self,
        workbench: Workbench,
        stage: Stage,
        drawer: BytesDrawer,
        reveal: Callable[[QRectF], None],
        parent: QObject | None = None,
    ) -> None:
        """Connect stage and drawer.

        Args:
            workbench: what the bytes are opened in, and saved from.
            stage: where a file or chip is chosen.
            drawer: where its bytes are.
            reveal: scrolls to a rectangle of the stage, in its pixels.
            parent: who owns this.
        """
        super().__init__(parent)
        self._workbench = workbench
        self._stage = stage
        self._drawer = drawer
        self._reveal = reveal
        self._key: ObjectKey | None = None
        self._label = ""
        self._prepared: Prepared | None = None
        self._step: Step | None = None
        stage.chosen.connect(self.follow)
        drawer.closed.connect(self.stop)
        drawer.opened.connect(partial(self._hand_over, inspect_bytes))
        drawer.saving.connect(partial(self._hand_over, save_bytes))

    def follow(self, row: Row) -> None:
        """Open the drawer on a file or chip."""
        self._key, self._label = row.key, row.label
        self._drawer.show()
        self.shown.emit()
        self._stage.mark(row.key)
        self._update()

    def stop(self) -> None:
        """Close the drawer."""
        self._key = None
        self._drawer.hide()
        self._stage.mark(None)

    def forget(self) -> None:
        """Close it, and hold on to nothing of what was played."""
        self.stop()
        self._prepared = self._step = None

    def show_step(self, prepared: Prepared, step: Step) -> None:
        """Show what it holds after this step."""
        self._prepared, self._step = prepared, step
        self._update()

    def _update(self) -> None:
        if self._key is None or self._prepared is None:
            return
        row = self._stage.row_of(self._key)
        if row is None:
            self._drawer.show_nothing(self._label)
            return
        rect = self._stage.rect_of(row.key)
        if rect is not None:
            self._reveal(rect)
        segments = self._prepared.charts.get(row.contents, ())
        self._drawer.show_row(row, self._host_title(row.key), segments)

    def _host_title(self, key: ObjectKey) -> str:
        host = self._step.snapshot.host(key.host) if self._step is not None else None
        return host.title if host is not None else key.host

    def _hand_over(self, take: Callable[[Workbench, str, bytes], None]) -> None:
        row = self._stage.row_of(self._key)
        if row is not None:
            title = f"{row.label}, {self._host_title(row.key)}"
            take(self._workbench, title, row.contents.tobytes())
