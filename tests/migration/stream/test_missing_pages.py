"""Pages that never came are not zeros: what is missing is counted, told, and never opened."""

from __future__ import annotations

import json
import lzma
import random
from pathlib import Path

import pytest
from stream_building import (
    EOS,
    PAGE,
    be,
    block_pages,
    chip_body,
    head,
    name,
    pflash,
    ram_part,
    ram_start,
)

from ovmfgui.cli.main import main
from ovmfgui.migration.recorded.stream import prepare_recording
from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.migration.stream.recording import Recording, read_recording
from ovmfgui.migration.stream.source import source_of
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[2] / "data" / "streams"
RANDOM = random.Random(11)
CODE, STORE = RANDOM.randbytes(16 * PAGE), RANDOM.randbytes(4 * PAGE)
BLOCKS = {"system.flash0": len(CODE), "system.flash1": len(STORE)}


def of_parts(*parts: bytes, end: bytes = b"\0") -> Recording:
    return read_recording(source_of(head() + ram_start(BLOCKS) + b"".join(parts) + end))


def lacks(recording: Recording) -> list[tuple[int, int, bool]]:
    return [(flash.pages, flash.missing, flash.complete) for flash in recording.flash]


def unpacked(tmp_path: Path, file: str) -> Path:
    path = tmp_path / file
    path.write_bytes(lzma.decompress((DATA / f"{file}.xz").read_bytes()))
    return path


