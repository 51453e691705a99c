"""Two windows, two documents: each with its own title, edits and undo."""

from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent

from ovmfgui.gui.shell.window import Window
from tests.nothing_to_lose import nothing_to_lose

GUID = UUID("12345678-9abc-4def-8123-456789abcdef")


def second(window):
    window.actions_of["new-window"].trigger()
    return next(iter(Window._all))


def edit(window):
    document = window.document
    document.edit(document.editor().set_variable("Example", GUID, b"x", 7))


def gone(window):
    nothing_to_lose(window)
    window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_each_window_has_its_own_document_and_undo(qtbot, demo_window, demo):
    other = second(demo_window)
    assert other.isVisible()
    assert other.document.image is None
    other.document.present(demo)
    edit(other)
    assert other.isWindowModified()
    assert not demo_window.isWindowModified()
    assert not demo_window.actions_of["undo"].isEnabled()
    assert other.actions_of["undo"].isEnabled()
    other.document.undo_stack.undo()
    assert not other.document.modified
    gone(other)
    assert Window._all == set()
    # The first goes on.
    edit(demo_window)
    assert demo_window.isWindowModified()


def test_a_second_window_can_be_opened_again_and_closed_with_its_views(qtbot, demo_window, demo):
    for _time in range(2):
        other = second(demo_window)
        other.document.present(demo)
        for view in ("variables", "hex", "secure-boot", "hosts"):
            other.workbench.show(view)
        qtbot.waitUntil(lambda other=other: not other.document.tasks.tasks)
        gone(other)
        assert Window._all == set()
    demo_window.workbench.show("hex")
    assert demo_window.document.image is not None


def test_quit_closes_every_window(qtbot, window):
    other = second(window)
    window.actions_of["quit"].trigger()
    assert not window.isVisible()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert other not in Window._all
