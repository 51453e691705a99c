import lzma
import struct
from collections import Counter

from stores import DATA, OTHER, VENDOR, pristine, record, store_of

from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.recognition import Program, recognise


def programs_of(*edits):
    return [
        Program(write.offset + index, value)
        for edit in edits
        for write in edit.writes
        for index, value in enumerate(write.data)
    ]


def first_boot():
    raw = lzma.decompress((DATA / "ovmf-4m-first-boot.writes.xz").read_bytes())
    return [Program(*each) for each in struct.iter_unpack("<IB", raw)]


def test_every_call_of_a_real_first_boot_is_written_just_as_we_write_it():
    programs = first_boot()
    calls = list(recognise(pristine("4M"), programs))
    assert sum(call.programs for call in calls) == len(programs)
    assert {call.kind for call in calls} == {"create", "update", "delete"}
    assert all(Generation.OLD in call.generations for call in calls)
    assert not any(Generation.NEW in call.generations for call in calls if call.kind != "delete")
    assert [call.name for call in calls][:3] == ["CustomMode", "certdb", "VendorKeysNv"]
    # Each record in the store afterwards was written by one call, each dead one replaced by one.
    after = read_store(lzma.decompress((DATA / "ovmf-4m-first-boot.after.fd.xz").read_bytes()))
    kinds = Counter(call.kind for call in calls)
    assert kinds["create"] + kinds["update"] == len(after.records)
    assert kinds["update"] == sum(r.state == 0x3C for r in after.records)
    assert kinds["delete"] == sum(r.state == 0x3D for r in after.records)


def test_our_own_edits_are_recognised():
    for generation in Generation:
        data = store_of(record("A", b"0", state=0x3E), record("A", b"1"), record("B", b"2"))
        edits = []
        for name, guid, value in (("A", VENDOR, b"new"), ("C", OTHER, b"c"), ("B", VENDOR, None)):
            editor = Editor(edits[-1].after if edits else data, generation)
            if value is None:
                edits.append(editor.delete_variable(name, guid))
            else:
                edits.append(editor.set_variable(name, guid, value))
        calls = list(recognise(data, programs_of(*edits)))
        assert [(c.kind, c.name, c.guid, c.size, generation in c.generations) for c in calls] == [
            ("update", "A", VENDOR, 3, True),
            ("create", "C", OTHER, 1, True),
            ("delete", "B", VENDOR, 0, True),
        ]


def test_a_twin_is_deleted_with_its_variable():
    data = store_of(record("A", b"0", state=0x3E), record("A", b"1"))
    (call,) = recognise(data, programs_of(Editor(data).delete_variable("A", VENDOR)))
    assert (call.kind, call.programs) == ("delete", 2)
    assert call.generations == tuple(Generation)


def test_what_is_no_call_is_told_apart():
    edit = Editor(pristine()).set_variable("A", VENDOR, b"1")
    programs = [Program(0xF020, 0xFE), *programs_of(edit), Program(0x20, 0)]
    assert [call.kind for call in recognise(pristine(), programs)] == ["other", "create", "other"]


def test_a_call_cut_off_has_no_generation():
    edit = Editor(pristine()).set_variable("A", VENDOR, b"1")
    (call,) = recognise(pristine(), programs_of(edit)[:-1])
    assert (call.kind, call.generations) == ("other", ())
