import struct
from uuid import UUID

import pytest
from debian_firmware import CODE_4M

from ovmfgui.budgets import MOST_ALIKE, MOST_LABEL
from ovmfgui.flash import building as build
from ovmfgui.flash import reading as reading_module
from ovmfgui.flash import sections
from ovmfgui.flash.image import Space
from ovmfgui.flash.reading import Reading
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.flash.structures import FFS2, FirmwareVolumeHeader
from ovmfgui.flash.volumes import find_volumes, read_volumes, volume_at
from ovmfgui.span import Span

NAME = UUID("48db5e17-707c-472d-91cd-1613e7ef51b0")
DRIVER = UUID("22dc2b60-fe40-42ac-b01f-3ab1fad9aad8")


def hand_packed_header(length: int = 0x2000) -> bytes:
    """Written with struct alone: a wrong declaration shall not agree with itself."""
    head = bytes(16) + FFS2.bytes_le + struct.pack("<Q4sIH", length, b"_FVH", 0x4FEFF, 0x48)
    tail = struct.pack("<HBB", 0, 0, 2) + struct.pack("<IIII", length // 0x1000, 0x1000, 0, 0)
    words = struct.unpack("<36H", head + b"\0\0" + tail)
    return head + struct.pack("<H", -sum(words) & 0xFFFF) + tail


def read(data: bytes):
    reading = Reading([Space("test", data)], read_volumes)
    return reading, read_volumes(reading, Span(0, len(data)), 0, 0)


def test_the_declared_header_has_the_size_of_the_specification():
    assert FirmwareVolumeHeader.sizeof() == 0x38


def test_a_hand_packed_header_is_read():
    volume = volume_at(hand_packed_header().ljust(0x2000, b"\xff"), 0, 0x2000)
    assert volume is not None
    assert volume.header.checksum_ok
    assert [(e.NumBlocks, e.Length) for e in volume.header.block_map] == [(2, 0x1000)]
    assert volume.span == Span(0, 0x2000)


def test_built_and_hand_packed_volumes_are_equal():
    assert build.volume(0x2000, [])[:0x48] == hand_packed_header()


def test_a_signature_by_chance_is_no_volume():
    assert list(find_volumes(b"\xaa" * 40 + b"_FVH" + b"\xaa" * 4000, Span(0, 4044), 4044)) == []


def test_what_lies_before_between_and_behind_volumes_is_shown():
    volume = build.volume(0x2000, [])
    data = b"\x11" * 0x1000 + volume + bytes(0x1000) + volume + b"\xff" * 0x800
    _, regions = read(data)
    kinds = [region.kind for region in regions]
    assert kinds == [Kind.PADDING, Kind.VOLUME, Kind.PADDING, Kind.VOLUME, Kind.FREE]


def test_unknown_data_is_told_from_the_fill_behind_it():
    _, regions = read(b"\x00\x04\x00\x14" + b"\xff" * 0xFFC + build.volume(0x1000, []))
    assert [(r.kind, r.span.size) for r in regions[:2]] == [(Kind.RAW, 4), (Kind.FREE, 0xFFC)]


def test_a_wrong_checksum_is_a_finding_and_the_volume_is_still_shown():
    data = bytearray(build.volume(0x2000, []))
    data[0x32] ^= 0xFF
    reading, regions = read(bytes(data))
    assert [f.id for f in reading.findings] == ["fv-checksum"]
    assert regions[0].kind is Kind.VOLUME


def test_a_volume_that_is_cut_off_is_a_finding():
    reading, regions = read(build.volume(0x4000, [])[:0x2800])
    assert [f.id for f in reading.findings] == ["fv-truncated"]
    assert regions[0].span.size == 0x2800


def test_name_and_files_of_a_volume():
    part = build.file(DRIVER, 0x07, build.sections([build.ui_section("Driver")]))
    reading, regions = read(build.volume(0x2000, [part], name=NAME))
    assert regions[0].name == "FVMAIN_COMPACT"
    assert [r.name for r in regions[0].children] == ["volume header", "Driver", "free"]
    assert reading.findings == []


def test_a_packed_section_unpacks_into_its_own_space():
    inner = build.sections([build.section(0x19, b"inside" * 100)])
    part = build.file(DRIVER, 0x0B, build.lzma_section(inner))
    reading, regions = read(build.volume(0x4000, [part]))
    assert reading.spaces[1].data == inner
    unpacked = next(of_kind(regions, Kind.DECOMPRESSED))
    assert (unpacked.place.space, unpacked.span) == (1, Span(0, len(inner)))


def test_a_damaged_packed_section_is_a_finding():
    part = bytearray(build.file(DRIVER, 0x0B, build.lzma_section(b"body" * 1000)))
    part[70:90] = bytes(20)
    reading, _ = read(build.volume(0x4000, [bytes(part)]))
    assert "not-unpacked" in {f.id for f in reading.findings}


def test_a_bomb_is_refused_by_its_declared_size():
    part = bytearray(build.file(DRIVER, 0x0B, build.lzma_section(bytes(1000))))
    size = 24 + 4 + 20 + 5
    part[size : size + 8] = (1 << 40).to_bytes(8, "little")
    reading, _ = read(build.volume(0x4000, [bytes(part)]))
    assert "not-unpacked" in {f.id for f in reading.findings}
    assert len(reading.spaces) == 1


def test_damaged_bodies_use_up_what_may_be_unpacked(monkeypatch):
    part = bytearray(build.file(DRIVER, 0x0B, build.lzma_section(bytes(range(256)) * 20_000)))
    part[-300:-280] = b"\xa5" * 20
    monkeypatch.setattr(sections, "MOST_UNPACKED", 20 << 20)
    reading, _ = read(build.volume(0x10000, [bytes(part)] * 8))
    texts = [f.text for f in reading.findings if f.id == "not-unpacked"]
    assert "damaged" in texts[0]
    assert "that are left" in texts[-1]


def test_an_lzma_body_takes_no_more_memory_than_it_unpacks_to():
    section = bytearray(build.lzma_section(b"body" * 1000))
    at = 4 + 20 + 1
    assert int.from_bytes(section[at : at + 4], "little") > 0x1000
    section[at : at + 4] = b"\xff" * 4
    part = build.file(DRIVER, 0x0B, bytes(section))
    reading, _ = read(build.volume(0x4000, [part]))
    assert reading.spaces[1].data == b"body" * 1000


def test_volumes_side_by_side_are_parts_too(monkeypatch):
    monkeypatch.setattr(reading_module, "MOST_PARTS", 10)
    reading, regions = read(build.volume(0x1000, []) * 40)
    assert "too-much-structure" in {f.id for f in reading.findings}
    assert regions[10].kind is Kind.RAW
    assert sum(region.span.size for region in regions) == 40 * 0x1000


def test_findings_of_one_kind_are_counted():
    damaged = bytearray(build.volume(0x1000, []))
    damaged[0x32] ^= 0xFF
    reading, _ = read(bytes(damaged) * (MOST_ALIKE + 36))
    assert len(reading.all_findings()) == MOST_ALIKE + 1
    assert reading.all_findings()[-1].text.startswith("36 more")
    assert reading.all_findings()[-1].id == "fv-checksum"


@pytest.mark.parametrize("size", [0, 1, 23])
def test_a_file_smaller_than_its_header_ends_the_volume(size):
    part = bytearray(build.file(DRIVER, 0x07, b"x" * 100))
    part[20:23] = size.to_bytes(3, "little")
    reading, regions = read(build.volume(0x2000, [bytes(part)]))
    assert "volume-tail" in {f.id for f in reading.findings}
    assert regions[0].children[-1].kind is Kind.RAW


def test_endless_nesting_ends_in_a_finding():
    body = build.section(0x19, b"core")
    for _level in range(40):
        body = build.section(0x03, body)
    reading, _ = read(build.volume(0x4000, [build.file(DRIVER, 0x02, body)]))
    assert "too-much-structure" in {f.id for f in reading.findings}


@pytest.mark.firmware
def test_debians_code_has_its_two_volumes_and_what_is_nested_in_them():
    _, regions = read(CODE_4M.read_bytes())
    assert [r.name for r in regions] == ["FVMAIN_COMPACT", "SECFV"]
    nested = [r.name for r in of_kind(regions, Kind.VOLUME)]
    assert nested == ["FVMAIN_COMPACT", "PEIFV", "DXEFV", "SECFV"]
    assert "FvbServicesRuntimeDxe" in {r.name for r in of_kind(regions, Kind.FILE)}


def test_a_file_whose_name_has_no_end_has_a_label_that_has():
    part = build.file(DRIVER, 0x07, build.sections([build.ui_section("N" * 20_000)]))
    _reading, regions = read(build.volume(0x10000, [part]))
    (file,) = of_kind(regions, Kind.FILE)
    assert len(file.name) == MOST_LABEL
