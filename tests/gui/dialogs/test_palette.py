from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ovmfgui.gui.actions.spec import CONDITIONS
from ovmfgui.gui.dialogs.palette import CommandPalette


def opened(window):
    window.actions_of["palette"].trigger()
    return window.findChild(CommandPalette)


def rows(palette):
    items = [palette.list.topLevelItem(row) for row in range(palette.list.topLevelItemCount())]
    return {item.text(0): item for item in items}


def test_a_command_is_found_by_a_part_of_its_name_and_done(demo_window):
    palette = opened(demo_window)
    QTest.keyClicks(palette.line, "entries order tries")
    (name,) = [text for text, item in rows(palette).items() if not item.isDisabled()]
    assert name == "Edit: Boot order"
    assert rows(palette)[name].text(1) == "Ctrl+B"
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert demo_window.pages.front.id == "variables"


def test_what_cannot_be_done_is_there_and_says_why(demo_window):
    palette = opened(demo_window)
    save = rows(palette)["File: Save"]
    assert save.isDisabled()
    assert save.text(1) == CONDITIONS["changed"]
    states = [item.isDisabled() for item in rows(palette).values()]
    assert states == sorted(states)
    QTest.keyClicks(palette.line, "undo")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
