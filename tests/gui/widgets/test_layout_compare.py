"""Two layouts side by side: what is drawn of a column that a damaged image filled with areas."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ovmfgui.flash.region import Kind
from ovmfgui.gui.widgets.layout_compare import LayoutCompare
from ovmfgui.gui.widgets.map_painting import MapPainter
from ovmfgui.layout.columns import Area, LayoutColumn

LARGE, SMALL = 0x100000, 0x40


def column(title, count):
    """Many small areas, a large one in their middle."""
    areas, at = [], 0
    for number in range(count):
        size = LARGE if number == count // 2 else SMALL
        areas.append(Area(f"{title}{number}", Kind.VOLUME, "", at, size))
        at += size
    return LayoutColumn(title, "", 0, at, tuple(areas))


@pytest.fixture
def drawn(qtbot, monkeypatch):
    counted = []
    ground = MapPainter.kind_ground
    monkeypatch.setattr(
        MapPainter, "kind_ground", lambda *all_: (counted.append(all_[-1]), ground(*all_))
    )
    widget = LayoutCompare()
    qtbot.addWidget(widget)
    widget.resize(800, 600)
    widget.grab()
    return widget, counted


def test_no_more_areas_are_drawn_than_there_are_half_pixels(drawn):
    widget, counted = drawn
    widget.set_columns(column("A", 5_000), column("B", 5_000))
    widget.grab()
    assert 2 < len(counted) <= 2 * 2 * widget.height()
    # The large one is drawn, and clicked as ever.
    chosen = []
    widget.chosen.connect(lambda side, area: chosen.append(area.name))
    box = widget.rect_of(0, widget.columns[0].areas[2_500])
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert chosen == ["A2500"]


def test_all_areas_of_a_real_layout_are(drawn):
    widget, counted = drawn
    widget.set_columns(column("A", 40), column("B", 3))
    widget.grab()
    assert len(counted) == 43
