import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication

from ovmfgui.flash.byte_formats import LARGEST_COPY
from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.widgets.hex_grid import HexGrid
from ovmfgui.gui.widgets.hex_painting import HexPainter
from ovmfgui.span import Span

KEYS = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
DATA = bytes(range(256)) * 64


@pytest.fixture
def grid(qtbot):
    widget = HexGrid()
    qtbot.addWidget(widget)
    widget.resize(800, 400)
    widget.show()
    widget.set_data(DATA, 0xFFC84000)
    return widget


@pytest.fixture
def heard(grid):
    spans: list[Span] = []
    grid.selected.connect(spans.append)
    return spans


def point(grid: HexGrid, offset: int) -> QPoint:
    layout = grid.grid_layout
    row = layout.row_of(offset) - grid.verticalScrollBar().value()
    x = layout.byte_x(offset % grid.bytes_per_row) + layout.cell
    return QPoint(x, round((row + 1.5) * layout.line))


def click(qtbot, grid: HexGrid, offset: int, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, modifier, point(grid, offset))


def picture(grid: HexGrid) -> QImage:
    return grid.grab().toImage()


def test_a_click_selects_a_byte_and_shift_extends(qtbot, grid, heard):
    click(qtbot, grid, 0x24)
    click(qtbot, grid, 0x13, SHIFT)
    assert heard == [Span(0x24, 1), Span.between(0x13, 0x25)]


def test_a_drag_selects_a_run(qtbot, grid, heard):
    qtbot.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, pos=point(grid, 0x10))
    qtbot.mouseMove(grid.viewport(), point(grid, 0x3A))
    qtbot.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, pos=point(grid, 0x3A))
    assert grid.selection == Span.between(0x10, 0x3B)
    assert heard[-1] == grid.selection


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (KEYS.Key_Right, Qt.KeyboardModifier.NoModifier, Span(0x25, 1)),
        (KEYS.Key_Left, Qt.KeyboardModifier.NoModifier, Span(0x23, 1)),
        (KEYS.Key_Down, Qt.KeyboardModifier.NoModifier, Span(0x34, 1)),
        (KEYS.Key_Up, Qt.KeyboardModifier.NoModifier, Span(0x14, 1)),
        (KEYS.Key_Home, Qt.KeyboardModifier.NoModifier, Span(0x20, 1)),
        (KEYS.Key_End, Qt.KeyboardModifier.NoModifier, Span(0x2F, 1)),
        (KEYS.Key_Home, CONTROL, Span(0, 1)),
        (KEYS.Key_End, CONTROL, Span(len(DATA) - 1, 1)),
        (KEYS.Key_Right, SHIFT, Span(0x24, 2)),
        (KEYS.Key_Up, SHIFT, Span.between(0x14, 0x25)),
        (KEYS.Key_A, CONTROL, Span(0, len(DATA))),
    ],
)
def test_keys_move_and_extend(qtbot, grid, heard, key, modifier, expected):
    click(qtbot, grid, 0x24)
    qtbot.keyClick(grid, key, modifier)
    assert heard[-1] == expected


def test_page_down_scrolls_the_cursor_into_sight(qtbot, grid):
    click(qtbot, grid, 0)
    for _ in range(3):
        qtbot.keyClick(grid, KEYS.Key_PageDown)
    row = grid.grid_layout.row_of(grid.cursor_offset)
    bar = grid.verticalScrollBar()
    assert grid.cursor_offset % 16 == 0
    assert bar.value() <= row <= bar.value() + bar.pageStep()
    assert bar.value() > 0


def test_the_programs_selection_is_silent_and_comes_into_sight(grid, heard):
    grid.select(Span(0x3000, 4))
    bar = grid.verticalScrollBar()
    row = grid.grid_layout.row_of(0x3000)
    assert heard == []
    assert bar.value() <= row < bar.value() + bar.pageStep()


def test_a_selection_beyond_the_end_is_cut(grid):
    grid.select(Span(len(DATA) - 2, 10))
    assert grid.selection == Span(len(DATA) - 2, 2)
    grid.select(Span(len(DATA) + 5, 10))
    assert grid.selection is None


