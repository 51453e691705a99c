"""The views as tabs, each made when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ovmfgui.gui.actions.view_table import VIEWS, ViewSpec
from ovmfgui.gui.look.icons import icon
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.steady_tabs import SteadyTabs

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench


class ViewTabs(SteadyTabs):
    """All of the table of views.

    Signals:
        view_made: a view has come into being.
        shown: the id of the view in front now.
    """

    view_made = Signal(object)
    shown = Signal(str)

    def __init__(
        self,
        workbench: Workbench,
        specs: tuple[ViewSpec, ...] = VIEWS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._specs = specs
        self._drawn = False
        self._views: dict[str, QWidget] = {}
        self._holders: list[QWidget] = []
        self._columns: list[QVBoxLayout] = []
        self.setDocumentMode(True)
        self.setAccessibleName("Views")
        self.tabBar().setAccessibleName("Views")
        for spec in specs:
            holder = QWidget(self)
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            self._holders.append(holder)
            self._columns.append(column)
            self.addTab(holder, spec.title)
        self._show_keys()
        workbench.actions.keys_changed.connect(self._show_keys)
        self.draw_icons()
        self.currentChanged.connect(self._on_current)
        self._measure_only(self.currentIndex())

    def _show_keys(self) -> None:
        actions = self._workbench.actions
        for index, spec in enumerate(self._specs):
            tip = actions.tip_with_key(spec.tip, f"view-{spec.id}")
            self.setTabToolTip(index, plain_tip(tip))

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew what has the palette's colours in it, once these are others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.draw_icons()

    def draw_icons(self) -> None:
        """Icons in the palette's colours; none where they would push a tab out of sight."""
        for index, spec in enumerate(self._specs):
            self.setTabIcon(index, icon(spec.icon, self.palette()))
        self._drawn = True
        if self.tabBar().sizeHint().width() > self.width():
            for index in range(len(self._specs)):
                self.setTabIcon(index, QIcon())
            self._drawn = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for icons now, or no longer."""
        super().resizeEvent(event)
        fewer = self._drawn and self.tabBar().sizeHint().width() > self.width()
        if fewer or (not self._drawn and event.size().width() > event.oldSize().width()):
            self.draw_icons()

    @property
    def current(self) -> ViewSpec:
        """The view in front."""
        return self._specs[self.currentIndex()]

    @property
    def current_id(self) -> str:
        """The id of the view in front."""
        return self.current.id

    def view(self, view_id: str) -> QWidget:
        """A view by its id; made now where it has not been."""
        if view_id not in self._views:
            index = next(i for i, spec in enumerate(self._specs) if spec.id == view_id)
            holder = self._holders[index]
            view = _make_view(self._specs[index], self._workbench, holder)
            view.setObjectName(f"view-{view_id}")
            self._columns[index].addWidget(view)
            holder.setFocusProxy(view)
            self._views[view_id] = view
            self.view_made.emit(view)
        return self._views[view_id]

    def made(self, view_id: str) -> QWidget | None:
        """A view by its id; None where it has not been made yet."""
        return self._views.get(view_id)

    def bring_up(self, view_id: str) -> QWidget:
        """Put a view in front, made now where it has not been."""
        view = self.view(view_id)
        self.choose(view_id)
        return view

    def choose(self, view_id: str) -> None:
        """Have a view in front once the tabs are; one that does not exist is an old setting's."""
        for index, spec in enumerate(self._specs):
            if spec.id == view_id:
                self.setCurrentIndex(index)

    def _measure_only(self, index: int) -> None:
        """Take room for the view in front: one that is hidden would squeeze the panes beside it."""
        for at, holder in enumerate(self._holders):
            policy = QSizePolicy.Policy.Preferred if at == index else QSizePolicy.Policy.Ignored
            holder.setSizePolicy(policy, policy)

    def _on_current(self, index: int) -> None:
        self._measure_only(index)
        if 0 <= index < len(self._specs):
            if self.isVisible():
                self.view(self._specs[index].id)
            self.shown.emit(self._specs[index].id)


def _make_view(spec: ViewSpec, workbench: Workbench, parent: QWidget) -> QWidget:
    """The view of an entry; only now is its module imported."""
    module, name = spec.view.split(":")
    view = getattr(import_module(f"ovmfgui.gui.views.{module}"), name)(workbench, parent)
    assert isinstance(view, QWidget)
    return view
