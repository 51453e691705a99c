"""A store that goes on edit by edit is what reading its bytes gives."""

import random
import time

import pytest
from stores import NV_BS_RT, REAL, VENDOR, pristine, real_store, record, store_of

from ovmfgui.nvram import vendors
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.importing import import_variables
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes, Status
from ovmfgui.nvram.structures import STATE_IN_TRANSITION
from ovmfgui.nvram.variable_store import VariableStore
from ovmfgui.refusal import Refused

TIMED = int(Attributes.NV | Attributes.BS | Attributes.RT | Attributes.AT)
NAMES = ("A", "BootOrder", "Timeout", "Lang", "\ud800odd", "Straße", "LongerName" * 6)


def random_edit(editor, chance):
    live = [record.key for record in editor.store.live if record.guid != CERT_DB]
    names = live + [(VENDOR, name) for name in NAMES]
    guid, name = chance.choice(names)
    if chance.random() < 0.3:
        return editor.delete_variable(name, guid)
    value = chance.choice((b"\0", chance.randbytes(chance.randrange(1, 200))))
    if chance.random() < 0.1:
        return editor.rename_variable(name, guid, chance.choice(NAMES), VENDOR)
    return editor.set_variable(name, guid, value)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("name", REAL)
def test_a_ledger_gives_what_reading_gives(name, compact):
    """Every property, findings and free room included, after every one of many edits."""
    data, chance = real_store(name), random.Random(f"{name} {compact}")
    editor = Editor(data, compact=compact)
    taken = 0
    for _ in range(50):
        try:
            edit = random_edit(editor, chance)
        except Refused:
            continue
        editor.go_on(edit)
        taken += edit.step is not None
        fresh = read_store(edit.after)
        assert editor.store == fresh
        assert editor.store.gauge == fresh.gauge
        assert editor.find("Timeout", vendors.GLOBAL) == fresh.find("Timeout", vendors.GLOBAL)
    assert taken > 12


@pytest.mark.parametrize("plain", [False, True])
def test_both_kinds_of_header(plain):
    editor = Editor(store_of(record("A", b"1", plain=plain), plain=plain))
    for name, value in (("B", b"2"), ("A", b"333"), ("B", b"4" * 9)):
        edit = editor.set_variable(name, VENDOR, value)
        assert edit.step is not None
        editor.go_on(edit)
        assert editor.store == read_store(edit.after)


def test_an_update_that_was_cut_off_is_read_anew():
    """What is said of it goes with the next update."""
    editor = Editor(store_of(record("A", b"1", state=STATE_IN_TRANSITION), record("A", b"2")))
    edit = editor.set_variable("A", VENDOR, b"3")
    assert edit.step is None
    editor.go_on(edit)
    assert editor.store == read_store(edit.after)
    assert not [r for r in editor.store.records if r.status is Status.TRANSITION]


def test_a_private_variable_and_its_signer_are_read_anew():
    stamp = bytes((0xE8, 7, 5, 31)) + bytes(12)
    editor = Editor(store_of())
    for edit_of in (
        lambda e: e.set_variable(CERT_DB_NAME, CERT_DB, b"\x04\0\0\0", TIMED, timestamp=stamp),
        lambda e: e.set_variable("Mine", VENDOR, b"1", TIMED, timestamp=stamp),
        lambda e: e.delete_variable("Mine", VENDOR),
    ):
        edit = edit_of(editor)
        editor.go_on(edit)
        assert editor.store == read_store(edit.after)


def test_a_volume_header_in_a_value_is_looked_at():
    editor = Editor(pristine("4M"))
    edit = editor.set_variable("V", VENDOR, pristine("2M")[:0x200])
    editor.go_on(edit)
    assert editor.store == read_store(edit.after)


def test_a_batch_makes_the_writes_that_its_edits_make_one_by_one():
    data = real_store("ovmf-4m-lived")
    batch, one = Batch(data), data
    for number in range(20):
        name, value = f"V{number % 7}", bytes([number + 1])
        batch.add(batch.editor.set_variable(name, VENDOR, value))
        one = Editor(one).set_variable(name, VENDOR, value).after
    assert batch.edit("All").after == one


def test_a_full_store_is_imported_in_linear_time():
    """Three times as many variables take no more than five times as long."""
    variables = [Variable(f"V{n:03X}", VENDOR, NV_BS_RT, b"\1") for n in range(3600)]
    data = pristine("4M")

    def seconds(count):
        spent = []
        for _ in range(3):
            start = time.process_time()
            done = import_variables(data, variables[:count])
            assert len(read_store(done.edit.after).live) == count
            spent.append(time.process_time() - start)
        return min(spent)

    assert seconds(3600) < 5 * seconds(1200)


def test_a_program_that_sets_many_variables_reads_the_store_once(tmp_path, monkeypatch):
    path = tmp_path / "VARS.fd"
    path.write_bytes(pristine("4M"))
    store = VariableStore(path)
    store.set("First", b"1", VENDOR)
    monkeypatch.setattr("ovmfgui.nvram.editor.read_store", None)
    for number in range(300):
        store.set(f"V{number % 200}", bytes([number & 0xFF]), VENDOR)
    store.delete("V7", VENDOR)
    assert len(store.variables) == 200
    assert store.get("V150", VENDOR) == b"\x96"
    store.save()
    assert read_store(path.read_bytes()) == store.store
    store.set("After", b"saved", VENDOR)
    store.save()
    assert read_store(path.read_bytes()).find("After").data == b"saved"
