import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from painted import Paints
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication

from ovmfgui.flash.byte_alignment import align
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_pair import HexPair
from ovmfgui.gui.widgets.hex_pair_area import PairSide
from ovmfgui.gui.widgets.pair_rows import PairRows
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.gui.widgets.spoken import install_spoken_drawings
from ovmfgui.span import Span

BEFORE = random.Random(5).randbytes(4096)
PUT_IN = b"put in here"
AFTER = BEFORE[:100] + PUT_IN + BEFORE[100:2000] + b"\0\0" + BEFORE[2002:3000] + BEFORE[3100:]


@pytest.fixture
def pair(qtbot):
    install_spoken_drawings()  # first: Qt keeps what it was told of a widget
    widget = HexPair()
    qtbot.addWidget(widget)
    widget.resize(1240, 400)
    stretches = align(BEFORE, AFTER)
    widget.set_sides(
        PairSide(
            BEFORE, Marks(), SpanList([Span(2000, 2), Span(3000, 100)]), lambda at: f"field {at}"
        ),
        PairSide(
            AFTER, Marks(), SpanList([Span(100, 11), Span(2011, 2)]), lambda at: f"field {at}"
        ),
        stretches,
    )
    widget.show()
    return widget


@given(st.binary(max_size=200), st.binary(max_size=200), st.sampled_from((8, 16)))
def test_the_rows_hold_every_byte_once_and_in_order(first, second, per_row):
    stretches = align(first, second)
    rows = PairRows(stretches, per_row)
    drawn = [rows.row(number) for number in range(len(rows))]
    for side, data in enumerate((first, second)):
        assert b"".join(row.sides[side].of(data) for row in drawn) == data
        for offset in range(len(data)):
            assert offset in drawn[rows.row_of(side, offset)].sides[side]
    assert all(0 < row.size <= per_row - row.place for row in drawn)


@given(st.binary(max_size=200), st.binary(max_size=200), st.data())
def test_what_stands_beside_bytes_lies_in_the_other_side(first, second, data):
    rows = PairRows(align(first, second))
    for side, (ours, theirs) in enumerate(((first, second), (second, first))):
        if not ours:
            continue
        start = data.draw(st.integers(0, len(ours) - 1))
        size = data.draw(st.integers(1, len(ours) - start))
        there = rows.across(side, Span(start, size))
        assert there.end <= len(theirs)


