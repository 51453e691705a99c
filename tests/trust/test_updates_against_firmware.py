"""Signed updates that real firmware takes and refuses are those that the tool says."""

import re
import tempfile
from dataclasses import dataclass
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from debian_firmware import VARS_4M
from firmware_boot import boot_firmware, dmpstore_file
from signed_updates import APPEND, TIMED, authenticated, efi_time, own_key, sbvarsign, signed_update

from ovmfgui.nvram import vendors
from ovmfgui.nvram.authenticated import certdb_record
from ovmfgui.nvram.certdb import parse_certdb
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.trust.enrolment import enrol
from ovmfgui.trust.private_variable import signer_digest
from ovmfgui.trust.update_verdict import update_verdict

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

SECURITY = vendors.IMAGE_SECURITY
GUIDS = {"PK": vendors.GLOBAL, "KEK": vendors.GLOBAL}
PRIVATE = UUID("66666666-7777-8888-9999-aaaaaaaaaaaa")


@dataclass(frozen=True)
class Update:
    """What is handed to SetVariable, and what is expected of both."""

    what: str
    name: str
    data: bytes
    taken: bool
    attributes: int = TIMED
    alike: bytes = b""
    """What it is made of, where a signature is another one each time."""

    @property
    def guid(self):
        return PRIVATE if self.name == "Mine" else GUIDS.get(self.name, SECURITY)

    @property
    def appending(self):
        return bool(self.attributes & APPEND)


def update(what, key, name, taken, payload=None, *, attributes=TIMED, asked=None, **how):
    """An update signed with ``attributes`` and handed over with ``asked``."""
    guid = PRIVATE if name == "Mine" else GUIDS.get(name, SECURITY)
    value = payload or own_key("Brought").lists
    data = signed_update(key, name, guid, value, attributes=attributes, **how)
    return Update(what, name, data, taken, attributes if asked is None else asked)


def offered(store: bytes, updates: list[Update]):
    """Which updates firmware takes, one after the other, and what it leaves behind."""
    files, alike, script = {}, {}, []
    for number, each in enumerate(updates):
        files[f"u{number}.bin"] = dmpstore_file(each.name, each.guid, each.attributes, each.data)
        if each.alike:
            alike[f"u{number}.bin"] = dmpstore_file(
                each.name, each.guid, each.attributes, each.alike
            )
        script += [f"echo offered{number}", f"dmpstore -all -l u{number}.bin"]
    script.append("echo offered")
    boot = boot_firmware("4M-secboot", store, script=script, files=files, alike=alike)
    printed = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", boot.serial)
    parts = re.split(r"offered\d*\r?\n", printed)[1:-1]
    assert len(parts) == len(updates)
    assert all("DataSize" in part for part in parts)
    return ["Failed to set" not in part for part in parts], boot.after


def said(store: bytes, updates: list[Update]):
    """What the tool says of each, with what was taken before written into the store."""
    found = []
    for each in updates:
        seen = read_store(store)
        key = (each.guid, each.name)
        verdict = update_verdict(seen, key, TIMED, each.data, appending=each.appending)
        found.append(verdict.accepted)
        if verdict.accepted and each.name != "Mine":
            editor = Editor(store)
            change = editor.append_variable if each.appending else editor.set_variable
            store = change(each.name, each.guid, each.data, TIMED).after
    return found


def compared(store, updates):
    expected = {each.what: each.taken for each in updates}
    taken, after = offered(store, updates)
    assert dict(zip(expected, taken, strict=True)) == expected
    return expected, after


@pytest.fixture(scope="module")
def user_mode():
    """A store with our keys; Secure Boot itself is off, so that the shell may run."""
    pk, kek, last = own_key("PK"), own_key("KEK"), own_key("Last KEK", authority=False)
    keys = {"PK": pk.lists, "KEK": kek.lists + last.lists, "db": own_key("Old db").lists}
    data = enrol(VARS_4M.read_bytes(), keys).after
    switch = vendors.SECURE_BOOT_ENABLE
    return Editor(data).set_variable("SecureBootEnable", switch, b"\0", 0x3).after


