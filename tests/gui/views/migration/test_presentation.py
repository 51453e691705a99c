"""The replay for a room: it fills the screen, a remote leads through it, notes stand beside."""

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QLabel

from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.presenting.notes import KEYS
from ovmfgui.gui.views.migration.presenting.presentation import Presentation
from ovmfgui.gui.views.migration.presenting.screens import screens_for
from ovmfgui.gui.views.migration.step_text import timeline_steps
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.shipped import find

KEY = Qt.Key
SIZES = [(1024, 600), (1280, 800), (1920, 1080), (3840, 2160)]


@pytest.fixture(scope="module")
def story():
    return play(find("demo"), lambda *_: None)


@pytest.fixture
def shown(qtbot, story):
    made = Presentation()
    qtbot.addWidget(made)
    made.set_prepared(story, timeline_steps(story.replay))
    made.resize(1920, 1080)
    made.show()
    return made


def refusal(story):
    return next(step.n for step in story.replay.steps if step.qemu)


@pytest.mark.parametrize("size", SIZES)
def test_all_of_the_stage_and_of_the_words_is_in_the_picture_at_any_size(qtbot, shown, story, size):
    shown.resize(*size)
    assert shown.size().toTuple() == size
    for index in (0, refusal(story), len(story.replay.steps) - 1):
        shown.go(index)
        assert shown.stage.minimumSizeHint().height() <= shown.stage.height()
        assert shown.timeline.geometry().bottom() < size[1]
        text = shown.narrator
        assert text.document().size().height() <= text.viewport().height()
        assert story.replay.steps[index].title in text.toPlainText()


def test_letters_follow_the_screen(qtbot, shown):
    """At eight metres of a two-metre picture 1/29 of its height are ten minutes of arc and more."""
    assert shown.narrator.letters >= 1080 / 30
    assert shown.stage.font().pointSizeF() * shown.logicalDpiY() / 96 >= 20
    small = shown.narrator.letters
    shown.resize(3840, 2160)
    assert shown.narrator.letters == pytest.approx(2 * small, rel=0.05)
    assert shown.stage.font().pointSizeF() * shown.logicalDpiY() / 72 >= 1080 / 60


def test_a_remote_leads_to_the_end_and_back(qtbot, shown, story):
    last = len(story.replay.steps) - 1
    for _step in range(last + len(questions_of(story.replay)) + 1):
        qtbot.keyClick(shown, KEY.Key_PageDown)
    assert shown.index == last
    assert shown.where.text() == f"{last} / {last}"
    qtbot.keyClick(shown, KEY.Key_PageUp)
    assert shown.index == last - 1
    for key, at in ((KEY.Key_Home, 0), (KEY.Key_Right, 1), (KEY.Key_Left, 0), (KEY.Key_End, last)):
        qtbot.keyClick(shown, key)
        assert shown.index == at


def test_the_room_is_asked_and_the_next_step_answers(qtbot, shown, story):
    question = questions_of(story.replay)[0]
    shown.show_step(question.asked_at)
    qtbot.keyClick(shown, KEY.Key_PageDown)
    assert shown.index == question.asked_at
    said = shown.narrator.toPlainText()
    assert question.text in said
    assert all(choice.words in said for choice in question.choices)
    for _step in range(question.answered_at - question.asked_at):
        qtbot.keyClick(shown, KEY.Key_PageDown)
    assert shown.index == question.answered_at
    assert question.answer in shown.narrator.toPlainText()


def test_the_mouse_goes_on_and_back(qtbot, shown):
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)
    assert shown.index == 1
    qtbot.mouseClick(shown, Qt.MouseButton.RightButton)
    assert shown.index == 0


@pytest.mark.parametrize("key", [KEY.Key_B, KEY.Key_Period])
def test_black_is_black_and_the_next_step_ends_it(qtbot, shown, key):
    qtbot.keyClick(shown, key)
    picture = shown.grab().toImage()
    assert all(
        picture.pixelColor(x, y) == QColor("black")
        for x in range(0, 1920, 97)
        for y in range(0, 1080, 89)
    )
    qtbot.keyClick(shown, key)
    assert shown.grab().toImage().pixelColor(2, 2) != QColor("black")
    qtbot.keyClick(shown, key)
    qtbot.keyClick(shown, KEY.Key_PageDown)
    assert not shown.overlay.black
    assert shown.index == 1


def test_the_pointer_follows_the_mouse(qtbot, shown):
    qtbot.keyClick(shown, KEY.Key_L)
    place = QPointF(700, 400)
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        shown.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    shown.mouseMoveEvent(moved)
    assert shown.overlay.pointer == place
    assert shown.grab().toImage().pixelColor(700, 400) == QColor("#D55E00")
    qtbot.keyClick(shown, KEY.Key_L)
    assert shown.overlay.pointer is None


def flowing(story):
    steps = story.replay.steps
    return next(s.n for s in steps if s.snapshot.stream and s.snapshot.stream.state == "flowing")


