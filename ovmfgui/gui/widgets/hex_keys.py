"""Where a key takes the cursor of a hex grid."""

from __future__ import annotations

from PySide6.QtCore import Qt


def moved(
    key: int, cursor: int, *, control: bool, per_row: int, page: int, size: int
) -> int | None:
    """The offset that ``key`` leads to from ``cursor``, inside ``size`` bytes.

    None where the key does not move. ``page`` is in rows.
    """
    keys = Qt.Key
    row = cursor - cursor % per_row
    match key:
        case keys.Key_Home:
            target = 0 if control else row
        case keys.Key_End:
            target = size - 1 if control else row + per_row - 1
        case _:
            step = _step(key, control=control, per_row=per_row, page=page)
            if step is None:
                return None
            target = cursor + step
            if not 0 <= target < size and abs(step) == per_row:
                return cursor
    return min(max(target, 0), size - 1)


def _step(key: int, *, control: bool, per_row: int, page: int) -> int | None:
    keys = Qt.Key
    word = 8 if control else 1
    steps: dict[int, int] = {
        keys.Key_Left: -word,
        keys.Key_Right: word,
        keys.Key_Up: -per_row,
        keys.Key_Down: per_row,
        keys.Key_PageUp: -page * per_row,
        keys.Key_PageDown: page * per_row,
    }
    return steps.get(key)