def updates_in_user_mode():
    pk, kek, other = own_key("PK"), own_key("KEK"), own_key("Other")
    last, leaf = own_key("Last KEK", authority=False), own_key("Leaf", "KEK", authority=False)
    tampered = update("tampered", kek, "db", False, time="2020-06-01")
    tampered = Update(tampered.what, "db", tampered.data[:-1] + b"\0", False)
    with tempfile.TemporaryDirectory() as folder:
        args = ("db", SECURITY, own_key("By sbvarsign").lists)
        by_sbvarsign = sbvarsign(folder, kek, *args, append=True)
        by_other = sbvarsign(folder, other, *args, append=True)
    both = TIMED | APPEND
    return [
        update("wrong signer", other, "db", False),
        update("KEK signs db", kek, "db", True),
        update("same time", kek, "db", False),
        update("earlier time", kek, "db", False, time="2019-12-31"),
        update("earlier, appended", kek, "db", True, own_key("More").lists,
               time="2019-12-31", attributes=both),
        tampered,
        update("PK signs db", pk, "db", True, time="2021-01-01"),
        update("leaf with its chain", leaf, "db", True, time="2021-01-02"),
        update("leaf alone", leaf, "db", True, time="2021-01-03", chain=False),
        update("a KEK that is no CA", last, "db", True, time="2021-01-04"),
        update("signed attributes", kek, "dbx", True, plain=False),
        update("dbt", kek, "dbt", True),
        update("ContentInfo", kek, "db", False, time="2022-01-01", wrapped=True),
        update("SHA-384", kek, "db", False, time="2022-01-01", digest=hashes.SHA384()),
        update("signed to append, set", kek, "db", False, time="2022-01-01",
               attributes=both, asked=TIMED),
        update("signed to set, appended", kek, "db", False, asked=both),
        Update("sbvarsign", "db", by_sbvarsign, True, both, kek.der + args[2]),
        Update("sbvarsign, wrong signer", "db", by_other, False, both, other.der + args[2]),
        update("KEK signs KEK", kek, "KEK", False),
        update("PK signs KEK", pk, "KEK", True, kek.lists),
        update("KEK signs PK", kek, "PK", False, time="2023-01-01"),
        update("a new private one", other, "Mine", True, b"secret"),
        update("PK signs PK", pk, "PK", True, own_key("Next PK").lists, time="2023-01-01"),
        update("the old PK", pk, "KEK", False, time="2023-02-01"),
    ]  # fmt: skip


def test_updates_in_user_mode(user_mode):
    updates = updates_in_user_mode()
    expected, after = compared(user_mode, updates)
    assert dict(zip(expected, said(user_mode, updates), strict=True)) == expected
    # The private variable's signer is in certdb as firmware put it there.
    seen = read_store(after)
    (node,) = parse_certdb(certdb_record(seen).data)[0]
    other, kek = own_key("Other"), own_key("KEK")
    assert node.digest == signer_digest(other.certificate, other.certificate, "SHA256")
    key = (PRIVATE, "Mine")
    later = [
        signed_update(key_, "Mine", PRIVATE, b"new", time="2030-01-01") for key_ in (other, kek)
    ]
    answers = [update_verdict(seen, key, TIMED, each, appending=False) for each in later]
    assert [each.accepted for each in answers] == [True, False]
    assert "another signer" in answers[1].sentence
    again = [
        Update("same signer", "Mine", later[0], True),
        Update("other", "Mine", later[1], False),
    ]
    assert offered(after, again)[0] == [True, False]


def test_updates_in_setup_mode():
    pk, other = own_key("PK"), own_key("Other")
    rubbish = authenticated(efi_time("2020-01-01"), b"\x30\x82\x00\x00", own_key("KEK").lists)
    updates = [
        update("anybody", other, "db", True),
        Update("no signature at all", "KEK", rubbish, True),
        update("a PK signed by another", other, "PK", False, pk.lists),
        update("a PK signed by itself", pk, "PK", True, pk.lists),
        update("anybody, later", other, "db", False, time="2025-01-01"),
    ]
    expected, _after = compared(VARS_4M.read_bytes(), updates)
    assert dict(zip(expected, said(VARS_4M.read_bytes(), updates), strict=True)) == expected


def test_a_store_in_custom_mode_is_put_back(user_mode):
    data = Editor(user_mode).set_variable("CustomMode", vendors.CUSTOM_MODE, b"\1", 0x3).after
    updates = [update("anybody", own_key("Other"), "db", False)]
    expected, _after = compared(data, updates)
    assert dict(zip(expected, said(data, updates), strict=True)) == expected


def test_what_is_no_signed_update_is_told(user_mode):
    seen = read_store(user_mode)
    for data in (b"", own_key("Brought").lists):
        with pytest.raises(ValueError, match="no signed update"):
            update_verdict(seen, (SECURITY, "db"), TIMED, data, appending=False)
    whole = updates_in_user_mode()[1].data
    assert read_signed_update(whole) is not None
    for cut in range(40, 400, 7):
        broken = authenticated(whole[:16], whole[40 : 40 + cut], own_key("KEK").lists)
        verdict = update_verdict(seen, (SECURITY, "db"), TIMED, broken, appending=False)
        assert not verdict.accepted
