"""What can be done with bytes selected in a hex grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from ovmfgui.gui.widgets.copy_menu import add_copies

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.document.copying import Copying
    from ovmfgui.span import Span


def hex_menu(
    parent: QWidget,
    copying: Copying,
    selection: Span | None,
    address: int | None,
    copy: Callable[[str], object],
    select_all: Callable[[], object],
) -> QMenu:
    """The context menu; ``address`` is the guest address of offset 0, where there is one."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    start = None if selection is None else selection.start
    add_copies(
        menu,
        copying,
        0 if selection is None else selection.size,
        copy,
        offset=start,
        address=None if address is None or start is None else address + start,
    )
    menu.addSeparator()
    menu.addAction("Select all").triggered.connect(lambda _=False: select_all())
    return menu


def tell_beside(widget: QWidget, text: str) -> None:
    """Say in a tooltip over a widget why something was not done; nothing for no text."""
    if text:
        where = widget.mapToGlobal(QPoint(widget.width() // 3, widget.height() // 3))
        QToolTip.showText(where, text, widget)
