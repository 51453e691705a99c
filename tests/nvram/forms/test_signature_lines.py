"""Signatures of real stores, taken away, added and given another owner by their lines."""

from uuid import UUID

import pytest
from debian_firmware import VARS_4M_MS

from ovmfgui.nvram.forms import FORMS, filled
from ovmfgui.nvram.forms.signature_lines import entries, with_file, with_hash, with_owner, without
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import merge_signatures, parse_signature_lists
from ovmfgui.refusal import Refused
from ovmfgui.resources import resource_path

pytestmark = pytest.mark.firmware

FORM = FORMS["keys"]
OWNER = UUID(int=7)


@pytest.fixture(scope="module")
def store():
    return read_store(VARS_4M_MS.read_bytes())


@pytest.fixture(scope="module")
def db(store):
    return store.find("db").data


@pytest.fixture(scope="module")
def dbx(store):
    return store.find("dbx").data


def text_of(data):
    return filled(FORM, data)["signatures"]


def written(text):
    return FORM.write({"signatures": text})


def test_entries_tell_subjects_hashes_and_owners(db, dbx):
    listed = entries(text_of(db))
    assert "Microsoft Corporation UEFI CA 2011" in [entry.what for entry in listed]
    assert all("issued by" in entry.details for entry in listed)
    (only,) = entries(text_of(dbx))
    assert (only.type, only.what) == ("SHA-256", only.data.hex())


def test_what_is_not_touched_comes_back_byte_for_byte(db):
    text = text_of(db)
    assert written(without(text, ())) == db
    assert written(with_owner(text, (), OWNER)) == db


def test_each_signature_can_be_taken_away_and_added_again(db):
    text = text_of(db)
    for entry in entries(text):
        rest = without(text, {entry.line})
        assert len(entries(rest)) == len(entries(text)) - 1
        assert entry.data not in [each.data for each in entries(rest)]
        again = with_file(rest, entry.data, entry.owner)
        left = sorted((each.owner, each.data) for each in entries(again))
        assert left == sorted((each.owner, each.data) for each in entries(text))
    assert without(text, {entry.line for entry in entries(text)}) == ""


def test_files_of_any_kind_are_added_as_firmware_appends_them(db, dbx):
    text = text_of(db)
    pem = resource_path("certificates/windows-2023.pem").read_bytes()
    more = with_file(text, pem, OWNER)
    assert entries(more)[-1].what == "Windows UEFI CA 2023"
    assert entries(more)[-1].owner == OWNER
    assert written(with_file(text, dbx, OWNER)) == merge_signatures(db, dbx)
    with pytest.raises(Refused, match="there already"):
        with_file(text, db, OWNER)
    with pytest.raises(Refused, match="no certificate"):
        with_file(text, b"letter", OWNER)


def test_a_hash_is_added_in_a_list_of_its_own(dbx):
    more = with_hash(text_of(dbx), "AB" * 32, OWNER)
    assert [len(each.signatures) for each in parse_signature_lists(written(more)).lists] == [1, 1]
    with pytest.raises(Refused, match="64 digits"):
        with_hash(more, "abc", OWNER)
    assert entries(with_hash("", "ab" * 32, OWNER))[0].owner == OWNER


def test_another_owner_changes_nothing_else(db):
    text = text_of(db)
    line = entries(text)[-1].line
    old, new = entries(text), entries(with_owner(text, {line}, OWNER))
    assert [entry.data for entry in old] == [entry.data for entry in new]
    assert [entry.owner == OWNER for entry in new] == [entry.line == line for entry in new]