def test_copy_writes_the_selected_bytes(qtbot, grid):
    grid.select(Span(0x41, 3))
    qtbot.keyClick(grid, KEYS.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "41 42 43"
    grid.copy("python")
    assert QGuiApplication.clipboard().text() == r'b"\x41\x42\x43"'


def test_more_than_the_clipboard_takes_is_left_out(grid):
    grid.set_data(bytes(LARGEST_COPY + 1))
    QGuiApplication.clipboard().setText("before")
    grid.select(Span(0, LARGEST_COPY + 1))
    grid.copy()
    assert QGuiApplication.clipboard().text() == "before"


def test_a_double_click_asks_for_the_run_of_one_meaning(qtbot, grid):
    asked: list[Span] = []
    grid.asked.connect(asked.append)
    grid.set_marks([Mark(Span(0x10, 0x20), Kind.HEADER, "volume header")])
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=point(grid, 0x18))
    qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=point(grid, 0x88))
    assert asked == [Span(0x10, 0x20)]


def test_hovering_names_the_byte(qtbot, grid):
    asked_for: list[int] = []
    grid.set_describe(lambda offset: asked_for.append(offset) or "State = 0x3F")
    where = point(grid, 0x37)
    event = QHelpEvent(QEvent.Type.ToolTip, where, grid.viewport().mapToGlobal(where))
    QApplication.sendEvent(grid.viewport(), event)
    assert asked_for == [0x37]


def test_the_selection_is_told_to_screen_readers(grid):
    grid.set_marks([Mark(Span(0x10, 0x20), Kind.HEADER, "volume header")])
    grid.select(Span(0x10, 2))
    assert grid.accessibleDescription() == "2 bytes at 0x10: 10 11; volume header"


def test_marks_changes_and_selection_are_to_be_seen(grid):
    plain = picture(grid)
    grid.set_marks([Mark(Span(0, 16), Kind.FTW_WORKING, "x")])
    marked = picture(grid)
    grid.set_changed([Span(0x20, 4)])
    changed = picture(grid)
    grid.select(Span(0x40, 4))
    selected = picture(grid)
    where = point(grid, 0x22)
    ground = QPoint(where.x() + grid.grid_layout.cell, where.y() - grid.grid_layout.line // 2 + 1)
    assert changed.pixelColor(ground).name() == theme.changed_colour(grid.palette()).name()
    assert plain != marked != changed != selected


@pytest.mark.parametrize("per_row", [8, 16, 32])
def test_any_number_of_bytes_a_row_shows_the_same_place(grid, per_row):
    grid.verticalScrollBar().setValue(16)
    grid.set_bytes_per_row(per_row)
    assert grid.verticalScrollBar().value() * per_row == 256


def test_a_64_mib_file_is_shown_to_its_end_without_a_copy(grid):
    data = bytes(64 << 20)
    grid.set_data(data)
    assert grid.data is data
    grid.select(Span(len(data) - 1, 1))
    assert grid.verticalScrollBar().value() == grid.verticalScrollBar().maximum()
    picture(grid)


def test_an_empty_file_does_not_move(qtbot, grid, heard):
    grid.set_data(b"")
    qtbot.keyClick(grid, KEYS.Key_Down)
    qtbot.keyClick(grid, KEYS.Key_A, CONTROL)
    picture(grid)
    assert heard == []


def test_zooming_changes_the_rows_height(grid):
    before = grid.grid_layout.line
    grid.zoom(6)
    assert grid.grid_layout.line > before


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_byte_can_be_read_on_every_ground(qapp, grid, name):
    """Zeros and FFs step back, and no further than text may: they are most of a store."""
    palette = theme.dark_palette() if name == "dark" else theme.light_palette()
    grid.setPalette(palette)
    painter = HexPainter(palette, grid.font(), grid.grid_layout)
    grounds = [painter._base, painter._changed, painter._selected]
    grounds += [painter._mark_fill(kind) for kind in Kind]
    for ground in grounds:
        for faint in (False, True):
            assert contrast.ratio_of(painter._pen(faint, ground), ground) >= 4.5
    assert painter._pen(True, painter._base) != painter._pen(False, painter._base)


def test_the_ink_of_a_byte_is_for_its_own_ground(qtbot, grid):
    """As drawn: the darkest pixel of each digit against what is around it."""
    grid.set_data(bytes(16))
    grid.select(Span(0, 4))
    grid.set_found([Span(8, 2)])
    grid.show()
    qtbot.waitExposed(grid)
    image, layout = grid.viewport().grab().toImage(), grid.grid_layout
    for column in range(16):
        left = layout.byte_x(column)
        box = [
            image.pixelColor(x, y)
            for x in range(left, left + 2 * layout.cell)
            for y in range(layout.line + 3, 2 * layout.line - 3)
        ]
        ground = max({c.name() for c in box}, key=[c.name() for c in box].count)
        best = max(contrast.ratio_of(c, QColor(ground)) for c in box)
        assert best >= 4, column
