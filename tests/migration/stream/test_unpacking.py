"""Packed recordings: whole, of several streams, damaged behind what is wanted."""

import bz2
import gzip
import io
import lzma
import shutil
import subprocess
from pathlib import Path

import pytest

from ovmfgui.flash.xz import XzReader
from ovmfgui.migration.stream.opening import open_recording

DATA = Path(__file__).parents[2] / "data"
PLAIN = lzma.decompress((DATA / "qtest-program-7.2.stream.xz").read_bytes())
HALF = len(PLAIN) // 2


def xz(*parts, padding=b""):
    return padding.join(map(lzma.compress, parts))


def recording(tmp_path, data, name="guest.packed"):
    path = tmp_path / name
    path.write_bytes(data)
    return open_recording(path)


@pytest.mark.parametrize("padding", [b"", bytes(4), bytes(4096)])
def test_all_streams_of_an_xz_file_are_read(tmp_path, padding):
    packed = xz(PLAIN[:HALF], PLAIN[HALF:], padding=padding) + padding
    assert subprocess.run(["xz", "-dc"], input=packed, capture_output=True).stdout == PLAIN
    whole = recording(tmp_path, lzma.compress(PLAIN), "whole")
    assert recording(tmp_path, packed) == whole


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (xz(PLAIN)[:-40], "too early"),
        (xz(PLAIN)[:-1], "too early"),
        (xz(PLAIN) + b"behind it", "none of it"),
        (xz(PLAIN, b"more", padding=bytes(3)), "none of it"),
        (gzip.compress(PLAIN)[:-8], "ended before"),
        (gzip.compress(PLAIN)[:-8] + bytes(8), "CRC"),
        (bz2.compress(PLAIN)[:-8], "ended before"),
    ],
    # gzip writes the time: what a test is called is the same in each worker.
    ids=["xz-cut", "xz-one-less", "xz-more", "xz-padded", "gzip-cut", "gzip-zeros", "bzip2-cut"],
)
def test_damage_behind_the_guest_is_told(tmp_path, packed, why):
    whole = recording(tmp_path, lzma.compress(PLAIN), "whole")
    found = recording(tmp_path, packed)
    assert found.findings[-1].id == "stream-packing-damaged"
    assert why in found.findings[-1].text
    assert found.flash == whole.flash


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed")
def test_what_a_program_could_not_unpack_is_told(tmp_path):
    packed = subprocess.run(
        ["zstd", "-c", "--check"], input=PLAIN, capture_output=True, check=True
    ).stdout
    assert recording(tmp_path, packed) == recording(tmp_path, lzma.compress(PLAIN), "whole")
    found = recording(tmp_path, packed[:-4] + b"gone")
    assert found.findings[-1].id == "stream-packing-damaged"


def test_damage_in_front_of_the_guests_end_is_told_too(tmp_path):
    found = recording(tmp_path, xz(PLAIN[:HALF], PLAIN[HALF:], padding=b"gap!"))
    assert found.findings[0].id == "stream-cut-off"
    assert found.findings[-1].id == "stream-packing-damaged"
    assert not all(chip.complete for chip in found.flash)


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_reads_of_any_size(piece):
    packed = xz(PLAIN[:1000], PLAIN[1000:5000], padding=bytes(8))
    reader = XzReader(io.BytesIO(packed))
    parts = iter(lambda: reader.read(piece), b"")
    assert b"".join(parts) == PLAIN[:5000]
