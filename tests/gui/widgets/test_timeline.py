import pytest
from PySide6.QtCore import QPoint, Qt

from ovmfgui.gui.widgets.timeline import Timeline, TimelineStep

STEPS = (
    TimelineStep("Before", 0, "before"),
    TimelineStep("Define vm1", 1, "define"),
    TimelineStep("QEMU refuses the stream", 2, "migrate", ok=False),
    TimelineStep("The guest stays", 2, "migrate"),
)


@pytest.fixture
def timeline(qtbot):
    widget = Timeline()
    qtbot.addWidget(widget)
    widget.resize(400, 50)
    widget.set_steps(STEPS)
    widget.show()
    return widget


@pytest.fixture
def heard(timeline):
    indices: list[int] = []
    timeline.moved.connect(indices.append)
    return indices


def test_how_a_step_goes_is_not_told_before_where_that_answers_a_question(qtbot):
    def picture(ok, *, tell_ahead, at=0):
        line = Timeline()
        qtbot.addWidget(line)
        line.resize(300, 60)
        steps = [TimelineStep("one", 1, "a"), TimelineStep("two", 2, "b", ok)]
        line.set_steps(steps, tell_ahead=tell_ahead)
        line.show_step(at)
        line.show_step(0)
        return line.grab().toImage()

    assert picture(True, tell_ahead=True) != picture(False, tell_ahead=True)
    assert picture(True, tell_ahead=False) == picture(False, tell_ahead=False)
    assert picture(True, tell_ahead=False, at=1) != picture(False, tell_ahead=False, at=1)


def test_keys_go_a_step_or_to_the_ends_and_not_beyond(qtbot, timeline, heard):
    for key in ("Left", "Right", "Right", "Left", "End", "Right", "Home"):
        qtbot.keyClick(timeline, getattr(Qt.Key, f"Key_{key}"))
    assert heard == [1, 2, 1, 3, 0]


def test_a_click_goes_to_the_nearest_step_and_a_drag_scrubs(qtbot, timeline, heard):
    qtbot.mousePress(timeline, Qt.MouseButton.LeftButton, pos=QPoint(395, 14))
    qtbot.mouseMove(timeline, QPoint(150, 14))
    qtbot.mouseRelease(timeline, Qt.MouseButton.LeftButton, pos=QPoint(150, 14))
    assert heard[0] == 3
    assert heard[-1] == 1


def test_the_programs_step_is_silent_and_told(timeline, heard):
    timeline.show_step(2)
    assert heard == []
    text = "step 2 of 3: QEMU refuses the stream, which did not go well"
    assert timeline.accessibleDescription() == text


def test_each_step_looks_different(timeline):
    pictures = []
    for index in range(len(STEPS)):
        timeline.show_step(index)
        pictures.append(timeline.grab().toImage())
    assert all(a != b for i, a in enumerate(pictures) for b in pictures[i + 1 :])


def test_no_steps_no_trouble(qtbot, timeline, heard):
    timeline.set_steps(())
    timeline.grab()
    qtbot.keyClick(timeline, Qt.Key.Key_Right)
    assert heard == []


def test_a_thousand_steps_are_drawn_apart_and_reached_with_the_mouse(qtbot):
    timeline = Timeline()
    qtbot.addWidget(timeline)
    timeline.resize(900, timeline.sizeHint().height())
    timeline.set_steps(TimelineStep(f"step {n}", n, "set") for n in range(1000))
    few = Timeline()
    qtbot.addWidget(few)
    few.resize(900, few.sizeHint().height())
    few.set_steps(TimelineStep(f"step {n}", n, "set") for n in range(5))
    assert timeline.grab().toImage() != few.grab().toImage()
    assert timeline._dot < 1 < few._dot
    assert timeline.index_at(timeline._x(700)) == 700
