"""What can be done with bytes selected in a hex grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ovmfgui.flash.byte_formats import BYTE_FORMATS, LARGEST_COPY, byte_format

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.span import Span


def copy_bytes(data: bytes, span: Span, format_id: str) -> bool:
    """Put bytes on the clipboard; False where they are too many for that."""
    if span.size > LARGEST_COPY:
        return False
    QGuiApplication.clipboard().setText(byte_format(format_id).text(span.of(data)))
    return True


def hex_menu(
    parent: QWidget,
    selection: Span | None,
    address: int | None,
    copy: Callable[[str], None],
    select_all: Callable[[], None],
) -> QMenu:
    """The context menu; ``address`` is the guest address of offset 0, where there is one."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    ways = menu.addMenu("Copy as")
    ways.setEnabled(selection is not None)
    for entry in BYTE_FORMATS:
        action = ways.addAction(entry.title)
        action.triggered.connect(lambda _=False, name=entry.id: copy(name))
    if selection is not None:
        _add_number(menu, "Copy offset", selection.start)
        if address is not None:
            _add_number(menu, "Copy guest address", address + selection.start)
    menu.addSeparator()
    menu.addAction("Select all").triggered.connect(lambda _=False: select_all())
    return menu


def _add_number(menu: QMenu, title: str, number: int) -> None:
    text = f"0x{number:X}"
    action = menu.addAction(f"{title} {text}")
    action.triggered.connect(lambda _=False: QGuiApplication.clipboard().setText(text))
