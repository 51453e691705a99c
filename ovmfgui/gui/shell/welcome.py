"""The first page: what this is for and what to do now."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.plain_label import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.workbench import Workbench

_MOST_RECENT = 5


class Welcome(QScrollArea):
    """Shown while nothing is open.

    Args:
        workbench: what can be done.
        open_files: opens one of those that were open lately.
        parent: where it stands.
    """

    def __init__(
        self,
        workbench: Workbench,
        open_files: Callable[[Sequence[str]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings = workbench.settings
        self._open_files = open_files
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        page = QWidget(self)
        self.setWidget(page)
        self._title = PlainLabel("ovmfgui", page)
        large = self._title.font()
        large.setPointSizeF(large.pointSizeF() * 1.8)
        large.setBold(True)
        self._title.setFont(large)
        self._text = PlainLabel(
            "Looks into the flash of virtual machines that boot UEFI firmware: the map of CODE and "
            "VARS, the variable store record by record, and whether the two fit together.",
            page,
        )
        self._text.setWordWrap(True)
        self.open = self._link(
            "Open a pair, a unified image or a VARS file",
            "CODE and VARS may be chosen together, in any order; or drop the files here.",
        )
        self.open.clicked.connect(workbench.actions["open"].trigger)
        self.lesson = self._link(
            "Open the demo pair",
            "Built-in images, made on the spot; needs no firmware on this machine.",
        )
        self.lesson.clicked.connect(workbench.actions["open-demo"].trigger)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(theme.GRID)
        self._lay_out(page)
        settings.changed.connect(self._refresh)
        self._refresh()

    def _lay_out(self, page: QWidget) -> None:
        column = QVBoxLayout()
        column.setSpacing(3 * theme.GRID)
        column.addStretch(2)
        for widget in (self._title, self._text):
            column.addWidget(widget)
        column.addSpacing(2 * theme.GRID)
        column.addWidget(self.open)
        column.addWidget(self.lesson)
        column.addLayout(self._recent)
        column.addStretch(3)
        middle = QWidget(page)
        middle.setMaximumWidth(150 * theme.GRID)
        middle.setLayout(column)
        row = QHBoxLayout(page)
        row.setContentsMargins(*[6 * theme.GRID] * 4)
        row.addStretch(1)
        row.addWidget(middle, 6)
        row.addStretch(1)

    def _link(self, text: str, description: str) -> QCommandLinkButton:
        button = QCommandLinkButton(text, description, self)
        button.setIcon(icon("forward", self.palette()))
        button.setAccessibleName(text)
        return button

    def _refresh(self, _key: str = "") -> None:
        while (item := self._recent.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        entries = [
            paths for paths in self._settings.recent() if all(Path(p).exists() for p in paths)
        ][:_MOST_RECENT]
        if entries:
            heading = PlainLabel("Opened lately", self)
            heading.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            self._recent.addWidget(heading)
        for paths in entries:
            self._recent.addWidget(self._recent_link(paths))

    def _short(self, text: str, widest: int) -> str:
        """Text for rich text, cut in the middle where it is wider than so many grid units."""
        middle = Qt.TextElideMode.ElideMiddle
        return escape(self.fontMetrics().elidedText(text, middle, widest * theme.GRID))

    def _recent_link(self, paths: tuple[str, ...]) -> QLabel:
        names = self._short(" + ".join(Path(path).name for path in paths), 70)
        folder = self._short(str(Path(paths[0]).parent), 50)
        link = QLabel(f'<a href="open">{names}</a> &nbsp;<small>{folder}</small>', self)
        link.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        link.setToolTip(plain_tip("\n".join(paths)))
        link.linkActivated.connect(lambda _href: self._open_files(paths))
        return link
