"""One certificate, list of hashes or binary in the chain of trust, as a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ovmfgui.finding import Severity
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from ovmfgui.trust.chain import Card

_PAD = 2 * theme.GRID
_STRIPE = theme.GRID
_HUES: Mapping[str, str] = {
    "2011": "#E69F00",
    "2023": "#009E73",
    "distribution": "#0072B2",
    "snake-oil": "#D55E00",
    "unknown": "#8A9199",
}
"""Okabe and Ito's, as in ``theme``; the word says the same."""


class TrustCard(QAbstractButton):
    """Two lines: a name, and what kind it is; what has ended is dashed, signed and dated.

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
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def set_mark(self, mark: Fit | None) -> None:
        """Say what it does for the binary that is looked at."""
        self.mark = mark
        self._tell()
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
        """Two lines; any width."""
        return QSize(40 * theme.GRID, 2 * self.fontMetrics().lineSpacing() + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        """Narrower than this nothing can be read."""
        return QSize(28 * theme.GRID, self.sizeHint().height())

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, border, stripe, two lines."""
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
        self._paint_words(painter, rect, ground)
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

    def _paint_words(self, painter: QPainter, rect: QRectF, ground: QColor) -> None:
        palette = self.palette()
        inner = rect.adjusted(_STRIPE + _PAD, _PAD - 1, -_PAD, 0)
        line = self.fontMetrics().lineSpacing()
        bold = QFont(self.font())
        bold.setBold(True)
        if self.mark is not None:
            style = theme.fit_style(self.mark, palette)
            painter.setFont(bold)
            painter.setPen(contrast.readable(style.colour, ground))
            where = QRectF(inner.right() - line, inner.top(), line, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, style.sign)
            inner.setRight(inner.right() - line)
        _elided(
            painter, inner, self.card.title, bold, contrast.readable(palette.text().color(), ground)
        )
        below = inner.translated(0, line)
        below.setRight(rect.right() - _PAD)
        ink = theme.muted(palette)
        if self.card.ended:
            ink = theme.severity_style(Severity.WARNING, palette).colour
        _elided(painter, below, self.second_line, self.font(), contrast.readable(ink, ground))


def _elided(painter: QPainter, rect: QRectF, text: str, font: QFont, ink: QColor) -> None:
    # The years, by which certificates differ, stand at the end of a name.
    mode = Qt.TextElideMode.ElideMiddle if font.bold() else Qt.TextElideMode.ElideRight
    painter.setFont(font)
    painter.setPen(ink)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, mode, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)
