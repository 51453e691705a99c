"""``ovmfgui trace``."""

from __future__ import annotations

import hashlib
import json
import lzma
from typing import TYPE_CHECKING

import pytest

from ovmfgui import __version__
from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package

if TYPE_CHECKING:
    from pathlib import Path

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
    assert document == {
        "ovmfgui": __version__,
        "schema": 1,
        "writes": 4,
        "erases": 1,
        "programs": 1,
        "chip": "system.flash1",
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
    assert "4 bus writes, 1 programs, 1 block erases; at the end status mode after a program" in out
    assert hashlib.sha256(after).hexdigest() in out


@pytest.mark.parametrize("content", [b"", b"\xfd7zXZ\x00broken", b"\xff\xfe no log"])
def test_what_is_no_log_gets_one_line_and_status_2(files, content: bytes, capsys):
    log, store, _ = files
    log.write_bytes(content)
    assert main(["trace", str(log), "--vars", str(store)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"ovmfgui: {log}")
    assert error.count("\n") == 1
