import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QDialogButtonBox
from stores import real_store

from ovmfgui.gui.dialogs.variable import VariableDialog
from ovmfgui.nvram.decode.options import build_load_option
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.typed import (
    ENCODINGS,
    bytes_of_hex,
    bytes_of_text,
    hex_rows,
    text_of_bytes,
)
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused


@given(st.binary(max_size=80))
def test_hex_that_is_shown_can_be_typed_back(data):
    assert bytes_of_hex(hex_rows(data)) == data


@pytest.mark.parametrize("text", ["0x0A, 0x0b", "0a:0B", " 0A\n0b ", "0a0B"])
def test_hex_is_taken_however_people_write_it(text):
    assert bytes_of_hex(text) == b"\x0a\x0b"


@pytest.mark.parametrize(("text", "part"), [("0G", "“G”"), ("123", "half a byte")])
def test_what_is_no_hex_is_refused(text, part):
    with pytest.raises(Refused, match=part):
        bytes_of_hex(text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_text_is_recognised_in_the_encoding_it_was_written_in(encoding):
    data = bytes_of_text("debian", encoding)
    text, _encoding = text_of_bytes(data)
    assert text == "debian"
    assert bytes_of_text(*text_of_bytes(data)) == data


def test_text_that_has_no_place_in_the_encoding_is_refused():
    with pytest.raises(Refused, match="“é”"):
        bytes_of_text("café", "ASCII with NUL")
    assert text_of_bytes(b"\x00\x01\x02") is None
    assert text_of_bytes(b"") is None


@pytest.fixture
def dialog_for(qtbot, document):
    def make(name=None):
        record = document.store.find(name) if name else None
        made = VariableDialog(document.editor(), record)
        qtbot.addWidget(made)
        return made

    return make


def ok(dialog):
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)


def test_the_same_value_is_nothing_to_write(dialog_for):
    dialog = dialog_for("Timeout")
    assert not ok(dialog).isEnabled()
    assert "write nothing" in dialog.message.text()
    dialog.value.setCurrentIndex(0)
    dialog.value.hex.setPlainText("2A 00")
    assert ok(dialog).isEnabled()
    assert dialog.edit.title == "Set Timeout"
    assert dialog.key == (GLOBAL, "Timeout")


def test_a_variable_that_is_text_has_it_in_a_field_and_on_the_page_of_text(dialog_for):
    dialog = dialog_for("PlatformLang")
    assert dialog.value.form.fields["text"].text() == "en"
    dialog.value.form.fields["text"].setText("de")
    assert dialog.value.value() == b"de\0"
    dialog.value.setCurrentIndex(1)
    assert dialog.value.text.toPlainText() == "en"
    dialog.value.text.setPlainText("fr")
    assert dialog.value.value() == b"fr\0"


def test_an_entry_is_edited_by_its_fields_with_hex_beside_them(dialog_for, document):
    dialog = dialog_for("Boot0000")
    form, old = dialog.value.form, document.store.find("Boot0000").data
    assert dialog.value.value() == old
    form.fields["description"].setText("Rescue")
    form.fields["active"].setChecked(False)
    new = bytes_of_hex(dialog.value.hex.toPlainText())
    assert new[0] == old[0] & ~1
    assert "Rescue\0".encode("utf-16-le") in new
    assert ok(dialog).isEnabled()
    document.edit(dialog.edit)
    assert document.store.find("Boot0000").data == new
    document.undo_stack.undo()
    assert document.store.find("Boot0000").data == old


def test_what_is_typed_as_hex_shows_in_the_fields(dialog_for):
    dialog = dialog_for("Timeout")
    dialog.value.hex.setPlainText("2A 00")
    assert dialog.value.form.fields["value"].text() == "42"
    dialog.value.hex.setPlainText("2A 00 0")
    assert dialog.value.form.fields["value"].text() == "42"
    assert not ok(dialog).isEnabled()


def test_a_mistake_is_said_at_its_field_and_nothing_can_be_written(dialog_for):
    dialog = dialog_for("Boot0000")
    form = dialog.value.form
    form.fields["path"].setPlainText("Nonsense(1)")
    assert "no known kind of node" in form.mistakes["path"].text()
    assert form.mistakes["path"].isVisibleTo(dialog)
    assert not form.mistakes["description"].isVisibleTo(dialog)
    assert not ok(dialog).isEnabled()
    assert dialog.edit is None
    form.fields["path"].setPlainText("\\EFI\\BOOT\\BOOTX64.EFI")
    assert not form.mistakes["path"].isVisibleTo(dialog)
    assert ok(dialog).isEnabled()


@pytest.mark.parametrize("data", ["2A", "02 00 00"])
def test_what_the_form_cannot_give_back_is_edited_as_hex_and_says_why(dialog_for, data):
    dialog = dialog_for("Timeout")
    dialog.value.hex.setPlainText(data)
    assert not dialog.value.form.usable()
    assert "bytes, not 2" in dialog.value.form.left_to_hex.text()
    assert ok(dialog).isEnabled()
    assert dialog.value.value() == bytes.fromhex(data)


