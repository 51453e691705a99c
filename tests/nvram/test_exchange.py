import json
import struct
import zlib
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stores import (
    NV_BS_RT,
    OTHER,
    REAL,
    VENDOR,
    oracle,
    pristine,
    real_store,
    record,
    store_of,
    values,
)

from ovmfgui.nvram import exchange
from ovmfgui.nvram.difference import differences
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.exchange import (
    Variable,
    from_dmpstore,
    from_efivarfs,
    from_json,
    to_dmpstore,
    to_efivarfs,
    to_json,
)
from ovmfgui.nvram.exchange_formats import read_variables
from ovmfgui.nvram.importing import import_variables
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

AT = 0x27
STAMP = struct.pack("<HBBBBB", 2024, 5, 31, 12, 0, 0) + bytes(9)


def exported(name):
    return [Variable.of_record(each) for each in read_store(real_store(name)).live]


def as_read(name):
    """Two halves of a surrogate pair side by side are one character, as in every store."""
    return name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


VARIABLES = st.builds(
    Variable,
    st.text(
        st.characters(min_codepoint=1, max_codepoint=0xFFFF, exclude_categories=()), min_size=1
    ).map(as_read),
    st.uuids(),
    st.integers(0, 0xFF),
    st.binary(max_size=50),
    st.none() | st.binary(min_size=16, max_size=16),
)


@given(st.lists(VARIABLES, max_size=5))
@example([Variable("\U00010000", VENDOR, 7, b""), Variable("\udc00\ud800", VENDOR, 7, b"")])
def test_json_gives_back_what_was_put_in(variables):
    assert list(from_json(to_json(variables))) == variables


@given(st.lists(VARIABLES, max_size=5))
def test_dmpstore_gives_back_all_but_the_timestamp(variables):
    timeless = [Variable(v.name, v.guid, v.attributes, v.data) for v in variables]
    assert list(from_dmpstore(to_dmpstore(variables))) == timeless


def test_json_has_the_form_that_other_tools_share():
    shared = json.loads(
        to_json([Variable("A", VENDOR, AT, b"\1\2", STAMP), Variable("B", OTHER, 7, b"")])
    )
    assert shared == {
        "version": 2,
        "variables": [
            {"name": "A", "guid": str(VENDOR), "attr": AT, "data": "0102", "time": STAMP.hex()},
            {"name": "B", "guid": str(OTHER), "attr": 7, "data": ""},
        ],
    }


def test_dmpstore_has_the_form_that_the_shell_writes():
    body = struct.pack("<II", 4, 2) + b"A\0\0\0" + VENDOR.bytes_le + struct.pack("<I", 7) + b"\1\2"
    assert to_dmpstore([Variable("A", VENDOR, 7, b"\1\2")]) == body + struct.pack(
        "<I", zlib.crc32(body)
    )


def test_efivarfs_puts_the_attributes_first():
    name, contents = to_efivarfs(Variable("A-b", VENDOR, 7, b"\1"))
    assert name == f"A-b-{VENDOR}"
    assert contents == b"\7\0\0\0\1"
    assert from_efivarfs(name, contents) == Variable("A-b", VENDOR, 7, b"\1")
    assert read_variables(name, contents) == (Variable("A-b", VENDOR, 7, b"\1"),)


@pytest.mark.parametrize(
    ("name", "contents"),
    [
        ("x.json", b"{"),
        ("x.json", b"{}"),
        ("x.json", b'{"variables": 5}'),
        ("x.json", b'{"variables": [5]}'),
        ("x.json", b'{"variables": [{"name": "A"}]}'),
        ("x.json", b'{"variables": [{"name": "A", "guid": "x", "attr": 7, "data": ""}]}'),
        (
            "x.json",
            json.dumps(
                {"variables": [{"name": "A", "guid": str(VENDOR), "attr": 7, "data": "0"}]}
            ).encode(),
        ),
        (
            "x.json",
            json.dumps(
                {
                    "variables": [
                        {"name": "A", "guid": str(VENDOR), "attr": 7, "data": "", "time": "00"}
                    ]
                }
            ).encode(),
        ),
        ("x.bin", b"text"),
        ("x.bin", to_dmpstore([Variable("A", VENDOR, 7, b"\1\2")])[:-1] + b"\0"),
        ("x.bin", to_dmpstore([Variable("A", VENDOR, 7, b"\1\2")])[:-5]),
        (f"A-{VENDOR}", b"\7\0"),
    ],
)
def test_what_is_none_of_the_formats_is_refused(name, contents):
    with pytest.raises(Refused) as refusal:
        read_variables(name, contents)
    assert "\n" not in str(refusal.value)


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(contents):
    try:
        variables = read_variables("x", contents)
    except Refused:
        return
    assert all(isinstance(each.guid, UUID) for each in variables)


