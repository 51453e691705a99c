"""What is open stands in the Go menu, with a key for each of the first nine."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from ovmfgui.gui.actions.spec import NUMBERED
from ovmfgui.gui.dialogs.palette import CommandPalette
from ovmfgui.gui.document.opened import Content


@pytest.fixture
def several(window, demo):
    """Opens as many documents; gives them back in their order."""

    def open_them(count):
        for number in range(count):
            window.document.show(Content(demo, names=(f"/nowhere/{number}",)))
        return window.document.all_open

    return open_them


def go_menu(window):
    menu = next(m for m in window.menuBar().actions() if m.text() == "&Go").menu()
    return [action for action in menu.actions() if action.isVisible()]


def entries(window):
    return [action for action in go_menu(window) if action.isCheckable()]


def test_what_is_open_is_listed_and_the_one_in_front_checked(window, several):
    assert entries(window) == []
    every = several(3)
    shown = entries(window)
    assert [action.text().split()[0] for action in shown] == ["&1", "&2", "&3"]
    assert len({action.text().split(maxsplit=1)[1] for action in shown}) == 1
    assert [action.isChecked() for action in shown] == [False, False, True]
    shown[0].trigger()
    assert window.document.front is every[0]
    # Chosen again it stays what it is.
    shown[0].trigger()
    assert [action.isChecked() for action in shown] == [True, False, False]
    window.document.close()
    assert len(entries(window)) == 2


def test_the_keys_bring_them_up_and_do_nothing_where_none_is(qtbot, window, several):
    every = several(2)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert window.document.front is every[0]
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert window.document.front is every[0]
    palette = CommandPalette(window.actions_of, window)
    qtbot.addWidget(palette)
    palette.line.setText("go: 2")
    assert palette.list.topLevelItem(0).text(0).startswith("Go: 2 ")
    palette.line.setText("document 3")
    assert palette.list.topLevelItemCount() == 0


def test_more_than_have_keys_are_listed_all_the_same(window, several):
    every = several(NUMBERED + 2)
    shown = entries(window)
    assert len(shown) == NUMBERED + 2
    assert shown[-1].isChecked()
    shown[-2].trigger()
    assert window.document.front is every[-2]
    assert [action.isChecked() for action in entries(window)].index(True) == NUMBERED


def test_edits_are_marked_and_names_are_no_mnemonics(window, demo, monkeypatch):
    window.document.show(Content(demo))
    monkeypatch.setattr("ovmfgui.gui.shell.document_entries.name_of", lambda _o: "a & b")
    window.document.edits_changed.emit()
    assert entries(window)[0].text() == "&1 a && b"
    window.document.undo_stack.push(QUndoCommand("an edit"))
    assert entries(window)[0].text() == "&1 ● a && b"