def test_characters_that_a_line_cannot_hold_are_left_to_hex(dialog_for):
    dialog = dialog_for("Boot0000")
    # Half a pair of UTF-16's, which Qt drops.
    path = device_path_from_text("\\EFI\\BOOT\\BOOTX64.EFI")
    dialog.value.hex.setPlainText(hex_rows(build_load_option("\ud800x", path)))
    assert not dialog.value.form.usable()
    assert "cannot be typed" in dialog.value.form.left_to_hex.text()


@pytest.mark.parametrize(("name", "part"), [("Boot0000", "description"), ("Timeout", "value")])
def test_the_cursor_is_in_the_first_field(dialog_for, name, part, qtbot):
    dialog = dialog_for(name)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.focusWidget() is dialog.value.form.fields[part])


def test_a_new_variable_needs_name_vendor_and_value(dialog_for):
    dialog = dialog_for()
    assert "name" in dialog.message.text()
    dialog.name.setText("Mine")
    assert "value" in dialog.message.text()
    dialog.vendor.setEditText("no guid")
    assert "GUID" in dialog.message.text()
    assert not ok(dialog).isEnabled()
    dialog.vendor.setEditText(str(GLOBAL))
    dialog.value.hex.setPlainText("01")
    assert ok(dialog).isEnabled()
    assert dialog.edit.title == "Create Mine"
    dialog.attributes[Attributes.BS].setChecked(False)
    assert not ok(dialog).isEnabled()


def test_a_name_that_is_taken_is_refused(dialog_for):
    dialog = dialog_for()
    dialog.value.hex.setPlainText("01")
    dialog.name.setText("Timeout")
    assert "already" in dialog.message.text()
    assert not ok(dialog).isEnabled()


def test_a_value_that_is_too_big_is_refused_with_figures(dialog_for):
    dialog = dialog_for("Timeout")
    dialog.value.setCurrentIndex(0)
    dialog.value.hex.setPlainText("00" * 40_000)
    assert "40,016" in dialog.message.text()
    assert dialog.edit is None


def test_another_name_and_other_attributes_are_one_edit(dialog_for, document):
    dialog = dialog_for("Timeout")
    dialog.name.setText("Delay")
    assert dialog.edit.title == "Rename Timeout to Delay"
    dialog.attributes[Attributes.RT].setChecked(False)
    dialog.value.setCurrentIndex(0)
    dialog.value.hex.setPlainText("09 00")
    assert ok(dialog).isEnabled()
    document.edit(dialog.edit)
    assert document.store.find("Timeout") is None
    record = document.store.find("Delay")
    assert (record.data, record.attribute_names) == (b"\x09\0", ("NV", "BS"))
    assert dialog.key == record.key
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.store.find("Timeout").data == b"\x05\0"


def test_attributes_alone_are_changed(dialog_for, document):
    dialog = dialog_for("Timeout")
    dialog.attributes[Attributes.RT].setChecked(False)
    assert "attributes" in dialog.edit.title
    document.edit(dialog.edit)
    assert document.store.find("Timeout").attribute_names == ("NV", "BS")


def test_a_rename_to_a_name_that_is_taken_is_refused(dialog_for):
    dialog = dialog_for("Timeout")
    dialog.name.setText("BootOrder")
    assert "already" in dialog.message.text()
    assert not ok(dialog).isEnabled()


def test_a_value_comes_from_a_file(dialog_for, tmp_path):
    file = tmp_path / "value.bin"
    file.write_bytes(b"\x63\x00")
    dialog = dialog_for("Timeout")
    dialog.value.setCurrentIndex(2)
    dialog.value.path.setText(str(file))
    assert dialog.value.value() == b"\x63\x00"
    dialog.value.path.setText(str(tmp_path / "gone"))
    assert "does not exist" in dialog.message.text()


def test_editing_through_the_window_selects_what_came_of_it(qtbot, demo_window):
    document = demo_window.document
    record = document.store.find("Timeout")
    document.select(document.path_at(_place(record))[-1].place)
    demo_window.actions_of["edit-variable"].trigger()
    dialog = demo_window.findChild(VariableDialog)
    dialog.value.setCurrentIndex(0)
    dialog.value.hex.setPlainText("63 00")
    ok(dialog).click()
    new = document.store.find("Timeout")
    assert new.data == b"\x63\x00"
    assert document.selection == _place(new)
    assert demo_window.history.tree.topLevelItemCount() == 2


def _place(record):
    from ovmfgui.span import Place

    return Place(1, record.span)


def test_a_hot_key_that_an_edit_would_break_is_kept_or_named(qtbot):
    store = Editor(real_store("ovmf-4m-lived"))
    dialog = VariableDialog(store, store.store.find("Boot0000"))
    qtbot.addWidget(dialog)
    assert dialog.keep_keys.isHidden()
    dialog.value.form.fields["description"].setText("Setup")
    assert not dialog.keep_keys.isHidden()
    assert "Key0000 and Key0001 with the new CRC" in dialog.keep_keys.text()
    assert "passed over" not in dialog.message.text()
    assert dialog.edit.title.endswith("and the CRC of Key0000 and Key0001")
    dialog.keep_keys.click()
    assert "Key0000 is passed over by firmware" in dialog.message.text()
    assert dialog.edit.title == "Set Boot0000"
    assert ok(dialog).isEnabled()