@pytest.mark.parametrize("name", REAL)
def test_a_store_exported_and_imported_holds_the_same_variables(name):
    variables = from_json(to_json(exported(name)))
    layout = {"ovmf-4m-lived": "4M", "aavmf-lived": "AAVMF"}.get(name, "2M")
    done = import_variables(pristine(layout), variables)
    before, after = read_store(real_store(name)), read_store(done.edit.after)
    assert list(differences(before, after)) == []
    assert [r.timestamp for r in after.live] == [r.timestamp for r in before.live]
    again = import_variables(done.edit.after, variables)
    assert again.edit.writes == ()
    assert again.changed == ()


def test_what_the_firmware_lists_itself_can_be_imported_and_volatile_ones_are_left_out():
    listed = [
        Variable(name, UUID(guid), attributes, bytes.fromhex(data))
        for guid, name, attributes, data in oracle("ovmf-4m-lived")["firmware"]
    ]
    volatile = Variable("SecureBoot", VENDOR, 6, b"\0")
    done = import_variables(pristine("4M"), [*listed, volatile])
    assert values(read_store(done.edit.after)) == values(read_store(real_store("ovmf-4m-lived")))
    assert done.skipped == ("SecureBoot",)


def test_other_attributes_take_over_and_the_variable_is_there_throughout():
    data = store_of(record("A", b"1", attributes=3))
    done = import_variables(data, [Variable("A", VENDOR, 7, b"2")])
    assert [r.state for r in read_store(done.edit.after).records] == [0x3C, 0x3F]
    for stage in done.edit.stages():
        (only,) = read_store(stage).live
        assert (only.attributes, only.data) in ((3, b"1"), (7, b"2"))


def test_replacing_deletes_what_is_not_there():
    data = store_of(record("A", b"1"), record("B", b"2"))
    done = import_variables(data, [Variable("B", VENDOR, NV_BS_RT, b"2")], replace=True)
    assert values(read_store(done.edit.after)) == {(VENDOR, "B"): b"2"}
    assert done.changed == ("A",)


def test_the_writes_of_an_import_lead_from_before_to_after():
    done = import_variables(pristine(), exported("ovmf-2m-ms-lived"))
    *_, last = done.edit.stages()
    assert last == done.edit.after
    timed = read_store(done.edit.after).find("certdb")
    assert timed.attributes == AT


def test_a_full_store_may_be_compacted_on_the_way():
    data = store_of(*(record("Old", bytes(0x1E00), state=0x3C) for _ in range(7)))
    wanted = [Variable(f"V{n}", VENDOR, 7, bytes(0x1C00)) for n in range(3)]
    with pytest.raises(Refused, match="no room"):
        import_variables(data, wanted)
    done = import_variables(data, wanted, compact=True)
    assert [r.name for r in read_store(done.edit.after).records] == ["V0", "V1", "V2"]


def test_differences_name_what_is_not_the_same():
    first = store_of(record("A", b"1"), record("B", b"2"), record("C", b"3"), record("D", b"4"))
    second = Editor(first).set_variable("B", VENDOR, b"x").after
    second = Editor(second).delete_variable("C", VENDOR).after
    second = Editor(second).set_variable("E", VENDOR, b"5").after
    second = import_variables(second, [Variable("D", VENDOR, 3, b"4")]).edit.after
    found = list(differences(read_store(first), read_store(second)))
    assert [(d.record.name, d.kind, d.what) for d in found] == [
        ("B", "differs", ("data",)),
        ("C", "only-first", ()),
        ("D", "differs", ("attributes",)),
        ("E", "only-second", ()),
    ]
    plain = store_of(record("A", b"1", plain=True), plain=True)
    assert list(differences(read_store(plain), read_store(store_of(record("A", b"1"))))) == []


def test_what_does_not_fit_can_be_left_out_and_is_told():
    data = real_store("ovmf-4m-lived")
    small = Variable("Small", VENDOR, 7, b"\1", None)
    huge = Variable("Huge", VENDOR, 7, bytes(40_000), None)
    with pytest.raises(Refused):
        import_variables(data, [huge, small])
    done = import_variables(data, [huge, small], what_fits=True)
    assert done.changed == ("Small",)
    (refused,) = done.refused
    assert refused.startswith("Huge: ")
    store = read_store(done.edit.after)
    assert store.find("Small").data == b"\1"
    assert store.find("Huge") is None
    with pytest.raises(Refused, match="Huge"):
        import_variables(data, [huge], what_fits=True)


def test_more_variables_than_are_read_are_refused_and_not_left_out(monkeypatch):
    data = to_dmpstore([Variable("A", VENDOR, 7, b"1"), Variable("B", VENDOR, 7, b"2")])
    monkeypatch.setattr(exchange, "MOST_RECORDS", 2)
    assert len(list(from_dmpstore(data))) == 2
    monkeypatch.setattr(exchange, "MOST_RECORDS", 1)
    with pytest.raises(Refused, match="more than 1 variables"):
        from_dmpstore(data)
