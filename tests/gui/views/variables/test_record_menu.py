"""What is copied of a record, and secrets that are shown on asking only."""

import json

import pytest
from PySide6.QtGui import QGuiApplication

from ovmfgui.gui.views.variables.record_menu import record_menu
from ovmfgui.gui.views.variables.view import VariablesView
from ovmfgui.nvram import vendors
from ovmfgui.span import Place


@pytest.fixture
def view(qtbot, workbench):
    made = VariablesView(workbench)
    qtbot.addWidget(made)
    made.show()
    return made


def copied(menu, title):
    entries = [*menu.actions(), *(a for m in menu.findChildren(type(menu)) for a in m.actions())]
    next(action for action in entries if action.text() == title).trigger()
    return QGuiApplication.clipboard().text()


def test_a_value_is_copied_in_every_way(view, document, workbench):
    record = document.store.find("Timeout")
    menu = record_menu(view, record, workbench.actions, workbench.copying)
    assert copied(menu, "Hex bytes") == "05 00"
    assert "0x05, 0x00," in copied(menu, "C array")
    assert copied(menu, "Python bytes") == r'b"\x05\x00"'
    assert copied(menu, "Base64") == "BQA="
    variables = json.loads(copied(menu, "JSON of the variable"))["variables"]
    assert [(v["name"], v["data"]) for v in variables] == [("Timeout", "0500")]
    assert json.loads(copied(menu, "JSON array")) == [5, 0]
    assert copied(menu, "Hex with 0x") == "0x05, 0x00"
    assert copied(menu, "Copy name") == "Timeout"
    assert copied(menu, "Copy vendor GUID") == str(vendors.GLOBAL)


def test_beside_the_rows_there_is_no_record_to_copy(view, workbench):
    menu = record_menu(view, None, workbench.actions, workbench.copying)
    assert {action for action in menu.actions() if action.text()} == {
        workbench.actions[name]
        for name in (
            "edit-variable",
            "new-variable",
            "delete-variable",
            "copy-bytes",
            "copy-offset",
        )
    }


def select(document, name):
    document.select(Place(1, document.store.find(name).span))


def test_a_secret_is_masked_in_fields_and_bytes_until_asked_for(view, document):
    attempt = bytearray(1049)
    attempt[757], attempt[886:893] = 1, b"hunter2"
    edit = document.editor().set_variable("Attempt 1", vendors.ISCSI_INITIATOR, bytes(attempt), 3)
    document.edit(edit)
    select(document, "Attempt 1")
    pane = view.value
    assert pane.secret_button.isVisible()
    assert "hunter2" not in str([field.value for field in pane.model.rows])
    assert pane.bytes.data == b""
    assert not pane.hex_button.isEnabled()
    pane.secret_button.click()
    assert "hunter2" in str([field.value for field in pane.model.rows])
    assert pane.bytes.data == bytes(attempt)
    select(document, "Timeout")
    assert not pane.secret_button.isVisible()
    select(document, "Attempt 1")
    assert "hunter2" not in str([field.value for field in pane.model.rows])
