"""Appending and setting key databases: what firmware takes, and what it would not."""

import struct

import pytest
from stores import DATA, OTHER, VENDOR, pristine, real_store

from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.authenticated import appended_signatures
from ovmfgui.nvram.edit import Appended
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signature_list import SHA256, build_signature_list
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.refusal import Refused

DBX = ("dbx", vendors.IMAGE_SECURITY)
TIMED = int(Attributes.NV | Attributes.BS | Attributes.RT | Attributes.AT)
UPDATE = (DATA / "dbxupdate.auth").read_bytes()
LISTS = (DATA / "dbx-two-hashes.esl").read_bytes()
TIME = UPDATE[:16]


def hashes(*numbers, owner=VENDOR):
    return build_signature_list(SHA256, [(owner, bytes([n]) * 32) for n in numbers])


def signed(payload, time=TIME, signature=b"\x30\x03abc"):
    kind = bytes.fromhex("9dd2af4adf68ee498aa9347d375665a7")
    return (
        time + struct.pack("<IHH", 24 + len(signature), 0x200, 0xEF1) + kind + signature + payload
    )


def test_a_signed_update_is_its_time_and_its_payload():
    assert read_signed_update(UPDATE) == (TIME, LISTS)
    assert timestamp.text(TIME) == "2010-03-06T19:17:21"
    assert read_signed_update(LISTS) is None
    assert read_signed_update(b"") is None


@pytest.mark.parametrize("given", [UPDATE, LISTS], ids=["signed", "lists"])
def test_both_append_the_same_two_signatures(given):
    edit = Editor(pristine("4M")).append_variable(*DBX, given, TIMED)
    found = read_store(edit.after).find(*DBX)
    assert found.data == LISTS
    assert found.timestamp == (TIME if given is UPDATE else bytes(16))
    assert edit.appended == (2, 0)
    assert "2 new signatures, 0 known already" in edit.title


def test_known_and_new_are_told_and_the_later_time_stays():
    data = real_store("ovmf-4m-lived")
    editor = Editor(data)
    editor.go_on(editor.append_variable(*DBX, signed(hashes(1, 2)), TIMED))
    later = bytes((0xEA, 7)) + TIME[2:]
    edit = editor.append_variable(*DBX, signed(hashes(2, 3, 4), later))
    assert edit.appended == Appended(2, 1)
    editor.go_on(edit)
    dbx = editor.store.find(*DBX)
    assert dbx.data == hashes(1, 2) + hashes(3, 4)
    assert dbx.timestamp == later
    again = editor.append_variable(*DBX, signed(hashes(1, 4)))
    assert (again.writes, again.appended) == ((), (0, 2))
    assert "nothing new" in again.title
    # Nothing but the time is new: firmware writes it.
    newest = bytes((0xEB, 7)) + TIME[2:]
    editor.go_on(editor.append_variable(*DBX, signed(hashes(1), newest)))
    assert editor.store.find(*DBX).timestamp == newest


def test_another_owner_makes_another_signature():
    assert appended_signatures(DBX[::-1], hashes(1), hashes(1, owner=OTHER)) == (1, 0)
    assert appended_signatures((VENDOR, "A"), b"", b"") is None


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (LISTS[:100], "100 bytes left"),
        (UPDATE[:200], "bytes left|signature lists"),
        (UPDATE[:60], "signature lists"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n", "looks like a certificate"),
        (b"\x30\x82\x03\x00" + bytes(0x300), "looks like a certificate"),
        (b"garbage that is no list at all, of any kind", "signature lists"),
        (LISTS + b"\0\0", "2 bytes follow"),
        (signed(b""), "no value in it"),
        (signed(LISTS, TIME[:8] + b"\1" + TIME[9:]), "firmware takes no such update"),
        (build_signature_list(SHA256, [(VENDOR, bytes(20))]), "32 bytes, and here 20"),
    ],
)
@pytest.mark.parametrize("change", ["append_variable", "set_variable"])
@pytest.mark.parametrize("there", [False, True])
def test_what_firmware_would_not_take_is_refused(given, why, change, there):
    editor = Editor(pristine("4M"))
    if there:
        editor.go_on(editor.append_variable(*DBX, hashes(9), TIMED))
    with pytest.raises(Refused, match=why):
        getattr(editor, change)(*DBX, given, TIMED)


def test_set_takes_a_signed_update_too_and_no_earlier_time():
    editor = Editor(pristine("4M"))
    editor.go_on(editor.set_variable(*DBX, signed(hashes(1)), TIMED))
    assert editor.store.find(*DBX).data == hashes(1)
    early = bytes((0xD9, 7)) + TIME[2:]
    with pytest.raises(Refused, match="no earlier time"):
        editor.set_variable(*DBX, signed(hashes(2), early))
    # Appending with an earlier time is allowed, and the later one stays.
    editor.go_on(editor.append_variable(*DBX, signed(hashes(2), early)))
    assert editor.store.find(*DBX).timestamp == TIME


def test_other_variables_take_the_bytes_as_they_are():
    edit = Editor(pristine("4M")).set_variable("Plain", VENDOR, UPDATE)
    assert read_store(edit.after).find("Plain").data == UPDATE
