"""The flash map of what is open: the files as the guest sees them, one above the other."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QStackedLayout,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.notes import SIGNS
from ovmfgui.flash.region import Kind, Region, of_kind
from ovmfgui.gui.dialogs.region_menu import RegionMenu
from ovmfgui.gui.keeping import number_of
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.flash_map import FlashMap
from ovmfgui.gui.widgets.layout_compare import LayoutCompare
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.gui.widgets.map_model import Part
from ovmfgui.gui.widgets.map_notes import MapNote
from ovmfgui.layout.agreement import agreement_of, place_of
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QPoint

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.columns import Area
    from ovmfgui.layout.inspection import Inspection


_EMPTY = "Open CODE and VARS to see how the guest's flash is laid out."

MAP, COMPARE = 0, 1
"""The two ways to look at an image."""


def parts_of(inspection: Inspection) -> tuple[Part, ...]:
    """The files of an image, each with its regions."""
    image = inspection.image
    return tuple(
        Part(
            file.role.upper(),
            PurePath(file.path).name,
            file.size,
            tuple(region for region in inspection.map if region.place.space == index),
        )
        for index, file in enumerate(image.files)
    )


class MapView(QWidget):
    """Follows the document's selection and sets it."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document = workbench.document
        self.map = FlashMap(self)
        self.legend = Legend(self)
        self.compare = LayoutCompare(self)
        self.menu = RegionMenu(workbench, self)
        self.modes = QTabBar(self)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.modes)
        column.addWidget(self.map, 1)
        column.addWidget(self.compare, 1)
        column.addWidget(self.legend)
        self._build_modes()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_label(_EMPTY, self))
        self._stack.addWidget(content)
        self.modes.currentChanged.connect(self.show_mode)
        self.compare.chosen.connect(self._on_area)
        self.map.selected.connect(document.select)
        self.map.menu_wanted.connect(self._on_menu)
        self.map.activated.connect(self._on_activated)
        self.map.shown_changed.connect(self._on_shown)
        document.inspection_changed.connect(self._on_inspection)
        document.selection_changed.connect(self._on_selection)
        workbench.notes.changed.connect(self._show_notes)
        self._show_notes()
        self.keeping = self
        self._on_inspection()
        self._on_selection(document.selection)

    def _show_notes(self) -> None:
        self.map.set_notes(
            MapNote(Place(space, note.span), SIGNS[note.sign], note.name, note.sign)
            for space, note in self._workbench.notes.all
        )

    def keep(self) -> dict[str, Any]:
        """Which way to look at the map."""
        return {"mode": self.modes.currentIndex()}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """As when something else came to the front."""
        mode = number_of(kept, "mode")
        self.modes.setCurrentIndex(mode if agreement_of(self._document.inspection) else MAP)

    def _build_modes(self) -> None:
        self.modes.setDrawBase(False)
        self.modes.setExpanding(False)
        self.modes.setAccessibleName("Way to look at the map")
        for title, tip in (
            ("To scale", "All of the flash, with a lens"),
            ("CODE against VARS", "Where CODE expects what, and where the store has it"),
        ):
            self.modes.setTabToolTip(self.modes.addTab(title), tip)

    def _on_inspection(self) -> None:
        inspection = self._document.inspection
        self._stack.setCurrentIndex(0 if inspection is None else 1)
        self.map.set_parts(() if inspection is None else parts_of(inspection))
        agreement = agreement_of(inspection)
        if agreement is None:
            self.compare.set_columns(None, None)
        else:
            self.compare.set_columns(
                agreement.expected, agreement.provided, addresses=agreement.addresses
            )
        self.modes.setVisible(agreement is not None)
        self.show_mode(self.modes.currentIndex() if agreement is not None else MAP)

    def show_mode(self, mode: int) -> None:
        """The whole map, or what CODE expects against what VARS provides."""
        self.modes.setCurrentIndex(mode)
        self.map.setVisible(mode == MAP)
        self.compare.setVisible(mode == COMPARE)
        self._on_shown()

    def _on_area(self, side: int, area: Area) -> None:
        inspection = self._document.inspection
        place = place_of(inspection, side, area) if inspection is not None else None
        if place is not None:
            self._document.select(place)

    def _on_selection(self, place: Place | None) -> None:
        region = self.map.selected_region
        if place is None or region is None or region.place != place:
            self.map.select(place)

    def _on_activated(self, place: Place) -> None:
        self._document.select(place)
        self._workbench.show("hex")

    def _on_menu(self, region: Region, where: QPoint) -> None:
        self.menu.popup(region, where)

    def _on_shown(self) -> None:
        comparing = self.modes.currentIndex() == COMPARE
        self.legend.set_kinds(self.compare.kinds() if comparing else self.map.kinds())

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        poses = (("event-log", Kind.EVENT_LOG), ("unpacked", Kind.DECOMPRESSED))
        found: list[tuple[str, Callable[[], None]]] = [
            (name, partial(self._pose, kind))
            for name, kind in poses
            if next(of_kind(self._document.map, kind), None) is not None
        ]
        if agreement_of(self._document.inspection) is not None:
            found.append(("agreement", partial(self.show_mode, COMPARE)))
        return found

    def _pose(self, kind: Kind) -> None:
        self.show_mode(MAP)
        region = next(of_kind(self._document.map, kind), None)
        if region is not None:
            self._document.select(region.place)
