import json
import os
import subprocess
import sys

import pytest
from debian_firmware import CODE_4M, UNIFIED_2M, VARS_4M_MS, VARS_AA64_BLANK
from stores import OTHER, VENDOR, patched, pristine, real_store, record, store_of, values

from ovmfgui.cli.main import main
from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_file
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.options import split_load_option
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import SHA256, build_signature_list

VARIABLE_KEYS = {
    "name",
    "guid",
    "guid_name",
    "attributes",
    "attr",
    "timestamp",
    "state",
    "offset",
    "size",
    "data",
    "decoded",
}


@pytest.fixture
def lived(tmp_path):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(real_store("ovmf-4m-lived"))
    return path


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = main(["vars", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def file_of(folder, data, name="VARS.fd"):
    path = folder / name
    path.write_bytes(data)
    return path


def test_list_shows_every_variable_its_value_and_the_room(run, lived):
    status, out, err = run("list", lived)
    assert (status, err) == (0, "")
    assert "45 variables" in out
    assert "0001, 0000, 0002" in out
    assert out.count("\n  TestA ") == 2
    assert "16,236 bytes live, 8,640 dead, 237,168 free of 262,044" in out


def test_list_all_adds_dead_records(run, lived):
    _status, out, _err = run("list", lived, "--all")
    assert out.count("superseded") == 46
    assert out.count("deleted") == 2


def test_list_json(run, lived):
    status, out, _err = run("list", "--json", lived)
    listed = json.loads(out)
    assert status == 0
    assert listed["findings"] == []
    assert listed["store"]["guid"] == "aaf32c78-947b-439a-a180-2e144ec37792"
    store = listed["store"]
    assert (store["size"], store["live"], store["dead"], store["free"]) == (
        262072,
        16236,
        8640,
        237168,
    )
    assert store["ftw"]["pending"] is None
    assert len(listed["variables"]) == 45
    assert all(set(each) >= VARIABLE_KEYS for each in listed["variables"])
    order = next(each for each in listed["variables"] if each["name"] == "BootOrder")
    assert order["guid"] == str(vendors.GLOBAL)
    assert order["guid_name"] == "EfiGlobalVariable"
    assert (order["attributes"], order["attr"]) == (["NV", "BS", "RT"], 7)
    assert (order["state"], order["size"], order["data"]) == (0x3F, 6, "010000000200")
    data = lived.read_bytes()
    assert data[order["offset"] : order["offset"] + 2] == b"\xaa\x55"
    assert "records" not in listed


def test_list_json_all_has_the_records_in_order(run, lived):
    listed = json.loads(run("list", "--json", "--all", lived)[1])
    offsets = [each["offset"] for each in listed["records"]]
    assert len(offsets) == 93
    assert offsets == sorted(offsets)
    assert {each["state"] for each in listed["records"]} == {0x3F, 0x3C, 0x3D}


def test_a_name_that_is_no_utf_16_is_still_json(run, tmp_path):
    path = file_of(tmp_path, store_of(record("A\ud800", b"x")))
    listed = json.loads(run("list", "--json", path)[1])
    assert listed["variables"][0]["name"] == "A\ud800"


def test_lists_of_an_empty_and_of_a_pending_store(run, tmp_path):
    status, out, _err = run("list", file_of(tmp_path, pristine()))
    assert (status, "0 variables" in out) == (0, True)
    path = file_of(tmp_path, real_store("ovmf-2m-ftw-record-only"), "pending.fd")
    listed = json.loads(run("list", "--json", path)[1])
    assert listed["store"]["ftw"]["pending"] == "record-only"
    assert [each["id"] for each in listed["findings"]] == ["ftw-record-only"]
    assert listed["findings"][0]["file"] == 0


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("name", "live", "carved"),
    [("dead-record-name-size", 2, 29), ("record-size-7fffffff", 0, 30), ("spare-only-2M", 0, 31)],
)
def test_what_is_out_of_reach_is_listed_apart(run, tmp_path, name, live, carved):
    path = tmp_path / "broken.fd"
    path.write_bytes(real_store(name))
    code, out, err = run("list", path)
    assert code == 2
    assert "may not be all" in err
    assert f"carved: {carved} variables" in out
    _code, out, _err = run("list", path, "--json")
    listed = json.loads(out)
    assert [len(listed["variables"]), len(listed["carved"])] == [live, carved]
    data = path.read_bytes()
    for each in listed["carved"]:
        assert each["status"] == "carved"
        at = each["data_offset"]
        assert data[at : at + each["size"]].hex() == each["data"]


def test_lists_of_installed_templates(run):
    listed = json.loads(run("list", "--json", VARS_4M_MS)[1])
    db = next(each for each in listed["variables"] if each["name"] == "db")
    assert db["timestamp"].startswith("20")
    assert "Microsoft" in db["decoded"]["text"]
    assert run("list", UNIFIED_2M)[0] == 0
    status, out, _err = run("list", VARS_AA64_BLANK)
    assert (status, "blank template" in out) == (0, True)


@pytest.mark.firmware
def test_a_code_image_is_refused(run):
    status, out, err = run("list", CODE_4M)
    assert (status, out) == (2, "")
    assert "CODE" in err
    assert err.count("\n") == 1


UNUSABLE = {
    "nothing there": lambda path: None,
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("no firmware at all\n" * 50),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "cut off": lambda path: path.write_bytes(real_store("ovmf-4m-lived")[:0x2000]),
    "first block erased": lambda path: path.write_bytes(b"\xff" * 0x1000 + pristine()[0x1000:]),
    "endless record": lambda path: path.write_bytes(
        patched(store_of(record("A", b"x")), 0x64 + 0x28, b"\xff\xff\xff\x7f")
    ),
}


@pytest.mark.parametrize("what", UNUSABLE)
@pytest.mark.parametrize("command", [("list",), ("get", "A"), ("set", "A", "--data", "00")])
def test_unusable_input_is_one_clear_line_and_status_2(run, tmp_path, what, command):
    path = tmp_path / "input"
    UNUSABLE[what](path)
    verb, *rest = command
    status, _out, err = run(verb, path, *rest)
    assert status == 2
    assert err.startswith("ovmfgui: ")
    assert err.count("\n") == 1


def test_what_stands_before_the_cut_is_listed(run, tmp_path):
    path = file_of(tmp_path, real_store("ovmf-4m-lived")[:0x2000])
    status, out, err = run("list", path)
    assert status == 2
    assert "certdb" in out
    assert "may not be all" in err


def test_get_decodes_one_variable(run, lived):
    status, out, _err = run("get", lived, "Boot0002")
    assert status == 0
    assert "EFI Internal Shell: Fv(7CB8BDC9-F8EB-4F34-AAEA-3EE4AF6516A1)" in out
    assert "FilePathListLength" in out
    assert json.loads(run("get", lived, "Timeout", "--json")[1])["data"] == "0000"
    assert run("get", lived, "Timeout", "--hex")[1] == "0000\n"


def test_get_raw_gives_the_bytes(lived):
    command = [sys.executable, "-m", "ovmfgui", "vars", "get", lived, "Odd3", "--raw"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"xyz"


def test_get_of_nothing_is_the_answer_no(run, lived):
    status, out, err = run("get", lived, "Nope")
    assert (status, out) == (1, "")
    assert "Nope" in err


def test_a_name_under_two_guids_has_to_be_told_apart(run, lived):
    for command in (("get",), ("delete",), ("set", "--data", "00")):
        status, _out, err = run(command[0], lived, "TestA", *command[1:])
        assert status == 2
        assert str(VENDOR) in err
        assert str(OTHER) in err
    assert run("get", lived, "TestA", "--guid", VENDOR, "--hex")[1] == "22222200\n"


def test_a_guid_may_be_given_by_its_name(run, lived):
    assert run("get", lived, "Timeout", "--guid", "efiglobalvariable", "--hex")[1] == "0000\n"
    status, _out, err = run("get", lived, "Timeout", "--guid", "nobody")
    assert (status, "no GUID" in err) == (2, True)


def test_set_changes_the_file_in_place_and_keeps_what_it_was(run, lived):
    before = lived.read_bytes()
    status, out, _err = run("set", lived, "Timeout", "--data", "0500")
    assert status == 0
    assert "4 flash writes" in out
    assert read_store(lived.read_bytes()).find("Timeout").data == b"\5\0"
    assert lived.with_name("guest_VARS.fd.bak").read_bytes() == before


def test_set_changes_one_field_and_keeps_the_others(run, lived):
    before = read_store(lived.read_bytes()).find("Boot0001").data
    fields = ("--field", "description=Rescue", "--field", "active=no")
    status, _out, err = run("set", lived, "Boot0001", *fields)
    assert (status, err) == (0, "")
    after = read_store(lived.read_bytes()).find("Boot0001").data
    _attributes, _description, start, _end = split_load_option(before)
    attributes, description, new_start, _end = split_load_option(after)
    assert (attributes & 1, description) == (0, "Rescue")
    assert after[new_start:] == before[start:]


@pytest.mark.parametrize(
    ("name", "field", "words"),
    [
        ("Timeout", "delay=1", "there is no field 'delay'; there are value"),
        ("Timeout", "value=soon", "is no number"),
        ("Timeout", "value", "give it as NAME=VALUE"),
        ("TestA", "value=1", "not known by fields"),
        ("BootNext", "value=Boot0001", "there is no BootNext to change"),
    ],
)
def test_a_field_that_cannot_be_set_is_one_line_and_status_2(run, lived, name, field, words):
    before = lived.read_bytes()
    status, out, err = run("set", lived, name, "--guid", guid_of(name), "--field", field)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert lived.read_bytes() == before


def guid_of(name):
    return VENDOR if name.startswith("Test") else vendors.GLOBAL


def test_set_with_output_leaves_the_file_alone(run, lived, tmp_path):
    before, new = lived.read_bytes(), tmp_path / "new.fd"
    assert run("set", lived, "Timeout", "--data", "0x0500", "-o", new)[0] == 0
    assert lived.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["guest_VARS.fd", "new.fd"]
    assert read_store(new.read_bytes()).find("Timeout").data == b"\5\0"
    status, _out, err = run("set", lived, "Timeout", "--data", "0600", "-o", new)
    assert (status, "exists already" in err) == (2, True)


def test_set_of_the_same_value_writes_nothing(run, lived):
    status, out, _err = run("set", lived, "Timeout", "--data", "0000")
    assert (status, "as it was" in out) == (0, True)
    assert not lived.with_name("guest_VARS.fd.bak").exists()


def test_a_dry_run_says_what_would_be_written(run, lived):
    before = lived.read_bytes()
    report = json.loads(
        run("set", lived, "New", "--text", "x", "--guid", VENDOR, "--dry-run", "--json")[1]
    )
    assert report["changed"]
    assert [each["size"] for each in report["writes"]] == [69, 1]
    assert (report["file"], report["backup"]) == (None, None)
    assert lived.read_bytes() == before


def test_well_known_names_have_their_vendor_and_attributes(run, tmp_path):
    path = file_of(tmp_path, pristine("4M"))
    hashes = build_signature_list(SHA256, [(VENDOR, bytes(32))]).hex()
    for name, data in (("Timeout", "0500"), ("db", hashes), ("SecureBootEnable", "01")):
        assert run("set", path, name, "--data", data)[0] == 0
    store = read_store(path.read_bytes())
    assert store.find("Timeout", vendors.GLOBAL).attributes == 7
    assert store.find("db", vendors.IMAGE_SECURITY).attributes == 0x27
    assert store.find("SecureBootEnable", vendors.SECURE_BOOT_ENABLE).attributes == 3
    status, _out, err = run("set", path, "Unheard", "--data", "00")
    assert (status, "--guid" in err) == (2, True)


def test_values_may_be_text_or_a_file(run, tmp_path):
    path, value = file_of(tmp_path, pristine()), file_of(tmp_path, b"\0\1\2", "value.bin")
    guid = ("--guid", VENDOR)
    run("set", path, "T", *guid, "--text", "grün")
    run("set", path, "F", *guid, "--file", value, "--attributes", "nv,bs")
    run("set", path, "PlatformLang", "--text", "de")
    run("set", path, "LoaderEntryDefault", "--text", "arch")
    store = read_store(path.read_bytes())
    assert values(store)[VENDOR, "T"] == "grün".encode()
    assert values(store)[VENDOR, "F"] == b"\0\1\2"
    assert store.find("F").attributes == 3
    assert store.find("PlatformLang").data == b"de\0"
    assert store.find("LoaderEntryDefault").data == "arch\0".encode("utf-16-le")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "0g"),
        ("--data", "0"),
        ("--data", ""),
        ("--text", "x", "--attributes", "NV,XX"),
        ("--text", "x", "--attributes", "BS,RT"),
        ("--text", "x", "--timestamp", "yesterday"),
        ("--text", "x", "--timestamp", "2024-01-01"),
        ("--file", "/nonexistent"),
        (),
        ("--data", "00", "--text", "x"),
    ],
)
def test_arguments_that_make_no_sense_are_one_line(run, lived, arguments):
    before = lived.read_bytes()
    status, _out, err = run("set", lived, "New", "--guid", VENDOR, *arguments)
    assert status == 2
    assert err.count("\n") == 1
    assert lived.read_bytes() == before


