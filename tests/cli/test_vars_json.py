"""The commands on JSON stores of QEMU's uefi-vars device."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from peers import peer
from stores import VENDOR, pristine, real_store, values
from synthetic_images import device_code

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.reading import read_store

DATA = Path(__file__).parents[1] / "data" / "uefi-vars"


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = main([*map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def store(tmp_path):
    return Path(shutil.copy(DATA / "varstore.json", tmp_path / "store.json"))


@pytest.fixture
def code(tmp_path):
    path = tmp_path / "CODE.fd"
    path.write_bytes(synthetic_package("4m").code)
    return path


@pytest.fixture
def device(tmp_path):
    path = tmp_path / "DEVICE_CODE.fd"
    path.write_bytes(device_code())
    return path


def test_list_and_get(run, store):
    status, out, _err = run("vars", "list", store)
    assert (status, "in a JSON store" in out, "5 seconds" in out) == (0, True, True)
    listed = json.loads(run("vars", "list", store, "--json")[1])
    assert listed["store"]["kind"] == "uefi-vars"
    assert listed["store"]["total"] == 256 * 1024
    assert [each["name"] for each in listed["variables"]] == ["Timeout"]
    assert run("vars", "get", store, "Timeout", "--hex")[1] == "0500\n"
    assert "00000000  05 00" in run("vars", "get", store, "Timeout")[1]


def test_set_says_what_it_changed_and_keeps_a_backup(run, store):
    before = store.read_bytes()
    status, out, _err = run("vars", "set", store, "Timeout", "--data", "0900", "--dry-run")
    assert (status, store.read_bytes()) == (0, before)
    assert "1 change" in out
    status, out, _err = run("vars", "set", store, "Timeout", "--data", "0900", "--json")
    (write,) = json.loads(out)["writes"]
    assert (write["size"], write["replaced"]) == (1, 1)
    assert store.read_bytes() == before.replace(b"0500", b"0900")
    assert store.with_name("store.json.bak").read_bytes() == before


def test_a_life_of_edits(run, store):
    assert run("vars", "set", store, "A", "--guid", VENDOR, "--text", "hallo")[0] == 0
    assert run("vars", "append", store, "A", "--text", "!")[0] == 0
    assert run("vars", "rename", store, "A", "B")[0] == 0
    assert run("vars", "attributes", store, "B", "NV,BS")[0] == 0
    assert run("vars", "boot", "add", store, "One", "Uri(http://x/y)")[0] == 0
    assert run("vars", "boot", "list", store)[1].split()[:2] == ["1.", "Boot0000"]
    assert run("vars", "boot", "next", store, "0000")[0] == 0
    assert run("vars", "boot", "remove", store, "0000")[0] == 0
    assert run("vars", "delete", store, "Timeout")[0] == 0
    status, out, _err = run("vars", "compact", store)
    assert (status, "as it was" in out) == (0, True)
    assert json.loads(store.read_text()) == {
        "version": 2,
        "variables": [{"name": "B", "guid": str(VENDOR), "attr": 3, "data": b"hallo!".hex()}],
    }


def test_a_damaged_one_is_listed_and_not_changed(run, store, tmp_path):
    text = store.read_text()
    store.write_text(text.replace('"0500"', '"050"'))
    status, _out, err = run("vars", "list", store)
    assert (status, "no hex" in err) == (2, True)
    assert run("vars", "delete", store, "Timeout")[0] == 2
    assert "end .json" in run("vars", "recover", store, "-o", tmp_path / "n.fd")[2]
    assert not (tmp_path / "n.fd").exists()
    store.write_text(text[:-10])
    assert "no good JSON" in run("vars", "list", store)[2]


def test_converted_both_ways_and_compared(run, tmp_path, code, device):
    old = tmp_path / "old.fd"
    old.write_bytes(real_store("ovmf-4m-lived"))
    in_json, in_flash = tmp_path / "new.json", tmp_path / "new.fd"
    assert run("convert", old, "--for", device, "-o", in_json)[0] == 0
    assert run("convert", in_json, "--for", code, "-o", in_flash)[0] == 0
    assert run("vars", "diff", in_json, in_flash)[0] == 0
    lost = json.loads(run("vars", "diff", old, in_flash, "--json")[1])["differences"]
    # QEMU's device keeps no names but those in ASCII.
    assert {each["name"] for each in lost} == {"certdb", "VendorKeysNv", "Ünïcodé-ß変数"}
    assert run("vars", "diff", old, in_json)[0] == 1
    status, _out, err = run("convert", in_json, "--for", device, "-o", tmp_path / "x.json")
    assert (status, "already" in err) == (2, True)
    for arguments in (
        (old, "-o", tmp_path / "x.fd"),
        (old, "--for", code, "-o", tmp_path / "x.json"),
        (old, "--for", device, "-o", tmp_path / "x.fd"),
    ):
        assert run("convert", *arguments)[0] == 2
    assert run("convert", old, "-o", tmp_path / "plain.json")[0] == 0
    assert (tmp_path / "plain.json").read_bytes() == in_json.read_bytes()


def test_a_new_file_may_be_json(run, tmp_path):
    old, new = tmp_path / "old.fd", tmp_path / "new.json"
    old.write_bytes(pristine("4M"))
    arguments = ("set", old, "A", "--guid", VENDOR, "--text", "x", "-o", new)
    assert run("vars", *arguments)[0] == 0
    assert values(read_store(new.read_bytes())) == {(VENDOR, "A"): b"x"}


def test_import_from_u_boot(run, store):
    assert run("vars", "import", store, DATA / "ubootefi.var")[0] == 0
    assert [each["name"] for each in json.loads(store.read_text())["variables"]] == [
        "Timeout",
        "BootOrder",
    ]


def test_check_says_who_uses_it(run, store, code, device):
    status, out, _err = run("check", device, store, "--json")
    answer = json.loads(out)
    assert (status, answer["verdict"], answer["outcome"]) == (0, "fits", "boots")
    assert [file["format"] for file in answer["files"]] == ["raw", "json"]
    answer = json.loads(run("check", code, store, "--json")[1])
    assert (answer["verdict"], answer["outcome"]) == ("incompatible", "boots-volatile")
    assert "convert" in answer["advice"]


def test_inspect_draws_its_variables(run, store):
    (region,) = json.loads(run("inspect", store, "--json")[1])["map"]
    assert (region["kind"], region["size"]) == ("variable-store", store.stat().st_size)
    assert [each["name"] for each in region["children"]] == ["JSON", "Timeout", "JSON"]
    assert region["address"] is None


def test_an_xz_file_may_hold_one(run, store):
    subprocess.run(["xz", "-k", store], check=True)
    packed = store.with_name("store.json.xz")
    assert run("vars", "set", packed, "Timeout", "--data", "0700")[0] == 0
    assert run("vars", "get", packed, "Timeout", "--hex")[1] == "0700\n"


def test_virt_fw_vars_reads_and_writes_the_same(run, tmp_path):
    (program,) = peer("bin/virt-fw-vars")
    old, ours, theirs = (tmp_path / name for name in ("old.fd", "ours.json", "theirs.json"))
    old.write_bytes(real_store("ovmf-2m-ms-lived"))
    assert run("convert", old, "-o", ours)[0] == 0
    subprocess.run([program, "-i", ours, "--output-json", theirs], check=True)
    (lost,) = json.loads(run("vars", "diff", ours, theirs, "--json")[1])["differences"]
    # It tells variables apart by their names alone.
    assert (lost["name"], lost["kind"]) == ("TestA", "only-first")


def test_the_good_variables_of_a_damaged_one_are_recovered(run, store, tmp_path):
    document = json.loads(store.read_text())
    good = document["variables"]
    first = good[0]
    document["variables"] = [
        *good,
        first | {"data": "00"},
        {"name": "", "guid": str(VENDOR), "attr": 7, "data": "01"},
        {"name": "Cut", "guid": str(VENDOR), "attr": 7, "data": "010"},
        first | {"name": "New", "colour": 1},
    ]
    store.write_text(json.dumps(document | {"maker": "x"}))
    new = tmp_path / "new.json"
    status, out, _err = run("vars", "recover", store, "-o", new, "--json")
    told = json.loads(out)
    assert (status, told["variables"]) == (1, len(good) + 1)
    assert [line.partition(" ")[0] for line in told["lost"]] == ["entry", "Cut"]
    assert [line.partition(" ")[0] for line in told["notes"]] == [first["name"], "New"]
    assert json.loads(new.read_text())["variables"] == [*good, first | {"name": "New"}]
    assert run("vars", "list", new)[0] == 0


def test_a_json_store_that_is_cut_off_keeps_what_stands_before(run, store, tmp_path):
    text = (DATA / "uefi-vars-written-by-qemu.json").read_text()
    store.write_text(text[: text.rindex("{") + 9])
    new = tmp_path / "new.json"
    status, out, _err = run("vars", "recover", store, "-o", new, "--json")
    assert (status, len(json.loads(out)["lost"])) == (1, 1)
    kept = json.loads(new.read_text())["variables"]
    assert kept == json.loads(text)["variables"][:-1] != []
