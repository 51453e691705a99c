"""``ovmfgui trace``."""

from __future__ import annotations

import hashlib
import json
import lzma
from pathlib import Path

import pytest

from ovmfgui import __version__
from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package

DATA = Path(__file__).parent.parent / "data"

LOG = """pflash_reset system.flash1: reset
pflash_io_write system.flash1: offset:0x1f000 size:1 value:0x0020 wcycle:0
pflash_io_write system.flash1: offset:0x1f000 size:1 value:0x00d0 wcycle:1
pflash_io_write system.flash1: offset:0x1f000 size:1 value:0x0010 wcycle:0
pflash_io_write system.flash1: offset:0x1f000 size:1 value:0x0055 wcycle:1
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, bytes]:
    log, store = tmp_path / "log", tmp_path / "vars.fd"
    before = synthetic_package("2m").vars
    log.write_text(LOG)
    store.write_bytes(before)
    return log, store, before[:0x1F000] + b"\x55" + before[0x1F001:]


def test_the_end_is_told_and_written_and_the_file_left_alone(files, tmp_path: Path, capsys):
    log, store, after = files
    before = store.read_bytes()
    new = tmp_path / "new.fd"
    assert main(["trace", str(log), "--vars", str(store), "-o", str(new), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(a["title"], a["writes"], a["erases"]) for a in document.pop("acts")] == [
        ("Reclaim", 4, 1)
    ]
    (read,) = document.pop("files")
    assert (read["path"], read["sha256"]) == (str(store), hashlib.sha256(before).hexdigest())
    assert document.pop("log") == str(log)
    assert document == {
        "ovmfgui": __version__,
        "schema": 1,
        "writes": 4,
        "erases": 1,
        "programs": 1,
        "chip": "system.flash1",
        "board": "pc",
        "block_size": 4096,
        "sha256": hashlib.sha256(after).hexdigest(),
        "wear": {"31": 1},
        "notes": [],
    }
    assert new.read_bytes() == after
    assert store.read_bytes() == before
    assert main(["trace", str(log), "--vars", str(store), "-o", str(new)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_packed_log_is_read(files, capsys):
    log, store, after = files
    log.write_bytes(lzma.compress(LOG.encode()))
    assert main(["trace", str(log), "--vars", str(store)]) == 0
    out = capsys.readouterr().out
    assert "system.flash1 of x86 (pc, q35): 4 bus writes, 1 programs, 1 block erases; at" in out
    assert "at the end status mode after a program" in out
    assert hashlib.sha256(after).hexdigest() in out


@pytest.mark.parametrize("content", [b"", b"\xfd7zXZ\x00broken", b"\xff\xfe no log"])
def test_what_is_no_log_gets_one_line_and_status_2(files, content: bytes, capsys):
    log, store, _ = files
    log.write_bytes(content)
    assert main(["trace", str(log), "--vars", str(store)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"ovmfgui: {log}")
    assert error.count("\n") == 1


ARM_LOG = DATA / "arm-virt.trace"
ANY_CHIP = LOG.replace("system.flash1", "nor")


@pytest.fixture
def arm_store(tmp_path: Path) -> tuple[Path, bytes]:
    """A chip of Arm's virt, and what the log leaves in it: one block erased, four bytes written."""
    store = tmp_path / "arm.fd"
    before = synthetic_package("2m").vars.ljust(64 << 20, b"\x5a")
    store.write_bytes(before)
    after = bytearray(before)
    after[:0x40000] = b"\xff" * 0x40000
    after[0x100:0x104] = b"\x78\x56\x34\x12"
    return store, bytes(after)


def test_an_arm_log_is_played_on_an_arm_chip(arm_store, tmp_path: Path, capsys):
    store, after = arm_store
    new = tmp_path / "new.fd"
    assert main(["trace", str(ARM_LOG), "--vars", str(store), "-o", str(new), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["board"], document["block_size"], document["wear"]) == (
        "virt", 0x40000, {"0": 1},
    )  # fmt: skip
    assert document["notes"] == []
    assert new.read_bytes() == after


def test_a_board_against_the_logs_own_erases_is_played_and_noted(arm_store, capsys):
    store, after = arm_store
    words = ["trace", str(ARM_LOG), "--vars", str(store), "--board", "pc", "--json"]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["sha256"] != hashlib.sha256(after).hexdigest()
    assert document["notes"] == [
        "the log erases blocks of 262,144 bytes, and a chip of x86 (pc, q35) has blocks of 4,096"
    ]


def test_a_log_that_does_not_tell_its_board_is_refused_until_somebody_does(
    files, tmp_path: Path, capsys
):
    log, store, after = files
    log.write_text(ANY_CHIP)
    words = ["trace", str(log), "--vars", str(store), "--json"]
    assert main(words) == 2
    error = capsys.readouterr().err
    assert "which machine's chip nor is cannot be told from this log" in error
    assert "--board pc" in error
    assert error.count("\n") == 1
    definition = tmp_path / "vm.cmd"
    definition.write_text(f"qemu-system-x86_64 -M q35 -drive if=pflash,unit=0,file={store}\n")
    for told in (["--board", "pc"], ["--machine", str(definition)]):
        assert main([*words, *told]) == 0
        assert json.loads(capsys.readouterr().out)["sha256"] == hashlib.sha256(after).hexdigest()
    assert main([*words, "--machine", str(log)]) == 2
    assert "defines no machine" in capsys.readouterr().err
