"""Every kind of edit, cut off after every single flash write: the old value or the new one."""

from typing import NamedTuple

import pytest
from stores import NV_BS_RT, OTHER, VENDOR, pristine, real_store, record, store_of

from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.boot_options import BootEditor
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.edit import FlashWrite, apply_writes
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.importing import import_variables
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.recovery import recover
from ovmfgui.nvram.signature_list import SHA256, build_signature_list

AT = 0x27
EARLY, LATE = timestamp.from_text("2020-01-01"), timestamp.from_text("2024-05-31T12:00:00")
EfiInputKey = build_signature_list(SHA256, [(VENDOR, bytes(32))])
MORE = build_signature_list(SHA256, [(VENDOR, b"\1" * 32)])
SHELL = device_path_from_text(r"PciRoot(0x0)/Pci(0x1,0x0)/\EFI\BOOT\BOOTX64.EFI")


class Case(NamedTuple):
    """A store, what is done to it, and whether a write of it runs through the FTW area."""

    name: str
    before: bytes
    edit: object
    reclaims: bool = False


def enrolled():
    data = pristine("4M")
    for name, guid in (
        ("PK", vendors.GLOBAL),
        ("KEK", vendors.GLOBAL),
        ("db", vendors.IMAGE_SECURITY),
        ("dbx", vendors.IMAGE_SECURITY),
    ):
        data = Editor(data).set_variable(name, guid, EfiInputKey, AT, timestamp=EARLY).after
    return data


def full(state=0x3C):
    """Room for one more small variable, and much that compaction would win back."""
    dead = [record("Old", bytes(0x1E00), state=state) for _ in range(6)]
    return store_of(
        *dead, record("A", bytes(0x1800)), record("B0", b"x"), record("Boot0000", b"x", guid=OTHER)
    )


def private():
    data = store_of(record("Mine", b"1", attributes=AT), record("A", b"1"))
    name = "Mine".encode("utf-16-le")
    node = VENDOR.bytes_le + (28 + len(name) + 32).to_bytes(4, "little") + (4).to_bytes(4, "little")
    node += (32).to_bytes(4, "little") + name + b"\xdd" * 32
    certdb = (4 + len(node)).to_bytes(4, "little") + node
    return Editor(data).set_variable("certdb", vendors.CERT_DB, certdb, AT).after


LIVED = "ovmf-4m-lived"
CASES = [
    Case("create", pristine(), lambda e: e.set_variable("New", VENDOR, b"1")),
    Case("create a large one", pristine(), lambda e: e.set_variable("New", VENDOR, bytes(0x1F00))),
    Case("change", LIVED, lambda e: e.set_variable("TestA", VENDOR, b"other")),
    Case("append", LIVED, lambda e: e.append_variable("TestA", VENDOR, b"more")),
    Case("delete", LIVED, lambda e: e.delete_variable("TestA", VENDOR)),
    Case("rename", LIVED, lambda e: e.rename_variable("TestA", VENDOR, "TestB")),
    Case("rename to a vendor", LIVED, lambda e: e.rename_variable("TestA", VENDOR, "T", OTHER)),
    Case("attributes", LIVED, lambda e: e.change_attributes("TestA", VENDOR, 3)),
    Case(
        "update with a twin",
        store_of(record("A", b"0", state=0x3E), record("A", b"1"), record("B", b"2")),
        lambda e: e.set_variable("A", VENDOR, b"new"),
    ),
    Case(
        "delete with a twin",
        store_of(record("A", b"0", state=0x3E), record("A", b"1"), record("B", b"2")),
        lambda e: e.delete_variable("A", VENDOR),
    ),
    Case("PK", pristine("4M"), lambda e: e.set_variable("PK", vendors.GLOBAL, EfiInputKey, AT)),
    Case("KEK", enrolled(), lambda e: e.append_variable("KEK", vendors.GLOBAL, MORE)),
    Case("db", enrolled(), lambda e: e.set_variable("db", vendors.IMAGE_SECURITY, MORE)),
    Case(
        "dbx and its timestamp",
        enrolled(),
        lambda e: e.append_variable("dbx", vendors.IMAGE_SECURITY, MORE, timestamp=LATE),
    ),
    Case(
        "timestamp alone",
        enrolled(),
        lambda e: e.set_variable("db", vendors.IMAGE_SECURITY, EfiInputKey, timestamp=LATE),
    ),
    Case("delete PK", enrolled(), lambda e: e.delete_variable("PK", vendors.GLOBAL)),
    Case("delete a private one", private(), lambda e: e.delete_variable("Mine", VENDOR)),
    Case("compact", LIVED, lambda e: e.compact(), reclaims=True),
    Case("compact on ARM", "aavmf-lived", lambda e: e.compact(), reclaims=True),
    Case(
        "create with compaction",
        full(),
        lambda e: e.set_variable("New", VENDOR, bytes(0x1F00)),
        reclaims=True,
    ),
    Case(
        "change with compaction",
        full(0x3D),
        lambda e: e.set_variable("A", VENDOR, bytes(0x1F00)),
        reclaims=True,
    ),
    Case(
        "rename with compaction",
        full(),
        lambda e: e.rename_variable("A", VENDOR, "C"),
        reclaims=True,
    ),
    Case(
        "attributes with compaction",
        full(),
        lambda e: e.change_attributes("A", VENDOR, 3),
        reclaims=True,
    ),
    Case("boot entry added", LIVED, lambda e: BootEditor(e.data).add("Disk", SHELL, position=0)),
    Case("boot order", LIVED, lambda e: BootEditor(e.data).order((2, 1))),
    Case("boot entry removed", LIVED, lambda e: BootEditor(e.data).remove(2)),
    Case("boot next", LIVED, lambda e: BootEditor(e.data).start_next(2)),
    Case(
        "import",
        LIVED,
        lambda e: (
            import_variables(
                e.data, [Variable("TestA", VENDOR, 3, b"x"), Variable("N", OTHER, NV_BS_RT, b"y")]
            ).edit
        ),
    ),
]


