"""What is made of the table of actions: QActions that say why they are greyed out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QPalette

from ovmfgui.gui.actions.spec import CONDITIONS, ActionSpec
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.look.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtWidgets import QMainWindow


_TAKEN = {
    "Tab": "moves the focus",
    "Shift+Tab": "moves the focus",
    "Esc": "closes and goes back",
    "Return": "does what is chosen",
    "Enter": "does what is chosen",
    "F5": "reads again in Hosts and Matrix",
    "Shift+F10": "opens the context menu",
    "Menu": "opens the context menu",
}
"""Keys that views and widgets have themselves, and what they do there."""


_AFTER_START = 1000
"""Milliseconds: what is opened at the start has been read and shown by then, in most cases."""


class Actions(QObject):
    """The actions made from a table.

    Signals:
        keys_changed: some actions have other keys.

    Args:
        specs: the table.
        window: the window that they belong to and where their keys work.

    Attributes:
        conditions: how each of ``CONDITIONS`` is tested, as far as somebody speaks for it.
    """

    keys_changed = Signal()

    def __init__(self, specs: tuple[ActionSpec, ...], window: QMainWindow) -> None:
        super().__init__(window)
        self.specs = {spec.id: spec for spec in specs}
        self._window = window
        self._actions = {spec.id: self._make(spec) for spec in specs}
        self.conditions: dict[str, Callable[[], bool]] = {}
        self._bound: set[str] = set()
        self._palette = QPalette()
        self._other_icons = QTimer(self)
        self._other_icons.setSingleShot(True)
        self._other_icons.setInterval(_AFTER_START)
        self._other_icons.timeout.connect(self._draw_all_icons)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __contains__(self, name: str) -> bool:
        return name in self._actions

    def all(self) -> tuple[tuple[ActionSpec, QAction], ...]:
        """Table entries and what was made of them, in the order of the table."""
        return tuple((self.specs[name], action) for name, action in self._actions.items())

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self._window)
        action.setObjectName(spec.id)
        action.setCheckable(spec.checkable)
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        self._window.addAction(action)
        self._describe(spec, action)
        return action

    def _describe(self, spec: ActionSpec, action: QAction) -> None:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        why = "" if action.isEnabled() else f" – {CONDITIONS[spec.enabled_when]}"
        action.setStatusTip(f"{spec.tip}{why}")
        action.setToolTip(plain_tip(f"{spec.tip}{why}{f' ({keys})' if keys else ''}"))

    # Keys

    def give_keys(self, keys: Mapping[str, str]) -> None:
        """Give actions their keys: those of the table, but for these by their ids.

        What the table says is given up first, so that two can change places. One that is taken
        by then, as by a later version's table, is passed over.
        """
        for name, action in self._actions.items():
            if name in keys:
                action.setShortcut(QKeySequence())
            else:
                action.setShortcut(QKeySequence(self.specs[name].shortcut))
        for name, key in keys.items():
            if name in self._actions and not self.why_not(name, key):
                self._actions[name].setShortcut(QKeySequence(key))
        for spec, action in self.all():
            self._describe(spec, action)
        self.keys_changed.emit()

    def keys_given(self) -> dict[str, str]:
        """The keys that are not those of the table, by the actions' ids."""
        now = {name: action.shortcut().toString() for name, action in self._actions.items()}
        table = {name: QKeySequence(spec.shortcut).toString() for name, spec in self.specs.items()}
        return {name: key for name, key in now.items() if key != table[name]}

    def key_text(self, name: str) -> str:
        """An action's key as this system writes it; empty for none."""
        return self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def tip_with_key(self, tip: str, name: str) -> str:
        """A tooltip with the key of the action that does the same behind it."""
        key = self.key_text(name)
        return f"{tip} ({key})" if key else tip

    def why_not(self, name: str, key: str) -> str:
        """Why an action cannot have a key; empty where it can."""
        wanted = QKeySequence(key)
        if wanted.isEmpty():
            return ""
        shown = wanted.toString(QKeySequence.SequenceFormat.NativeText)
        if wanted.toString() in _TAKEN:
            return f"{shown} {_TAKEN[wanted.toString()]}."
        first = wanted[0]  # type: ignore[index]  # which the stubs do not know
        held = first.keyboardModifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        # Keys from here on (0x01000000) type nothing.
        if not held.value and first.key() < Qt.Key.Key_Escape:
            return f"{shown} types a letter; hold Ctrl or Alt with it."
        for spec, action in self.all():
            if spec.id != name and action.shortcut() == wanted:
                return f"{shown} is the key of “{spec.text.replace('&', '')}”."
        return ""

    def bind(
        self,
        handlers: Mapping[str, Callable[[], object]],
        conditions: Mapping[str, Callable[[], bool]] | None = None,
    ) -> None:
        """Say what actions do, and when they can.

        Args:
            handlers: by the action's id; an action has one.
            conditions: whether one of ``CONDITIONS`` holds now, by its name. One that nobody
                speaks for, such as that of a view that has not been made, does not hold.
        """
        twice = self._bound & set(handlers)
        if twice:
            msg = f"bound already: {', '.join(sorted(twice))}"
            raise ValueError(msg)
        self._bound.update(handlers)
        self.conditions.update(conditions or {})
        for name, handler in handlers.items():
            # Without the wrapper the action's state would be passed as the first argument.
            self._actions[name].triggered.connect(partial(_call, handler))

    @property
    def unbound(self) -> set[str]:
        """The ids of actions that do nothing yet: those of views that have not been made."""
        return set(self._actions) - self._bound

    def update(self) -> None:
        """Enable what can be done now; what cannot says why."""
        holds = {name: condition() for name, condition in self.conditions.items()}
        for spec, action in self.all():
            enabled = not spec.enabled_when or holds.get(spec.enabled_when, False)
            if enabled != action.isEnabled():
                action.setEnabled(enabled)
                self._describe(spec, action)

    def can(self, name: str) -> bool:
        """Whether an action can be done now, asked at this moment."""
        wanted = self.specs[name].enabled_when
        holds = self.conditions.get(wanted)
        return not wanted or (holds is not None and holds())

    def draw_icons(self, palette: QPalette, seen: Iterable[str]) -> None:
        """Icons in this palette's colours, a moment later where they are in menus only.

        Args:
            palette: of the window.
            seen: the ids of actions that have buttons.
        """
        self._palette = palette
        for name in seen:
            self._draw_icon(name)
        self._other_icons.start()

    def _draw_icon(self, name: str) -> None:
        if drawing := self.specs[name].icon:
            self._actions[name].setIcon(icon(drawing, self._palette))

    def _draw_all_icons(self) -> None:
        for name in self._actions:
            self._draw_icon(name)

    def of_menu(self, menu: str) -> tuple[tuple[ActionSpec, QAction], ...]:
        """The entries of one menu."""
        return tuple((spec, action) for spec, action in self.all() if spec.menu == menu)


def _call(handler: Callable[[], object], _checked: bool = False) -> None:
    handler()
