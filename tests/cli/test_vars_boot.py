import json

import pytest
from stores import OTHER, VENDOR, pristine, real_store, record, store_of

from ovmfgui.cli.main import main
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.reading import read_store

PATH = r"PciRoot(0x0)/Pci(0x2,0x0)/\EFI\BOOT\BOOTX64.EFI"


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


def entries(run, path):
    return json.loads(run("boot", "list", path, "--json")[1])["options"]


def test_entries_are_listed_in_their_order(run, lived):
    status, out, _err = run("boot", "list", lived)
    lines = out.splitlines()
    assert status == 0
    assert lines[0].split()[:3] == ["1.", "Boot0001", "UEFI"]
    assert lines[0].endswith("made by firmware")
    assert [line.split()[1] for line in lines] == ["Boot0001", "Boot0000", "Boot0002"]
    (lived.parent / "empty.fd").write_bytes(pristine())
    assert "no boot entries" in run("boot", "list", lived.parent / "empty.fd")[1]


def test_an_entry_is_added_ordered_started_once_and_removed(run, lived):
    arguments = ("--first", "--arguments", "quiet")
    assert run("boot", "add", lived, "Disk", PATH, *arguments)[0] == 0
    first = entries(run, lived)[0]
    assert (first["name"], first["description"], first["path"]) == ("Boot0003", "Disk", PATH)
    option = read_store(lived.read_bytes()).find("Boot0003", vendors.GLOBAL)
    assert option.attributes == 7
    assert bytes.fromhex(decode(option).value["optional_data"]).decode("utf-16") == "quiet\0"
    assert run("boot", "order", lived, "Boot0002,3", "0")[0] == 0
    order = [(e["name"], e["position"]) for e in entries(run, lived)]
    assert order == [("Boot0002", 0), ("Boot0003", 1), ("Boot0000", 2), ("Boot0001", None)]
    assert run("boot", "next", lived, "3")[0] == 0
    assert [e["name"] for e in entries(run, lived) if e["next"]] == ["Boot0003"]
    assert run("boot", "next", lived, "none")[0] == 0
    assert not any(e["next"] for e in entries(run, lived))
    assert run("boot", "remove", lived, "Boot0003")[0] == 0
    assert "Boot0003" not in [e["name"] for e in entries(run, lived)]


def test_a_place_a_number_and_data_may_be_given(run, lived):
    arguments = ("--position", "2", "--number", "0A", "--inactive", "--optional-data", "01 02")
    assert run("boot", "add", lived, "Disk", PATH, *arguments)[0] == 0
    second = entries(run, lived)[1]
    assert (second["name"], second["active"], second["position"]) == ("Boot000A", False, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "Disk", "Pci(0x1"),
        ("add", "Disk", "Nonsense(1)"),
        ("add", "Disk", PATH, "--number", "2"),
        ("add", "Disk", PATH, "--number", "12345"),
        ("add", "Disk", PATH, "--optional-data", "0"),
        ("order", "0,9"),
        ("order", "zero"),
        ("remove", "9"),
        ("next", "9"),
        ("unheard-of",),
        (),
    ],
)
def test_what_makes_no_sense_is_one_line_and_changes_nothing(run, lived, arguments):
    before = lived.read_bytes()
    command, *rest = arguments or ("",)
    status, _out, err = run("boot", command, lived, *rest)
    assert (status, err.count("\n")) == (2, 1)
    assert lived.read_bytes() == before


def test_a_variable_is_renamed(run, lived):
    status, out, _err = run("rename", lived, "Odd1", "Odd9")
    assert (status, "Rename Odd1 to Odd9: 3 flash writes" in out) == (0, True)
    store = read_store(lived.read_bytes())
    assert store.find("Odd1") is None
    assert store.find("Odd9").data == b"x"
    assert run("rename", lived, "Odd9", "Odd9", "--new-guid", OTHER)[0] == 0
    assert read_store(lived.read_bytes()).find("Odd9").guid == OTHER
    status, _out, err = run("rename", lived, "Odd9", "TestA", "--new-guid", VENDOR)
    assert (status, "TestA already" in err) == (2, True)
    assert run("rename", lived, "Nobody", "Somebody")[0] == 2


def test_a_variable_gets_other_attributes(run, tmp_path):
    path = tmp_path / "VARS.fd"
    path.write_bytes(store_of(record("A", b"1"), record("Mine", b"1", attributes=0x27)))
    assert run("attributes", path, "A", "NV,BS")[0] == 0
    assert read_store(path.read_bytes()).find("A").attributes == 3
    for name, attributes in (("A", "BS,RT"), ("A", "NV,XX"), ("Mine", "NV,BS"), ("A", "0x27")):
        status, _out, err = run("attributes", path, name, attributes)
        assert (status, err.count("\n")) == (2, 1)


def test_all_that_are_not_in_the_order_go_at_once_with_one_backup(run, lived):
    for number in range(5, 12):
        assert run("boot", "add", lived, f"Old {number}", PATH)[0] == 0
    assert run("boot", "order", lived, "0001,0000")[0] == 0
    before = lived.read_bytes()
    status, out, _err = run("boot", "remove", lived, "--not-in-order")
    assert (status, "Remove 8 boot entries" in out) == (0, True)
    assert [e["name"] for e in entries(run, lived)] == ["Boot0001", "Boot0000"]
    assert lived.with_name(f"{lived.name}.bak").read_bytes() == before
    status, out, _err = run("boot", "remove", lived, "--not-in-order")
    assert (status, "as it was" in out) == (0, True)


def test_entries_are_removed_by_pattern_or_by_several_numbers(run, lived):
    for number in range(3):
        assert run("boot", "add", lived, f"PXE {number}", PATH)[0] == 0
    assert run("boot", "remove", lived, "--matching", "nothing*")[0] == 2
    assert run("boot", "remove", lived)[0] == 2
    assert run("boot", "remove", lived, "--not-in-order", "--matching", "pxe*")[0] == 2
    assert run("boot", "remove", lived, "--matching", "pxe*")[0] == 0
    assert [e["number"] for e in entries(run, lived)] == [1, 0, 2]
    assert run("boot", "remove", lived, "Boot0000", "2", "0")[0] == 0
    assert [e["number"] for e in entries(run, lived)] == [1]
