"""The glossary is reached from what is painted: drawings, tables and headings."""

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from ovmfgui.gui.dialogs.help import HelpDialog
from ovmfgui.gui.look.term_hints import term_at
from ovmfgui.help import glossary


def hint(widget, place: QPoint) -> str:
    """What is shown where the mouse rests."""
    QToolTip.showText(QPoint(), "of before")
    event = QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    return QToolTip.text()


def place_of(widget, word: str) -> QPoint:
    """In the middle of the largest of its pictures: to scale it may be a line."""
    found = [row.rect for row in widget.spoken_rows() if word in row.name]
    return max(found, key=lambda rect: rect.width() * rect.height()).center()


@pytest.mark.parametrize(
    ("word", "term"),
    [("FTW spare area", "FTW spare area"), ("FTW working block", "FTW working block")],
)
def test_a_region_of_the_map_explains_its_term(demo_window, word, term):
    view = demo_window.pages.bring_up("map")
    place = place_of(view.map, word)
    assert term_at(view.map, place) == term
    shown = hint(view.map, place)
    assert f"<b>{term}</b>: {glossary()[term].partition('. ')[0]}"[:60] in shown
    assert "F1 tells more" in shown


def test_headings_and_cells_explain_theirs(demo_window):
    table = demo_window.pages.bring_up("variables").table
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 5, 5)
    assert "<b>attributes</b>" in hint(header.viewport(), at)
    cell = table.visualRect(table.model().index(0, 2)).center()
    assert term_at(table.viewport(), cell) == "attributes"


def test_stage_and_timeline_explain_theirs(qtbot, demo_window):
    view = demo_window.pages.bring_up("migration")
    with qtbot.waitSignal(view.replay_changed, timeout=30_000):
        demo_window.actions_of["play-lesson"].trigger()
    words = [row.name for row in view.stage.spoken_rows()]
    explained = [term_at(view.stage, row.rect.center()) for row in view.stage.spoken_rows()]
    assert any(explained), words
    places = [QPoint(x, 8) for x in range(0, view.player.timeline.width(), 4)]
    assert any("F1 tells more" in hint(view.player.timeline, place) for place in places)


def test_f1_opens_the_help_at_the_term_that_is_chosen(demo_window):
    view = demo_window.pages.bring_up("map")
    row = next(row for row in view.map.spoken_rows() if "FTW spare area" in row.name)
    row.choose()
    view.map.setFocus()
    demo_window.actions_of["help"].trigger()
    dialog = demo_window.findChild(HelpDialog)
    assert dialog.page.textCursor().selectedText() == "FTW spare area"
    dialog.reject()


def test_what_has_no_term_keeps_its_own_hint(demo_window):
    header = demo_window.pages.bring_up("variables").table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(3) + 5, 5)
    assert hint(header.viewport(), at) == "Bytes of the value"
