"""Text and lines against what is really painted behind them, in every view and both themes.

WCAG 2.2: 4.5 for text (1.4.3), 3 for shapes that carry meaning (1.4.11).
"""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractScrollArea, QTableView, QWidget

from ovmfgui.flash.region import Kind
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.shell.screenshots import bring_what_fits, select_something, settle
from tests.painted import grounds_of, main_colour, painted_by, paints_itself

THEMES = {"light": theme.light_palette, "dark": theme.dark_palette}


@pytest.fixture
def themed(qapp, demo_window):
    """The window with something in every view; themes come and go."""
    demo_window.resize(1280, 800)
    select_something(demo_window.document)
    demo_window.commands.migration.play_lesson()
    settle(demo_window.workbench)
    yield demo_window
    theme.apply_theme(qapp, "system")


def paintings(window):
    """Everything in sight that paints for itself."""
    yield window.badge
    for widget in window.pages.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if paints_itself(widget):
            yield widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
        if isinstance(widget, QTableView):
            across, down = widget.horizontalHeader(), widget.verticalHeader()
            yield from (widget.viewport(), across.viewport(), down.viewport())


def unreadable(widget, texts, strokes, picture):
    for text in texts:
        if widget.rect().contains(text.box.toAlignedRect()):
            for ground in grounds_of(text, picture):
                if ground.name() in strokes:
                    # An outline beside a single letter.
                    continue
                ratio = contrast.ratio_of(text.ink, ground)
                if ratio < 4.5:
                    yield text.words, text.ink.name(), ground.name(), round(ratio, 2)


def unseen(strokes, picture, palette):
    """Lines that hardly differ from the ground; hairlines between parts mean nothing."""
    ground = main_colour(picture)
    apart = {theme.line(palette).name(), palette.base().color().name()}
    for stroke in strokes - apart:
        ratio = contrast.ratio_of(QColor(stroke), ground)
        if ratio < 3:
            yield stroke, ground.name(), round(ratio, 2)


def shown(window):
    """Each view in turn with something in it, the map's second drawing too."""
    for spec in VIEWS:
        bring_what_fits(window.document, spec.id)
        view = window.pages.bring_up(spec.id)
        if hasattr(view, "fill_for_picture"):
            view.fill_for_picture()
        settle(window.workbench)
        if spec.id == "migration":
            view.player.to_last()
            settle(window.workbench)
        yield spec.id
        if spec.id == "map":
            view.show_mode(1)
            settle(window.workbench)
            yield spec.id


def test_what_is_painted_can_be_read_and_seen(themed, qapp):
    painted, wrong = set(), []
    for view_id in shown(themed):
        for name in THEMES:
            theme.apply_theme(qapp, name)
            qapp.processEvents()
            for widget in paintings(themed):
                if min(widget.width(), widget.height()) < 8:
                    continue
                picture = widget.grab().toImage()
                own = widget.parent() if type(widget) is QWidget else widget
                painted.add(type(own).__name__)
                texts, strokes = painted_by(widget)
                found = list(unreadable(widget, texts, strokes, picture))
                found += unseen(strokes, picture, own.palette())
                wrong += [(name, view_id, type(own).__name__, *each) for each in found]
    assert wrong == []
    assert {"FlashMap", "HexGrid", "Stage", "Timeline", "VerdictTable", "MinimapSide"} <= painted
    assert {
        "LayoutCompare",
        "VerdictBadge",
        "NamesHeader",
        "Legend",
        "StoreGauge",
        "ChainDrawing",
    } <= painted


@pytest.mark.parametrize("name", THEMES)
def test_marks_beside_bytes_are_seen(name, qapp):
    """What the minimap and the stage paint without a line: notes, finds, changes, a boundary."""
    palette = THEMES[name]()
    base = palette.base().color()
    marks = [theme.note_colour(number, palette) for number in range(len(theme.NOTE_COLOURS))]
    marks += [theme.accent(palette), theme.error_colour(palette)]
    assert all(contrast.ratio_of(mark, base) >= 3 for mark in marks)
    for kind in Kind:
        style = theme.kind_style(kind, palette)
        assert contrast.ratio_of(style.ink, style.fill) >= 4.5
