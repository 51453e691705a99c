"""The hosts of a scenario, or its firmware packages: a list, and a form for the chosen one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.dataclass import replace
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.views.migration.cast_form import CastForm
from ovmfgui.layout.synthetic import BUILDS
from ovmfgui.machine.installed import installed_firmware
from ovmfgui.migration.scenario.cast import (
    DEFAULTS,
    HOSTS,
    OF_HOST,
    OF_PACKAGE,
    PACKAGES,
    entries,
    named_by,
    package_of,
    renamed,
    title_of,
    with_entry,
    with_new,
    without,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.scenario.cast import Said
    from ovmfgui.migration.scenario.draft import Draft, Table

_WHAT = {HOSTS: "host", PACKAGES: "package"}


class CastPage(QWidget):
    """Adds, changes, renames and removes.

    Signals:
        changed: the ``Draft`` with the change.
    """

    changed = Signal(object)

    def __init__(
        self, section: str, draft: Callable[[], Draft], parent: QWidget | None = None
    ) -> None:
        """Show hosts or packages.

        Args:
            section: ``HOSTS`` or ``PACKAGES``.
            draft: tells what is edited, as it is now: actions change beside this page.
            parent: who owns this.
        """
        super().__init__(parent)
        self._section = section
        self._draft = draft
        what = _WHAT[section]
        self.list = QListWidget(self)
        self.list.setAccessibleName("Hosts" if section == HOSTS else "Firmware packages")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.name = QLineEdit(self)
        self.name.setAccessibleName(f"Name of the {what}")
        self.name.setToolTip(
            plain_tip(f"By which actions name the {what}; it is changed in all of them")
        )
        self.name.setPlaceholderText(f"name of the {what}")
        self.form = CastForm(_said_of(section), self)
        self.add_button = self._button("Add", f"Add a {what}")
        self.remove_button = self._button("Remove", f"Remove the chosen {what}")
        self.remove_button.clicked.connect(self._on_remove)
        if section == HOSTS:
            self.add_button.clicked.connect(lambda: self.add(None))
        else:
            self.add_button.setMenu(self._sources())
            self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._build()
        self.list.currentRowChanged.connect(self._on_row)
        self.name.editingFinished.connect(self._on_name)
        self.form.changed.connect(self._on_form)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.GRID)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addWidget(self.name, 1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.GRID, 0, 0)
        column.setSpacing(theme.GRID)
        column.addLayout(buttons)
        column.addWidget(self.list, 1)
        column.addWidget(area, 2)

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(plain_tip(tip))
        button.setAccessibleName(tip)
        return button

    def _sources(self) -> QMenu:
        """Where a package may come from."""
        menu = QMenu(self.add_button)
        menu.setToolTipsVisible(True)
        synthetic = menu.addMenu("Synthetic")
        for build in BUILDS:
            synthetic.addAction(build, partial(self.add, {"synthetic": build}))
        installed = menu.addMenu("Installed")
        installed.setToolTipsVisible(True)
        # The descriptors are read when somebody wants to see them.
        installed.aboutToShow.connect(partial(self._fill, installed))
        menu.addAction("Files…", partial(self.add, {"code": "", "vars": ""}))
        return menu

    def _fill(self, menu: QMenu) -> None:
        if not menu.isEmpty():
            return
        for each in installed_firmware():
            if len(each.paths) in (1, 2):  # one image, or CODE and its template
                table = package_of(each.paths, Path(each.paths[0]).name)
                menu.addAction(each.title, partial(self.add, table)).setToolTip(plain_tip(each.tip))
        if menu.isEmpty():
            menu.addAction("None is described on this machine").setEnabled(False)

    # What is shown

    @property
    def chosen(self) -> str:
        """Name of the chosen one; empty where there is none."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def show_draft(self, chosen: str = "") -> None:
        """Another draft, or the same with a change."""
        draft, chosen = self._draft(), chosen or self.chosen
        self.list.blockSignals(True)
        self.list.clear()
        for name in entries(draft, self._section):
            title = title_of(draft, self._section, name)
            self.list.addItem(title)
            item = self.list.item(self.list.count() - 1)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(plain_tip(name))
        names = list(entries(draft, self._section))
        row = names.index(chosen) if chosen in names else min(0, len(names) - 1)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._on_row(row)

    def _on_row(self, _row: int) -> None:
        draft, name = self._draft(), self.chosen
        self.name.setText(name)
        self.name.setEnabled(bool(name))
        self.remove_button.setEnabled(bool(name))
        used = named_by(draft, self._section, name) if name else 0
        what = _WHAT[self._section]
        told = f"; {used} of the actions name it" if used else ""
        self.remove_button.setToolTip(plain_tip(f"Remove the chosen {what}{told}"))
        packages = {each: title_of(draft, PACKAGES, each) for each in entries(draft, PACKAGES)}
        table = entries(draft, self._section).get(name)
        self.form.show_table(table, packages, DEFAULTS)

    # What is done

    def add(self, table: Table | None) -> None:
        """Add a host, or a package of that kind."""
        draft, name = with_new(self._draft(), self._section, table)
        self._change(draft, name)

    def _on_remove(self) -> None:
        if self.chosen:
            self._change(without(self._draft(), self._section, self.chosen), "")

    def _on_name(self) -> None:
        new = self.name.text().strip()
        before = self._draft()
        draft = renamed(before, self._section, self.chosen, new)
        if draft is before:
            self.name.setText(self.chosen)  # it is taken, or empty
        else:
            self._change(draft, new)

    def _on_form(self, table: Table) -> None:
        draft = with_entry(self._draft(), self._section, self.chosen, table)
        item = self.list.currentItem()
        item.setText(title_of(draft, self._section, self.chosen))
        # The form stays as it is: who goes on to its next field is to find it there.
        self.changed.emit(draft)

    def _change(self, draft: Draft, chosen: str) -> None:
        self.changed.emit(draft)
        self.show_draft(chosen)


def _said_of(section: str) -> tuple[Said, ...]:
    if section == HOSTS:
        return OF_HOST
    return tuple(
        replace(said, choices=tuple(BUILDS)) if said.name == "synthetic" else said
        for said in OF_PACKAGE
    )
