"""What views and commands work with; none of them knows the window.

The window makes one, hands it to whoever looks at the document or changes it, and shows what is
told and refused. A view that needs another one shows it by its id; a command that goes on with the
view it shows names the class.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.gui.actions.view_table import spec_of
from ovmfgui.gui.document.copying import Copying
from ovmfgui.gui.document.notes import Notes
from ovmfgui.gui.look.focus_ring import FocusRing
from ovmfgui.gui.look.reading_order import tab_stops

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QDialog

    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.settings import Settings
    from ovmfgui.migration.scenario.draft import Draft
    from ovmfgui.refusal import Refused

_View = TypeVar("_View", bound="QWidget")


@dataclass(frozen=True, slots=True)
class Message:
    """What stays in sight above the views until it is closed or over.

    Attributes:
        text: for a person.
        severity: its sign and colour.
        details: what can be copied; empty for nothing.
        offers: buttons, by their words, and what they do once the message is closed.
    """

    text: str
    severity: Severity = Severity.WARNING
    details: str = ""
    offers: tuple[tuple[str, Callable[[], None]], ...] = ()


class ViewStack(Protocol):
    """Where the views are."""

    def bring_up(self, view_id: str) -> QWidget:
        """Put a view in front, made now where it has not been."""
        ...

    def show_document(self) -> None:
        """Put a view of the document in front, where one that shows something else is."""
        ...


class Undoing(Protocol):
    """Changes of what is in front that are no edits of a store."""

    @property
    def can_undo(self) -> bool:
        """Whether there is one."""
        ...

    def undo(self) -> None:
        """Take the last one back."""
        ...


class Workbench(QObject):
    """The document in front, and all around it that views and commands need.

    Attributes:
        document: what is worked on; commands ask for it each time they run, a view keeps that
            which it was made over.
        tasks: what runs in the background.
        settings: what is remembered.
        copying: how bytes are copied.
        notes: what was noted on bytes of the opened files.
        actions: what can be done; views and commands bind theirs.
        owner: the widget that dialogs belong to.
        views: where the views are; set by whoever shows them.
        unfinished: what would be lost as the window closes, beside the document's edits: each
            names it in a few words, or nothing.
        undoing: who takes back changes of scenarios; None until a view for them was made.

    Signals:
        told: one line for a person, after something was done.
        refused: one line for a person: what could not be done, and what to do.
        announced: a ``Message``.
        heading_changed: the view in front shows something else.
        term_asked: a term of the glossary that is to be explained.
        play_asked: the path or the ``Draft`` of a scenario that is to be played, in whatever view
            does that.
    """

    told = Signal(str)
    refused = Signal(str)
    announced = Signal(object)
    heading_changed = Signal()
    play_asked = Signal(object)
    term_asked = Signal(str)

    views: ViewStack

    def __init__(
        self, document: Document, settings: Settings, actions: Actions, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self.document = document
        self.tasks = document.tasks
        self.unfinished: list[Callable[[], tuple[str, ...]]] = []
        self.undoing: Undoing | None = None
        self.settings = settings
        self.copying = Copying(settings)
        self.notes = Notes(document, settings.folder / "notes", self)
        self.actions = actions
        self.owner = owner
        self.tasks.refused.connect(self.refused)
        document.notice.connect(self.told)

    def show(self, view_id: str) -> QWidget:
        """Put a view in front, by its id in the table of views."""
        return self.views.bring_up(view_id)

    def show_view(self, view: type[_View]) -> _View:
        """Put a view in front, by its class, to go on with it."""
        shown = self.views.bring_up(spec_of(view).id)
        assert isinstance(shown, view)
        return shown

    def open_dialog(self, dialog: QDialog) -> None:
        """Show a dialog that goes when it is closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for box in dialog.findChildren(QDialogButtonBox):
            for button in box.buttons():
                # On some desktops Qt adds signs of its own, beside words that need none.
                button.setIcon(QIcon())
        dialog.open()
        stops = tab_stops(dialog)
        for stop, following in pairwise(stops):
            QWidget.setTabOrder(stop, following)
        FocusRing(dialog)

    def tell(self, text: str) -> None:
        """Say what was done."""
        self.told.emit(text)

    def refuse(self, refusal: Refused | str) -> None:
        """Say what could not be done."""
        self.refused.emit(str(refusal))

    def play(self, scenario: Path | Draft) -> None:
        """Have a scenario played, from its file or as it was made."""
        self.play_asked.emit(scenario)

    def announce(self, message: Message) -> None:
        """Say what stays in sight, and may wait for an answer."""
        self.announced.emit(message)
