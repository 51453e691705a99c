"""Ctrl+F asks all that is open; F3 goes on, wherever one is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ovmfgui.gui.shell.screenshots import settle


@pytest.fixture
def searching(demo_window):
    """The window, with the line under the cursor."""
    demo_window.activateWindow()
    demo_window.actions_of["find"].trigger()
    assert QApplication.focusWidget() is demo_window.search.line
    return demo_window


def look_for(window, text):
    window.search.line.clear()
    QTest.keyClicks(window.search.line, text)
    QTest.keyClick(window.search.line, Qt.Key.Key_Return)
    settle(window.workbench)
    return window.search.model.rows


def test_a_name_leads_to_its_variable_from_any_view(searching):
    searching.pages.bring_up("map")
    found = look_for(searching, "bootorder")
    assert found[0].what == "name"
    searching.actions_of["find-next"].trigger()
    document = searching.document
    assert document.record_at(document.selection).name == "BootOrder"
    assert document.selection == found[0].place
    searching.actions_of["find-next"].trigger()
    assert document.selection == found[1].place
    searching.actions_of["find-previous"].trigger()
    searching.actions_of["find-previous"].trigger()
    assert document.selection == found[-1].place


def test_text_bytes_and_guids_are_found_unpacked_too(searching):
    image = searching.document.image
    for text, what, data in (
        ("_FVH", "text", b"_FVH"),
        ("5F 46 56 48", "bytes", b"_FVH"),
        ("8be4df61-93ca-11d2-aa0d-00e098032b8c", "GUID", bytes.fromhex("61dfe48bca93d211")),
    ):
        rows = [each for each in look_for(searching, text) if each.what == what]
        assert rows, text
        assert all(image.bytes_at(each.place).startswith(data) for each in rows)
    spaces = {each.place.space for each in look_for(searching, "_FVH")}
    assert max(spaces) >= len(image.files)


def test_a_hit_in_a_file_can_be_taken_out_with_it(searching):
    rows = look_for(searching, "_FVH")
    held = next(number for number, each in enumerate(rows) if each.path)
    table = searching.search.table
    table.scrollTo(searching.search.model.index(held, 0))
    at = table.visualRect(searching.search.model.index(held, 0)).center()
    table.customContextMenuRequested.emit(at)
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions()]
    menu.close()
    assert any("xtract" in word for word in words)


def test_nothing_found_is_said_and_what_was_found_goes_with_its_file(searching):
    assert look_for(searching, "no such thing at all") == ()
    assert searching.search.told.text().startswith("nowhere in 2 files and")
    assert look_for(searching, "Timeout")
    searching.document.present(searching.document.inspection)
    assert searching.search.model.rows == ()
    assert searching.search.told.text() == ""


def test_the_view_that_looks_for_something_goes_on_itself(searching):
    view = searching.pages.bring_up("hex")
    searching.actions_of["filter"].trigger()
    assert view.find_bar.isVisible()
    from ovmfgui.flash.search import Notation

    view.find_bar.look_for(Notation.TEXT, "_FVH")
    settle(searching.workbench)
    searching.actions_of["find-next"].trigger()
    place = searching.document.selection
    assert searching.document.image.bytes_at(place) == b"_FVH"
    assert searching.search.model.rows == ()


def test_filters_do_not_outlive_their_file(demo_window, demo_paths, qtbot):
    view = demo_window.pages.bring_up("variables")
    structure = demo_window.pages.tabs.view("structure")
    view.filter.setText("Boot0000")
    structure.filter.setText("nothing like it")
    with qtbot.waitSignal(demo_window.document.presented, timeout=20_000):
        demo_window.commands.files.open([demo_paths[1]])
    assert view.filter.text() == ""
    assert structure.filter.text() == ""