def test_what_a_step_changes_moves_calmly_and_then_stands_still(qtbot, shown, story):
    shown.set_motion(True)
    shown.show_step(flowing(story) - 1)
    shown.go(flowing(story))
    qtbot.waitUntil(lambda: 0.3 < shown.stage._pen().progress < 0.9)
    moving = shown.stage.grab().toImage()
    qtbot.waitUntil(lambda: shown.stage._pen().progress == 1.0)
    assert moving != shown.stage.grab().toImage()
    still = shown.stage.grab().toImage()
    qtbot.wait(60)
    assert shown.stage.grab().toImage() == still


def test_nothing_moves_where_motion_is_not_wanted_nor_on_the_way_back(qtbot, shown, story):
    qtbot.keyClick(shown, KEY.Key_M)
    assert shown.stage.motion
    with qtbot.waitSignal(shown.motion_changed):
        qtbot.keyClick(shown, KEY.Key_M)
    shown.go(flowing(story))
    assert shown.stage._pen().progress == 1.0
    shown.set_motion(True)
    shown.go(flowing(story) - 1)
    assert shown.stage._pen().progress == 1.0


def test_notes_say_what_is_not_on_the_stage_and_what_comes_next(qtbot, shown, story):
    qtbot.keyClick(shown, KEY.Key_S)
    shown.go(1)
    said = shown.notes.text.toPlainText()
    assert story.replay.steps[1].text in said
    assert f"Next: {story.replay.steps[2].title}" in said
    assert shown.notes.where.text().startswith("Step 1 of")
    qtbot.keyClick(shown.notes, KEY.Key_PageDown)
    assert shown.index == 2
    qtbot.keyClick(shown, KEY.Key_S)
    assert not shown.notes.isVisible()


def test_the_room_gets_the_other_screen():
    assert screens_for("laptop", ["laptop"]) == ("laptop", None)
    assert screens_for("laptop", ["laptop", "beamer"]) == ("beamer", "laptop")
    assert screens_for("beamer", ["laptop", "beamer"]) == ("laptop", "beamer")


TWO_SCREENS = """
import json, sys
from PySide6.QtWidgets import QApplication, QWidget
from ovmfgui.gui.views.migration.presenting.presentation import Presentation

application = QApplication([])
window = QWidget()
window.setGeometry(40, 40, 600, 400)
window.show()
shown = Presentation(window)
shown.begin()
application.processEvents()
notes = shown.notes
print(json.dumps([
    [each.name() for each in (window.screen(), shown.screen(), notes.screen())],
    shown.geometry().getRect(), notes.geometry().getRect(), notes.isVisible(),
]))
shown.close()
"""


def test_the_notes_stand_on_the_presenters_screen_and_the_stage_fills_the_other(tmp_path):
    config = tmp_path / "screens.json"
    common = {"y": 0, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    laptop = {"name": "laptop", "x": 0, "width": 1280, "height": 800, **common}
    beamer = {"name": "beamer", "x": 1280, "width": 1920, "height": 1080, **common}
    config.write_text(json.dumps({"screens": [laptop, beamer]}))
    environment = os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    told = subprocess.run(
        [sys.executable, "-c", TWO_SCREENS],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names, stage, notes, visible = json.loads(told)
    assert names == ["laptop", "beamer", "laptop"]
    assert stage == [1280, 0, 1920, 1080]
    assert visible
    assert notes[0] >= 0
    assert notes[0] + notes[2] <= 1280


def test_f11_presents_from_the_step_in_front_and_the_view_follows(qtbot, window, story):
    view = window.workbench.show_view(MigrationView)
    assert not window.actions_of["present"].isEnabled()
    view.set_prepared(story)
    view.player.timeline.go(3)
    window.actions_of["present"].trigger()
    shown = view.presentation
    assert shown.isFullScreen()
    assert shown.index == 3
    qtbot.keyClick(shown, KEY.Key_PageDown)
    assert view.step.n == 4
    qtbot.keyClick(shown, KEY.Key_M)
    with qtbot.waitSignal(shown.ended):
        qtbot.keyClick(shown, KEY.Key_Escape)
    assert view.presentation is None
    view.present()
    assert not view.presentation.stage.motion
    view.presentation.close()


def test_the_presenter_is_told_the_keys(shown):
    shown.show_notes()
    labels = " ".join(label.text() for label in shown.notes.findChildren(QLabel))
    for key, what in KEYS:
        assert f"{key} {what}" in labels


def test_a_live_variable_is_seen_on_the_strip_that_holds_it(shown, story):
    """To scale it would be a fifth of a pixel."""
    shown.set_motion(False)
    shown.go(len(story.replay.steps) - 1)
    stage = shown.stage
    fill = theme.kind_style(Kind.VARIABLE, stage.palette()).fill.rgb()
    row = next(row for row in stage.rows if row.label == "VARS chip")
    live = next(each for each in story.charts[row.contents] if each.kind is Kind.VARIABLE)
    rect = stage.rect_of(row.key).toRect()
    assert live.span.size / row.contents.size * rect.width() < 1
    picture = stage.grab(rect).toImage()
    columns = range(picture.width())
    rows = range(picture.height())
    seen = [x for x in columns if any(picture.pixel(x, y) == fill for y in rows)]
    assert len(seen) >= 3