def test_the_main_channel_of_a_multifd_migration_has_no_page_of_the_chips(tmp_path: Path, capsys):
    path = unpacked(tmp_path, "q72-multifd-main-channel.stream")
    assert main(["stream", str(path), "--extract", str(tmp_path / "out"), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [(f["sha256"], f["pages"]) for f in document["flash"]] == [
        (None, {"total": 16, "missing": 16}),
        (None, {"total": 4, "missing": 4}),
    ]
    assert list((tmp_path / "out").iterdir()) == []
    assert [p["instance"] for p in document["pflash"]] == [0, 1]
    assert main(["stream", str(path)]) == 1
    text = capsys.readouterr().out
    assert "16 of 16 pages are not in this recording" in text
    assert "sha256" not in text
    with pytest.raises(Refused, match=r"4 of 4 pages are not in this recording.*multifd"):
        prepare_recording(str(path), lambda *_: None)


def test_the_main_channel_of_qemu_10_names_multifd(tmp_path: Path):
    recording = open_recording(unpacked(tmp_path, "q10-multifd-main-channel.stream"))
    assert lacks(recording) == [(16, 16, False), (4, 4, False)]
    assert all("(multifd)" in finding.text for finding in recording.findings)
    assert [chip.instance for chip in recording.chips] == [0, 1]


def test_its_control_is_whole(tmp_path: Path):
    recording = open_recording(unpacked(tmp_path, "q72-plain-same-machine.stream"))
    assert lacks(recording) == [(16, 0, True), (4, 0, True)]
    assert set(recording.flash[1].contents.tobytes()) == {0x11}
    assert recording.findings == ()


def test_one_missing_page_is_counted_and_takes_the_chip_with_it(tmp_path: Path):
    recording = of_parts(
        ram_part(block_pages("system.flash0", CODE[: 7 * PAGE])),
        ram_part(block_pages("system.flash0", CODE[8 * PAGE :], 8 * PAGE)),
        ram_part(block_pages("system.flash1", STORE), kind=3),
    )
    assert lacks(recording) == [(16, 1, False), (4, 0, True)]
    assert [f.id for f in recording.findings] == ["flash-incomplete"]
    assert "system.flash0: 1 of 16 pages are not in this recording" in recording.findings[0].text


@pytest.mark.parametrize("kind", [2, 3])
def test_a_cut_before_the_end_of_memory_leaves_pages_that_may_be_old(kind: int):
    """All pages came in the first round; a second one had begun."""
    recording = of_parts(
        ram_part(block_pages("system.flash0", CODE) + block_pages("system.flash1", STORE)),
        ram_part(block_pages("system.flash1", STORE[:PAGE]), kind)[:-20],
        end=b"",
    )
    assert lacks(recording) == [(16, 0, False), (4, 0, False)]
    assert "may be older" in recording.findings[-1].text


def test_a_cut_behind_the_memory_takes_nothing_from_the_chips():
    recording = of_parts(
        ram_part(block_pages("system.flash0", CODE) + block_pages("system.flash1", STORE), kind=3),
        pflash(0, chip_body())[:-20],
        end=b"",
    )
    assert lacks(recording) == [(16, 0, True), (4, 0, True)]
    assert [f.id for f in recording.findings] == ["stream-cut-off"]


def test_multifd_is_named_where_the_stream_names_it():
    for sign in (head(capabilities=("multifd",)), head()):
        mark = b"" if "multifd" in sign.decode("latin-1") else be(8, 0x200)
        data = sign + ram_start(BLOCKS) + ram_part(mark, kind=3) + pflash(0, chip_body()) + b"\0"
        recording = read_recording(source_of(data))
        assert [flash.missing for flash in recording.flash] == [16, 4]
        assert all("(multifd)" in f.text for f in recording.findings)
        assert len(recording.chips) == 1


def test_the_state_of_a_chip_goes_by_its_number_not_by_its_place():
    blocks = {"system.flash1": PAGE, "system.flash0": PAGE}
    pages = block_pages("system.flash1", STORE[:PAGE]) + block_pages("system.flash0", CODE[:PAGE])
    data = head() + ram_start(blocks) + ram_part(pages, kind=3)
    data += pflash(0, chip_body()) + pflash(1, chip_body(1, 0x10)) + b"\0"
    recording = read_recording(source_of(data))
    commands = {f.name: recording.chip_of(f).state.cmd for f in recording.flash}
    assert commands == {"system.flash0": 0, "system.flash1": 0x10}


def test_a_rom_is_no_chip_and_its_pages_count_too(capsys, tmp_path: Path):
    data = head() + ram_start({"pc.bios": 2 * PAGE}) + ram_part(block_pages("pc.bios", CODE[:PAGE]))
    path = tmp_path / "bios"
    path.write_bytes(data + b"\0")
    assert main(["stream", str(path)]) == 1
    assert "a ROM (-bios), no chip" in (text := capsys.readouterr().out)
    assert "1 of 2 pages are not in this recording" in text


def test_a_chip_larger_than_any_boards_is_told_not_dropped():
    data = head() + ram_start({"system.flash0": 1 << 40}) + ram_part(b"", kind=3) + b"\0"
    recording = read_recording(source_of(data))
    assert [f.id for f in recording.findings] == ["flash-too-large"]


def test_an_unknown_element_inside_the_memory_ends_what_can_be_trusted():
    recording = of_parts(
        ram_part(block_pages("system.flash0", CODE) + block_pages("system.flash1", STORE)),
        end=b"\x55",
    )
    assert recording.findings[0].id == "stream-element"
    assert not any(flash.complete for flash in recording.flash)


def huge(size: int) -> bytes:
    return be(8, size)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_announced_postcopy_tells_page_sizes_of_blocks_on_huge_pages(shared: bool, last: bool):
    """``pc.ram`` on 2 MiB pages; ``last`` puts it behind the chips."""
    address = be(8, 0) if shared else b""
    ram = name("pc.ram") + be(8, 2 * PAGE) + huge(2 << 20) + address
    chips = b"".join(name(n) + be(8, size) + address for n, size in BLOCKS.items())
    listed = chips + ram if last else ram + chips
    total = be(8, 2 * PAGE + sum(BLOCKS.values()) | 4)
    start = b"\1" + be(4, 2) + name("ram") + be(4, 0) + be(4, 4) + total + listed + be(8, EOS)
    data = head(capabilities=("x-ignore-shared",) if shared else ())
    data += b"\x08" + be(2, 3) + be(2, 16) + be(8, 0x201000) + be(8, PAGE)
    data += start + b"\x7e" + be(4, 2)
    pages = block_pages("system.flash0", CODE) + block_pages("system.flash1", STORE)
    recording = read_recording(source_of(data + ram_part(pages, kind=3) + b"\0"))
    assert lacks(recording) == [(16, 0, True), (4, 0, True)]
    assert recording.findings == ()


def test_dirty_bitmaps_of_qemu_10_announce_postcopy_and_open(tmp_path: Path):
    recording = open_recording(unpacked(tmp_path, "q10-dirty-bitmaps.stream"))
    assert lacks(recording) == [(16, 0, True), (4, 0, True)]
    assert set(recording.flash[1].contents.tobytes()) == {0xFF}
