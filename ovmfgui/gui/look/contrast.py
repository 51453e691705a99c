"""How colours are mixed, and moved until they can be told apart (WCAG 2.2)."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor, QPalette


def mix(colour: QColor, ground: QColor, share: float) -> QColor:
    """``share`` of ``colour`` (0 to 1) on ``ground``."""
    rest = 1.0 - share
    return QColor.fromRgbF(
        colour.redF() * share + ground.redF() * rest,
        colour.greenF() * share + ground.greenF() * rest,
        colour.blueF() * share + ground.blueF() * rest,
    )


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(map(_linear, range(256)))


def _luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    rgb = colour.rgb()
    return (
        0.2126 * _LINEAR[rgb >> 16 & 255]
        + 0.7152 * _LINEAR[rgb >> 8 & 255]
        + 0.0722 * _LINEAR[rgb & 255]
    )


def ratio_of(one: QColor, other: QColor) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2); 4.5 is enough for text."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: QColor, ground: QColor, ratio: float = 4.5) -> QColor:
    """``colour``, moved towards black or white as far as it takes to be read on ``ground``."""
    return QColor.fromRgb(_readable(colour.rgb(), ground.rgb(), ratio))


@cache
def _readable(writing: int, paper: int, ratio: float) -> int:
    """The same of two QRgb; a palette has few, and every cell that is painted asks."""
    colour, ground = QColor.fromRgb(writing), QColor.fromRgb(paper)
    target = QColor("black") if _luminance(ground) > 0.18 else QColor("white")
    for step in range(11):
        shade = mix(target, colour, step / 10)
        if ratio_of(shade, ground) >= ratio:
            return shade.rgb()
    return target.rgb()


def readable_anywhere(colour: QColor, palette: QPalette, ratio: float = 4.5) -> QColor:
    """``colour``, moved as far as it takes to be read on each ground that text stands on."""
    role = QPalette.ColorRole
    grounds = (role.Base, role.AlternateBase, role.Window)
    writing = palette.color(role.Text).rgb()
    ground = _hardest(writing, *(palette.color(each).rgb() for each in grounds))
    return QColor.fromRgb(_readable(colour.rgb(), ground, ratio))


@cache
def _hardest(writing: int, *grounds: int) -> int:
    """The ground nearest to the text's own brightness, the hardest to be read on; all as QRgb."""
    text = QColor.fromRgb(writing)
    return min(grounds, key=lambda ground: ratio_of(text, QColor.fromRgb(ground)))