def test_append_and_delete(run, lived):
    assert run("append", lived, "Odd1", "--data", "79")[0] == 0
    assert run("delete", lived, "Odd3")[0] == 0
    store = read_store(lived.read_bytes())
    assert store.find("Odd1").data == b"xy"
    assert store.find("Odd3") is None
    status, _out, err = run("delete", lived, "Odd3")
    assert (status, "no variable Odd3" in err) == (2, True)


def test_a_packed_store_stays_packed(run, tmp_path):
    path = tmp_path / "VARS.fd.xz"
    assert (
        run("set", file_of(tmp_path, pristine()), "Timeout", "--data", "0500", "-o", path)[0] == 0
    )
    assert run("set", path, "Timeout", "--data", "0600")[0] == 0
    file = read_file(path)
    assert file.format is Format.XZ
    assert read_store(file.data).find("Timeout").data == b"\6\0"


def test_secrets_are_masked(run, tmp_path):
    secret = b"\1" * 32
    path = file_of(tmp_path, store_of(record("MokPW", secret, guid=vendors.SHIM)))
    for command in (("list", path), ("get", path, "MokPW")):
        assert secret.hex()[:16] not in run(*command)[1].replace(" ", "")
    assert (
        secret.hex()
        in run("get", path, "MokPW", "--reveal")[1] + run("get", path, "MokPW", "--hex")[1]
    )


def test_listing_needs_no_heavy_imports(lived):
    code = (
        "import sys; from ovmfgui.cli.main import main;"
        f"main(['vars', 'list', {str(lived)!r}]);"
        "heavy = {'numpy', 'cryptography', 'PySide6'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_help_names_every_sub_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["vars", "--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    for command in ("list", "get", "set", "append", "delete"):
        assert f"\n  {command} " in out


def test_recover_takes_the_store_of_a_machine(run, lived, tmp_path):
    definition = tmp_path / "guest.xml"
    definition.write_text(
        "<domain type='kvm'><name>g</name><os><type arch='x86_64' machine='q35'>hvm</type>"
        f"<loader readonly='yes' type='pflash'>{CODE_4M}</loader>"
        f"<nvram>{lived}</nvram></os></domain>"
    )
    status, _out, err = run("recover", definition, "-o", tmp_path / "new.fd")
    assert status == 0
    assert str(lived) in err
    assert values(read_store((tmp_path / "new.fd").read_bytes())) == values(
        read_store(lived.read_bytes())
    )
