"""Text of unknown origin where Qt guesses whether it is markup: always shown as what it is."""

from __future__ import annotations

from html import escape

from ovmfgui.wording import shortened, visible

_LONGEST_TIP = 2000
_LONGEST_CELL = 500


def plain_tip(text: str) -> str:
    """For a tooltip or a question, which Qt takes for markup where it looks like some."""
    text = shortened(visible(text), _LONGEST_TIP)
    if "<" not in text:
        return text
    return f"<span>{escape(text)}</span>".replace("\n", "<br>")


def plain_cell(text: str) -> str:
    """For a cell of a view: shown as it is, with what would not be seen escaped."""
    return shortened(visible(text), _LONGEST_CELL)
