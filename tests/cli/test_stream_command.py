"""``ovmfgui stream``."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from ovmfgui.cli.main import main

DATA = Path(__file__).parent.parent / "data"
STREAM = str(DATA / "qtest-program-7.2.stream.xz")


def test_json_has_blocks_chips_and_contents(capsys):
    assert main(["stream", STREAM, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["format"], document["machine"]) == ("qemu", "pc-q35-7.2")
    assert {"name": "system.flash1", "size": 0x10000} in document["blocks"]
    assert document["pflash"][1] == {
        "instance": 1,
        "wcycle": 1,
        "cmd": 0x10,
        "status": 0x80,
        "counter": 0,
        "block_offset": None,
    }
    assert [f["name"] for f in document["flash"]] == ["system.flash0", "system.flash1"]


def test_the_chips_are_extracted_and_nothing_is_overwritten(tmp_path: Path, capsys):
    assert main(["stream", STREAM, "--extract", str(tmp_path / "out")]) == 0
    assert "waiting for the byte to program" in capsys.readouterr().out
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "out").iterdir()}
    assert sizes == {"system.flash0.fd": 0x20000, "system.flash1.fd": 0x10000}
    assert main(["stream", STREAM, "--extract", str(tmp_path / "out")]) == 2
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"text", b"QEVM"])
def test_a_file_that_is_none_gets_one_line_and_status_2(tmp_path: Path, content: bytes, capsys):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert main(["stream", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_stream_that_is_cut_off_is_told_with_status_1(tmp_path: Path, capsys):
    path = tmp_path / "cut"
    path.write_bytes(lzma.decompress(Path(STREAM).read_bytes())[:100_000])
    assert main(["stream", str(path)]) == 1
    assert "cut off at" in capsys.readouterr().out
