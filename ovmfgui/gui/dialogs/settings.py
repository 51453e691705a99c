"""What a person may choose once and for all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.budgets import MOST_GUID_TABLE
from ovmfgui.flash.byte_formats import BYTE_FORMATS
from ovmfgui.gui.dialogs.hosts_setting import HostsSetting
from ovmfgui.gui.document.settings import (
    AT_START,
    BACKUP,
    COPY_AS,
    DIGITS,
    GUID_NAMES,
    MOTION,
    OFFSETS,
    PER_ROW,
    TEXT_SIZE,
    THEME,
    Setting,
)
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.guid import own_table
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.gui.workbench import Workbench

_WINDOW, _BYTES, _FILES = "&Window", "&Bytes", "&Files and hosts"


class Choice(NamedTuple):
    """A setting with a row of its own.

    Attributes:
        page: that it stands on.
        setting: what is kept.
        title: of the row, with its mnemonic.
        words: what can be chosen, by the values.
    """

    page: str
    setting: Setting
    title: str
    words: Mapping[str, str]


CHOICES = (
    Choice(
        _WINDOW,
        THEME,
        "&Colours",
        {"system": "As the desktop has them", "light": "Light", "dark": "Dark"},
    ),
    Choice(_WINDOW, TEXT_SIZE, "&Text", {each: f"{each} %" for each in TEXT_SIZE.choices}),
    Choice(
        _WINDOW,
        MOTION,
        "&Motion in presentations",
        {"calm": "Calm", "none": "None: all stands still"},
    ),
    Choice(
        _WINDOW,
        AT_START,
        "At the &start",
        {"again": "Open again what was open", "empty": "Open nothing"},
    ),
    Choice(_BYTES, PER_ROW, "&In a row", {each: f"{each} bytes" for each in PER_ROW.choices}),
    Choice(_BYTES, DIGITS, "He&x digits", {"upper": "Capitals: 0A FF", "lower": "Small: 0a ff"}),
    Choice(_BYTES, OFFSETS, "&Offsets", {each.id: each.title for each in OFFSET_BASES}),
    Choice(_BYTES, COPY_AS, "&Copy as", {each.id: each.title for each in BYTE_FORMATS}),
    Choice(
        _FILES,
        BACKUP,
        "&Keep a file as .bak",
        {
            "first": "At its first save",
            "always": "At each save, over the one before",
            "never": "Never",
        },
    ),
)


class SettingsDialog(QDialog):
    """A row for each, on three pages; what is chosen holds at once.

    Signals:
        keys_wanted: the sheet of keys is to be opened.
    """

    keys_wanted = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench.owner)
        self.setWindowTitle("Settings")
        self._settings = workbench.settings
        self._rows: dict[str, QComboBox] = {}
        self.pages = QTabWidget(self)
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setAccessibleName("Settings of")
        forms = {title: self._page(title) for title in (_WINDOW, _BYTES, _FILES)}
        for each in CHOICES:
            forms[each.page].addRow(each.title, self._row(each))
        self.keys = QPushButton("Change keys…", self)
        self.keys.clicked.connect(self.keys_wanted)
        forms[_WINDOW].addRow("&Keyboard", self.keys)
        self.names = WrappedLabel("", self)
        forms[_BYTES].addRow("Names of GUIDs", self.names)
        forms[_BYTES].addRow("", self._name_buttons())
        self.hosts = HostsSetting(workbench, self)
        forms[_FILES].addRow("&Hosts", self.hosts)
        self.hosts.setFocusProxy(self.hosts.list)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Close | QDialogButtonBox.StandardButton.RestoreDefaults,
            self,
        )
        buttons.rejected.connect(self.reject)
        self.defaults = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        self.defaults.clicked.connect(self._on_defaults)
        column = QVBoxLayout(self)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.pages, 1)
        column.addWidget(buttons)
        self.setMinimumWidth(110 * theme.GRID)
        self._refresh()

    def _page(self, title: str) -> QFormLayout:
        page = QWidget(self)
        form = QFormLayout(page)
        form.setVerticalSpacing(2 * theme.GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.pages.addTab(page, title)
        return form

    def _name_buttons(self) -> QWidget:
        whole = QWidget(self)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.GRID)
        self.choose_names = QPushButton("C&hoose…", whole)
        self.choose_names.setToolTip(
            plain_tip("A file of your own names: a GUID, a tab or comma, and a name in each line")
        )
        self.choose_names.clicked.connect(self._on_choose_names)
        self.own_names = QPushButton("&Usual place", whole)
        self.own_names.setToolTip("guids.tsv in the folder of your settings")
        self.own_names.clicked.connect(lambda: self._use_names(""))
        for button in (self.choose_names, self.own_names):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        return whole

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
        self._tell_names()

    def _tell_names(self) -> None:
        path = Path(str(self._settings.get(GUID_NAMES)) or own_table())
        there = "" if path.exists() else ", which is not there"
        if path.is_file() and path.stat().st_size > MOST_GUID_TABLE:
            there = f", of which the first {size_text(MOST_GUID_TABLE)} are read"
        when = "Modules take other names when their file is opened again."
        self.names.setText(f"{path}{there}. {when}")
        self.own_names.setEnabled(bool(self._settings.get(GUID_NAMES)))

    def _on_choose_names(self) -> None:
        path, _filter = QFileDialog.getOpenFileName(
            self, "Names of GUIDs", str(own_table().parent), "Tables (*.tsv *.csv);;All files (*)"
        )
        if path:
            self._use_names(path)

    def _use_names(self, path: str) -> None:
        self._settings.set(GUID_NAMES, path)
        self._tell_names()

    def _on_defaults(self) -> None:
        for each in (*(choice.setting for choice in CHOICES), GUID_NAMES):
            self._settings.forget(each)
        self._refresh()
