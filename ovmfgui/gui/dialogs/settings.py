"""What a person may choose once and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QPushButton,
    QWidget,
)

from ovmfgui.flash.byte_formats import BYTE_FORMATS
from ovmfgui.gui.document.settings import (
    AT_START,
    COPY_AS,
    HOSTS,
    MOTION,
    OFFSETS,
    TEXT_SIZE,
    THEME,
    Setting,
    Settings,
)
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.guid import own_table

if TYPE_CHECKING:
    from collections.abc import Mapping


class Choice(NamedTuple):
    """A setting with a row of its own.

    Attributes:
        setting: what is kept.
        title: of the row, with its mnemonic.
        words: what can be chosen, by the values.
    """

    setting: Setting
    title: str
    words: Mapping[str, str]


CHOICES = (
    Choice(
        THEME, "&Colours", {"system": "As the desktop has them", "light": "Light", "dark": "Dark"}
    ),
    Choice(
        TEXT_SIZE,
        "&Text",
        {each: f"{each} %" for each in TEXT_SIZE.choices},
    ),
    Choice(OFFSETS, "&Offsets of bytes", {each.id: each.title for each in OFFSET_BASES}),
    Choice(COPY_AS, "Copy &bytes as", {each.id: each.title for each in BYTE_FORMATS}),
    Choice(MOTION, "&Motion in presentations", {"calm": "Calm", "none": "None: all stands still"}),
    Choice(
        AT_START,
        "At the &start",
        {"again": "Open again what was open", "empty": "Open nothing"},
    ),
)


class SettingsDialog(QDialog):
    """A row for each; what is chosen holds at once.

    Signals:
        keys_wanted: the sheet of keys is to be opened.
    """

    keys_wanted = Signal()

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Settings")
        self._settings = settings
        self._rows: dict[str, QComboBox] = {}
        form = QFormLayout(self)
        form.setVerticalSpacing(2 * theme.GRID)
        for each in CHOICES:
            form.addRow(each.title, self._row(each))
        self.forget = QPushButton("Forget them", self)
        self.forget.clicked.connect(self._on_forget)
        form.addRow("&Hosts asked before", self.forget)
        self.keys = QPushButton("Change keys…", self)
        self.keys.clicked.connect(self.keys_wanted)
        form.addRow("&Keyboard", self.keys)
        path = own_table()
        there = "" if path.exists() else ", which is not there"
        form.addRow("Own GUID names", WrappedLabel(f"{path}{there}", self))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Close | QDialogButtonBox.StandardButton.RestoreDefaults,
            self,
        )
        buttons.rejected.connect(self.reject)
        self.defaults = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        self.defaults.clicked.connect(self._on_defaults)
        form.addRow(buttons)
        self.setMinimumWidth(110 * theme.GRID)
        self._refresh()

    def row(self, setting: Setting) -> QComboBox:
        """Where a setting is chosen."""
        return self._rows[setting.key]

    def _row(self, choice: Choice) -> QComboBox:
        row = QComboBox(self)
        row.setAccessibleName(choice.title.replace("&", ""))
        for value, words in choice.words.items():
            row.addItem(words, value)
        row.activated.connect(lambda at: self._settings.set(choice.setting, row.itemData(at)))
        self._rows[choice.setting.key] = row
        return row

    def _refresh(self) -> None:
        for each in CHOICES:
            row = self._rows[each.setting.key]
            row.setCurrentIndex(max(row.findData(self._settings.get(each.setting)), 0))
        self._tell_hosts()

    def _tell_hosts(self) -> None:
        known = bool(self._settings.get(HOSTS))
        self.forget.setEnabled(known)
        self.forget.setToolTip("" if known else "None is kept")

    def _on_forget(self) -> None:
        self._settings.forget(HOSTS)
        self._tell_hosts()

    def _on_defaults(self) -> None:
        for each in CHOICES:
            self._settings.forget(each.setting)
        self._refresh()
