import pytest
from made_regions import named, pair_parts
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.flash_map import FlashMap
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.span import Place, Span

KEYS = Qt.Key
PARTS = pair_parts()


@pytest.fixture
def flash(qtbot):
    widget = FlashMap()
    qtbot.addWidget(widget)
    widget.resize(740, 520)
    widget.set_parts(PARTS)
    widget.show()
    return widget


@pytest.fixture
def heard(flash):
    places: list[Place] = []
    flash.selected.connect(places.append)
    return places


def click(qtbot, flash, name: str) -> None:
    where = flash.center_of(named(PARTS, name))
    assert where is not None
    qtbot.mouseClick(flash, Qt.MouseButton.LeftButton, pos=where.toPoint())


@pytest.mark.parametrize("name", ["event log", "FTW working block", "Boot0003", "free space"])
def test_a_click_in_the_lens_selects_even_the_smallest_region(qtbot, flash, heard, name):
    click(qtbot, flash, name)
    assert heard == [named(PARTS, name).place]
    assert flash.selected_region is named(PARTS, name)


def test_a_click_in_the_overview_selects_and_looks_inside(qtbot, flash, heard):
    click(qtbot, flash, "FVMAIN_COMPACT")
    assert heard == [named(PARTS, "FVMAIN_COMPACT").place]
    assert [item.name for item in flash.column_items(0)] == ["volume header", "volumes", "free"]


def test_every_region_in_sight_is_found_where_it_is_drawn(flash):
    for index in (0, 1):
        for item in flash.column_items(index):
            where = flash.center_of(item)
            assert where is not None
            assert flash.region_at(where) is item


def test_beside_the_columns_there_is_nothing(qtbot, flash, heard):
    assert flash.region_at(QPointF(2, 300)) is None
    assert flash.region_at(QPointF(739, 300)) is None
    qtbot.mouseClick(flash, Qt.MouseButton.LeftButton, pos=QPoint(2, 300))
    assert heard == []


def test_the_programs_selection_is_silent_and_outlined(flash, heard):
    before = flash.grab().toImage()
    flash.select(named(PARTS, "FTW working block").place)
    assert heard == []
    assert flash.grab().toImage() != before
    assert "FTW working block" in flash.accessibleDescription()
    assert "0xFFEEF000" in flash.accessibleDescription()


def test_arrows_move_enter_goes_in_backspace_out(qtbot, flash, heard):
    flash.select(named(PARTS, "event log").place)
    qtbot.keyClick(flash, KEYS.Key_Down)
    qtbot.keyClick(flash, KEYS.Key_Return)
    qtbot.keyClick(flash, KEYS.Key_Up)
    qtbot.keyClick(flash, KEYS.Key_Backspace)
    expected = ["variable region", "volume header", "variable store header", "variable region"]
    assert [named(PARTS[1:], name).place for name in expected] == heard


def test_unpacked_contents_are_a_step_in(qtbot, flash, heard):
    flash.select(named(PARTS, "compressed body").place)
    qtbot.keyClick(flash, KEYS.Key_Right)
    assert heard == [named(PARTS, "PEIFV").place]
    assert heard[0].space == 2


def test_a_leaf_asks_for_its_bytes(qtbot, flash):
    wanted: list[Place] = []
    flash.activated.connect(wanted.append)
    where = flash.center_of(named(PARTS, "event log"))
    assert where is not None
    qtbot.mouseDClick(flash, Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert wanted == [named(PARTS, "event log").place]


def test_the_heading_of_a_deeper_column_leads_back(qtbot, flash):
    flash.select(named(PARTS, "DXEFV").place)
    before = flash.trail
    where = flash.center_of(flash.column_items(0)[0])
    assert where is not None
    qtbot.mouseClick(flash, Qt.MouseButton.LeftButton, pos=QPoint(round(where.x()), 12))
    assert flash.trail == before[:-1]


def test_many_records_are_scrolled_through(flash, qtbot):
    parts = pair_parts(records=300)
    flash.set_parts(parts)
    lowest, highest = named(parts, "Boot0000"), named(parts, "Boot0299")
    flash.select(lowest.place)
    where = flash.center_of(lowest)
    assert where is not None
    assert flash.region_at(where) is lowest
    hidden = flash.center_of(highest)
    assert hidden is not None
    assert hidden.y() < 0
    flash.select(highest.place)
    where = flash.center_of(highest)
    assert where is not None
    assert flash.region_at(where) is highest


def test_hovering_says_what_where_and_how_full(flash, monkeypatch):
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _where, text, _widget: shown.append(text))
    where = flash.center_of(named(PARTS, "variable region"))
    assert where is not None
    tip = QHelpEvent(QEvent.Type.ToolTip, where.toPoint(), flash.mapToGlobal(where.toPoint()))
    QApplication.sendEvent(flash, tip)
    assert shown[0].splitlines()[0] == "variable region"
    assert "offset 0x0 to 0xE000, 56 KiB (0xE000)" in shown[0]
    assert "bytes free" in shown[0]


@pytest.mark.parametrize("palette", [theme.light_palette(), theme.dark_palette()])
@pytest.mark.parametrize("size", [(420, 240), (740, 520), (1600, 1100)])
def test_it_is_drawn_at_any_size_in_light_and_dark(flash, palette: QPalette, size):
    flash.setPalette(palette)
    flash.resize(*size)
    image = flash.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert len(colours) > 4


def test_nothing_to_show_is_no_trouble(qtbot, flash):
    flash.set_parts(())
    flash.grab()
    qtbot.keyClick(flash, KEYS.Key_Up)
    assert flash.selection_text() == "nothing selected"


def test_the_legend_names_the_kinds_and_breaks_its_lines(qtbot, flash):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.set_kinds(flash.kinds())
    assert "event log" in legend.accessibleDescription()
    assert legend.heightForWidth(200) > legend.heightForWidth(2000)
    legend.resize(400, legend.heightForWidth(400))
    legend.grab()


def test_a_place_that_is_not_on_the_map_selects_nothing(flash):
    flash.select(Place(7, Span(0, 1)))
    assert flash.selected_region is None
