"""The JSON store of QEMU's uefi-vars device, read and changed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stores import OTHER, VENDOR

from ovmfgui.finding import Severity
from ovmfgui.nvram import vendors
from ovmfgui.nvram.boot_options import BootEditor, boot_order
from ovmfgui.nvram.edit import apply_writes, text_change
from ovmfgui.nvram.exchange import Variable, from_json, to_json, variables_of
from ovmfgui.nvram.importing import import_variables
from ovmfgui.nvram.json_editor import JsonEditor, editor_of
from ovmfgui.nvram.json_store import CAPACITY, LARGEST
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.regions import json_region
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[1] / "data" / "uefi-vars"
BY_QEMU = (DATA / "uefi-vars-written-by-qemu.json").read_bytes()
AT = 0x27


def entry(name="A", data="01", guid=VENDOR, attr=7, **more):
    return {"name": name, "guid": str(guid), "attr": attr, "data": data} | more


def store(*entries, indent=4, **more):
    document = {"version": 2, "variables": list(entries)} | more
    return (json.dumps(document, indent=indent) + "\n").encode()


SOUND = store(entry())


def ids(data, severity=None):
    findings = read_store(data).findings
    return [f.id for f in findings if severity is None or f.severity is severity]


def test_what_qemu_wrote_is_read():
    read = read_store(BY_QEMU)
    assert [(r.name, r.attributes, r.data) for r in read.live] == [
        ("CustomMode", 3, b"\0"),
        ("VendorKeysNv", 0x23, b"\0"),
    ]
    assert read.live[1].timestamp == bytes(16)
    assert read.findings == ()
    assert read.json is not None
    # 96 for the structure, the name with its NUL in UCS-2, one byte of value.
    assert read.json.used == (96 + 22 + 1) + (96 + 26 + 1)


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_places_are_the_texts_own(indent):
    data = store(entry("Grüße", "0a0b"), entry("B", "0c"), indent=indent)
    first, second = read_store(data).records
    assert first.data_span.of(data) == b"0a0b"
    assert second.name_span.of(data) == b"B"
    assert json.loads(second.span.of(data)) == entry("B", "0c")


@pytest.mark.parametrize(
    ("data", "ident"),
    [
        (b'{"version": 2, "variables": [', "json-broken"),
        (b'{"variables": [\xff]}', "json-broken"),
        (b'{"variables": ' + b"[" * 100_000, "json-broken"),
        (b'{"version": 2, "variables": 5}', "json-no-list"),
        (b'{"variables": []}', "json-no-version"),
        (store(version="2"), "json-no-version"),
        (store(version=2.5), "json-no-version"),
        (b'{"version": NaN, "variables": []}', "json-broken"),
        (b'{{}: 1, "variables": []}', "json-broken"),
        (SOUND + b"}", "json-broken"),
        (b"\xef\xbb\xbf" + SOUND, "json-bom"),
        (SOUND.replace(b'"attr"', b'"attr": 1, "attr"'), "json-broken"),
        (SOUND.replace(b":", b";", 1), "json-broken"),
        (store(colour=1), "json-unexpected"),
        (store(entry(colour=1)), "json-unexpected"),
        (store(5), "json-entry"),
        (store({"name": "A"}), "json-entry"),
        (store(entry(data="0")), "json-entry"),
        (store(entry(data="zz")), "json-misread"),
        (store(entry(data="01 02")), "json-misread"),
        (store(entry(digest="010")), "json-misread"),
        (store(entry(guid="x")), "json-misread"),
        (store(entry(guid=VENDOR.hex)), "json-misread"),
        (store(entry(guid=f"{{{VENDOR}}}")), "json-misread"),
        (store(entry(attr=-1)), "json-misread"),
        (store(entry(attr=1 << 32)), "json-misread"),
        (store(entry(attr=True)), "json-entry"),
        (store(entry(name=5)), "json-entry"),
        (store(entry(), entry(data="02")), "json-twice"),
        (store(entry(name="")), "json-no-name"),
        (store(entry(data="")), "json-no-value"),
    ],
)
def test_what_qemu_or_the_guest_stumbles_over_is_an_error(data, ident):
    assert ident in ids(data, Severity.ERROR)
    with pytest.raises(Refused):
        editor_of(data)


@pytest.mark.parametrize(
    ("data", "ident"),
    [
        (store(version=3), "json-version"),
        (store(entry(attr=6)), "json-volatile"),
        (store(entry("ü")), "json-name-not-ascii"),
        (store(entry(attr=AT, time="00")), "json-time"),
        (store(*(entry(f"V{i}", "00" * 30_000) for i in range(9))), "json-full"),
    ],
)
def test_what_is_not_as_it_seems_is_a_warning(data, ident):
    assert ids(data) == [ident]
    assert ids(data, Severity.WARNING) == [ident]


def test_of_two_of_one_name_the_first_counts():
    read = read_store(store(entry(data="01"), entry(data="02")))
    assert [r.status for r in read.records] == [Status.LIVE, Status.SHADOWED]
    assert [r.data for r in read.live] == [b"\1"]


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_list_of_variables_is_read(listed):
    text = json.dumps({"version": 2, "variables": listed}, ensure_ascii=False)
    data = text.encode("utf-8", "replace")
    read = read_store(data)
    assert read.json is not None
    assert all(f.place is None or f.place.span.end <= len(data) for f in read.findings)


# Changing


@pytest.mark.parametrize("indent", [None, 1, 4])
def test_what_is_not_changed_stays_byte_for_byte(indent):
    data = store(entry("A"), entry("B", "02", digest="aa", attr=AT, time="00" * 16), indent=indent)
    after = editor_of(data).set_variable("A", VENDOR, b"\5").after
    assert after == data.replace(b'"01"', b'"05"')


def test_a_new_variable_goes_to_the_end_as_qemu_writes_it():
    after = editor_of(BY_QEMU).set_variable("New", VENDOR, b"\1\2").after
    assert after.startswith(BY_QEMU.rstrip()[:-20].rstrip(b"]} \n"))
    document = json.loads(after)
    assert document["variables"][:2] == json.loads(BY_QEMU)["variables"]
    assert document["variables"][2] == entry("New", "0102")
    assert not after.endswith(b"\n") or BY_QEMU.endswith(b"\n")


def test_an_authenticated_variable_gets_its_time_and_keeps_its_digest():
    data = store(entry("A", "01", attr=AT, time="e8070501" + "00" * 12, digest="aabb"))
    stamp = bytes.fromhex("e9070501" + "00" * 12)
    (changed,) = json.loads(
        editor_of(data).set_variable("A", VENDOR, b"\2", timestamp=stamp).after
    )["variables"]
    assert (changed["data"], changed["time"], changed["digest"]) == ("02", stamp.hex(), "aabb")
    with pytest.raises(Refused, match="earlier"):
        editor_of(data).set_variable("A", VENDOR, b"\2", timestamp=bytes(16))


def test_append_delete_rename_attributes():
    data = store(entry("A"), entry("B", "02"), indent=1)
    data = editor_of(data).append_variable("A", VENDOR, b"\7").after
    data = editor_of(data).delete_variable("B", VENDOR).after
    data = editor_of(data).rename_variable("A", VENDOR, "C", OTHER).after
    data = editor_of(data).change_attributes("C", OTHER, 3).after
    assert data == store(entry("C", "0107", OTHER, attr=3), indent=1)
    assert editor_of(data).compact().writes == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e.set_variable("ü", VENDOR, b"\1"),
        lambda e: e.rename_variable("A", VENDOR, "ü"),
        lambda e: e.rename_variable("A", VENDOR, "B"),
        lambda e: e.set_variable("Big", VENDOR, bytes(LARGEST)),
        lambda e: e.set_variable("V", VENDOR, b"\1", attributes=6),
        lambda e: e.set_variable("A", VENDOR, b""),
        lambda e: e.delete_variable("None", VENDOR),
        lambda e: e.set_variable("db", vendors.IMAGE_SECURITY, b"junk", attributes=AT),
    ],
)
def test_what_the_device_or_firmware_would_not_take_is_refused(change):
    with pytest.raises(Refused):
        change(editor_of(store(entry("A"), entry("B"))))


def test_the_device_keeps_so_much_and_no_more():
    full = store(*(entry(f"V{i}", "00" * 29_000) for i in range(9)))
    assert len(full) > CAPACITY
    with pytest.raises(Refused, match="no room"):
        editor_of(full).set_variable("More", VENDOR, bytes(40_000))
    with pytest.raises(Refused, match="no room"):
        editor_of(full).set_variable("V0", VENDOR, bytes(40_000))
    editor_of(full).set_variable("V0", VENDOR, bytes(100))


def test_an_edit_can_be_undone():
    data = store(entry("A"), entry("B"))
    edit = editor_of(data).delete_variable("A", VENDOR)
    assert apply_writes(edit.after, edit.reverts) == data


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_text_change_makes_one_of_the_other(before, after):
    assert apply_writes(before, text_change(before, after, "")) == after


def test_boot_entries_live_in_json_too():
    data = BY_QEMU
    edit = BootEditor(data).add("One", bytes.fromhex("7fff0400"))
    edit = BootEditor(edit.after).add("Two", bytes.fromhex("7fff0400"), position=0)
    assert boot_order(read_store(edit.after)) == (1, 0)
    assert apply_writes(edit.after, edit.reverts) == edit.before


def test_many_are_imported_as_one_edit():
    variables = [Variable(f"V{i}", VENDOR, 7, b"x") for i in range(20)]
    done = import_variables(BY_QEMU, variables, replace=True)
    assert len(done.edit.writes) == 1
    assert [r.name for r in read_store(done.edit.after).live] == [f"V{i}" for i in range(20)]


def test_editors_by_content():
    assert isinstance(editor_of(BY_QEMU), JsonEditor)


def test_the_signers_digest_goes_out_and_in_again():
    data = store(entry("A", attr=AT, time="00" * 16, digest="aabb"), entry("B"))
    variables = variables_of(read_store(data))
    assert [each.digest for each in variables] == [b"\xaa\xbb", None]
    assert from_json(to_json(variables)) == variables
    done = import_variables(store(), variables)
    assert json.loads(done.edit.after) == json.loads(data)
    assert import_variables(data, variables).edit.writes == ()


def test_an_import_that_the_device_would_not_take_is_refused():
    for variable in (
        Variable("ü", VENDOR, 7, b"x"),
        Variable("Big", VENDOR, 7, bytes(LARGEST)),
        Variable("A", VENDOR, AT, b"x", bytes(5)),
        Variable("A", VENDOR, 0x17, b"x"),
        Variable("PK", vendors.GLOBAL, AT, b"junk", bytes(16)),
    ):
        with pytest.raises(Refused):
            import_variables(store(entry()), [variable])


def test_an_import_gives_other_attributes_and_lets_an_old_signer_go():
    data = store(entry("A", attr=AT, time="00" * 16, digest="aabb"))
    done = import_variables(data, [Variable("A", VENDOR, 7, b"x")])
    assert json.loads(done.edit.after)["variables"] == [entry("A", "78")]
    assert done.changed == ("A",)


def test_an_import_of_the_same_is_no_change():
    done = import_variables(BY_QEMU, variables_of(read_store(BY_QEMU)))
    assert (done.edit.writes, done.changed) == ((), ())


@given(
    at=st.integers(0, len(BY_QEMU)),
    gone=st.integers(0, 40),
    new=st.sampled_from(
        [b"", b'"', b"{", b"}", b"]", b",", b"\xff", b"null", b"\\ud800", b"9" * 5000]
    )
    | st.binary(max_size=3),
)
def test_whatever_the_text_is_it_is_read_and_its_map_tiles_it(at, gone, new):
    data = BY_QEMU[:at] + new + BY_QEMU[at + gone :]
    read = read_store(data)
    if read.json is None:
        return
    region = json_region(read, len(data))
    ends = [0, *(child.span.end for child in region.children)]
    assert [child.span.start for child in region.children] == ends[:-1]
    assert ends[-1] == len(data)
    assert read.findings or len(read.live) == 2
