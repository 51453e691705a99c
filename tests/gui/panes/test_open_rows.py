"""What is open, as rows of Sources: brought to the front, closed, compared."""

import shutil
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from ovmfgui.gui.panes.open_rows import NAME, OPENED_ROLE, SIGN

GUID = UUID("12345678-9abc-4def-8123-456789abcdef")


@pytest.fixture
def two(qtbot, window, demo_paths, tmp_path):
    """A window with the demo pair open, and with its store alone in front of it."""
    other = tmp_path / "other_VARS.fd"
    shutil.copy(demo_paths[1], other)
    for paths in (demo_paths, [str(other)]):
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            window.commands.files.open(paths)
    return window


def rows(window):
    heading = window.sources.tree.topLevelItem(0)
    assert heading.text(NAME) == "Open"
    return [heading.child(at) for at in range(heading.childCount())]


def middle_of(window, item):
    return window.sources.tree.visualItemRect(item).center()


def edit(window):
    document = window.document
    document.edit(document.editor().set_variable("Example", GUID, b"x", 7))


def test_each_says_what_it_is_its_verdict_and_its_edits(two):
    pair, store = rows(two)
    assert pair.text(NAME).startswith("guest_VARS.fd + ")
    assert pair.text(SIGN) == two.document.all_open[0].verdict.fit.sign
    assert store.text(NAME) == "other_VARS.fd"
    assert store.text(SIGN) == ""
    assert store.font(NAME).bold()
    assert not pair.font(NAME).bold()
    edit(two)
    pair, store = rows(two)
    assert store.text(NAME) == "● other_VARS.fd"
    assert "1 edit not saved yet" in store.toolTip(NAME)
    assert store.data(NAME, Qt.ItemDataRole.AccessibleTextRole).startswith("In front: ")
    assert not pair.text(NAME).startswith("●")


def test_a_click_brings_to_the_front_and_the_whole_window_speaks_of_it(qtbot, two):
    edit(two)
    tree = two.sources.tree
    pair = rows(two)[0]
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(two, pair))
    assert two.document.front is rows(two)[0].data(NAME, OPENED_ROLE)
    assert "guest_VARS.fd" in two.windowTitle()
    assert not two.isWindowModified()
    assert two.badge.isVisible()
    assert not two.actions_of["undo"].isEnabled()
    assert two.actions_of["save-as"].isEnabled()
    two.actions_of["next-document"].trigger()
    assert two.windowTitle().startswith("other_VARS.fd")
    assert two.isWindowModified()
    assert two.actions_of["undo"].isEnabled()
    two.document.undo_stack.undo()


def test_the_middle_button_and_delete_close(qtbot, two):
    tree = two.sources.tree
    qtbot.mouseClick(tree.viewport(), Qt.MouseButton.MiddleButton, pos=middle_of(two, rows(two)[0]))
    assert [row.text(NAME) for row in rows(two)] == ["other_VARS.fd"]
    tree.setCurrentItem(rows(two)[0])
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert two.document.all_open == ()
    assert two.pages.stack.currentWidget() is two.pages.welcome


def test_two_that_are_selected_are_compared(qtbot, two, monkeypatch):
    tree = two.sources.tree
    for row in rows(two):
        row.setSelected(True)
    assert two.actions_of["compare-two"].isEnabled()
    shown = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: shown.append(menu))
    tree.customContextMenuRequested.emit(QPoint(middle_of(two, rows(two)[0])))
    (menu,) = shown
    entry = two.actions_of["compare-two"]
    assert entry in menu.actions()
    entry.trigger()
    menu.close()
    view = two.pages.tabs.made("compare")
    assert two.pages.tabs.current_id == "compare"
    qtbot.waitUntil(lambda: view.comparison is not None, timeout=20_000)
    pair, store = two.document.all_open
    assert two.document.front is pair
    assert view.other is store.inspection


def test_one_alone_cannot_be_compared_and_says_why(demo_window):
    action = demo_window.actions_of["compare-two"]
    assert not action.isEnabled()
    assert "needs two things selected" in action.toolTip()


def test_what_is_side_b_as_it_comes_to_the_front_has_the_other_as_its_b(qtbot, two):
    two.actions_of["compare-two"].trigger()
    view = two.pages.tabs.made("compare")
    pair, store = two.document.all_open
    two.document.bring_to_front(store)
    assert view.other is pair.inspection
    edit(two)
    two.document.bring_to_front(pair)
    assert view.other is store.inspection
    assert view.other.store.find("Example") is not None
    view.swap()
    assert two.document.front is store
    assert view.other is pair.inspection
    qtbot.waitUntil(lambda: not two.document.tasks.tasks, timeout=20_000)
    two.document.undo_stack.undo()
    qtbot.waitUntil(lambda: not two.document.tasks.tasks, timeout=20_000)


def test_in_a_narrow_pane_names_come_first(two):
    tree = two.sources.tree
    two.sources.resize(300, 400)
    assert not tree.isColumnHidden(SIGN)
    assert not rows(two)[0].icon(NAME).isNull()
    two.sources.resize(90, 400)
    assert tree.isColumnHidden(SIGN)
    assert rows(two)[0].icon(NAME).isNull()
    assert two.document.all_open[0].verdict.fit.sign in rows(two)[0].toolTip(NAME)
