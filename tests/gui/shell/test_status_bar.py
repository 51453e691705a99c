"""What goes on in the background is listed, and each can be stopped by itself."""

import threading

import pytest

from ovmfgui.progress import Cancelled


@pytest.fixture
def held(demo_window):
    """Starts tasks that go on until they are stopped or let go."""
    go = threading.Event()
    ended = {}

    def start(name):
        def work(report):
            try:
                while not go.wait(0.005):
                    report(1, 4, "waiting")
            except Cancelled:
                ended[name] = "stopped"
                raise
            ended[name] = "done"

        demo_window.workbench.tasks.start(name, work, lambda _result: None)

    start.ended, start.go = ended, go
    yield start
    go.set()
    demo_window.workbench.tasks.shutdown()


def test_one_task_is_stopped_by_the_button(qtbot, demo_window, held):
    bar = demo_window.statusBar()
    held("Reading A")
    qtbot.waitUntil(bar.cancel.isVisible)
    assert "Reading A" in bar.task.text()
    bar.cancel.click()
    qtbot.waitUntil(lambda: held.ended == {"Reading A": "stopped"})


def test_of_several_each_is_stopped_by_itself(qtbot, demo_window, held):
    bar = demo_window.statusBar()
    for name in ("Reading A", "Reading B"):
        held(name)
    qtbot.waitUntil(lambda: "and 1 more" in bar.task.text())
    menu = bar.task_menu()
    words = [action.text() for action in menu.actions() if action.text()]
    assert [word.partition("  ")[0] for word in words] == [
        "Stop: Reading A",
        "Stop: Reading B",
        "Stop all",
    ]
    menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: held.ended == {"Reading B": "stopped"})
    assert len(demo_window.workbench.tasks.tasks) == 1
    bar.task_menu().actions()[-1].trigger()
    qtbot.waitUntil(lambda: held.ended.get("Reading A") == "stopped")
