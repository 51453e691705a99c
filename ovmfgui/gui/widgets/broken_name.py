"""File names broken into lines where a reader would break them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics

_PIECE = re.compile(r"(?:[^._\- ]|\.[^._\- ]*$)*(?:[_\- ]+|\.(?=.*\.)|$)")
"""Up to a place to break at; the last dot is none: it begins the ending."""


def name_lines(name: str, metrics: QFontMetrics, width: int, most: int) -> list[str]:
    """``name`` in at most ``most`` lines of ``width`` pixels, broken behind ``_``, ``.`` and ``-``.

    What has no room is left out, with an ellipsis in its place.
    """
    lines = [""]
    for piece in filter(None, _PIECE.findall(name)):
        if not lines[-1] or metrics.horizontalAdvance(lines[-1] + piece) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    if len(lines) > most:
        lines[most - 1 :] = ["".join(lines[most - 1 :])]
    middle = Qt.TextElideMode.ElideMiddle
    return [metrics.elidedText(line, middle, width) for line in lines]
