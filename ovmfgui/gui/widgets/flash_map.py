"""The flash map: everything to scale, and a lens on what is too small to see there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ovmfgui.gui.widgets.drawing import declare_drawing
from ovmfgui.gui.widgets.map_columns import Columns
from ovmfgui.gui.widgets.map_model import inside
from ovmfgui.gui.widgets.map_notes import MapNote, noted, paint_notes
from ovmfgui.gui.widgets.map_painting import MapPainter
from ovmfgui.gui.widgets.map_scene import MapScene
from ovmfgui.gui.widgets.map_walk import MapWalk
from ovmfgui.gui.widgets.map_words import region_tip
from ovmfgui.gui.widgets.spoken import SpokenRow, tell_choice, tell_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

    from ovmfgui.flash.region import Kind, Region
    from ovmfgui.gui.widgets.map_model import Part
    from ovmfgui.span import Place


class FlashMap(QWidget):
    """An overview to scale and two lens columns, the highest address on top.

    The first lens column shows what is inside one region, the second what is inside one of those;
    a step in moves both on.

    Signals:
        selected: ``Place`` of a region that the user has chosen.
        activated: ``Place`` of a region that the user wants to see the bytes of.
        menu_wanted: a ``Region``, and where on the screen its menu is to open.
        shown_changed: other regions have come into sight.
    """

    selected = Signal(object)
    activated = Signal(object)
    menu_wanted = Signal(object, object)
    shown_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notes: tuple[MapNote, ...] = ()
        declare_drawing(self)
        self._walk = MapWalk()
        self._hovered: Region | None = None
        self._drawing: MapPainter | None = None
        self._scene: MapScene | None = None
        self._due = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Flash map")

    def sizeHint(self) -> QSize:
        """Room for three columns."""
        return QSize(720, 520)

    def minimumSizeHint(self) -> QSize:
        """Below this the labels have no room."""
        return QSize(320, 160)

    # What is shown

    @property
    def trail(self) -> tuple[Region, ...]:
        """The regions stepped into; the lens shows the inside of the last two."""
        return self._walk.trail

    @property
    def selected_region(self) -> Region | None:
        """The innermost region around the selection."""
        return self._walk.path[-1] if self._walk.path else None

    def column_items(self, index: int) -> tuple[Region, ...]:
        """The regions in a lens column (0 or 1), ascending."""
        columns = self._walk.columns
        return columns[index][1] if index < len(columns) else ()

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of region in sight."""
        return self._walk.kinds

    def set_parts(self, parts: Iterable[Part]) -> None:
        """Show other parts; what was looked at stays in the lens where it is still there."""
        self._hovered = None
        self._walk.set_parts(parts)
        if not self._walk.parts:
            self._scene = None
        self._moved()

    def select(self, place: Place | None) -> None:
        """Outline the region around ``place``, from the program's side; says nothing to anyone."""
        self._walk.select(place)
        self._moved()

    def selection_text(self) -> str:
        """The selected region in words, as a screen reader says it."""
        region = self.selected_region
        return "nothing selected" if region is None else region_tip(region).replace("\n", ", ")

    def region_at(self, point: QPointF) -> Region | None:
        """The region drawn at a point of the widget."""
        return self._picture().region_at(point)

    def center_of(self, region: Region) -> QPointF | None:
        """The middle of where a region is drawn; None where it is not in sight."""
        return self._picture().center_of(region)

    def set_notes(self, notes: Iterable[MapNote]) -> None:
        """What was noted on the bytes of the regions."""
        self._notes = tuple(notes)
        self.update()

    def _told(self, region: Region) -> str:
        return "\n".join((region_tip(region), *noted(self._notes, region)))

    def spoken_rows(self) -> tuple[SpokenRow, ...]:
        """The regions in sight, for a screen reader: what their tooltips say."""
        current = self._walk.current
        return tuple(
            SpokenRow(
                self._told(region).replace("\n", ", "),
                rect.toAlignedRect(),
                region is current,
                partial(self.choose, region),
            )
            for region, rect in self._picture().spots()
        )

    def _moved(self) -> None:
        """The walk has come to another place; where that is drawn is found out when it is."""
        self._due = True
        self.setAccessibleDescription(self.selection_text())
        tell_rows(self)
        tell_choice(self)
        self.shown_changed.emit()
        self.update()

    def _picture(self) -> MapScene:
        if self._scene is None or self._due:
            self._scene = self._new_scene()
            self._scene.reveal_selection()
            self._due = False
        return self._scene

    def _new_scene(self) -> MapScene:
        if self._drawing is None:
            self._drawing = MapPainter(self.palette(), self.font())
        drawing = self._drawing
        digits = drawing.fixed_metrics.horizontalAdvance("0xFFFFFFFF")
        columns = Columns.fitting(self.width(), self.height(), drawing.metrics, digits)
        return MapScene.of(self._walk, drawing, columns, self._scene)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything is placed anew."""
        super().resizeEvent(event)
        self._due = True

    def changeEvent(self, event: QEvent) -> None:
        """Another font or palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._drawing = None
            self._scene = self._new_scene()
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The whole picture; it is cheap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        self._picture().paint(painter, self._hovered)
        if self._notes:
            paint_notes(painter, self.palette(), self._notes, self._picture().spots())
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Tooltips say what a region is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            region = self.region_at(QPointF(event.pos()))
            text = self._told(region) if region is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a region; on the heading of a deeper column step out."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        region = self.region_at(event.position())
        if region is not None:
            self.choose(region)
        elif self._picture().over_way_back(event.position()):
            self._walk.go(self._walk.trail[:-1])
            self._moved()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By mouse of what is under it, by key of what is selected."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        region = self._walk.current if by_key else self.region_at(QPointF(event.pos()))
        if region is None:
            return
        centre = self.center_of(region) if by_key else None
        where = self.mapToGlobal(centre.toPoint()) if centre is not None else event.globalPos()
        self.menu_wanted.emit(region, where)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Step in, or where there is nothing inside show the bytes."""
        region = self.region_at(event.position())
        if region is None:
            return
        if inside(region):
            self.step_in()
        else:
            self.activated.emit(region.place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is under the mouse."""
        self._hover(self.region_at(event.position()))
        clickable = self._hovered is not None or self._picture().over_way_back(event.position())
        shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, region: Region | None) -> None:
        if region is not self._hovered:
            self._hovered = region
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll a lens column that has more than there is room for."""
        lens = self._picture().lens_at(event.position().x())
        if lens is not None:
            window = self._picture().columns.height
            lens.scrolled_to(lens.scroll - event.angleDelta().y() / 2, window)
            self._hover(self.region_at(event.position()))
            self.update()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move between regions, Enter and → go in, Backspace and ← out."""
        keys = Qt.Key
        match event.key():
            case keys.Key_Up:
                self._choose_if(self._walk.neighbour(1))
            case keys.Key_Down:
                self._choose_if(self._walk.neighbour(-1))
            case keys.Key_Return | keys.Key_Enter | keys.Key_Right:
                self.step_in()
            case keys.Key_Backspace | keys.Key_Left:
                self.step_out()
            case _:
                super().keyPressEvent(event)

    # What the user does

    def choose(self, region: Region) -> None:
        """Select a region that is in sight, and say so."""
        self._walk.choose(region)
        self._moved()
        self.selected.emit(region.place)

    def _choose_if(self, region: Region | None) -> None:
        if region is not None:
            self.choose(region)

    def step_in(self) -> None:
        """Look into the selected region and select its lowest item; the bytes where it has none."""
        current = self._walk.current
        first = self._walk.step_in()
        if first is not None:
            self.choose(first)
        elif current is not None:
            self.activated.emit(current.place)

    def step_out(self) -> None:
        """Select the region around the selected one."""
        self._choose_if(self._walk.step_out())
