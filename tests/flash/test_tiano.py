import shutil
import subprocess
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiano_encoder import pack

from ovmfgui.flash import building as build
from ovmfgui.flash.image import Space
from ovmfgui.flash.reading import Reading
from ovmfgui.flash.structures import SECTION_COMPRESSION, CompressionHeader
from ovmfgui.flash.tiano import TIANO_POSITION_BITS, UEFI_POSITION_BITS, unpack_tiano
from ovmfgui.flash.volumes import read_volumes
from ovmfgui.span import Span

LIMIT = 1 << 20
BOTH = pytest.mark.parametrize("position_bits", [TIANO_POSITION_BITS, UEFI_POSITION_BITS])


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.sampled_from([b"abc", b"\0" * 40, b"Boot", b"\xff"]), max_size=80).map(
            b"".join
        ),
    ),
    st.sampled_from([TIANO_POSITION_BITS, UEFI_POSITION_BITS]),
)
def test_what_was_packed_comes_out_again(data, position_bits):
    unpacked = unpack_tiano(pack(data, position_bits), LIMIT, position_bits=position_bits)
    assert (unpacked.data, unpacked.problem) == (data, "")


@BOTH
def test_several_blocks(position_bits):
    data = b"".join(bytes([value & 0xFF, value >> 3 & 0xFF, 7]) for value in range(4000))
    assert unpack_tiano(pack(data, position_bits), LIMIT, position_bits=position_bits).data == data


def test_more_than_allowed_is_refused():
    assert "more than" in unpack_tiano(pack(bytes(5000), 4), 4999, position_bits=4).problem


@settings(max_examples=200, deadline=1000)
@given(st.binary(min_size=1, max_size=300), st.integers(0, 1 << 16))
def test_garbage_ends_quickly_and_without_an_exception(garbage, size):
    body = len(garbage).to_bytes(4, "little") + size.to_bytes(4, "little") + garbage
    unpacked = unpack_tiano(body, LIMIT, position_bits=TIANO_POSITION_BITS)
    assert unpacked.problem or len(unpacked.data) == size


@BOTH
def test_symbols_are_a_budget(position_bits):
    packed = pack(bytes(range(256)) * 4, position_bits)
    whole = unpack_tiano(packed, LIMIT, position_bits=position_bits)
    assert not whole.problem
    less = unpack_tiano(packed, LIMIT, whole.symbols - 1, position_bits=position_bits)
    assert "symbols" in less.problem
    assert less.data == b""


def test_a_byte_that_takes_no_bits_is_written_at_once():
    # Blocks of 65,535 times the same byte: a code of one symbol has no length.
    blocks = b""
    value = 0
    for width, number in ((16, 0xFFFF), (5, 0), (5, 0), (9, 0), (9, 0x41), (5, 0), (5, 0)):
        value = value << width | number
    blocks = (value << (64 - 54)).to_bytes(8, "big")
    body = len(blocks).to_bytes(4, "little") + (65_535).to_bytes(4, "little") + blocks
    unpacked = unpack_tiano(body, LIMIT, 10, position_bits=TIANO_POSITION_BITS)
    assert unpacked.data == b"A" * 65_535


def compressed_volume(inner: bytes, position_bits: int) -> bytes:
    header = CompressionHeader(UncompressedLength=len(inner), CompressionType=1).to_bytes()
    section = build.section(SECTION_COMPRESSION, header + pack(inner, position_bits))
    return build.volume(0x4000, [build.file(UUID(int=77), 0x07, section)])


INNER = build.sections([build.section(0x19, b"some firmware " * 40), build.ui_section("Packed")])


@BOTH
def test_standard_compression_is_read_whichever_variant_it_is(position_bits):
    volume = compressed_volume(INNER, position_bits)
    reading = Reading([Space("test", volume)], read_volumes)
    regions = read_volumes(reading, Span(0, len(volume)), 0, 0)
    assert reading.spaces[1].data == INNER
    assert "Packed" in [r.name for r in regions[0].children]


@pytest.mark.firmware
@BOTH
def test_another_reader_makes_the_same_of_it(tmp_path, position_bits):
    if shutil.which("UEFIExtract") is None:
        pytest.fail("uefitool-cli is missing; ./dev test installs it")
    path = tmp_path / "image.fd"
    path.write_bytes(compressed_volume(INNER, position_bits))
    subprocess.run(["UEFIExtract", path, "report"], capture_output=True, check=False)
    report = (tmp_path / "image.fd.report.txt").read_text()
    assert "| Packed" in report