def seen(data):
    """Every live variable with all that firmware knows of it."""
    return {r.key: (r.attributes, r.data, r.timestamp) for r in read_store(data).live}


def cuts(edit):
    """The store after every write, and with only the first half of each written."""
    data, *stages = edit.stages()
    for write, stage in zip(edit.writes, stages, strict=True):
        half = write.data[: len(write.data) // 2]
        yield data
        yield apply_writes(data, [FlashWrite(write.offset, half, write.what)])
        data = stage
    yield data


@pytest.mark.parametrize("generation", list(Generation))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_variable_is_the_old_or_the_new_one_and_no_other_is_touched(case, generation):
    before = real_store(case.before) if isinstance(case.before, str) else case.before
    edit = case.edit(Editor(before, generation, compact=case.reclaims))
    assert edit.writes
    old, new = seen(edit.before), seen(edit.after)
    changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    assert changed or case.reclaims
    recovered = 0
    for stage in cuts(edit):
        store = read_store(stage)
        if store.volume is None or store.ftw.pending == "spare-complete":
            stage, recovered = recover(stage).data, recovered + 1
        now = seen(stage)
        for key in changed:
            assert now.get(key) in (old.get(key), new.get(key))
        assert {key: now[key] for key in now if key not in changed} == {
            key: old[key] for key in old if key not in changed
        }
        # Something by the old name or the new one is there throughout, unless it was deleted.
        assert len(now) >= min(len(old), len(new))
    assert bool(recovered) == case.reclaims
    assert read_store(edit.after).findings == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_flash_loses_bits_with_every_write_and_gets_them_back_by_erasure_alone(case):
    before = real_store(case.before) if isinstance(case.before, str) else case.before
    edit = case.edit(Editor(before, compact=case.reclaims))
    data, *stages = edit.stages()
    for write, stage in zip(edit.writes, stages, strict=True):
        erases = not write.data.strip(b"\xff")
        old, new = write.span.of(data), write.data
        assert erases or all(b & ~a & 0xFF == 0 for a, b in zip(old, new, strict=True)), write
        data = stage


def test_a_guid_alone_tells_variables_apart_throughout():
    before = store_of(record("A", b"1"), record("A", b"2", guid=OTHER))
    edit = Editor(before).rename_variable("A", VENDOR, "B")
    for stage in edit.stages():
        assert seen(stage)[OTHER, "A"][1] == b"2"
