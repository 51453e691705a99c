from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from ovmfgui.gui.actions.spec import CONDITIONS, MENUS
from ovmfgui.gui.actions.table import ACTIONS, TOOLBAR
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.resources import resource_path


def test_ids_are_unique_and_keys_unambiguous():
    assert [n for n, count in Counter(spec.id for spec in ACTIONS).items() if count > 1] == []
    keys = [QKeySequence(spec.shortcut).toString() for spec in ACTIONS if spec.shortcut]
    assert "" not in keys
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_every_action_has_a_tip_a_menu_and_a_known_condition():
    for spec in ACTIONS:
        assert spec.tip[0].isupper(), spec.id
        assert not spec.tip.endswith("."), spec.id
        assert spec.menu in MENUS, spec.id
        assert not spec.enabled_when or spec.enabled_when in CONDITIONS, spec.id
    assert {spec.enabled_when for spec in ACTIONS} - {""} == set(CONDITIONS)


def test_every_icon_is_shipped():
    names = {spec.icon for spec in ACTIONS if spec.icon} | {view.icon for view in VIEWS}
    missing = [name for name in names if not resource_path(f"icons/{name}.svg").is_file()]
    assert missing == []


def test_mnemonics_are_unique_within_a_menu():
    for menu in MENUS:
        letters = [
            spec.text[spec.text.index("&") + 1].lower()
            for spec in ACTIONS
            if spec.menu == menu and "&" in spec.text
        ]
        assert [x for x, count in Counter(letters).items() if count > 1] == [], menu


def test_every_action_does_something(window):
    for view in VIEWS:
        window.workbench.show(view.id)
    assert window.actions_of.unbound == set()
    assert set(window.actions_of.conditions) == set(CONDITIONS)


def test_what_belongs_to_a_view_cannot_be_done_before_it_is_made(window):
    ids = {"next-step", "export-lesson", "next-difference"}
    assert ids < window.actions_of.unbound
    assert not any(window.actions_of[name].isEnabled() for name in window.actions_of.unbound)


def test_an_action_does_one_thing(window):
    with pytest.raises(ValueError, match="quit"):
        window.actions_of.bind({"quit": print})


def test_menus_hold_every_action_once(window):
    shown = [
        action
        for menu in window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if action.objectName() in window.actions_of.specs
    ]
    assert Counter(action.objectName() for action in shown) == dict.fromkeys(
        (spec.id for spec in ACTIONS), 1
    )
    assert all(name == "|" or name in window.actions_of for name in TOOLBAR)


def test_what_is_greyed_out_says_why(window):
    save = window.actions_of["save"]
    assert not save.isEnabled()
    assert CONDITIONS["changed"] in save.toolTip()


def test_what_can_be_done_again_stops_saying_why_not(demo_window):
    close = demo_window.actions_of["close"]
    assert close.isEnabled()
    assert CONDITIONS["open"] not in close.toolTip()
    assert "Ctrl+W" in close.toolTip()


@pytest.mark.parametrize("spec", VIEWS, ids=lambda spec: spec.id)
def test_every_view_comes_up_by_its_action(demo_window, spec):
    demo_window.actions_of[f"view-{spec.id}"].trigger()
    assert demo_window.pages.front is spec
    assert demo_window.actions_of[f"view-{spec.id}"].isChecked()


def test_menus_get_their_icons_behind_the_buttons(qtbot, window):
    actions = window.actions_of
    shown = [action for spec, action in actions.all() if spec.icon]
    assert not actions["open"].icon().isNull()
    qtbot.waitUntil(lambda: not any(action.icon().isNull() for action in shown))
