"""What a widget paints, asked of its own painting: texts and lines with their colours, as SVG has
them, and the pixels that lie behind."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPaintEvent, QRegion, QTransform

from ovmfgui.gui.widgets.drawing import is_drawing
from ovmfgui.gui.widgets.drawing_file import svg_bytes
from ovmfgui.gui.widgets.hex_area import HexArea
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.gui.widgets.minimap import Minimap

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = {f"{_SVG}{name}" for name in ("path", "polyline", "polygon", "rect", "line", "ellipse")}
_SHARE = 0.06
"""A colour that fewer pixels of a text's box have is the edge of a letter."""
_STEM = 3
"""Pixels that a letter's stem is wide at most."""
_NEAR, _GROUND = 6, 0.97
"""So far from a blend of ink and ground, in each part of a colour, an edge of a letter may be;
what is nearer to the ground than that share of the way is none, but a ground of its own."""


@dataclass(frozen=True)
class Text:
    """A run of text: what, in which colour, and where."""

    words: str
    ink: QColor
    box: QRectF


def _transform(group: ElementTree.Element) -> QTransform:
    found = re.fullmatch(r"matrix\((.*)\)", group.get("transform", ""))
    if found is None:
        return QTransform()
    a, b, c, d, e, f = map(float, found[1].split(","))
    return QTransform(a, b, c, d, e, f)


def painted_by(widget: QWidget) -> tuple[list[Text], set[str]]:
    """All text that a widget paints, and the colours of its lines and outlines."""
    groups = list(ElementTree.fromstring(svg_bytes(widget)).iter(f"{_SVG}g"))
    return _texts(groups, widget.font()), _strokes(groups)


def _texts(groups: list[ElementTree.Element], own: QFont) -> list[Text]:
    found = []
    for group in groups:
        for text in group.findall(f"{_SVG}text"):
            words = text.text or ""
            if not words.strip() or float(text.get("fill-opacity", 1)) < 1:
                continue
            font = QFont(own)
            font.setFamily(text.get("font-family", ""))
            font.setPointSizeF(float(text.get("font-size", 9)))
            font.setBold(int(text.get("font-weight", 400)) > 500)
            metrics = QFontMetricsF(font)
            left = QPointF(float(text.get("x", 0)), float(text.get("y", 0)))
            box = QRectF(
                left.x(),
                left.y() - metrics.capHeight() - 1,
                metrics.horizontalAdvance(words),
                metrics.capHeight() + 2,
            )
            mapped = _transform(group).mapRect(box)
            found.append(Text(words, QColor(text.get("fill", "#000000")), mapped))
    return found


def _strokes(groups: list[ElementTree.Element]) -> set[str]:
    """Those in full strength.

    An outline in the colour that it fills has none.
    """
    return {
        group.get("stroke", "none")
        for group in groups
        if any(child.tag in _SHAPES for child in group)
        and group.get("stroke", "none") not in ("none", group.get("fill", ""))
        and float(group.get("stroke-opacity", 1)) == 1
    }


def grounds_of(text: Text, picture: QImage) -> list[QColor]:
    """What is painted behind and between the letters."""
    ratio = picture.devicePixelRatio()
    inside = text.box.adjusted(1, 1, -1, -1)
    box = QRectF(inside.topLeft() * ratio, inside.size() * ratio).toAlignedRect()
    part = picture.copy(box.intersected(picture.rect()))
    if part.isNull():
        return []
    pixels, above = _pixels(part), _above(picture, box)
    enough = _SHARE * pixels.total()
    found: list[QColor] = []
    for colour, times in pixels.most_common():
        seen = QColor(colour)
        edge = colour not in above and any(_between(seen, text.ink, ground) for ground in found)
        if times >= enough and not edge:
            found.append(seen)
    behind = [
        ground
        for ground in found
        if ground.rgb() in above or not _between(ground, text.ink, text.ink)
    ]
    # Where nothing is but the ink, that is what it is written on.
    return behind or [main_colour(part)]


def _above(picture: QImage, box: QRect) -> set[int]:
    """Colours that lie above letters, wider than a letter's stem."""
    row = QRect(box.left(), max(box.top() - 1, 0), box.width(), 1).intersected(picture.rect())
    plain = picture.copy(row).convertToFormat(QImage.Format.Format_RGB32)
    pixels = list(memoryview(plain.constBits()).cast("B").cast("I"))
    return {colour for colour, run in groupby(pixels) if len(list(run)) > _STEM}


def main_colour(picture: QImage) -> QColor:
    """What most of a picture is painted with."""
    return QColor(_pixels(picture).most_common(1)[0][0])


def _pixels(picture: QImage) -> Counter[int]:
    """How often each colour is there; 32 bits a pixel leave no gap between rows."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    return Counter(memoryview(plain.constBits()).cast("I"))


def _between(colour: QColor, one: QColor, other: QColor) -> bool:
    """Whether a colour is a blend of two, as at the edge of a letter."""
    parts = [
        (c, a, b)
        for c, a, b in zip(colour.getRgb(), one.getRgb(), other.getRgb(), strict=True)
        if isinstance(c, int) and isinstance(a, int) and isinstance(b, int)
    ]
    span = sum((b - a) ** 2 for _c, a, b in parts)
    share = sum((c - a) * (b - a) for c, a, b in parts) / span if span else 0.0
    share = min(max(share, 0.0), 1.0)
    if span and share > _GROUND:
        return False
    return all(abs(c - (a + share * (b - a))) <= _NEAR for c, a, b in parts)


class Paints(QObject):
    """What of a widget is painted from now on, and how often."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region, self.times = QRegion(), 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
            self.times += 1
        return False


def paints_itself(widget: QWidget) -> bool:
    """Whether what a widget shows is drawn by it, and not by widgets in it."""
    return is_drawing(widget) or isinstance(widget, HexArea | Legend | Minimap)
