"""The store enlarged below its chip, and the legend with the lengths of both scales."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QFont, QFontMetricsF

from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.stage import Stage
from ovmfgui.gui.views.migration.stage_lens import blocks_of, laid_out
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.recorded.segments import Segment
from ovmfgui.migration.scenario.shipped import find
from ovmfgui.span import Span


@pytest.fixture(scope="module")
def story():
    return play(find("demo"), lambda *_: None)


@pytest.fixture
def stage(qtbot, story):
    made = Stage()
    qtbot.addWidget(made)
    made.resize(860, 480)
    made.show()
    made.set_steps(story.replay.steps, story.charts)
    made.show_step(len(story.replay.steps) - 1)
    return made


def store_chip(stage):
    return next(placed for placed in stage._placed if placed.row.store)


def store(records):
    """Segments of a store with that many live variables and one dead record."""
    found = [Segment(Span(0, 72), Kind.HEADER), Segment(Span(72, 28), Kind.HEADER)]
    found += [
        Segment(Span(100 + 60 * number, 60), Kind.VARIABLE, f"Variable{number}")
        for number in range(records)
    ]
    end = 100 + 60 * records
    found.append(Segment(Span(end, 60), Kind.DEAD_VARIABLE, "Gone"))
    found.append(Segment(Span(end + 60, 0x40000 - end - 60), Kind.FREE))
    found.append(Segment(Span(0x40000, 0x1000), Kind.EVENT_LOG))
    found.append(Segment(Span(0x41000, 0x1000), Kind.FTW_WORKING))
    found.append(Segment(Span(0x42000, 0x42000), Kind.FTW_SPARE))
    return found


@pytest.mark.parametrize("records", [0, 1, 3, 31, 2000])
@pytest.mark.parametrize("width", [120, 370, 800])
def test_all_parts_stand_side_by_side_and_their_words_fit(qapp, records, width):
    metrics = QFontMetricsF(QFont())
    shown = laid_out(blocks_of(store(records)), width, metrics)
    assert shown[0].left == 0
    for one, other in pairwise(shown):
        assert one.left + one.width == pytest.approx(other.left)
        assert one.block.span.end == other.block.span.start
    assert shown[-1].left + shown[-1].width == pytest.approx(width)
    assert all(metrics.horizontalAdvance(each.label) <= each.width for each in shown)


def test_variables_are_named_where_there_is_room_and_counted_where_not(qapp):
    metrics = QFontMetricsF(QFont())
    assert "Variable0" in [each.label for each in laid_out(blocks_of(store(1)), 800, metrics)]
    assert "31 variables" in [each.label for each in laid_out(blocks_of(store(31)), 800, metrics)]


def test_what_has_no_store_is_not_enlarged(story):
    code = next(row for row in story.charts if row.size > 0x100000)
    assert blocks_of(story.charts[code]) == ()


def test_four_kibibytes_can_be_read_on_the_guests_chip(stage):
    chip = store_chip(stage)
    parts = {part.block.kind: part for part in chip.parts}
    scale = chip.strip.width() / chip.row.contents.size
    for kind in (Kind.EVENT_LOG, Kind.FTW_WORKING):
        assert parts[kind].block.span.size == 0x1000
        assert 0x1000 * scale < 4
        assert parts[kind].width > 40
        assert "4 KiB" in parts[kind].label
    assert chip.strip.bottom() < chip.lens.top()
    assert chip.rect.contains(chip.lens)


def test_the_legend_explains_every_colour_and_both_scales(stage, story):
    words = [entry.words for entry in stage._legend.entries]
    for segments in story.charts.values():
        assert {theme.kind_label(each.kind) for each in segments} <= set(words)
    assert "not to scale" in words
    bars = {entry.words.rpartition(" of ")[2]: entry for entry in stage._legend.entries[:2]}
    column = stage._places.columns[0][1]
    for name, largest in (("CODE", 0x37C000), ("VARS", 0x84000)):
        size, unit, *_ = bars[name].words.split()
        length = int(size) << {"KiB": 10, "MiB": 20}[unit]
        assert bars[name].wide == pytest.approx(column * length / largest)
        assert bars[name].wide >= 10
        assert any(bars[name].words in row.name for row in stage.spoken_rows())


def test_the_legend_lies_below_all_that_it_explains(stage):
    top = stage._legend_rect().top()
    assert all(rect.bottom() <= top for _host, rect, _section in stage._sections)
    assert stage._legend_rect().bottom() <= stage.height()
