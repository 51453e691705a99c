"""What a widget draws, row by row, for a screen reader: name, place, whether it is the chosen one.

Qt knows nothing of what a widget paints. A drawing that has ``spoken_rows`` is a list to it, and
each row an item that can be explored and chosen; the words are those of the tooltips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleValueChangeEvent,
)
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import isValid

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class SpokenRow:
    """One thing that is drawn.

    Attributes:
        name: what it is, in words.
        rect: where, in the widget's coordinates.
        chosen: whether it is the selected one.
        choose: selects it; None where that means nothing.
    """

    name: str
    rect: QRect
    chosen: bool = False
    choose: Callable[[], None] | None = None


@runtime_checkable
class Spoken(Protocol):
    """A widget that draws rows."""

    def spoken_rows(self) -> Sequence[SpokenRow]:
        """Those in sight, in reading order."""
        ...


class Grouped:
    """A widget that draws around others: to a screen reader they are one group."""


class _Item(QAccessibleInterface):
    """A row; what it says is asked of the widget each time."""

    def __init__(self, drawing: _Drawing, number: int) -> None:
        super().__init__()
        self._drawing = drawing
        self._number = number

    def _row(self) -> SpokenRow | None:
        rows = self._drawing.rows()
        return rows[self._number] if self._number < len(rows) else None

    def isValid(self) -> bool:
        return self._row() is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def parent(self) -> QAccessibleInterface:
        return self._drawing

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def rect(self) -> QRect:
        row = self._row()
        return QRect() if row is None else self._drawing.on_screen(row.rect)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state, row = QAccessible.State(), self._row()
        if row is None:
            state.invalid = 1
            return state
        state.selectable = int(row.choose is not None)
        state.selected = int(row.chosen)
        state.readOnly = 1
        return state

    def text(self, kind: QAccessible.Text) -> str:
        row = self._row()
        return row.name if row is not None and kind is QAccessible.Text.Name else ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        pass


class _Drawing(QAccessibleWidget):
    """A widget that draws rows, as a list of them."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, QAccessible.Role.List)
        self._widget = widget
        self._items: dict[int, _Item] = {}

    def rows(self) -> Sequence[SpokenRow]:
        """What the widget draws now."""
        if not isValid(self._widget) or not isinstance(self._widget, Spoken):
            return ()
        return self._widget.spoken_rows()

    def on_screen(self, rect: QRect) -> QRect:
        """A rectangle of the widget in the screen's coordinates."""
        return QRect(self._widget.mapToGlobal(rect.topLeft()), rect.size())

    def text(self, kind: QAccessible.Text) -> str:
        """The value of a list is what is chosen in it."""
        if kind is QAccessible.Text.Value:
            return next((row.name for row in self.rows() if row.chosen), "")
        return super().text(kind)

    def childCount(self) -> int:
        """A row each."""
        return len(self.rows())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """A row, made when it is first asked for and kept: Qt refers to it by its address."""
        if not 0 <= index < self.childCount():
            return None
        if index not in self._items:
            self._items[index] = _Item(self, index)
            QAccessible.registerAccessibleInterface(self._items[index])
        return self._items[index]

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Which row an interface is; -1 for none of them."""
        return next((number for number, item in self._items.items() if item is child), -1)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The row drawn at a point of the screen."""
        at = self._widget.mapFromGlobal(QPoint(x, y))
        hit = (number for number, row in enumerate(self.rows()) if row.rect.contains(at))
        number = next(hit, None)
        return None if number is None else self.child(number)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The chosen row, where the widget has the keyboard."""
        rows = self.rows()
        number = next((n for n, row in enumerate(rows) if row.chosen), None)
        return None if number is None or not self._widget.hasFocus() else self.child(number)


class _FocusTeller(QObject):
    """Says what is chosen in a drawing when the keyboard comes to it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt tells of the widget alone."""
        if event.type() is QEvent.Type.FocusIn and isinstance(watched, QWidget):
            tell_choice(watched)
        return super().eventFilter(watched, event)


def _send(widget: QWidget, kind: QAccessible.Event, row: int) -> None:
    event = QAccessibleEvent(widget, kind)
    event.setChild(row)
    QAccessible.updateAccessibility(event)


def _send_value(widget: QWidget, value: str) -> None:
    QAccessible.updateAccessibility(QAccessibleValueChangeEvent(widget, value))


def tell_choice(widget: QWidget) -> None:
    """Tell a screen reader that something else is chosen in a drawing of rows."""
    # Nobody listens, mostly; then the rows need not be found out.
    if not QAccessible.isActive() or not isinstance(widget, Spoken):
        return
    rows = widget.spoken_rows()
    chosen = next((number for number, row in enumerate(rows) if row.chosen), None)
    _send_value(widget, "" if chosen is None else rows[chosen].name)
    if chosen is not None:
        _send(widget, QAccessible.Event.Selection, chosen)
        if widget.hasFocus():
            _send(widget, QAccessible.Event.Focus, chosen)


def tell_rows(widget: QWidget) -> None:
    """Tell a screen reader that a drawing has other rows."""
    if QAccessible.isActive():
        _send(widget, QAccessible.Event.ObjectReorder, -1)


_kept: dict[int, list[QAccessibleWidget]] = {}
"""By their widget: Qt refers to them and Python would let go of them."""
_leaving: list[QAccessibleWidget] = []
"""Those of widgets that are gone."""


def _interface(_class_name: str, thing: Any) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget):
        return None
    grouped = isinstance(thing, Grouped)
    if not grouped and not isinstance(thing, Spoken):
        return None
    number = id(thing)
    if number not in _kept:
        _kept[number] = []
        if not grouped:
            thing.installEventFilter(_FocusTeller(thing))
        thing.destroyed.connect(lambda: _let_go(number))
    # A new one each time. Qt asks again where the widget's meta-object has become another one, as
    # it does with a signal that is connected late; what it has twice it deletes twice.
    made = QAccessibleWidget(thing, QAccessible.Role.Grouping) if grouped else _Drawing(thing)
    _kept[number].append(made)
    return made


def _let_go(number: int) -> None:
    """Keep what is said of a widget that dies until Qt has let go of it, too.

    It does a moment later, by its address.
    """
    _leaving[:] = [each for each in _leaving if isValid(each)]
    _leaving.extend(_kept.pop(number, ()))


_installed: list[bool] = []


def install_spoken_drawings() -> None:
    """Have Qt ask here for what drawings say; once is enough."""
    if not _installed:
        QAccessible.installFactory(_interface)
        _installed.append(True)
