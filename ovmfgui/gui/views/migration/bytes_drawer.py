"""The bytes of one file or chip of a replay, kept in sight while the steps go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import measured
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.hex_grid import HexGrid
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.lesson.host_rows import Row
    from ovmfgui.migration.recorded.segments import Segment


class BytesDrawer(QWidget):
    """A heading and a hex grid; what the step changed is lit and scrolled to.

    Signals:
        closed: the user has seen enough.
        opened: the user wants these bytes in the hex view.
        saving: the user wants these bytes in a file.
    """

    closed = Signal()
    opened = Signal()
    saving = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = HexGrid(self)
        self._title = ElidedLabel("", self)
        top = QHBoxLayout()
        top.setContentsMargins(2 * theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        top.addWidget(self._title, 1)
        self.open_button = self._button("Hex view", "Open these bytes in the hex view")
        self.open_button.clicked.connect(self.opened)
        top.addWidget(self.open_button)
        self.save_button = self._button("Save…", "Save these bytes into a new file")
        self.save_button.clicked.connect(self.saving)
        top.addWidget(self.save_button)
        close = self._button("✕", "Close")
        close.clicked.connect(self.closed)
        top.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        measured(self.grid, self._fit)

    def _fit(self) -> None:
        """Room for a few rows of bytes."""
        self.setMinimumHeight(7 * round(1.2 * self.grid.fontMetrics().height()))

    def _button(self, sign: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        return button

    def show_row(self, row: Row, host: str, segments: Sequence[Segment]) -> None:
        """The bytes of a file or chip as they are at the step."""
        title = f"{row.label}, {host}"
        if row.fresh:
            title += " · new at this step"
        elif row.changed:
            title += f" · {size_text(row.changed_size)} changed"
        self._title.setText(title)
        self._title.setToolTip(plain_tip(row.path))
        self.grid.set_data(row.contents.tobytes(), row.address)
        self.grid.set_marks(Mark(part.span, part.kind, part.kind.value) for part in segments)
        self.grid.set_changed(() if row.fresh else row.changed)
        if row.changed and not row.fresh:
            self.grid.reveal(row.changed[0])

    def show_nothing(self, title: str) -> None:
        """The file or chip is not there at this step."""
        self._title.setText(f"{title} · not there at this step")
        self.grid.set_data(b"")
        self.grid.set_marks(())
        self.grid.set_changed(())

    def heading(self) -> str:
        """What the drawer says it shows."""
        return self._title.text()
