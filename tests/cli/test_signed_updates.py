"""Signed updates on the command line: the verdict is told first, and a refusal needs --force."""

import json
import os
import subprocess
import sys

import pytest
from signed_updates import TIMED, own_key, signed_update
from stores import pristine

from ovmfgui.cli.main import main
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.enrolment import enrol

SECURITY = vendors.IMAGE_SECURITY


@pytest.fixture
def path(tmp_path):
    keys = {"PK": own_key("PK").lists, "KEK": own_key("KEK").lists}
    keys["db"] = own_key("Old db").lists
    file = tmp_path / "VARS.fd"
    file.write_bytes(enrol(pristine("4M"), keys).after)
    return file


def written(folder, name, signer, *, append=False, **how):
    data = signed_update(
        own_key(signer),
        name,
        vendors.GLOBAL if name in ("PK", "KEK") else SECURITY,
        own_key("Brought").lists,
        attributes=TIMED | 0x40 if append else TIMED,
        **how,
    )
    file = folder / f"{name}.auth"
    file.write_bytes(data)
    return str(file)


@pytest.mark.parametrize("option", ["--keys", "--file"])
def test_a_good_update_is_told_and_written(path, tmp_path, capsys, option):
    auth = written(tmp_path, "db", "KEK")
    assert main(["vars", "set", str(path), "db", option, auth]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Firmware takes this update of db: signed by KEK, which KEK in KEK")
    db = read_store(path.read_bytes()).find("db")
    assert db.data == own_key("Brought").lists
    assert timestamp.text(db.timestamp) == "2020-01-01T00:00:00"


@pytest.mark.parametrize(
    ("signer", "how", "why"),
    [
        ("Stranger", {}, "neither PK nor anything in KEK vouches for Stranger"),
        ("KEK", {"time": "1969-12-31"}, "is not later than"),
        ("KEK", {"append": True}, "signed to be appended"),
    ],
)
def test_a_bad_update_is_refused_and_forced(path, tmp_path, capsys, signer, how, why):
    first = written(tmp_path, "db", "KEK", time="1980-01-01")
    assert main(["vars", "set", str(path), "db", "--keys", first]) == 0
    before = path.read_bytes()
    auth = written(tmp_path, "db", signer, **how)
    capsys.readouterr()
    for extra in ([], ["--json"], ["--dry-run"]):
        assert main(["vars", "set", str(path), "db", "--keys", auth, *extra]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert why in told.err
        assert "--force" in told.err
    assert path.read_bytes() == before
    assert main(["vars", "set", str(path), "db", "--keys", auth, "--force", "--json"]) == 0
    signature = json.loads(capsys.readouterr().out)["signature"]
    assert signature["accepted"] is False
    assert why in " ".join(signature["overridden"])
    assert read_store(path.read_bytes()).find("db").data == own_key("Brought").lists


def test_tampered_and_appended(path, tmp_path, capsys):
    auth = written(tmp_path, "db", "KEK", append=True)
    assert main(["vars", "append", str(path), "db", "--keys", auth]) == 0
    capsys.readouterr()
    data = bytearray(path.parent.joinpath("db.auth").read_bytes())
    data[-1] ^= 1
    path.parent.joinpath("db.auth").write_bytes(data)
    assert main(["vars", "append", str(path), "db", "--file", auth]) == 2
    assert "the signature does not hold" in capsys.readouterr().err


def test_enrolment_of_signed_updates(path, tmp_path, capsys):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    auth = written(good, "db", "KEK", append=True)
    assert main(["vars", "enrol", str(path), "--db", auth, "--dry-run", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["stores"]
    assert [each["trusted_by"] for each in one["signatures"]] == ["KEK in KEK"]
    wrong = written(bad, "KEK", "KEK")
    before = path.read_bytes()
    assert main(["vars", "enrol", str(path), "--kek", wrong, "--replace"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"{wrong}: firmware refuses this update of KEK: PK does not vouch for KEK" in told
    assert path.read_bytes() == before
    assert main(["vars", "enrol", str(path), "--kek", wrong, "--replace", "--force"]) == 0
    assert "PK does not vouch for KEK; --force writes it all the same" in capsys.readouterr().out
    other = tmp_path / "setup.fd"
    other.write_bytes(pristine("4M"))
    again = written(bad, "db", "Stranger", append=True)
    assert main(["vars", "enrol", str(path), str(other), "--db", again, "--json"]) == 1
    stores = json.loads(capsys.readouterr().out)["stores"]
    assert [each["changed"] for each in stores] == [False, True]
    assert "neither PK nor anything in KEK" in stores[0]["error"]
    assert "setup mode" in stores[1]["signatures"][0]["text"]


@pytest.mark.parametrize("command", ["append", "enrol"])
def test_a_reader_that_goes_keeps_nothing_from_being_saved(path, tmp_path, command):
    auth = written(tmp_path, "db", "KEK", append=True)
    append = ["append", str(path), "db", "--keys", auth]
    arguments = append if command == "append" else ["enrol", str(path), "--db", auth]
    reading, writing = os.pipe()
    os.close(reading)
    program = [sys.executable, "-m", "ovmfgui", "vars", *arguments]
    done = subprocess.run(program, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
    assert own_key("Brought").lists in read_store(path.read_bytes()).find("db").data
