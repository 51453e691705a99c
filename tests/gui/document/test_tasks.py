import threading

import pytest

from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.progress import Cancelled


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


def test_a_failure_goes_to_its_handler_and_not_to_the_result(qtbot, runner):
    results, failures = [], []

    def work(_report):
        raise KeyError("gone")

    runner.start("fail", work, results.append, failures.append)
    qtbot.waitUntil(lambda: failures != [])
    assert isinstance(failures[0], KeyError)
    assert results == []


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
