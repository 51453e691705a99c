"""Beside two contents stands one column: all rows, and where they differ."""

import random

import pytest
from PySide6.QtCore import QPoint, Qt

from ovmfgui.finding import Severity
from ovmfgui.flash.byte_alignment import align
from ovmfgui.flash.byte_meaning import Mark
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.hex_marks import Marks
from ovmfgui.gui.widgets.hex_pair import HexPair
from ovmfgui.gui.widgets.hex_pair_area import PairSide
from ovmfgui.gui.widgets.pair_minimap import PairMinimap
from ovmfgui.gui.widgets.spans import SpanList
from ovmfgui.span import Span

BEFORE = random.Random(5).randbytes(4096)
# 1024 bytes are put in at 1024, two are others at 3072 of A.
AFTER = BEFORE[:1024] + bytes(1024) + BEFORE[1024:3072] + b"\0\1" + BEFORE[3074:]
MARKS = Marks([Mark(Span(0, 4096), Kind.FTW_SPARE, "variables")])


@pytest.fixture
def minimap(qtbot):
    pair = HexPair()
    qtbot.addWidget(pair)
    pair.resize(1400, 400)
    made = PairMinimap(pair)
    qtbot.addWidget(made)
    # A row of the picture for each two of the bytes: 320 in all.
    made.resize(made.sizeHint().width(), 160)
    first = PairSide(BEFORE, MARKS, SpanList([Span(3072, 2)]), lambda at: f"field {at}")
    second = PairSide(
        AFTER, MARKS, SpanList([Span(1024, 1024), Span(4096, 2)]), lambda at: f"field {at}"
    )
    pair.show()
    pair.set_sides(first, second, align(BEFORE, AFTER))
    made.refresh()
    made.show()
    return made


def marked(minimap):
    """The lines of the picture that have the colour of a difference at their edge."""
    picture = minimap.grab().toImage()
    ink = theme.severity_style(Severity.WARNING, minimap.palette()).colour
    edge = minimap.width() - 2 * theme.GRID
    return [y for y in range(picture.height()) if picture.pixelColor(edge, y) == ink]


def test_what_only_b_has_takes_room_and_is_marked_where_it_stands(minimap):
    assert len(minimap._pair.rows) == 5120 // 16
    lines = marked(minimap)
    # 64 rows of 320 are B's alone; the two bytes are in row 256.
    assert set(range(32, 64)) <= set(lines)
    assert 128 in lines
    assert not set(lines) & {*range(31), *range(66, 127), *range(131, 160)}


def test_a_click_goes_there_and_the_tip_names_both_places(qtbot, minimap):
    bar = minimap._pair.verticalScrollBar()
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(10, 130))
    assert bar.value() < 256 < bar.value() + bar.pageStep()
    assert "they differ" in minimap.accessibleDescription()
    assert minimap.name_of(256) == "A 0xC00 · B 0x1000"
    assert minimap.name_of(70) == "B 0x460"
    bar.setValue(0)
    assert minimap.value() == 0
    assert "they are the same" in minimap.accessibleDescription()


def test_other_contents_are_drawn_anew(minimap):
    same = PairSide(BEFORE, MARKS, SpanList(), lambda _at: "")
    minimap._pair.set_sides(same, same, align(BEFORE, BEFORE))
    minimap.refresh()
    assert marked(minimap) == []
