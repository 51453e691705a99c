"""Terms of the field are explained wherever something is painted: drawings, tables, headings.

One way for all of them: what lies below the mouse, or is chosen by the keyboard, has words (those
that a screen reader tells, a cell's, a heading's), and the first term of the glossary in them is
what the hint explains and the help opens at.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QCursor, QHelpEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QToolTip,
    QWidget,
)

from ovmfgui.help import glossary, terms_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QModelIndex

_DISPLAY, _TIP = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole


class _Hints(QObject):
    """Adds to the tips of one widget what the term in them means."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._passing_on = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tip is shown by whoever shows it, and then with the term."""
        if event.type() is not QEvent.Type.ToolTip or self._passing_on:
            return False
        if not isinstance(event, QHelpEvent) or not isinstance(watched, QWidget):
            return False
        place, before = event.globalPos(), QToolTip.text()
        self._passing_on = True
        try:
            QCoreApplication.sendEvent(watched, event)
        finally:
            self._passing_on = False
        tip = QToolTip.text() if QToolTip.text() != before else ""
        term = term_at(watched, event.pos()) or _first_term(tip)
        if term:
            QToolTip.showText(place, _with_term(tip, term, help_key(watched)), watched)
        return True


def explain_terms(widget: QWidget) -> None:
    """Have the hints of a drawing, of a table or of its headings explain the terms in them."""
    _Hints(widget.viewport() if isinstance(widget, QAbstractItemView) else widget)


def term_at(widget: QWidget, place: QPoint) -> str:
    """The first term of the glossary in what is painted at a place; empty where there is none."""
    return _first_term(_words_at(widget, place))


def term_here() -> str:
    """The term that is chosen by the keyboard, or else the one below the mouse."""
    focused = QApplication.focusWidget()
    term = _first_term(_words_chosen(focused)) if focused is not None else ""
    if term:
        return term
    mouse = QCursor.pos()
    below = QApplication.widgetAt(mouse)
    return term_at(below, below.mapFromGlobal(mouse)) if below is not None else ""


def _first_term(words: str) -> str:
    return next((term for _start, _end, term in terms_in(words)), "") if words else ""


def _words_at(widget: QWidget, place: QPoint) -> str:
    if (spoken := getattr(widget, "spoken_rows", None)) is not None:
        # A part lies inside what it is a part of.
        hit = [row for row in spoken() if row.rect.contains(place)]
        smallest = min(hit, key=lambda row: row.rect.width() * row.rect.height(), default=None)
        return "" if smallest is None else str(smallest.name)
    view = widget.parentWidget()
    if isinstance(view, QHeaderView) and view.viewport() is widget:
        section = view.logicalIndexAt(place)
        model = view.model()
        if model is None or section < 0:
            return ""
        return _joined(model.headerData(section, view.orientation(), r) for r in (_DISPLAY, _TIP))
    if isinstance(view, QAbstractItemView) and view.viewport() is widget:
        return _words_of(view.indexAt(place))
    return ""


def _words_chosen(widget: QWidget) -> str:
    if (spoken := getattr(widget, "spoken_rows", None)) is not None:
        return next((str(row.name) for row in spoken() if row.chosen), "")
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        return _words_of(widget.currentIndex())
    return widget.accessibleDescription() if widget.property("drawing") else ""


def _words_of(index: QModelIndex) -> str:
    if not index.isValid():
        return ""
    model, across = index.model(), Qt.Orientation.Horizontal
    # A cell is mostly a name or a number; what it is stands above it.
    heading = (model.headerData(index.column(), across, role) for role in (_DISPLAY, _TIP))
    return _joined((index.data(), index.data(Qt.ItemDataRole.AccessibleTextRole), *heading))


def _joined(parts: Iterable[object]) -> str:
    return ". ".join(str(part) for part in parts if part)


def help_key(widget: QWidget) -> str:
    """The key of the help in the window that a widget belongs to; empty for none."""
    window: QWidget | None = widget.window()
    while window is not None:
        action = window.findChild(QAction, "help", Qt.FindChildOption.FindDirectChildrenOnly)
        if isinstance(action, QAction):
            return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        above = window.parentWidget()
        window = above.window() if above is not None else None
    return ""


def _with_term(tip: str, term: str, key: str) -> str:
    meaning = glossary()[term].partition(". ")[0].rstrip(".")
    more = f" <i>{escape(key)} tells more.</i>" if key else ""
    explained = f"<p><b>{escape(term)}</b>: {escape(meaning)}.{more}</p>"
    if not tip:
        return explained
    shown = tip if tip.startswith("<") else escape(tip).replace("\n", "<br>")
    return f"<div>{shown}</div>{explained}"
