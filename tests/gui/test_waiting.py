"""What Hosts, Matrix and Compare have in common: one task at a time, its progress in front."""

import threading

import pytest
from PySide6.QtWidgets import QStackedWidget, QWidget

from ovmfgui.gui.waiting import Waiting
from ovmfgui.gui.widgets.busy import Busy
from ovmfgui.refusal import Refused


@pytest.fixture
def view(qtbot, workbench):
    """A view with an answer and a progress page, and what was delivered to it."""
    made = QWidget()
    qtbot.addWidget(made)
    made.pages = QStackedWidget(made)
    made.answer, made.busy, made.got = QWidget(made), Busy(made), []
    made.pages.addWidget(made.answer)
    made.pages.addWidget(made.busy)

    def choose():
        if not made.waiting.show():
            made.pages.setCurrentWidget(made.answer)

    made.waiting = Waiting(workbench.tasks, made.busy, made.pages, choose, made)
    return made


def in_front(view):
    return "busy" if view.pages.currentWidget() is view.busy else "answer"


def test_progress_is_in_front_until_the_answer_is_there(qtbot, view):
    go = threading.Event()

    def work(report):
        report(0, 2, "the first half")
        go.wait(10)
        return "answer"

    view.waiting.start("Working", work, lambda it: view.got.append((it, bool(view.waiting))), list)
    assert in_front(view) == "busy"
    qtbot.waitUntil(lambda: view.busy.step.text() == "the first half")
    assert view.waiting
    go.set()
    qtbot.waitUntil(lambda: in_front(view) == "answer")
    # Whoever gets the answer may wait for something else at once.
    assert view.got == [("answer", False)]


def test_another_task_takes_the_place_of_the_first(qtbot, view):
    first = threading.Event()
    view.waiting.start("First", lambda _report: first.wait(10), view.got.append, list)
    view.waiting.start("Second", lambda _report: "second", view.got.append, list)
    qtbot.waitUntil(lambda: in_front(view) == "answer")
    first.set()
    qtbot.waitUntil(lambda: not view.waiting._tasks.tasks)
    assert view.got == ["second"]


def test_what_is_given_up_or_refused_leaves_nothing_waiting(qtbot, view):
    go = threading.Event()
    view.waiting.start("Long", lambda _report: go.wait(10), view.got.append, list)
    view.waiting.cancel()
    assert in_front(view) == "answer"
    go.set()

    def refuse(_report):
        raise Refused("no")

    view.waiting.start("No", refuse, view.got.append, lambda why: view.got.append(str(why)))
    # The first goes on until it is let go: what it gives then belongs to nobody.
    qtbot.waitUntil(lambda: not view.waiting._tasks.tasks)
    assert view.got == ["no"]
    assert not view.waiting
    assert in_front(view) == "answer"


def test_a_quiet_one_leaves_the_page_as_it_is(qtbot, view):
    go = threading.Event()
    view.waiting.start("Quiet", lambda _report: go.wait(10), view.got.append, list, quiet=True)
    assert in_front(view) == "answer"
    assert view.waiting
    go.set()
    qtbot.waitUntil(lambda: bool(view.got))