def click(qtbot, pair: HexPair, side: int, offset: int) -> None:
    row = pair.rows.row_of(side, offset) - pair.verticalScrollBar().value()
    place = pair.rows.row(pair.rows.row_of(side, offset))
    layout = pair._layout
    inside = offset - place.sides[side].start + place.place
    x = pair._left(side) + layout.byte_x(inside) + layout.cell
    spot = QPoint(x, round((row + 1.5) * layout.line))
    qtbot.mouseClick(pair.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_a_click_selects_on_its_side_and_the_other_is_beside_it(qtbot, pair):
    heard = []
    pair.selected.connect(lambda side, span: heard.append((side, span)))
    click(qtbot, pair, 1, 120)
    click(qtbot, pair, 0, 90)
    assert heard == [(1, Span(120, 1)), (0, Span(90, 1))]
    assert pair.rows.across(1, Span(120, 1)) == Span(109, 1)
    assert pair.rows.across(1, Span(105, 1)).size == 0


def test_either_side_is_copied_from(qtbot, pair):
    pair.setFocus()
    pair.select(1, Span(100, len(PUT_IN)))
    qtbot.keyClick(pair, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == PUT_IN.hex(" ")
    pair.select(0, Span(98, 4))
    qtbot.keyClick(pair, Qt.Key.Key_B)
    assert (pair.side, pair.selection) == (1, Span.between(98, 113))
    qtbot.keyClick(pair, Qt.Key.Key_A)
    assert (pair.side, pair.selection) == (0, Span(98, 4))


def test_the_keyboard_walks_and_extends(qtbot, pair):
    pair.setFocus()
    pair.select(0, Span(0, 1))
    qtbot.keyClick(pair, Qt.Key.Key_Down)
    qtbot.keyClick(pair, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert pair.selection == Span(16, 2)
    qtbot.keyClick(pair, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert pair.selection == Span(len(BEFORE) - 1, 1)
    bar = pair.verticalScrollBar()
    assert bar.value() == bar.maximum()


def test_what_lacks_and_what_differs_is_drawn_by_more_than_colour(pair):
    pair.select(1, Span(100, 1))
    image = pair.grab().toImage().convertToFormat(pair.grab().toImage().Format.Format_Grayscale8)
    pair.set_sides(
        PairSide(BEFORE, Marks(), SpanList(), lambda _at: ""),
        PairSide(AFTER, Marks(), SpanList(), lambda _at: ""),
        align(BEFORE, AFTER),
    )
    pair.select(1, Span(100, 1))
    plain = pair.grab().toImage().convertToFormat(image.format())
    row = pair.rows.row_of(1, 100) - pair.verticalScrollBar().value()
    line = pair._layout.line
    ground = image.pixelColor(pair._left(1) + 2, (row + 1) * line + 2).value()
    darker = 0
    for x in range(pair._left(1) + pair._layout.bytes_left, image.width()):
        y = (row + 2) * line - 2
        darker += image.pixelColor(x, y).value() < plain.pixelColor(x, y).value() - 60
    assert ground > 200
    assert darker > 3 * len(PUT_IN) * pair._layout.cell


def test_narrow_it_takes_half_as_many_bytes_a_row(pair):
    pair.select(0, Span(3500, 1))
    assert pair._layout.per_row == 16
    pair.resize(780, 400)
    assert pair._layout.per_row == 8
    top = pair.verticalScrollBar().value()
    assert top <= pair.rows.row_of(0, 3500) <= top + pair.verticalScrollBar().pageStep() + 1


def test_a_screen_reader_gets_both_sides_of_each_row(pair):
    pair.select(1, Span(100, 11))
    access = QAccessible.queryAccessibleInterface(pair)
    rows = [access.child(number).text(QAccessible.Text.Name) for number in range(8)]
    assert any(row.startswith("A: no bytes here; B 64: ") and "11 differ" in row for row in rows)
    described = access.text(QAccessible.Text.Description)
    assert described.startswith("B: 11 bytes at 0x64: 70 75 74 20")


def rows_painted(qapp, pair, action):
    """The rows in sight that an action has drawn anew."""
    qapp.processEvents()
    painted = Paints(pair.viewport())
    action()
    qapp.processEvents()
    line, width = pair._layout.line, pair.viewport().width()
    return [
        row
        for row in range(pair._in_sight())
        if painted.region.intersects(QRect(0, (row + 1) * line, width, line))
    ]


def test_a_selection_that_moves_in_sight_draws_the_rows_it_leaves_and_comes_to(qapp, pair):
    pair.select(0, Span(0x10, 1))
    assert rows_painted(qapp, pair, lambda: pair.select(0, Span(0x32, 0x10))) == [1, 3, 4]
    assert rows_painted(qapp, pair, lambda: pair.select(1, Span(0, 1))) == [0, 3, 4]


def test_the_other_side_is_drawn_in_the_rows_of_both(qapp, pair):
    pair.select(0, Span(0x20, 0x30))
    assert rows_painted(qapp, pair, lambda: pair.go_to_side(1)) == [2, 3, 4]


def test_bytes_that_the_other_side_lacks_are_drawn_as_it_is_gone_to(qapp, pair):
    pair.select(1, Span(100, len(PUT_IN)))
    row = pair.rows.row_of(1, 100)
    drawn = rows_painted(qapp, pair, lambda: pair.go_to_side(0))
    assert pair.rows.row_of(0, pair.selection.start) != row
    assert row in drawn


def test_what_comes_into_sight_is_drawn_as_a_whole(qapp, pair):
    drawn = rows_painted(qapp, pair, lambda: pair.select(0, Span(3000, 4)))
    assert drawn == list(range(pair._in_sight()))


def test_rows_drawn_one_by_one_are_those_drawn_at_once(qapp, pair):
    chance = random.Random(1)
    for _step in range(60):
        size = chance.randrange(90)
        pair.select(chance.randrange(2), Span(chance.randrange(2100), size))
        if size % 3 == 0:
            pair.go_to_side(1 - pair.side)
        for _turn in range(3):
            qapp.processEvents()
        seen = qapp.primaryScreen().grabWindow(pair.winId()).toImage()
        whole = pair.grab().toImage()
        assert seen.convertToFormat(whole.format()) == whole
