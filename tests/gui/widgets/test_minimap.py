import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor

from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.flash.byte_overview import Part, overview
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.minimap import Minimap
from ovmfgui.span import Span

SIZE = 4096
MARKS = (Mark(Span(0, 1024), Kind.HEADER, "head"), Mark(Span(2048, 2048), Kind.FTW_SPARE, "spare"))


@pytest.fixture
def minimap(qtbot):
    widget = Minimap()
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint().width(), 256)
    widget.set_contents(SIZE, MARKS, lambda at: "head" if at < 1024 else "")
    widget.set_window(0, 32, SIZE // 16)
    widget.show()
    return widget


@pytest.fixture
def went(minimap):
    rows: list[int] = []
    minimap.went.connect(rows.append)
    return rows


def colour(minimap, x: int, y: int) -> QColor:
    return minimap.grab().toImage().pixelColor(x, y)


def test_a_click_and_a_drag_bring_what_is_there_into_the_middle(qtbot, minimap, went):
    qtbot.mousePress(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 128))
    assert went == [112]
    qtbot.mouseMove(minimap, QPoint(20, 255))
    qtbot.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 255))
    assert went[-1] == minimap.maximum() == 224
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 1))
    assert went[-1] == 0


def test_the_keyboard_goes_down_to_higher_offsets(qtbot, minimap, went):
    minimap.setFocus()
    for key, row in (
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_PageDown, 33),
        (Qt.Key.Key_Up, 32),
        (Qt.Key.Key_End, 224),
        (Qt.Key.Key_PageUp, 192),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(minimap, key)
        assert went[-1] == minimap.value() == row


def test_what_the_program_scrolls_is_told_to_nobody(minimap, went):
    minimap.set_window(40, 32, SIZE // 16)
    assert (minimap.value(), went) == (40, [])


def test_kinds_fill_and_flags_are_drawn_where_they_lie(minimap):
    palette = minimap.palette()
    minimap.set_overview([Part(1.0, 8.0), Part(0.0, 0.0), Part(0.5, 4.0), Part(0.0, 0.0)])
    minimap.set_flags(((lambda: QColor("red"), [Span(3000, 1)]),))
    minimap.set_window(0, 8, SIZE // 16)
    assert colour(minimap, 10, 40).rgb() == theme.kind_style(Kind.HEADER, palette).fill.rgb()
    assert colour(minimap, 10, 100) == palette.base().color()
    assert colour(minimap, 10, 200).rgb() == theme.kind_style(Kind.FTW_SPARE, palette).fill.rgb()
    fill, edge = 4 + 24 + 4, 4 + 24 + 24 + 2
    assert colour(minimap, fill, 40) != palette.base().color()
    assert colour(minimap, fill, 100) == palette.base().color()
    assert colour(minimap, edge, 3000 * 256 // SIZE + 1) == QColor("red")
    assert colour(minimap, edge, 100) == palette.base().color()


def test_a_screen_reader_gets_a_slider_with_what_is_in_sight(minimap):
    access = QAccessible.queryAccessibleInterface(minimap)
    assert access.role() == QAccessible.Role.Slider
    assert access.text(QAccessible.Text.Name) == "Minimap"
    minimap.set_window(16, 32, SIZE // 16)
    assert access.valueInterface().currentValue() == 16
    told = access.text(QAccessible.Text.Description)
    assert told == "0x100 to 0x2FF of 0x1000 bytes are in sight, head"


def test_nothing_is_drawn_of_nothing(minimap):
    minimap.set_contents(0, (), lambda _at: "")
    minimap.set_overview(overview(b""))
    minimap.set_window(0, 10, 0)
    assert colour(minimap, 20, 100) == minimap.palette().base().color()
    assert minimap.accessibleDescription() == "no bytes"
