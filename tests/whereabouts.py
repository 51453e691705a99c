"""Where on the screen something is that has a name: what somebody with a mouse looks for."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QMenu, QTabBar

_MOST = 200
"""Rows that are looked through."""


def point_of(name):
    """The middle of what is called so, on the screen; None where nothing in sight is.

    Args:
        name: a button's or a tab's text, a menu's entry, or the text of a row's cell, in what
            takes clicks now.
    """
    front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    for window in [front] if front is not None else QApplication.topLevelWidgets():
        for kind, place in _PLACES.items():
            for widget in (window, *window.findChildren(kind)):
                if not isinstance(widget, kind) or not widget.isVisible():
                    continue
                at = place(widget, name)
                if at is not None and widget.rect().contains(at):
                    return widget.mapToGlobal(at)
    return None


def _plain(text):
    """Without the mnemonic's sign."""
    return text.replace("&", "")


def _in_button(button, name):
    if _plain(button.text()) != name:
        return None
    # A box takes clicks at its sign and its text, not in all the room that it was given.
    wide = min(button.width(), button.sizeHint().width())
    return QPoint(wide // 2, button.height() // 2)


def _in_tabs(bar, name):
    texts = [_plain(bar.tabText(index)) for index in range(bar.count())]
    return bar.tabRect(texts.index(name)).center() if name in texts else None


def _in_menu(menu, name):
    for action in menu.actions():
        if _plain(action.text()) == name:
            return menu.actionGeometry(action).center()
    return None


def _in_rows(view, name):
    model = view.model()
    for row in range(min(model.rowCount(), _MOST)):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            if model.data(index, Qt.ItemDataRole.DisplayRole) == name:
                within = view.visualRect(index).center()
                return view.viewport().mapTo(view, within)
    return None


_PLACES = {
    QAbstractButton: _in_button,
    QTabBar: _in_tabs,
    QMenu: _in_menu,
    QAbstractItemView: _in_rows,
}
