"""Windows and documents on Qt's platform without a display; nothing may go on after a test."""

import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QMainWindow, QWidget

from ovmfgui.flash.opening import image_of
from ovmfgui.gui.actions.bound import Actions
from ovmfgui.gui.actions.table import ACTIONS
from ovmfgui.gui.document import closing
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.settings import Settings
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.workbench import Workbench
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from tests.nothing_to_lose import nothing_to_lose


def pytest_collection_modifyitems(items):
    quiet = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        if "gui" in item.path.parts:
            item.add_marker(quiet)


@pytest.fixture(autouse=True)
def _nothing_goes_on():
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("task")]
    assert left == [], "a task runner was not shut down"
    for timer in closing._soon:
        timer.stop()


@pytest.fixture
def qtbot(qtbot):
    """pytest-qt's, holding on to its widgets until they are closed.

    It refers to them weakly: a view that a test makes for itself would otherwise go with the
    test's last line, with events of its own still waiting to be delivered.
    """
    kept = []
    add = qtbot.addWidget

    def add_and_keep(widget, **more):
        kept.append(widget)
        add(widget, **more)

    qtbot.addWidget = add_and_keep
    yield qtbot
    kept.clear()


@pytest.fixture(scope="session")
def demo():
    """The demo pair, inspected."""
    return inspect(image_of(demo_files()))


@pytest.fixture
def document(qapp, demo):
    """A document with the demo pair open."""
    made = Document(TaskRunner())
    made.present(demo)
    yield made
    made.tasks.shutdown()


@pytest.fixture
def settings(qapp, tmp_path):
    return Settings(tmp_path / "settings.ini")


class NotedViews:
    """No views, but a note of those that were to be put in front."""

    def __init__(self, owner):
        self.shown = []
        self._view = QWidget(owner)

    def bring_up(self, view_id):
        self.shown.append(view_id)
        return self._view

    def show_document(self):
        pass


@pytest.fixture
def workbench(qtbot, document, settings):
    """What a view is handed, over the document, with no window around it."""
    owner = QMainWindow()
    qtbot.addWidget(owner)
    made = Workbench(document, settings, Actions(ACTIONS, owner), owner)
    made.views = NotedViews(owner)
    return made


@pytest.fixture
def window(qtbot, settings):
    """The window, with nothing open."""
    made = Window(settings)
    # A test that ends with unsaved edits must not end in a question.
    qtbot.addWidget(made, before_close_func=nothing_to_lose)
    made.show()
    qtbot.waitUntil(lambda: not made.document.tasks.tasks)
    return made


@pytest.fixture
def demo_window(window, demo, qtbot):
    """The window with the demo pair open."""
    window.document.present(demo)
    window.pages.bring_up("variables")
    return window


@pytest.fixture
def demo_paths(tmp_path):
    """The demo pair as files, CODE first."""
    paths = []
    for file in demo_files():
        path = tmp_path / file.path.split("/")[-1]
        path.write_bytes(file.data)
        paths.append(str(path))
    return paths


@pytest.fixture
def opened(qtbot, document, demo_paths):
    """A document with the demo pair opened from files."""
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open(demo_paths)
    return document
