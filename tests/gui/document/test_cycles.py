import gc
import re
import sys
import threading
import weakref
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, QThread, QTimer

from ovmfgui import gui
from ovmfgui.gui.document import cycles
from ovmfgui.gui.document.tasks import TaskRunner


class Cyclic(QObject):
    """Only a search for cycles finds it."""

    ends: ClassVar[list[threading.Thread]] = []

    def __init__(self):
        super().__init__()
        self.timer = QTimer(self)
        vars(self)["itself"] = self
        weakref.finalize(self, lambda: Cyclic.ends.append(threading.current_thread()))


@pytest.fixture
def tasks(qapp):
    made = TaskRunner()
    yield made
    made.shutdown()


@pytest.fixture(autouse=True)
def _no_ends(qtbot):
    if not cycles._workers:
        gc.enable()  # A command that ran in this process went without.
    # A thread of an earlier test's document is looked at once a second.
    qtbot.waitUntil(gc.isenabled, timeout=10_000)
    gc.collect()
    Cyclic.ends.clear()


def allocate_much(_report):
    kept = []
    for _ in range(200_000):
        kept.append([kept])


def test_no_worker_destroys_what_belongs_to_the_gui_thread(qtbot, tasks):
    Cyclic()
    with qtbot.waitSignal(tasks.changed):
        tasks.start("wait", lambda _report: None, lambda _result: None)
    qtbot.waitUntil(lambda: not tasks.tasks)
    done = []
    for _ in range(3):
        Cyclic()
        tasks.start("allocate", allocate_much, done.append)
    qtbot.waitUntil(lambda: len(done) == 3, timeout=20_000)
    gc.collect()
    assert len(Cyclic.ends) == 4
    assert set(Cyclic.ends) == {threading.main_thread()}


def test_without_the_keeping_a_worker_would(qapp):
    Cyclic()
    worker = threading.Thread(target=allocate_much, args=(None,))
    worker.start()
    worker.join()
    assert Cyclic.ends == [worker]


def test_cycles_are_still_found_while_there_are_workers(qtbot, tasks, monkeypatch):
    monkeypatch.setattr(cycles, "_PAUSE", 20)
    tasks.start("wait", lambda _report: None, lambda _result: None)
    assert not gc.isenabled()
    for _ in range(300):
        Cyclic()
    qtbot.waitUntil(lambda: len(Cyclic.ends) >= 250, timeout=10_000)
    assert set(Cyclic.ends) == {threading.main_thread()}


def test_python_searches_by_itself_again_behind_the_last_worker(qtbot):
    first, second = TaskRunner(), TaskRunner()
    for each in (first, second):
        each.start("wait", lambda _report: None, lambda _result: None)
    first.shutdown()
    assert not gc.isenabled()
    second.shutdown()
    assert not gc.isenabled()  # a window that closes does not wait for a search
    qtbot.waitUntil(gc.isenabled)


def test_no_thread_that_is_no_worker_destroys_it_either(qtbot, monkeypatch):
    monkeypatch.setattr(cycles, "_PAUSE", 20)
    Cyclic()
    begun = cycles.begin_ahead(lambda: allocate_much(None))
    assert not gc.isenabled()
    begun.result()
    # Python searches by itself again, once it is seen that the thread has ended.
    qtbot.waitUntil(gc.isenabled, timeout=10_000)
    gc.collect()
    assert Cyclic.ends == [threading.main_thread()]


def test_an_ended_task_holds_nothing_of_qt(qtbot, tasks):
    class Held(QObject):
        def take(self, _result):
            pass

    held = Held()
    gone = weakref.ref(held)
    task = tasks.start("wait", lambda _report: QThread.currentThread(), held.take)
    qtbot.waitUntil(lambda: not tasks.tasks)
    del held
    assert gone() is None
    assert not task.cancelled


def test_every_thread_beside_the_gui_is_one_that_cycles_are_kept_from():
    # A bare one would search by itself: the limits' thread did, and the process died of it.
    folder = Path(gui.__file__).parent
    bare = {
        path.name
        for path in folder.rglob("*.py")
        if re.search(r"\b(Ahead|Thread|ThreadPoolExecutor)\(", path.read_text())
        if "keep_while(" not in path.read_text() and "begin_keeping(" not in path.read_text()
    }
    assert bare == set()


@pytest.fixture
def searching(qapp, monkeypatch):
    """A search of the whole is due, and nothing searches by itself."""
    gc.disable()
    gc.freeze()
    monkeypatch.setattr(cycles, "_left", 0)
    monkeypatch.setattr(gc, "get_count", lambda: tuple(each + 1 for each in gc.get_threshold()))
    yield
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("searching")
def test_more_than_a_turn_can_search_is_set_aside_until_little_is_left(monkeypatch):
    kept = [[] for _ in range(2_000)]
    monkeypatch.setattr(cycles, "MOST_SEARCHED", 1_000)
    Cyclic()
    cycles.search()
    assert cycles.something_is_set_aside()
    assert gc.get_freeze_count() > 2_000
    assert Cyclic.ends == []
    # Beside it what comes later is searched as ever.
    Cyclic()
    cycles.search()
    assert len(Cyclic.ends) == 1
    cycles.search_closed()
    assert cycles.something_is_set_aside()
    assert len(Cyclic.ends) == 1
    kept.clear()
    monkeypatch.setattr(cycles, "MOST_SEARCHED", sys.maxsize)
    cycles.search_closed()
    assert not cycles.something_is_set_aside()
    assert len(Cyclic.ends) == 2
    assert gc.get_freeze_count() == 0


@pytest.fixture
def often_switched():
    """Threads take turns all the time, and searches have little to look at."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    gc.freeze()
    yield
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("qapp", "often_switched")
def test_a_tuple_that_grows_in_a_worker_is_not_held_on_to():
    failed, over = [], threading.Event()

    def build():
        while not over.is_set():
            try:
                tuple([each] for each in range(200))
            except SystemError as error:
                failed.append(error)

    workers = [threading.Thread(target=build) for _ in range(2)]
    for worker in workers:
        worker.start()
    # A search puts into the whole what a worker is about, and the count looks at it there.
    for turn in range(40_000):
        if turn % 50 == 0:
            gc.collect()
        cycles._size_of(2)
    over.set()
    for worker in workers:
        worker.join()
    assert failed == []
