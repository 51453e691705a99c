"""The bytes at the cursor, read in every way that firmware stores things."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.text_size import measured
from ovmfgui.gui.widgets.byte_readings import REACH, readings
from ovmfgui.gui.widgets.plain_label import PlainLabel

_FEWEST = 5

# Where each reading stands: row, column of the pair, and the longest value in characters.
_PLACES = {
    "u8": (0, 0, 13),
    "u16 LE": (0, 1, 15),
    "u32 LE": (0, 2, 26),
    "u64 LE": (0, 3, 18),
    "i8": (1, 0, 13),
    "u16 BE": (1, 1, 15),
    "u32 BE": (1, 2, 26),
    "u64 BE": (1, 3, 18),
    "IPv4": (2, 0, 13),
    "i16 LE": (2, 1, 15),
    "i32 LE": (2, 2, 26),
    "i64 LE": (2, 3, 18),
    "MAC": (4, 2, 26),
    "UCS-2": (3, 3, 18),
    "UTF-8": (4, 3, 18),
}

_RARER = ("IPv4", "i16 LE", "i32 LE", "i64 LE", "EFI_TIME", "MAC", "UTF-8")
"""What a low pane goes without: two whole rows."""

_SHARE = 8 / 9
"""Of the text's size."""


class ByteInspector(QWidget):
    """A quiet strip of readings, each of which can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Data inspector")
        self._values: dict[str, _Value] = {}
        self._titles: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        grid.setHorizontalSpacing(2 * theme.GRID)
        grid.setVerticalSpacing(0)
        for name, (row, column, length) in _PLACES.items():
            self._add(grid, name, row, 2 * column, 1, length)
        self._add(grid, "GUID", 3, 0, 5, 36)
        self._add(grid, "EFI_TIME", 4, 0, 3, 29)
        grid.setColumnStretch(8, 1)
        self.show_bytes(b"")

    def _add(
        self, grid: QGridLayout, name: str, row: int, column: int, span: int, length: int
    ) -> None:
        title = PlainLabel(name, self)
        title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        value = _Value(name, length if span == 1 else 0, self)
        self._values[name], self._titles[name] = value, title

        def stand() -> None:
            """Both from the top, the smaller as much lower as it takes to stand on one line."""
            lower = QFontMetrics(title.font()).ascent() - QFontMetrics(value.font()).ascent()
            value.setContentsMargins(0, max(lower, 0), 0, 0)

        for label in (title, value):
            measured(label, stand)
        top = Qt.AlignmentFlag.AlignTop
        for label in (title, value):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | top)
        grid.addWidget(title, row, column)
        grid.addWidget(value, row, column + 1, 1, span)

    def fold(self, folded: bool) -> None:
        """Leave out the rarer readings, where there is little room."""
        for name in _RARER:
            self._values[name].setVisible(not folded)
            self._titles[name].setVisible(not folded)

    def show_bytes(self, data: bytes) -> None:
        """Read ``data`` from its first byte on; at most ``REACH`` bytes matter."""
        for reading in readings(data[:REACH]):
            self._values[reading.name].show_text(reading.text)

    def text_of(self, name: str) -> str:
        """What is shown for a reading, by its name."""
        return self._values[name].text()


class _Value(QLabel):
    def __init__(self, name: str, length: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        # Smaller: all readings stand side by side where the grid of bytes has room.
        self.setFont(theme.fixed_font(self.font().pointSizeF() * _SHARE))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._length, self._width = length, 0
        measured(self, self._measure)
        if length:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        else:
            # A long GUID name must not push the window wider than the screen.
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _measure(self) -> None:
        if self._length:
            self._width = self.fontMetrics().horizontalAdvance("0" * self._length)
            # In a narrow pane the ends of long numbers give way; the tooltip has all of them.
            self.setMaximumWidth(self._width)

    def sizeHint(self) -> QSize:
        """The longest value of its kind, so that nothing jumps as the cursor moves."""
        hint = super().sizeHint()
        return QSize(self._width, hint.height()) if self._width else hint

    def minimumSizeHint(self) -> QSize:
        """Room for a few characters: the text is cut where there is no more."""
        few = self.fontMetrics().horizontalAdvance("0" * _FEWEST)
        return QSize(few, super().minimumSizeHint().height())

    def show_text(self, text: str) -> None:
        metrics = self.fontMetrics()
        if not all(metrics.inFontUcs4(ord(character)) for character in text):
            text = ""
        self.setText(text or "–")
        self.setToolTip(plain_tip(text))
        self.setAccessibleName(f"{self._name}: {text or 'too few bytes'}")
