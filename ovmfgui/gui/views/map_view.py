"""The flash map of what is open: the files as the guest sees them, one above the other."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.gui.widgets.empty import empty_label
from ovmfgui.gui.widgets.flash_map import FlashMap
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.gui.widgets.map_model import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document import Document
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.span import Place


_EMPTY = "Open CODE and VARS to see how the guest's flash is laid out."


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

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.map = FlashMap(self)
        self.legend = Legend(self)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.map, 1)
        column.addWidget(self.legend)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty_label(_EMPTY, self))
        self._stack.addWidget(content)
        self.map.selected.connect(document.select)
        self.map.activated.connect(document.select)
        self.map.shown_changed.connect(self._on_shown)
        document.inspection_changed.connect(self._on_inspection)
        document.selection_changed.connect(self._on_selection)
        self._on_inspection()

    def _on_inspection(self) -> None:
        inspection = self._document.inspection
        self._stack.setCurrentIndex(0 if inspection is None else 1)
        self.map.set_parts(() if inspection is None else parts_of(inspection))

    def _on_selection(self, place: Place | None) -> None:
        region = self.map.selected_region
        if place is None or region is None or region.place != place:
            self.map.select(place)

    def _on_shown(self) -> None:
        self.legend.set_kinds(self.map.kinds())

    # Pictures

    def poses(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """States of interest, for pictures."""
        poses = (("event-log", Kind.EVENT_LOG), ("unpacked", Kind.DECOMPRESSED))
        return tuple(
            (name, lambda kind=kind: self._pose(kind))
            for name, kind in poses
            if next(of_kind(self._document.map, kind), None) is not None
        )

    def _pose(self, kind: Kind) -> None:
        region = next(of_kind(self._document.map, kind), None)
        if region is not None:
            self._document.select(region.place)
