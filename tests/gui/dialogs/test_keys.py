import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.dialogs.keys import KeysDialog
from ovmfgui.gui.document.settings import KEYS


@pytest.fixture
def dialog(qtbot, window):
    made = KeysDialog(window.actions_of, window.settings, window)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog, name):
    dialog.tree.setCurrentItem(dialog._items[name])


def give(dialog, name, key):
    choose(dialog, name)
    dialog.key.setKeySequence(QKeySequence(key))
    dialog.give.click()


def test_a_command_gets_another_key_everywhere_at_once(dialog, window):
    save = window.actions_of["save"]
    give(dialog, "save", "Ctrl+Alt+W")
    assert save.shortcut().toString() == "Ctrl+Alt+W"
    assert "Ctrl+Alt+W" in save.toolTip()
    assert dialog._items["save"].text(1) == "Ctrl+Alt+W"
    assert window.settings.keys() == {"save": "Ctrl+Alt+W"}
    view = VIEWS[0]
    give(dialog, f"view-{view.id}", "Ctrl+Alt+1")
    assert "Ctrl+Alt+1" in window.pages.tabs.tabToolTip(0)


def test_a_key_that_is_pressed_is_the_one_that_is_given(qtbot, dialog, window):
    choose(dialog, "save")
    dialog.key.clear()
    qtbot.keyClick(dialog.key, Qt.Key.Key_F9, Qt.KeyboardModifier.ControlModifier)
    dialog.give.click()
    assert window.actions_of["save"].shortcut().toString() == "Ctrl+F9"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("Ctrl+O", "is the key of “Open…”"),
        ("S", "types a letter"),
        ("Shift+S", "types a letter"),
        ("Esc", "closes and goes back"),
        ("F5", "reads again"),
    ],
)
def test_a_key_that_is_somebody_elses_is_refused_with_the_name(dialog, window, key, words):
    choose(dialog, "save")
    dialog.key.setKeySequence(QKeySequence(key))
    assert words in dialog.message.text()
    assert not dialog.give.isEnabled()
    assert window.actions_of["save"].shortcut().toString() == "Ctrl+S"


def test_keys_change_places_and_one_or_all_are_reset(dialog, window):
    actions = window.actions_of
    give(dialog, "save", "")
    give(dialog, "open", "Ctrl+S")
    give(dialog, "save", "Ctrl+O")
    assert (actions.key_text("save"), actions.key_text("open")) == ("Ctrl+O", "Ctrl+S")
    # Its own key is the other's now.
    dialog.reset.click()
    assert "cannot be reset: Ctrl+S is the key of “Open…”" in dialog.message.text()
    give(dialog, "undo", "Ctrl+Alt+Z")
    dialog.reset.click()
    assert actions.key_text("undo") == "Ctrl+Z"
    dialog.reset_all.click()
    assert (actions.key_text("save"), actions.key_text("open")) == ("Ctrl+S", "Ctrl+O")
    assert actions.keys_given() == {}
    assert not dialog.reset_all.isEnabled()


def test_a_window_that_opens_later_has_the_keys_too(dialog, window, qtbot):
    give(dialog, "save", "Ctrl+Alt+W")
    other = type(window)(window.settings)
    qtbot.addWidget(other)
    assert other.actions_of.key_text("save") == "Ctrl+Alt+W"
    give(dialog, "save", "Ctrl+Alt+V")
    assert other.actions_of.key_text("save") == "Ctrl+Alt+V"


@pytest.mark.parametrize(
    "kept", ["no json", "[1]", '{"nobody": "Ctrl+Alt+W"}', '{"save": "Ctrl+O"}', '{"save": "?!"}']
)
def test_what_is_kept_and_makes_no_sense_gives_no_clash(window, kept):
    window.settings.set(KEYS, kept)
    keys = [
        a.shortcut().toString()
        for _spec, a in window.actions_of.all()
        if not a.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))
    assert window.actions_of.key_text("open") == "Ctrl+O"


def test_the_filter_finds_the_key_as_it_is_now(dialog, window):
    give(dialog, "save", "Ctrl+Alt+W")
    dialog.filter.setText("ctrl+alt+w")
    shown = [name for name, item in dialog._items.items() if not item.isHidden()]
    assert shown == ["save"]
