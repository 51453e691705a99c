"""One reader of volume headers: what the map shows and what a driver accepts rest on the same."""

import struct

import pytest
from stores import patched, pristine, real_store, with_volume_checksum

from ovmfgui.flash.volume_header import read_volume_header
from ovmfgui.flash.volumes import volume_at
from ovmfgui.nvram.volume import read_volume

HEADER_LENGTH = 0x30


@pytest.mark.parametrize("name", ["headerlength-0x50", "hdrlen-0x50-goodsize"])
def test_the_checksum_covers_what_header_length_says(name):
    """Real firmware takes these headers as sound and looks for the store at 0x50."""
    data = real_store(name)
    header = read_volume_header(data, 0, len(data))
    assert (header.fixed.HeaderLength, header.map_end) == (0x50, 0x48)
    assert header.checksum_ok
    assert header.end == 0x50
    shown, taken = volume_at(data, 0, len(data)), read_volume(data)
    assert shown.header == header
    assert taken.checksum_ok
    assert taken.header_span.end == 0x50
    found = {finding.id for finding in taken.findings}
    assert "fv-header-end" in found
    assert not found & {"fv-checksum", "fv-header-length"}


@pytest.mark.parametrize("length", [0, 0x36, 0x49, 0xFFFF])
def test_a_length_that_cannot_be_has_no_right_checksum(length):
    data = with_volume_checksum(patched(pristine(), HEADER_LENGTH, struct.pack("<H", length)))
    header = read_volume_header(data, 0, len(data))
    assert not header.checksum_ok
    assert [entry.NumBlocks for entry in header.block_map] == [0x20]
    assert "fv-checksum" in {finding.id for finding in read_volume(data).findings}


def test_a_damaged_volume_is_shown_and_not_taken():
    data = patched(pristine(), 0x32, b"\0\0")
    assert volume_at(data, 0, len(data)).header.checksum_ok is False
    assert "fv-checksum" in {finding.id for finding in read_volume(data).findings}


def test_no_signature_no_header():
    data = patched(pristine(), 0x28, b"_FVX")
    assert read_volume_header(data, 0, len(data)) is None
    assert volume_at(data, 0, len(data)) is None
    assert read_volume(data) is None


def test_a_map_without_an_end_is_read_to_a_bound():
    data = patched(pristine(), 0x38, struct.pack("<II", 1, 0x1000) * 4000)
    data = with_volume_checksum(patched(data, HEADER_LENGTH, struct.pack("<H", 0x8000)))
    header = read_volume_header(data, 0, len(data))
    assert not header.map_ended
    assert len(header.block_map) == 64


def test_every_field_has_its_place():
    fields = {f.name: f for f in read_volume(pristine()).fields}
    assert fields["BlockMap[0].NumBlocks"].value == 0x20
    assert fields["BlockMap[0].Length"].span.start == 0x3C
    assert fields["FvLength"].span.start == 0x20
