"""Unpacking once what is asked for twice, and ahead of time."""

import lzma
import os
import random

import pytest

from ovmfgui.budgets import MOST_UNPACKED
from ovmfgui.flash import decompress
from ovmfgui.flash.decompress import begin_unpacking
from ovmfgui.span import Span

GUID = bytes.fromhex("98584eee143959429d6edc7bd79403cf")
PLAIN = bytes(range(256)) * 64


def packed(data: bytes = PLAIN) -> bytes:
    """As LzmaCompress writes it: the size in the header, no end marker."""
    whole = lzma.compress(data, lzma.FORMAT_ALONE)
    return whole[:5] + len(data).to_bytes(8, "little") + whole[13:]


def unpacked(body: bytes, limit: int, *, x86: bool = False):
    """What a body unpacks to that lies between other bytes."""
    return decompress.unpack_lzma(b"\1" * 7 + body + b"\2" * 9, Span(7, len(body)), limit, x86=x86)


def section(body: bytes, *, extended: bool) -> bytes:
    head = 28 if extended else 24
    size = head + len(body)
    start = b"\xff\xff\xff\x02" + size.to_bytes(4, "little")
    return (
        (start if extended else size.to_bytes(3, "little") + b"\x02")
        + GUID
        + head.to_bytes(2, "little")
        + b"\1\0"
        + body
    )


@pytest.fixture
def unpackings(monkeypatch):
    """How often liblzma was asked; nothing is known from the tests before."""
    made = []
    real = decompress._unpack_lzma
    monkeypatch.setattr(
        decompress, "_unpack_lzma", lambda *a, **k: (made.append(1), real(*a, **k))[1]
    )
    decompress._known.clear()
    yield made
    decompress._known.clear()


@pytest.mark.parametrize("extended", [False, True])
def test_begun_ahead_it_is_not_unpacked_again(tmp_path, unpackings, extended):
    file = tmp_path / "code.fd"
    file.write_bytes(b"\xff" * 1000 + section(packed(), extended=extended) + b"\xff" * 64)
    begin_unpacking(str(file))
    assert unpacked(packed(), MOST_UNPACKED).data == PLAIN
    assert unpacked(packed(), MOST_UNPACKED).data == PLAIN
    assert len(unpackings) == 1


def test_what_is_known_is_held_to_the_limit_and_the_filter(unpackings):
    assert unpacked(packed(), MOST_UNPACKED).data == PLAIN
    assert "more than the 100" in unpacked(packed(), 100).problem
    assert unpacked(packed(), MOST_UNPACKED, x86=True).data == PLAIN
    assert len(unpackings) == 3


def test_another_body_is_unpacked(unpackings):
    for data in (PLAIN, PLAIN[::-1], PLAIN):
        assert unpacked(packed(data), MOST_UNPACKED).data == data
    assert len(unpackings) == 2


@pytest.mark.parametrize("at", [0, 65_500, 65_530, 65_536, 65_545, 200_000])
def test_a_section_is_found_wherever_it_begins(tmp_path, unpackings, at):
    file = tmp_path / "code.fd"
    file.write_bytes(b"\xff" * at + section(packed(), extended=True) + b"\xff" * 64)
    begin_unpacking(str(file))
    assert len(decompress._known) == 1
    assert unpacked(packed(), MOST_UNPACKED).data == PLAIN
    assert len(unpackings) == 1


@pytest.mark.parametrize("size", [1, 255, 65_536, 65_549, 300_000, 1_000_000])
def test_what_does_not_pack_well_comes_whole(unpackings, size):
    data = random.Random(size).randbytes(size)
    assert unpacked(packed(data), MOST_UNPACKED).data == data
    cut = unpacked(packed(data)[:-10], MOST_UNPACKED)
    assert "it ends after" in cut.problem
    assert data.startswith(cut.data)


@pytest.mark.parametrize(
    "contents",
    [b"", GUID, b"\xff" * 50 + GUID, section(b"", extended=False), section(b"x", extended=True)],
)
def test_files_without_such_a_section_are_left_to_the_reader(tmp_path, unpackings, contents):
    file = tmp_path / "file"
    file.write_bytes(contents)
    begin_unpacking(str(file))
    assert unpacked(packed(), MOST_UNPACKED).data == PLAIN


def test_no_file_and_no_pipe_is_waited_for(tmp_path, unpackings):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "missing", "bad\0name", ""):
        begin_unpacking(str(tmp_path / name))
    begin_unpacking(str(tmp_path))
    assert not decompress._known
    assert not unpackings
