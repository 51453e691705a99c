"""A key database in the variable editor: rows instead of lines of hex."""

from uuid import UUID

import pytest
from debian_firmware import VARS_4M_MS
from PySide6.QtWidgets import QInputDialog

from ovmfgui.gui.dialogs.variable import VariableDialog
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.signature_list import parse_signature_lists
from ovmfgui.resources import resource_path

pytestmark = pytest.mark.firmware


@pytest.fixture
def dialog(qtbot):
    editor = Editor(VARS_4M_MS.read_bytes())
    made = VariableDialog(editor, editor.store.find("db"))
    qtbot.addWidget(made)
    made.show()
    return made


def table_of(dialog):
    return dialog.value.form.fields["signatures"]


def signatures(dialog):
    lists = parse_signature_lists(dialog.value.value())
    assert lists.problem is None
    return [(s.owner, s.data) for each in lists.lists for s in each.signatures]


def test_rows_show_what_is_there_and_the_value_stays_as_it_is(dialog):
    table = table_of(dialog)
    shown = [row.what for row in table.model.rows]
    assert "Microsoft Windows Production PCA 2011" in shown
    assert len(shown) == len(signatures(dialog)) > 1
    assert "is the value that it has" in dialog.message.text()
    assert not table.remove.isEnabled()


def test_a_row_is_removed_and_a_certificate_added_from_a_file(dialog):
    table, before = table_of(dialog), signatures(dialog)
    table.table.selectRow(0)
    table.remove.click()
    assert signatures(dialog) == before[1:]
    table.add_files([str(resource_path("certificates/windows-2023.pem"))])
    assert table.model.rows[-1].what == "Windows UEFI CA 2023"
    assert table.told.text() == f"{len(before)} signatures"
    assert signatures(dialog)[:-1] == before[1:]
    # Whoever brought in the last one brings in the next.
    assert signatures(dialog)[-1][0] == before[-1][0]
    assert dialog.edit.writes


def test_of_several_files_those_that_are_refused_are_told_at_the_end(dialog, tmp_path):
    table, before = table_of(dialog), signatures(dialog)
    wrong = tmp_path / "letter.der"
    wrong.write_text("no keys")
    good = str(resource_path("certificates/windows-2023.pem"))
    table.add_files([str(wrong), good])
    assert len(signatures(dialog)) == len(before) + 1
    assert table.told.text().startswith("letter.der: ")


def test_hashes_and_owners_are_typed_and_nonsense_is_told(dialog, monkeypatch):
    table, answers = table_of(dialog), iter(["ab" * 32, "abc", str(UUID(int=7)), "me"])
    monkeypatch.setattr(QInputDialog, "getText", lambda *_a, **_k: (next(answers), True))
    before = signatures(dialog)
    table.hash.click()
    assert signatures(dialog)[-1][1] == b"\xab" * 32
    table.hash.click()
    assert "64 digits" in table.told.text()
    table.table.selectRow(0)
    table.owner.click()
    assert signatures(dialog)[0] == (UUID(int=7), before[0][1])
    table.table.selectRow(0)
    table.owner.click()
    assert table.told.text() == "The owner is a GUID."


def test_no_signature_at_all_is_no_value(dialog):
    table = table_of(dialog)
    table.table.selectAll()
    table.remove.click()
    assert "Firmware keeps no empty variable" in dialog.message.text()
    assert dialog.edit is None


def test_hex_and_rows_follow_each_other(dialog):
    data = dialog.value.value()
    first = parse_signature_lists(data).lists[0]
    dialog.value.hex.setPlainText(data[: first.span.size].hex(" "))
    assert len(table_of(dialog).model.rows) == len(first.signatures)
