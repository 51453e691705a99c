import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from ovmfgui.flash.byte_formats import BYTE_FORMATS
from ovmfgui.gui.document.copying import Copying
from ovmfgui.gui.widgets.hex_menu import hex_menu
from ovmfgui.span import Span


@pytest.fixture
def owner(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def menu_of(owner, copying, span):
    data = bytes(range(32))
    menu = hex_menu(
        owner, copying, span, 0xFFC00000, lambda form: copying.copy(span.of(data), form), list
    )
    first, ways = menu.actions()[:2]
    owner.kept = menu, ways, ways.menu()  # PySide 6.8 takes them away with what it hands out
    return first, {action.text(): action for action in ways.menu().actions() if action.text()}


def test_every_form_offset_and_address_stand_in_one_submenu(owner):
    _first, ways = menu_of(owner, Copying(), Span(16, 16))
    titles = [form.title for form in BYTE_FORMATS]
    assert list(ways) == [*titles, "Offset 0x10", "Guest address 0xFFC00010"]
    ways["Guest address 0xFFC00010"].trigger()
    assert QGuiApplication.clipboard().text() == "0xFFC00010"


def test_the_last_choice_is_ticked_and_one_click_away(owner):
    copying = Copying()
    first, ways = menu_of(owner, copying, Span(0, 2))
    assert (first.text(), ways["Hex bytes"].isChecked()) == ("Copy as hex bytes", True)
    assert not ways["GUID (of 16 bytes)"].isEnabled()
    ways["JSON array"].trigger()
    first, ways = menu_of(owner, copying, Span(2, 2))
    assert (first.text(), ways["JSON array"].isChecked()) == ("Copy as JSON array", True)
    first.trigger()
    assert QGuiApplication.clipboard().text() == "[2, 3]"
