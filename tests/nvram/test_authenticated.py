import struct

import pytest
from stores import OTHER, VENDOR, pristine, record, store_of, values

from ovmfgui.nvram import vendors
from ovmfgui.nvram.certdb import CERT_DB, CERT_DB_NAME, parse_certdb, without_entries
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import (
    SHA256,
    X509,
    build_signature_list,
    merge_signatures,
    parse_signature_lists,
)
from ovmfgui.refusal import Refused

AT = 0x27
DB = (vendors.IMAGE_SECURITY, "db")
HASHES = [bytes([n]) * 32 for n in range(4)]


def entry(name, guid, digest=b"\xdd" * 32):
    raw = name.encode("utf-16-le")
    size = 28 + len(raw) + len(digest)
    return guid.bytes_le + struct.pack("<III", size, len(name), len(digest)) + raw + digest


def certdb(*entries):
    body = b"".join(entries)
    return struct.pack("<I", 4 + len(body)) + body


def private_store(*, entries, variables=("Mine",)):
    return store_of(
        record(CERT_DB_NAME, certdb(*entries), guid=CERT_DB, attributes=AT),
        *(record(name, b"secret", attributes=AT) for name in variables),
    )


def ids(data):
    return [finding.id for finding in read_store(data).findings]


def hashes(*numbers, owner=VENDOR):
    return build_signature_list(SHA256, [(owner, HASHES[n]) for n in numbers])


def listed(data):
    return [
        (each.type_name, s.owner, s.data)
        for each in parse_signature_lists(data).lists
        for s in each.signatures
    ]


def test_entries_of_a_certdb_are_read_with_their_bytes():
    data = certdb(entry("A", VENDOR), entry("Längeres", OTHER, b"\1" * 48))
    nodes, problem = parse_certdb(data)
    assert problem is None
    assert [(n.name, n.guid, n.digest) for n in nodes] == [
        ("A", VENDOR, b"\xdd" * 32),
        ("Längeres", OTHER, b"\1" * 48),
    ]
    assert nodes[0].span.end == nodes[1].span.start
    assert without_entries(data, [(VENDOR, "A")]) == certdb(entry("Längeres", OTHER, b"\1" * 48))
    assert without_entries(data, []) == data


@pytest.mark.parametrize(
    "data",
    [b"", b"\5\0\0\0", certdb(b"x"), certdb(entry("A", VENDOR)[:-1]), certdb(bytes(28))],
)
def test_a_damaged_certdb_is_a_problem(data):
    assert parse_certdb(data)[1] is not None


def test_a_private_variable_that_is_deleted_takes_its_signer_along():
    data = private_store(entries=[entry("Other", OTHER), entry("Mine", VENDOR)])
    edit = Editor(data).delete_variable("Mine", VENDOR)
    after = values(read_store(edit.after))
    assert after == {(CERT_DB, CERT_DB_NAME): certdb(entry("Other", OTHER))}
    *_, last = edit.stages()
    assert last == edit.after


def test_deleting_other_variables_leaves_certdb_alone():
    data = store_of(
        record(CERT_DB_NAME, certdb(), guid=CERT_DB, attributes=AT),
        record("VendorKeysNv", b"\1", guid=vendors.VENDOR_KEYS_NV, attributes=0x23),
        record("Plain", b"x"),
    )
    for name, guid in (("VendorKeysNv", vendors.VENDOR_KEYS_NV), ("Plain", VENDOR)):
        assert len(Editor(data).delete_variable(name, guid).writes) == 1


def test_a_signer_without_variable_and_a_variable_without_signer_are_told():
    assert ids(private_store(entries=[entry("Mine", VENDOR)])) == []
    assert ids(private_store(entries=[])) == ["certdb-no-signer"]
    assert ids(private_store(entries=[entry("Mine", VENDOR), entry("Gone", VENDOR)])) == [
        "certdb-orphan"
    ]
    broken = store_of(record(CERT_DB_NAME, b"\1\2", guid=CERT_DB, attributes=AT))
    assert ids(broken) == ["certdb-size"]


def test_a_certdb_that_firmware_cleans_for_ever_is_an_error():
    """Booted: an entry that cannot be deleted hangs; a wrong size with nothing to delete boots."""

    def stored(value):
        return ids(store_of(record(CERT_DB_NAME, value, guid=CERT_DB, attributes=AT)))

    assert stored(b"\x99\0\0\0" + bytes(8)) == ["certdb"]
    assert stored(b"\5\0\0\0") == ["certdb-size"]
    node = certdb(entry("Gone", VENDOR))
    assert stored(node[:20] + b"\xff" + node[21:]) == ["certdb"]
    mine = bytearray(certdb(entry("Mine", VENDOR)))
    mine[0] ^= 1
    there = private_store(entries=[entry("Mine", VENDOR)])
    assert ids(there.replace(certdb(entry("Mine", VENDOR)), bytes(mine))) == ["certdb-size"]


def test_appending_to_a_key_database_leaves_out_what_is_there():
    data = Editor(pristine()).set_variable("db", DB[0], hashes(0, 1), AT).after
    after = Editor(data).append_variable("db", DB[0], hashes(1, 2)).after
    assert [d for _t, _o, d in listed(values(read_store(after))[DB])] == HASHES[:3]
    assert Editor(data).append_variable("db", DB[0], hashes(1)).writes == ()
    both = Editor(data).append_variable("db", DB[0], hashes(1, owner=OTHER)).after
    assert len(listed(values(read_store(both))[DB])) == 3


def test_merging_keeps_what_is_there_byte_for_byte():
    old = hashes(0) + build_signature_list(X509, [(VENDOR, b"certificate")])
    new = hashes(0, 3) + build_signature_list(X509, [(VENDOR, b"another one")])
    merged = merge_signatures(old, new)
    assert merged.startswith(old)
    assert parse_signature_lists(merged).problem is None
    assert listed(merged)[2:] == [("SHA-256", VENDOR, HASHES[3]), ("X.509", VENDOR, b"another one")]


@pytest.mark.parametrize(
    ("name", "guid", "data"),
    [
        ("db", vendors.IMAGE_SECURITY, b"\0"),
        ("KEK", vendors.GLOBAL, hashes(0)[:-1]),
        ("PK", vendors.GLOBAL, hashes(0, 1)),
    ],
)
def test_key_databases_have_to_be_what_firmware_takes(name, guid, data):
    with pytest.raises(Refused) as refusal:
        Editor(pristine()).set_variable(name, guid, data, AT)
    assert name in str(refusal.value)
