"""Editing a scenario: its actions in a list, the chosen one in a form below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.views.migration.action_form import ActionForm
from ovmfgui.gui.views.migration.action_list import ActionList
from ovmfgui.gui.views.migration.cast_form import CastForm
from ovmfgui.gui.views.migration.cast_page import CastPage
from ovmfgui.gui.views.migration.draft_files import DraftFiles
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.migration.scenario.actions import ACTIONS
from ovmfgui.migration.scenario.cast import HOSTS, PACKAGES, STORY, entries, title_of, with_story
from ovmfgui.migration.scenario.draft import Draft, complaint, draft_of, headline
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.scenario.draft import Table

_NOTHING = Draft("", {})


class ScenarioEditor(QWidget):
    """Changes a draft; what is shown beside it is played from the draft when that is asked for.

    Signals:
        run_wanted: play the draft.
        saved: one line for a person, after it was written.
        refused: one line for a person: why it was not.
        drafts_changed: other drafts than before may be in no file.
    """

    run_wanted = Signal()
    saved = Signal(str)
    refused = Signal(str)
    drafts_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft = _NOTHING
        self._past: list[Draft] = []
        self._played = _NOTHING
        self._left: dict[str, tuple[Draft, list[Draft]]] = {}
        self.files = DraftFiles(self)
        self.files.saved.connect(self._on_saved)
        self.files.refused.connect(self.refused)
        self._wrong: int | None = None
        self._complaint = ""
        self._build()
        self.list.currentRowChanged.connect(self._on_row)
        self.list.move_wanted.connect(self.shift)
        self.list.removal_wanted.connect(self.remove)
        self.form.changed.connect(self._on_form)
        self.story.changed.connect(self._on_story)
        for page in (self.hosts, self.packages):
            page.changed.connect(self._on_cast)

    def _build(self) -> None:
        self.list = ActionList(self)
        self.form = ActionForm(self)
        self.add_button = self._button("Add", "Add an action after the chosen one")
        menu = QMenu(self.add_button)
        menu.setToolTipsVisible(True)
        for name, kind in ACTIONS.items():
            action = menu.addAction(name.replace("-", " "))
            action.setToolTip(plain_tip(kind.summary))
            action.setData(name)
        menu.triggered.connect(lambda action: self.add(str(action.data())))
        self.add_button.setMenu(menu)
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.remove_button = self._button("Remove", "Remove the chosen action (Delete)")
        self.up_button = self._button("↑", "Move the chosen action up (Alt+Up)")
        self.down_button = self._button("↓", "Move the chosen action down (Alt+Down)")
        self.undo_button = self._button("↶", "Take the last change back")
        self.remove_button.clicked.connect(lambda: self.remove(self.row))
        self.up_button.clicked.connect(lambda: self.shift(self.row, self.row - 1))
        self.down_button.clicked.connect(lambda: self.shift(self.row, self.row + 1))
        self.undo_button.clicked.connect(self.undo)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        for button in (self.add_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.up_button, self.down_button):
            buttons.addWidget(button)
        self.words = WrappedLabel("", self)
        self._ink = Tint(self.words)
        form = self._scrolled(self.form)
        form.setMinimumHeight(16 * theme.GRID)
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.addWidget(self.list)
        halves.addWidget(form)
        halves.setSizes([300, 300])
        halves.setChildrenCollapsible(False)
        self.run_button = QPushButton("Run again", self)
        self.run_button.setToolTip("Play the scenario as it is here")
        self.run_button.clicked.connect(self.run_wanted)
        self.save_button = QPushButton("Save as…", self)
        self.save_button.setToolTip("Write the scenario into a TOML file")
        self.save_button.clicked.connect(lambda: self.save_as(self.draft.path))
        ends = QGridLayout()
        ends.addWidget(self.run_button, 0, 0)
        ends.addWidget(self.save_button, 0, 1)
        ends.addWidget(self.undo_button, 0, 2)
        steps = QWidget(self)
        column = QVBoxLayout(steps)
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(buttons)
        column.addWidget(halves, 1)
        self.hosts = CastPage(HOSTS, lambda: self.draft, self)
        self.packages = CastPage(PACKAGES, lambda: self.draft, self)
        self.story = CastForm(STORY, self)
        self.pages = QTabWidget(self)
        self.pages.setDocumentMode(True)
        # Lists and forms scroll: the window fits 1024 × 600 with the activity beside them.
        self.pages.setMinimumHeight(42 * theme.GRID)
        self.pages.tabBar().setAccessibleName("What is edited")
        for page, title, tip in (
            (steps, "Actions", "What is done, in order, with the lesson's texts and questions"),
            (self.hosts, "Hosts", "Who takes part"),
            (self.packages, "Firmware", "Packages of CODE and VARS"),
            (self._scrolled(self.story), "Story", "Title, summary, what it teaches, how it ends"),
        ):
            self.pages.setTabToolTip(self.pages.addTab(page, title), tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        column.setSpacing(theme.GRID)
        column.addWidget(self.pages, 1)
        column.addWidget(self.words)
        column.addLayout(ends)

    def _scrolled(self, form: QWidget) -> QScrollArea:
        """A form at the top of an area that scrolls where there is too little room."""
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.addWidget(form)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(whole)
        return area

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        return button

    # What is edited

    @property
    def row(self) -> int:
        """Place of the chosen action; -1 where there is none."""
        return self.list.currentRow()

    @property
    def changed(self) -> bool:
        """Whether the draft says something else than what was played last."""
        return self.draft != self._played

    @property
    def can_undo(self) -> bool:
        """Whether a change of the draft can be taken back."""
        return bool(self._past)

    @property
    def unsaved(self) -> tuple[Draft, ...]:
        """The scenarios whose changes are in no file, those left before too."""
        drafts = [self.draft, *(draft for draft, _past in self._left.values())]
        return tuple(each for each in drafts if each.path and not self.files.has(each))

    def begin(self, path: str, made: Draft | None = None, *, new: bool = True) -> bool:
        """Edit the scenario in a file, or one that was made; whether that can be read.

        Args:
            path: what it is known by.
            made: what lies in no file; None: it does.
            new: whether what was made is to be saved as it is.
        """
        if path == self.draft.path:
            return True
        try:
            draft = made or draft_of(path)
            if made is None or not new:
                self.files.in_file.setdefault(path, draft)
            elif Path(path).is_file():
                self.files.in_file.setdefault(path, draft_of(path))
            self._start_with(draft)
        except (Refused, ValueError) as error:
            self.refused.emit(str(error))
            return False
        return True

    def show_played(self, path: str, draft: Draft | None) -> None:
        """What came was played from a draft, or, where that is None, from the file itself."""
        if path != self.draft.path:
            self.begin(path)
            return
        try:
            self._played = draft or draft_of(path)
        except (Refused, ValueError):
            self._played = _NOTHING
        self._complain(None, "")

    def _start_with(self, draft: Draft) -> None:
        """Another scenario; what was changed in the one before is kept until it is shown again."""
        if self.draft.path:
            self._left[self.draft.path] = (self.draft, self._past)
        self.draft = self._played = draft
        self._past = []
        if draft.path in self._left:
            self.draft, self._past = self._left.pop(draft.path)
        self._complain(None, "", row=0)

    def _change(self, draft: Draft, row: int) -> None:
        self._past.append(self.draft)
        self.draft = draft
        self._complain(None, "", row=row)

    def add(self, do: str) -> None:
        """Add an action after the chosen one."""
        at = self.row + 1
        self._change(self.draft.added(at, do), at)

    def remove(self, at: int) -> None:
        """Take an action out."""
        if 0 <= at < len(self.draft.actions):
            self._change(self.draft.removed(at), at)

    def shift(self, at: int, to: int) -> None:
        """Take an action to another place."""
        if 0 <= at < len(self.draft.actions) and 0 <= to < len(self.draft.actions):
            self._change(self.draft.moved(at, to), to)

    def undo(self) -> None:
        """Take the last change back."""
        if self._past:
            self.draft = self._past.pop()
            self._complain(None, "", row=self.row)

    def _on_form(self, table: Table) -> None:
        row = self.row
        if 0 <= row < len(self.draft.actions):
            self._past.append(self.draft)
            self.draft = self.draft.replaced(row, table)
            self._complain(None, "", row=row, form=False, cast=False)

    def _on_cast(self, draft: Draft) -> None:
        """Hosts or packages have changed, and the actions that name them with them."""
        self._past.append(self.draft)
        self.draft = draft
        page = self.sender()
        for each in (self.hosts, self.packages):
            if each is not page:
                each.show_draft()
        self._complain(None, "", row=self.row, cast=False)

    def _on_story(self, table: Table) -> None:
        self._past.append(self.draft)
        self.draft = with_story(self.draft, table)
        self._complain(None, "", row=self.row, cast=False)

    # What is shown

    def show_action(self, number: int) -> None:
        """The action that a step belongs to, counted from 1."""
        if 0 < number <= self.list.count() and not self.changed:
            self.list.setCurrentRow(number - 1)

    def show_refusal(self, refusal: Refused) -> bool:
        """Show what is wrong at its action; whether it is about this scenario."""
        at, words = complaint(self.draft, str(refusal))
        if words == str(refusal):
            return False
        self._complain(at, words, row=self.row if at is None else at)
        return True

    def _complain(
        self,
        at: int | None,
        words: str,
        *,
        row: int | None = None,
        form: bool = True,
        cast: bool = True,
    ) -> None:
        if at is not None:
            self.pages.setCurrentIndex(0)
        if cast:
            self.hosts.show_draft()
            self.packages.show_draft()
            self.story.show_table(self.draft.document, {}, {})
        self._wrong = at
        where = "" if at is None else f"Action {at + 1}: "
        style = theme.severity_style(Severity.ERROR, self.palette())
        self._ink.mean(theme.error_colour if words else None)
        self._complaint = f"{style.sign} {where}{words}" if words else ""
        self._tell(self.row if row is None else row, form=form)

    def _tell(self, row: int, *, form: bool) -> None:
        actions = self.draft.actions
        hosts = {name: title_of(self.draft, HOSTS, name) for name in entries(self.draft, HOSTS)}
        self.list.show_lines([headline(table, hosts) for table in actions], row, self._wrong)
        if form:
            self._on_row(self.row)
        changed = "Changed; not played yet." if self.changed else ""
        if self.draft.comments and not self.files.has(self.draft):
            changed = f"{changed} The file's comments are not kept in what is saved.".strip()
        self.words.setText(self._complaint or changed)
        self.words.setVisible(bool(self.words.text()))
        self._allow()
        self.drafts_changed.emit()

    def _allow(self) -> None:
        row, most = self.row, len(self.draft.actions) - 1
        self.remove_button.setEnabled(row >= 0)
        self.up_button.setEnabled(row > 0)
        self.down_button.setEnabled(0 <= row < most)
        self.undo_button.setEnabled(self.can_undo)

    def _on_row(self, row: int) -> None:
        actions = self.draft.actions
        self.form.show_action(self.draft, actions[row] if 0 <= row < len(actions) else None)
        self._allow()

    # Saving

    def _on_saved(self, text: str) -> None:
        self.saved.emit(text)
        self.drafts_changed.emit()

    def save(self, path: str, then: Callable[[], None] = lambda: None) -> None:
        """Write the draft that is known by a path where it belongs, then go on."""
        draft = self._draft(path)
        if draft is not None:
            self.files.save(draft, then)

    def save_as(self, path: str) -> None:
        """Let a file be chosen for the draft that is known by a path, and write it there."""
        draft = self._draft(path)
        if draft is not None:
            self.files.save_as(draft)

    def forget(self, path: str) -> None:
        """Give the changes of a draft up."""
        self._left.pop(path, None)
        if path == self.draft.path:
            self.draft = self._played = self.files.in_file.get(path, _NOTHING)
            self._past = []
            self._complain(None, "", row=0)
        self.drafts_changed.emit()

    def text_of(self, path: str) -> str:
        """The draft that is known by a path, as TOML; empty where there is none."""
        draft = self._draft(path)
        return "" if draft is None else draft.text()

    def _draft(self, path: str) -> Draft | None:
        """What is known by a path; None where nothing is edited under it."""
        if path == self.draft.path:
            return self.draft
        return self._left[path][0] if path in self._left else None
