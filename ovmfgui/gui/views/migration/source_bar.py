"""The line above the hosts: what is played, by what, and how it came out."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.look.tint import Tint
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.layout.verdict import Fit
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.scenario.shipped import Headline
    from ovmfgui.migration.simulation.step import Replay

ENGINES = (
    ("model", "Model", "The emulated flash chips play"),
    ("qemu", "Real QEMU", "Two real QEMU processes play; their guest idles"),
    ("both", "Both, compared", "Both play, and everything that can be seen is compared"),
)
QEMU = "qemu-system-x86_64"
_MISSING = f"{QEMU} is not installed; on Debian the package qemu-system-x86 has it"


class SourceBar(QWidget):
    """Scenario, engine, what to show, and the outcome.

    Signals:
        chosen: path of what is to be shown.
        lessons_wanted: show the index of lessons.
        run_wanted: play again what is shown.
        editing: whether the scenario's actions are to be edited.
        plotting: whether the activity is to be plotted.
    """

    chosen = Signal(str)
    run_wanted = Signal()
    lessons_wanted = Signal()
    editing = Signal(bool)
    plotting = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scenarios = QComboBox(self)
        self.scenarios.setAccessibleName("Scenario")
        self.scenarios.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.scenarios.setMinimumContentsLength(20)
        self.engines = QComboBox(self)
        self.engines.setAccessibleName("Engine")
        for name, title, tip in ENGINES:
            self.engines.addItem(title, name)
            self.engines.setItemData(self.engines.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.lessons_button = self._button(
            "Lessons", "All lessons: what each teaches, and how long it takes"
        )
        self.run_button = self._button("Run", "Play the chosen scenario from its start")
        self.edit_button = self._button("Edit", "Change the scenario's actions", checkable=True)
        self.plot_button = self._button(
            "Activity", "Plot the writes over time and the erases of each block", checkable=True
        )
        self.agreement = ElidedLabel("", self)
        self.outcome = ElidedLabel("", self)
        self._inks = {label: Tint(label) for label in (self.agreement, self.outcome)}
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * theme.GRID, theme.GRID, 2 * theme.GRID, theme.GRID)
        row.setSpacing(2 * theme.GRID)
        for widget in (self.lessons_button, self.scenarios, self.engines, self.run_button):
            row.addWidget(widget)
        row.addWidget(self.edit_button)
        row.addWidget(self.plot_button)
        row.addWidget(self.agreement, 3)
        row.addWidget(self.outcome, 4)
        self.agreement.hide()
        self.scenarios.activated.connect(self._on_scenario)
        self.run_button.clicked.connect(self.run_wanted)
        self.lessons_button.clicked.connect(self.lessons_wanted)
        self.edit_button.toggled.connect(self.editing)
        self.plot_button.toggled.connect(self.plotting)
        self.look_for_qemu()
        self.allow(scenario=False, activity=False)

    def _button(self, text: str, tip: str, *, checkable: bool = False) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(plain_tip(tip))
        button.setCheckable(checkable)
        button.toggled.connect(lambda on: _mark(button, on))
        return button

    def look_for_qemu(self) -> None:
        """Offer real QEMU where it is installed; else say what to install."""
        there = shutil.which(QEMU) is not None
        model = self.engines.model()
        assert isinstance(model, QStandardItemModel)
        for index in (1, 2):
            item = model.item(index)
            item.setEnabled(there)
            item.setToolTip(plain_tip(ENGINES[index][2] if there else _MISSING))
        self.engines.setToolTip(
            plain_tip("What plays the hosts" if there else f"What plays the hosts. {_MISSING}.")
        )
        if not there:
            self.engines.setCurrentIndex(0)

    @property
    def engine(self) -> str:
        """What is to play: ``model``, ``qemu`` or ``both``."""
        return str(self.engines.currentData())

    @property
    def path(self) -> str:
        """Of what is chosen."""
        return str(self.scenarios.currentData() or "")

    def set_headlines(self, headlines: Sequence[Headline]) -> None:
        """List the shipped scenarios in the selector."""
        for headline in headlines:
            self.scenarios.addItem(headline.title, str(headline.path))

    def name(self, path: str, title: str = "") -> None:
        """Show as chosen what lies at a path; it stays on offer, under its file's name at first."""
        index = self.scenarios.findData(path)
        if index < 0:
            self.scenarios.addItem(title or Path(path).name, path)
            index = self.scenarios.count() - 1
        elif title:
            self.scenarios.setItemText(index, title)
        self.scenarios.setCurrentIndex(index)

    def allow(self, *, scenario: bool, activity: bool) -> None:
        """What can be done with what is shown."""
        self.edit_button.setEnabled(scenario)
        self.plot_button.setEnabled(activity)
        if not scenario:
            self.edit_button.setChecked(False)

    def tell_agreement(self, replay: Replay) -> None:
        """How far the two engines agree; nothing where only one has played."""
        agreement = replay.agreement
        self.agreement.setVisible(agreement is not None or bool(replay.notes))
        if agreement is None:
            self._tell(self.agreement, Fit.UNKNOWN, replay.engine if replay.notes else "")
        elif agreement.differences:
            found = count(len(agreement.differences), "difference")
            text = f"{agreement.checked:,} points compared, {found}"
            self._tell(self.agreement, Fit.INCOMPATIBLE, text)
        else:
            text = f"{agreement.checked:,} points compared, no difference"
            self._tell(self.agreement, Fit.FITS, text)
        lines = [*replay.notes, *(agreement.differences if agreement is not None else ())]
        self.agreement.setToolTip(plain_tip("\n".join(lines)))
        if agreement is None and replay.notes:
            self.agreement.setText("played by real QEMU")

    def tell_outcome(self, text: str, tip: str, *, well: bool) -> None:
        """How it ended; nothing where ``text`` is empty."""
        self._tell(self.outcome, Fit.FITS if well else Fit.INCOMPATIBLE, text)
        self.outcome.setToolTip(plain_tip(tip))

    def _tell(self, label: ElidedLabel, fit: Fit, text: str) -> None:
        style = theme.fit_style(fit, self.palette())
        self._inks[label].mean(lambda palette: theme.fit_style(fit, palette).colour)
        label.setText(f"{style.sign} {text}" if text else "")

    def changeEvent(self, event: QEvent) -> None:
        """Buttons that are on have a colour of the palette."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for button in self.findChildren(QPushButton):
                _mark(button, button.isChecked())

    def _on_scenario(self, _index: int) -> None:
        self.chosen.emit(self.path)


def _mark(button: QPushButton, on: bool) -> None:
    """A button that is on stands out; a dark theme's style hardly shows it."""
    palette, shown = QPalette(), button.palette()
    if on:
        palette.setColor(QPalette.ColorRole.Button, shown.highlight().color())
        palette.setColor(QPalette.ColorRole.ButtonText, shown.highlightedText().color())
    button.setPalette(palette)
