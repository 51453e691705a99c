"""What can be done with a variable's record: edit it, copy it in one of many ways."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from ovmfgui.gui.widgets.copy_menu import add_copies
from ovmfgui.nvram.exchange import Variable, to_json
from ovmfgui.nvram.faults import visible_name

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.gui.document.copying import Copying
    from ovmfgui.nvram.record import Record

_EDITS = ("edit-variable", "new-variable", "delete-variable")
_BYTES = ("copy-bytes", "copy-offset")


def record_menu(
    parent: QWidget, record: Record | None, actions: Actions, copying: Copying
) -> QMenu:
    """The context menu of a row.

    Args:
        parent: where it opens.
        record: that of the row; None beside all rows.
        actions: the window's.
        copying: how bytes are copied.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addActions([actions[name] for name in _EDITS])
    menu.addSeparator()
    if record is not None:
        _add_copies(menu, record, copying)
    menu.addActions([actions[name] for name in _BYTES])
    return menu


def _add_copies(menu: QMenu, record: Record, copying: Copying) -> None:
    ways = add_copies(
        menu, copying, len(record.data), partial(copying.copy, record.data), what="value"
    )
    ways.addSeparator()
    ways.addAction("JSON of the variable").triggered.connect(partial(_copy_json, record))
    name = visible_name(record.name)
    menu.addAction("Copy name").triggered.connect(partial(_copy_text, name))
    menu.addAction("Copy vendor GUID").triggered.connect(partial(_copy_text, str(record.guid)))


def _copy_text(text: str, _checked: bool = False) -> None:
    QGuiApplication.clipboard().setText(text)


def _copy_json(record: Record, _checked: bool = False) -> None:
    """In the form that virt-firmware and QEMU exchange."""
    _copy_text(to_json((Variable.of_record(record),)))
