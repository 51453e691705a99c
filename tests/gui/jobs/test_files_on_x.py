"""Whole jobs with files under a real X server, by keyboard and by mouse."""

import json
import shutil

import pytest
from debian_firmware import CODE_4M, VARS_2M_MS
from qemu_device import QemuDevice, q35
from stores import real_store
from x_screen import MISSING, Screen

from ovmfgui.cli.main import main
from ovmfgui.flash.image import Role
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.boot_options import boot_options
from ovmfgui.nvram.reading import read_store

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)}")


def type_path(screen, path):
    """Into the dialog that asks for one, in place of what it proposes."""
    screen.until(lambda line: line == ["focus", "QLineEdit"])
    screen.key("ctrl+a")
    screen.type(str(path))
    screen.key("Return")


@pytest.mark.firmware
def test_a_pair_does_not_fit_and_its_store_is_converted(tmp_path, capsys):
    store, cured = tmp_path / "old_VARS.fd", tmp_path / "new_VARS.fd"
    shutil.copy(VARS_2M_MS, store)
    with Screen(tmp_path) as screen:
        screen.open(str(CODE_4M), str(store))
        screen.key("ctrl+i")
        screen.tab_to("Convert the store for this CODE…")
        screen.picture("why-it-does-not-fit")
        screen.key("space")
        type_path(screen, cured)
        screen.until(lambda line: line == ["verdict", "fits"])
        told = screen.until(lambda line: line[0] == "announced")[1]
        assert told.startswith("new_VARS.fd is a store for this CODE, with ")
        screen.picture("it-fits")
        screen.front()
        screen.key("ctrl+q")
        assert screen.ended() == 0
    assert store.read_bytes() == VARS_2M_MS.read_bytes()
    for path, status in ((store, 1), (cured, 0)):
        assert main(["check", str(CODE_4M), str(path)]) == status
    capsys.readouterr()


def test_the_boot_order_is_dragged_saved_undone_and_saved(tmp_path):
    store, before = tmp_path / "guest_VARS.fd", real_store("ovmf-4m-lived")
    store.write_bytes(before)
    first, second, last = order_in(before)
    with Screen(tmp_path) as screen:
        screen.open(str(store))
        screen.key("ctrl+b")
        screen.drag("EFI Internal Shell", onto="UEFI Non-Block Boot Device")
        screen.until(lambda line: line[0] == "edits" and line[2] == "1")
        # What was dragged is still what is meant.
        screen.key("alt+Down")
        screen.until(lambda line: line[0] == "edits" and line[2] == "2")
        screen.key("ctrl+s")
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Saved"))
        assert order_in(store.read_bytes()) == [first, last, second]
        screen.picture("in-another-order")
        screen.key("ctrl+z", "ctrl+z")
        screen.until(lambda line: line[0] == "edits" and line[2] == "2")
        screen.key("ctrl+s")
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Saved"))
        screen.key("ctrl+q")
        assert screen.ended() == 0
    assert store.read_bytes() == before


def test_a_damaged_store_is_recovered(tmp_path, capsys):
    code, store = (tmp_path / name for name in ("CODE.fd", "guest_VARS.fd"))
    recovered = tmp_path / "sound_VARS.fd"
    files = {file.role: file.data for file in demo_files()}
    code.write_bytes(files[Role.CODE])
    # The volume's header no longer sums up to nothing.
    damaged = bytearray(files[Role.VARS])
    damaged[0x32] ^= 0xFF
    store.write_bytes(damaged)
    with Screen(tmp_path) as screen:
        screen.open(str(code), str(store))
        screen.key("ctrl+i")
        screen.picture("why-it-is-damaged")
        screen.click("Recover or format the store…")
        type_path(screen, recovered)
        screen.until(lambda line: line == ["verdict", "fits"])
        told = screen.until(lambda line: line[0] == "announced")[1]
        assert told.endswith("guest_VARS.fd is as it was.")
        screen.click("Variables")
        screen.until(lambda line: line == ["view", "variables"])
        screen.picture("recovered")
        screen.front()
        screen.key("ctrl+q")
        assert screen.ended() == 0
    assert store.read_bytes() == damaged
    assert main(["check", str(code), str(recovered)]) == 0
    capsys.readouterr()
    assert main(["vars", "list", "--json", str(recovered)]) == 0
    listed = [each["name"] for each in json.loads(capsys.readouterr().out)["variables"]]
    assert listed == [record.name for record in read_store(files[Role.VARS]).live]


@pytest.mark.firmware
def test_a_stream_is_opened_and_its_store_saved(tmp_path):
    stream, saved, store = (tmp_path / name for name in ("guest.stream", "new_VARS.fd", "VARS.fd"))
    store.write_bytes(real_store("ovmf-4m-lived"))
    board = q35(CODE_4M.stat().st_size, store.stat().st_size)
    with QemuDevice(board, CODE_4M, store) as guest:
        guest.record_to(stream)
    # Whatever the firmware wrote until then, QEMU has put into the file behind the chip.
    held = store.read_bytes()
    with Screen(tmp_path) as screen:
        screen.open()
        screen.key("ctrl+o")
        type_path(screen, stream)
        screen.until(lambda line: line == ["verdict", "fits"])
        screen.front()
        screen.picture("recorded")
        screen.key("ctrl+shift+s")
        type_path(screen, saved)
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Saved"))
        screen.front()
        screen.key("ctrl+q")
        assert screen.ended() == 0
    assert saved.read_bytes() == held


def order_in(data):
    """The entries of a store by their names, in the order that firmware tries them."""
    options = boot_options(read_store(data))
    return [option.name for option in options if option.position is not None]
