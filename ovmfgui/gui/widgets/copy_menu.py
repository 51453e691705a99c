"""The ways to copy bytes and where they are, as a menu: the same wherever bytes are shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.flash.byte_formats import BYTE_FORMATS, byte_format

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu

    from ovmfgui.gui.document.copying import Copying


def add_copies(
    menu: QMenu,
    copying: Copying,
    size: int,
    copy: Callable[[str], object],
    *,
    offset: int | None = None,
    address: int | None = None,
    also: Sequence[tuple[str, str]] = (),
    what: str = "",
) -> QMenu:
    """Add the form of the last choice, and a submenu with all of them.

    Args:
        menu: where they are added.
        copying: which was chosen last.
        size: of what would be copied, in bytes.
        copy: copies it in a form, by its id.
        offset: of the first byte, in its file; None where it is in none.
        address: its guest address; None where it has none.
        also: what else it is known by, each with what that is.
        what: is copied, where bytes are not all that the menu is about.

    Returns:
        The submenu.
    """
    named = f"{what} " if what else ""
    last = byte_format(copying.fitting(size))
    first = menu.addAction(f"Copy {named}as {_within(last.title)}")
    first.setEnabled(last.takes(size))
    first.triggered.connect(partial(_call, copy, last.id))
    ways = menu.addMenu(f"Copy {named}as")
    ways.setEnabled(size > 0)
    for each in BYTE_FORMATS:
        action = ways.addAction(each.title)
        action.setCheckable(True)
        action.setChecked(each is last)
        action.setEnabled(each.takes(size))
        if each.size is not None and not each.takes(size):
            action.setText(f"{each.title} (of {each.size} bytes)")
        action.triggered.connect(partial(_call, copy, each.id))
    places = (("Offset", offset), ("Guest address", address))
    known = [(title, f"0x{number:X}") for title, number in places if number is not None]
    if known or also:
        ways.addSeparator()
    for title, text in (*known, *also):
        ways.addAction(f"{title} {text}").triggered.connect(partial(_put, text))
    return ways


def _within(title: str) -> str:
    """A title within a sentence: names of formats keep their capitals."""
    return title[0].lower() + title[1:] if title.startswith("Hex") else title


def _call(copy: Callable[[str], object], form: str, _checked: bool = False) -> None:
    copy(form)


def _put(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)
