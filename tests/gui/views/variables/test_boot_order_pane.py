"""Boot entries: their order, by dragging and by keys, and the form for another one."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from ovmfgui.gui.dialogs.boot_entry import BootEntryDialog, path_of_file
from ovmfgui.nvram.boot_options import BootEditor, boot_options, boot_order
from ovmfgui.nvram.decode import device_path_text
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

PARTITION = "7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1"


@pytest.fixture
def pane(demo_window):
    """The pane in a window whose store has three entries in its order."""
    document = demo_window.document
    for name in ("second", "third"):
        path = device_path_from_text(rf"\EFI\{name}.efi")
        document.edit(BootEditor(document.editor().data).add(name, path))
    demo_window.actions_of["boot-order"].trigger()
    return demo_window.pages.tabs.view("variables").boot


def order(window):
    return boot_order(window.document.store)


def choose(pane, row):
    pane.entries.setCurrentItem(pane.entries.topLevelItem(row))


def test_entries_are_listed_in_the_order_in_which_they_are_tried(pane):
    assert pane.isVisible()
    assert [option.name for option in pane.options] == ["Boot0000", "Boot0001", "Boot0002"]
    assert pane.entries.topLevelItem(1).text(2) == "second"
    assert "active" in pane.entries.topLevelItem(1).text(3)
    assert "3" in pane.hint.text()


def test_up_and_down_are_one_step_each_that_can_be_undone(demo_window, pane):
    steps = demo_window.document.undo_stack.count()
    choose(pane, 2)
    assert not pane.down.isEnabled()
    pane.up.click()
    assert order(demo_window) == (0, 2, 1)
    assert pane.current.number == 2
    assert demo_window.document.undo_stack.count() == steps + 1
    demo_window.document.undo_stack.undo()
    assert order(demo_window) == (0, 1, 2)


def test_alt_and_an_arrow_move_the_entry_not_the_selection_of_regions(demo_window, pane):
    choose(pane, 0)
    alt, down = Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Down
    claim = QKeyEvent(QEvent.Type.ShortcutOverride, down, alt)
    claim.ignore()
    QApplication.sendEvent(pane.entries, claim)
    assert claim.isAccepted()
    QApplication.sendEvent(pane.entries, QKeyEvent(QEvent.Type.KeyPress, down, alt))
    assert order(demo_window) == (1, 0, 2)


def test_rows_that_are_dragged_become_the_order(demo_window, pane):
    pane.entries.insertTopLevelItem(0, pane.entries.takeTopLevelItem(2))
    pane.entries.dropped.emit()
    assert order(demo_window) == (2, 0, 1)
    assert [option.number for option in pane.options] == [2, 0, 1]


def test_an_entry_is_taken_out_of_the_order_and_put_back(demo_window, pane):
    choose(pane, 1)
    pane.listed.click()
    assert order(demo_window) == (0, 2)
    assert "not in the order" in pane.entries.topLevelItem(2).text(3)
    assert pane.current.number == 1
    pane.listed.click()
    assert order(demo_window) == (0, 2, 1)


def test_an_entry_is_started_next_once(demo_window, pane):
    choose(pane, 1)
    pane.next.click()
    assert demo_window.document.store.find("BootNext").data == b"\1\0"
    assert pane.entries.topLevelItem(1).text(3).startswith("next start")
    pane.next.click()
    assert demo_window.document.store.find("BootNext") is None


def test_an_entry_is_made_inactive_and_active_again(demo_window, pane):
    choose(pane, 1)
    before = demo_window.document.store.find("Boot0001").data
    assert pane.active.isChecked()
    pane.active.click()
    assert "inactive" in pane.entries.topLevelItem(1).text(3)
    assert demo_window.document.undo_stack.undoText() == "Deactivate Boot0001"
    assert not pane.active.isChecked()
    pane.active.click()
    assert demo_window.document.store.find("Boot0001").data == before


def test_an_entry_is_removed_with_its_place_in_the_order(demo_window, pane):
    choose(pane, 1)
    pane.remove.click()
    assert order(demo_window) == (0, 2)
    assert demo_window.document.store.find("Boot0001") is None
    demo_window.document.undo_stack.undo()
    assert order(demo_window) == (0, 1, 2)
    assert demo_window.document.store.find("Boot0001") is not None


def test_a_new_entry_is_the_one_selected_and_removed(demo_window, pane):
    document = demo_window.document
    document.select(Place(1, document.store.find("PlatformLang").span))
    assert pane.current is None
    assert not pane.remove.isEnabled()
    before = {option.number for option in pane.options}
    pane.add.click()
    form = demo_window.findChild(BootEntryDialog)
    form.description.setText("New one")
    form.path.setText(r"\EFI\new.efi")
    ok(form).click()
    made = {option.number for option in pane.options} - before
    assert pane.current is not None
    assert {pane.current.number} == made
    name = pane.current.name
    assert document.record_at(document.selection).name == name
    assert document.store.find("Boot0000") is not None
    pane.remove.click()
    assert document.store.find(name) is None
    assert {option.number for option in pane.options} == before


def test_one_entry_is_spoken_of_as_one(demo_window, pane):
    pane.show_options(pane.options[:1])
    assert "these 1" not in pane.hint.text()


def test_all_that_are_not_in_the_order_go_in_one_step(demo_window, pane):
    assert not pane.remove_others.isEnabled()
    pane.order_asked.emit((1,))
    steps = demo_window.document.undo_stack.index()
    pane.remove_others.click()
    assert [option.number for option in pane.options] == [1]
    assert demo_window.document.undo_stack.index() == steps + 1
    demo_window.document.undo_stack.undo()
    assert len(pane.options) == 3
    assert order(demo_window) == (1,)


def test_a_row_selects_its_variable(demo_window, pane):
    choose(pane, 1)
    document = demo_window.document
    assert document.record_at(document.selection).name == "Boot0001"


def test_a_store_that_cannot_be_edited_shows_its_order_only(pane, demo_window):
    pane.show_options(boot_options(demo_window.document.store), "damaged")
    choose(pane, 1)
    for button in (pane.up, pane.down, pane.listed, pane.next, pane.remove, pane.add):
        assert not button.isEnabled()


@pytest.fixture
def form(qtbot, qapp):
    made = BootEntryDialog()
    qtbot.addWidget(made)
    return made


def ok(form):
    return form.buttons.button(QDialogButtonBox.StandardButton.Ok)


def type_into(edit, text):
    edit.setText(text)
    edit.textEdited.emit(text)


def test_the_form_says_what_is_missing(form):
    assert "description" in form.message.text()
    form.description.setText("debian")
    assert "device path" in form.message.text()
    assert not ok(form).isEnabled()


def test_the_device_path_follows_file_and_partition(form):
    form.description.setText("debian")
    type_into(form.file, "EFI/debian/shimx64.efi")
    assert form.path.text() == r"\EFI\debian\shimx64.efi"
    type_into(form.partition, PARTITION.lower())
    assert form.path.text().startswith(f"HD(1,GPT,{PARTITION},")
    assert PARTITION in device_path_text(form.entry.paths)
    type_into(form.partition, "sda1")
    assert "GUID" in form.message.text()
    assert form.entry is None


def test_a_device_path_is_checked_as_it_is_typed(form):
    form.description.setText("net")
    form.path.setText("PciRoot(0x0)/Pci(0x3")
    assert form.entry is None
    assert not ok(form).isEnabled()
    form.path.setText("PciRoot(0x0)/Pci(0x3,0x0)")
    assert ok(form).isEnabled()
    assert "PciRoot(0x0)/Pci(0x3,0x0)" in form.message.text()


def test_optional_data_is_text_or_hex(form):
    form.description.setText("linux")
    form.path.setText(r"\vmlinuz.efi")
    form.optional.setText("ab")
    assert form.entry.optional == b"a\0b\0"
    form.encoding.setCurrentIndex(1)
    assert form.entry.optional == b"\xab"
    form.optional.setText("abc")
    assert form.entry is None


def test_a_partition_is_told_by_its_guid():
    assert path_of_file("/a/b.efi", "", 1) == r"\a\b.efi"
    with pytest.raises(Refused, match="PARTUUID"):
        path_of_file("a", "sda1", 1)


def test_the_form_makes_an_entry_in_one_step(demo_window):
    document = demo_window.document
    demo_window.actions_of["add-boot-entry"].trigger()
    form = demo_window.findChild(BootEntryDialog)
    form.description.setText("mine")
    form.path.setText(r"\mine.efi")
    ok(form).click()
    assert boot_order(document.store) == (1, 0)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert boot_order(document.store) == (0,)
