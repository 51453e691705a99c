"""dbx by its content: updates as they were published, cut and mixed; never by the time stamp."""

import datetime
import json
from pathlib import Path

import pytest
from debian_firmware import VARS_4M_MS, VARS_AA64_MS

from ovmfgui.cli.main import main
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import SHA256, build_signature_list
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.trust.databases import read_database
from ovmfgui.trust.dbx import LATEST, content_of, published, releases
from ovmfgui.trust.known import MICROSOFT_OWNER
from ovmfgui.trust.overview import overview
from ovmfgui.trust.room import room_for_dbx
from ovmfgui.trust.update_verdict import update_verdict

DATA = Path(__file__).parents[1] / "data" / "dbx"
KEY = (vendors.IMAGE_SECURITY, "dbx")
UPDATES = {
    # file: architecture, newest entries, missing, behind, hashes
    "2024-07-17-x64.bin": ("x64", "2023-03-01", 0, 68, 220),
    "2026-06-09-x64.bin": ("x64", "2026-04-09", 0, 0, 289),
    "2025-02-24-aarch64.bin": ("aarch64", "2023-05-01", 0, 0, 26),
}


def lists_in(name):
    return read_signed_update((DATA / name).read_bytes()).payload


def hashes_until(date, architecture="x64"):
    return frozenset(e.digest for e in published()[architecture] if e.date <= date)


def seen(data, today=datetime.date(2026, 11, 1)):
    store = read_store(data)
    return overview(
        {record.key: record.data for record in store.live},
        authenticated=True,
        room=room_for_dbx(store),
        today=today,
    )


@pytest.mark.parametrize("name", UPDATES)
def test_published_updates_are_known(name):
    database = read_database("dbx", lists_in(name))
    found = content_of(database.hashes)
    architecture, date, missing, behind, number = UPDATES[name]
    assert (found.release.architecture, found.release.date) == (architecture, date)
    assert (found.missing, len(database.hashes)) == (missing, number)
    assert found.behind == behind
    assert found.up_to_date is not bool(behind)
    # The stamp of every update is the same and tells nothing.
    stamp = read_signed_update((DATA / name).read_bytes()).timestamp
    assert timestamp.text(stamp).startswith("2010-03-06")


@pytest.mark.parametrize("architecture", list(published()))
def test_each_release_is_told_by_its_entries(architecture):
    for release in releases(architecture):
        found = content_of(hashes_until(release.date, architecture))
        assert found.release == release
        assert found.missing == 0
    assert found.up_to_date
    assert found.absent == 0
    numbers = [each.hashes for each in releases(architecture)]
    assert numbers == sorted(numbers)


def test_the_newest_is_what_the_table_says():
    assert releases()[-1] == LATEST
    assert len({entry.digest for entry in published()["x64"]}) == LATEST.hashes


def test_what_is_missing_in_the_middle_is_told():
    entries = [each for each in published()["x64"] if not each.optional]
    whole = frozenset(each.digest for each in published()["x64"])
    gap = entries[40]
    found = content_of(whole - {gap.digest})
    assert not found.up_to_date
    assert found.missing + found.behind == 1
    assert found.release.date < LATEST.date
    alone = content_of(frozenset({entries[-1].digest}))
    assert alone.release == LATEST
    assert alone.missing == len(entries) - 1
    assert content_of(frozenset({bytes(32)})) is None
    assert content_of(frozenset()) is None


def test_own_hashes_change_nothing():
    own = frozenset(bytes([n]) * 32 for n in range(100))
    release = releases()[6]
    assert content_of(hashes_until(release.date) | own) == content_of(hashes_until(release.date))


@pytest.mark.firmware
def test_real_updates_are_taken_with_their_signature_and_told(tmp_path, capsys):
    path = tmp_path / "VARS.fd"
    path.write_bytes(VARS_4M_MS.read_bytes())
    auth = str(DATA / "2024-07-17-x64.bin")
    assert main(["vars", "append", str(path), "dbx", "--keys", auth, "--json"]) == 0
    signature = json.loads(capsys.readouterr().out)["signature"]
    assert signature["signer"] == "Microsoft Windows UEFI Key Exchange Key"
    assert signature["trusted_by"] == "Microsoft Corporation KEK CA 2011 in KEK"
    first = seen(path.read_bytes())
    assert "dbx-old" in {each.id for each in first.findings}
    needed = first.next_update.needed
    newer = str(DATA / "2026-06-09-x64.bin")
    assert main(["vars", "enrol", str(path), "--dbx", newer]) == 0
    last = seen(path.read_bytes())
    assert last.next_update.up_to_date
    assert not {"dbx-old", "dbx-incomplete"} & {each.id for each in last.findings}
    # What the whole update would have needed is no less than what this one took.
    assert last.databases["dbx"].size <= needed
    capsys.readouterr()
    main(["secureboot", str(path), "--json"])
    dbx = json.loads(capsys.readouterr().out)["stores"][0]["dbx"]
    assert (dbx["release"], dbx["architecture"], dbx["missing"]) == ("2026-04-09", "x64", 0)
    assert main(["vars", "enrol", str(path), "--dbx", str(DATA / "2026-06-10-svn.bin")]) == 0
    assert dict(seen(path.read_bytes()).databases["dbx"].svns)["bootmgr"] == "9.0"


@pytest.mark.firmware
def test_the_forecast_is_exact():
    """The newest update, appended where some of it is there already, takes what was forecast."""
    base = VARS_4M_MS.read_bytes()
    for release in releases()[3:9:2]:
        some = [(MICROSOFT_OWNER, digest) for digest in sorted(hashes_until(release.date))]
        editor = Editor(base, compact=True)
        editor.go_on(editor.append_variable("dbx", KEY[0], build_signature_list(SHA256, some)))
        forecast = seen(editor.data).next_update.needed
        newest = [(MICROSOFT_OWNER, digest) for digest in sorted(hashes_until("9999"))]
        editor.go_on(editor.append_variable("dbx", KEY[0], build_signature_list(SHA256, newest)))
        assert seen(editor.data).databases["dbx"].size == forecast


@pytest.mark.firmware
def test_tampered_and_foreign_updates_are_refused():
    store = read_store(VARS_AA64_MS.read_bytes())
    update = (DATA / "2025-02-24-aarch64.bin").read_bytes()
    assert update_verdict(store, KEY, 0x27, update, appending=True).accepted
    assert not update_verdict(store, KEY, 0x27, update, appending=False).accepted
    for at in (3, 100, len(update) - 1000, len(update) - 1):
        broken = bytearray(update)
        broken[at] ^= 1
        assert not update_verdict(store, KEY, 0x27, bytes(broken), appending=True).accepted


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("today", "ended"),
    [
        ("2024-01-01", 0),
        ("2026-06-24", 0),
        ("2026-06-25", 1),
        ("2026-06-28", 2),
        ("2026-10-20", 3),
        ("2030-01-01", 5),
    ],
)
def test_years_pass(today, ended):
    """The day after a certificate's last is the first on which it has ended."""
    found = seen(VARS_4M_MS.read_bytes(), datetime.date.fromisoformat(today))
    assert len(found.ended) == ended
    assert sum(each.id == "certificate-ended" for each in found.findings) == ended
    # However late it is, what is revoked and what may sign stays the same.
    assert found.mode == "user"
    assert found.next_update.signer_trusted is False
