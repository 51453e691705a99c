import threading

import pytest
from PySide6.QtCore import QTimer

from ovmfgui.gui.document import tasks
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.progress import Cancelled
from ovmfgui.refusal import Refused


@pytest.fixture
def runner(qapp):
    made = TaskRunner()
    yield made
    made.shutdown()


def test_a_result_arrives_on_the_gui_thread(qtbot, runner):
    where = []
    runner.start(
        "count",
        lambda _report: threading.get_ident(),
        lambda worker: where.append((worker, threading.get_ident())),
    )
    qtbot.waitUntil(lambda: where != [])
    worker, gui = where[0]
    assert worker != gui
    assert gui == threading.get_ident()
    assert runner.tasks == ()


def test_results_that_take_long_to_show_come_a_turn_apart(qtbot, runner, monkeypatch):
    monkeypatch.setattr(tasks, "_SLICE", 0.0)
    turns, done, both = [0], [], threading.Barrier(2)
    counting = QTimer(runner)
    counting.timeout.connect(lambda: turns.__setitem__(0, turns[0] + 1))
    for _ in range(2):
        runner.start("read", lambda _report: both.wait(10), lambda _: done.append(turns[0]))
    # Both have ended before the loop goes on.
    runner._executor.shutdown(wait=True)
    counting.start(0)
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done[1] > done[0]


def refuse(_report):
    msg = "no such thing"
    raise Refused(msg)


def test_what_is_refused_is_told_and_brings_no_result(qtbot, runner):
    results = []
    with qtbot.waitSignal(runner.refused) as told:
        runner.start("refuse", refuse, results.append)
    assert told.args == ["no such thing"]
    assert results == []


def test_a_handler_of_refusals_gets_them_instead(qtbot, runner):
    told, refusals = [], []
    runner.refused.connect(told.append)
    runner.start("refuse", refuse, lambda _: None, refusals.append)
    qtbot.waitUntil(lambda: refusals != [])
    assert isinstance(refusals[0], Refused)
    assert told == []


def test_what_nobody_foresaw_is_raised_and_not_told_as_a_refusal(qtbot, runner):
    refusals = []

    def work(_report):
        raise KeyError("gone")

    with qtbot.captureExceptions() as raised:
        runner.start("fail", work, refusals.append, refusals.append)
        qtbot.waitUntil(lambda: raised != [])
    assert raised[0][0] is KeyError
    assert refusals == []


def test_the_last_report_is_never_throttled(qtbot, runner):
    seen = []
    ended = []

    def work(report):
        for done in range(1001):
            report(done, 1000, f"at {done}")

    runner.changed.connect(lambda: seen.extend(task.done for task in runner.tasks))
    runner.start("run", work, lambda _: None, on_end=lambda: ended.append(True))
    qtbot.waitUntil(lambda: ended != [])
    assert 1000 in seen
    assert len(seen) < 500


def test_a_cancelled_task_ends_without_result(qtbot, runner):
    going, results, ended = threading.Event(), [], []

    def work(report):
        going.set()
        while True:
            report(0, 0, "turning")

    task = runner.start("turn", work, results.append, on_end=lambda: ended.append(True))
    assert going.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: ended != [])
    assert results == []
    assert runner.tasks == ()


def test_a_task_cancelled_before_it_starts_still_ends(qtbot, runner):
    gate, ran, ended = threading.Event(), [], []
    for _ in range(2):
        runner.start("wait", lambda _report: gate.wait(5), lambda _: None)
    late = runner.start(
        "late", lambda _report: ran.append(1), ran.append, on_end=lambda: ended.append(True)
    )
    late.cancel()
    gate.set()
    qtbot.waitUntil(lambda: ended != [])
    assert ran == []


def test_shutting_down_waits_for_workers_and_delivers_nothing(qtbot):
    runner, results = TaskRunner(), []
    started = threading.Event()

    def work(report):
        started.set()
        while True:
            report(0, 0)

    runner.start("turn", work, results.append)
    assert started.wait(5)
    runner.shutdown()
    qtbot.wait(20)
    assert results == []
    with pytest.raises(RuntimeError):
        runner.start("again", work, results.append)


def test_a_report_after_the_cancel_raises(qapp):
    runner = TaskRunner()
    task = runner.start("idle", lambda _report: None, lambda _: None)
    task.cancel()
    with pytest.raises(Cancelled):
        task.report(0, 1)
    runner.shutdown()
