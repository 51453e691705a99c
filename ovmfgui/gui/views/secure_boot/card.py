"""One certificate, list of hashes or binary in the chain of trust, as a button."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.layout.verdict import Fit
from ovmfgui.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from ovmfgui.trust.chain import Card

_PAD = 2 * theme.GRID
_STRIPE = theme.GRID
_LONGEST_TITLE = 120
_FLOWING = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_FLOWING.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
_HUES: Mapping[str, str] = {
    "2011": "#E69F00",
    "2023": "#009E73",
    "distribution": "#0072B2",
    "snake-oil": "#D55E00",
    "unknown": "#8A9199",
}
"""Okabe and Ito's, as in ``theme``; the word says the same."""


class TrustCard(QAbstractButton):
    """A name, and below it what kind it is; what has ended is dashed, signed and dated.

    Args:
        card: what it shows.
        parent: where it stands.

    Attributes:
        mark: what it does for the binary that is looked at: FITS vouches, INCOMPATIBLE revokes;
            None nothing.
    """

    def __init__(self, card: Card, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self.mark: Fit | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def set_mark(self, mark: Fit | None) -> None:
        """Say what it does for the binary that is looked at."""
        self.mark = mark
        self._tell()
        self.updateGeometry()
        self.update()

    def _tell(self) -> None:
        more = {Fit.FITS: "; vouches for the binary", Fit.INCOMPATIBLE: "; stops the binary"}
        extra = more.get(self.mark, "") if self.mark is not None else ""
        self.setAccessibleName(self.card.words + extra)
        ended = (self.second_line,) if self.card.ended else ()
        self.setToolTip(
            plain_tip("\n".join((self.card.title, *ended, self.card.note, *self.card.lines)))
        )

    @property
    def second_line(self) -> str:
        """What kind it is, or that it has ended."""
        return f"⚠ ended {self.card.ended}" if self.card.ended else self.card.note

    def sizeHint(self) -> QSize:
        """Both lines in full at a width that suits most."""
        return QSize(40 * theme.GRID, self.heightForWidth(40 * theme.GRID))

    def minimumSizeHint(self) -> QSize:
        """Narrower than this nothing can be read."""
        return QSize(28 * theme.GRID, 2 * self.fontMetrics().lineSpacing() + 2 * _PAD)

    def heightForWidth(self, width: int) -> int:
        """As many lines as the words take."""
        _title, note = self._words_in(QRectF(0, 0, width, 0))
        return ceil(note.bottom() + _PAD)

    def _words_in(self, whole: QRectF) -> tuple[QRectF, QRectF]:
        """Where the name stands in the card, and what kind it is."""
        inner = whole.adjusted(_STRIPE + _PAD + 1, _PAD, -_PAD - 1, 0)
        beside = self.fontMetrics().lineSpacing() if self.mark is not None else 0
        title = _wrapped(self._bold, self._title, inner.adjusted(0, 0, -beside, 0))
        note = _wrapped(self.font(), self.second_line, inner.translated(0, title.height()))
        return title, note

    @property
    def _title(self) -> str:
        """The name; of one that somebody made endless, its ends."""
        return shortened(self.card.title, _LONGEST_TITLE)

    @property
    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setBold(True)
        return bold

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, border, stripe, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        palette = self.palette()
        base = palette.base().color()
        ground = contrast.mix(theme.accent(palette), base, 0.14) if self.isChecked() else base
        if self.underMouse() and not self.isChecked():
            ground = contrast.mix(theme.accent(palette), base, 0.06)
        painter.setPen(self._border())
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 3, 3)
        self._paint_stripe(painter, rect)
        self._paint_words(painter, ground)
        painter.end()

    def _border(self) -> QPen:
        palette = self.palette()
        if self.hasFocus():
            return QPen(theme.accent(palette), 2)
        if self.mark is not None:
            return QPen(theme.fit_style(self.mark, palette).colour, 2)
        if self.card.ended:
            ink = theme.severity_style(Severity.WARNING, palette).colour
            return QPen(ink, 1.5, Qt.PenStyle.DashLine)
        return QPen(contrast.readable(theme.muted(palette), palette.base().color(), 3.0), 1)

    def _paint_stripe(self, painter: QPainter, rect: QRectF) -> None:
        hue = _HUES.get(self.card.generation)
        if hue is None:
            return
        stripe = QRectF(rect.left(), rect.top(), _STRIPE, rect.height()).adjusted(1, 1, 0, -1)
        colour = contrast.readable(QColor(hue), self.palette().base().color(), 3.0)
        brush = Qt.BrushStyle.BDiagPattern if self.card.ended else Qt.BrushStyle.SolidPattern
        painter.fillRect(stripe, brush)
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.card.ended:
            colour.setAlphaF(0.45)
        painter.fillRect(stripe, colour)

    def _paint_words(self, painter: QPainter, ground: QColor) -> None:
        palette = self.palette()
        title, note = self._words_in(QRectF(self.rect()))
        if self.mark is not None:
            style = theme.fit_style(self.mark, palette)
            line = self.fontMetrics().lineSpacing()
            painter.setFont(self._bold)
            painter.setPen(contrast.readable(style.colour, ground))
            where = QRectF(self.width() - _PAD - 1 - line, title.top(), line, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, style.sign)
        painter.setFont(self._bold)
        painter.setPen(contrast.readable(palette.text().color(), ground))
        painter.drawText(title, self._title, _FLOWING)
        ink = theme.muted(palette)
        if self.card.ended:
            ink = theme.severity_style(Severity.WARNING, palette).colour
        painter.setFont(self.font())
        painter.setPen(contrast.readable(ink, ground))
        painter.drawText(note, self.second_line, _FLOWING)


def _wrapped(font: QFont, text: str, within: QRectF) -> QRectF:
    """The room that a text takes from the top of ``within``, as wide as that."""
    layout = QTextLayout(text, font)
    layout.setTextOption(_FLOWING)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(within.width())
        height += line.height()
    layout.endLayout()
    return QRectF(within.left(), within.top(), within.width(), ceil(height))
