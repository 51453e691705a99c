"""Streams inside of something: an offset, libvirt's formats, a qcow2 snapshot, a memory dump."""

from __future__ import annotations

import gzip
import json
import lzma
import shutil
import subprocess
from pathlib import Path

import pytest
from stream_building import be, head, name

from ovmfgui.cli.main import main
from ovmfgui.migration.stream import opening, snapshots, unpacking
from ovmfgui.migration.stream.opening import open_recording, snapshots_in
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[2] / "data" / "streams"


def unpacked(tmp_path: Path, file: str) -> Path:
    path = tmp_path / file
    path.write_bytes(lzma.decompress((DATA / f"{file}.xz").read_bytes()))
    return path


def check_tiny(path: Path, snapshot: str = "", store: int = 0xFF) -> None:
    """The guest of these recordings: chips of one value, but for the reset vector."""
    recording = open_recording(path, snapshot)
    sizes = {f.name: f.contents.size for f in recording.flash}
    assert sizes == {"system.flash0": 0x10000, "system.flash1": 0x4000}
    assert all(f.complete for f in recording.flash)
    assert set(recording.flash[1].contents.tobytes()) == {store}
    assert set(recording.flash[0].contents.tobytes()[:0xFFF0]) == {0xFF}
    assert recording.findings == ()


@pytest.mark.parametrize(
    "file",
    [
        "q10-file-offset-4096.stream",
        "q10-mapped-multifd-offset.stream",
        "libvirt11-raw.save",
        "libvirt11-sparse.save",
    ],
)
def test_real_recordings_open_wherever_the_stream_begins(tmp_path: Path, file: str):
    check_tiny(unpacked(tmp_path, file))


@pytest.mark.parametrize("file", ["q10-file-offset-4096.stream", "libvirt11-raw.save"])
def test_a_recording_that_was_packed_as_a_whole_opens_as_it_is(file: str):
    check_tiny(DATA / f"{file}.xz")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("libvirt11-sparse.save", "unpacked first"),
        ("snapshot-with-vmstate.qcow2", "packed qcow2 image"),
        ("libvirt9-memory-only-elf.dump", "no flash"),
    ],
)
def test_what_cannot_be_read_packed_says_so(file: str, words: str):
    with pytest.raises(Refused, match=words):
        open_recording(DATA / f"{file}.xz")


def test_a_packed_save_file_that_is_cut_off_is_refused_or_told(tmp_path: Path):
    data = lzma.decompress((DATA / "libvirt11-raw.save.xz").read_bytes())
    path = tmp_path / "cut"
    for size in (50, 200):
        path.write_bytes(gzip.compress(data[:size]))
        with pytest.raises(Refused, match=f"{path}: the save file ends"):
            open_recording(path)
    for size in (75_000, 200_000):
        path.write_bytes(gzip.compress(data[:size]))
        assert open_recording(path).findings[0].id == "stream-cut-off"


@pytest.mark.parametrize("before", [1, 4096, (1 << 20) - 3, 3 << 20])
def test_a_stream_behind_other_bytes_is_found(tmp_path: Path, before: int):
    plain = lzma.decompress((DATA / "q72-plain-same-machine.stream.xz").read_bytes())
    path = tmp_path / "offset"
    path.write_bytes(b"\xa5" * before + plain)
    check_tiny(path, store=0x11)
    path.write_bytes(gzip.compress(plain))
    check_tiny(path, store=0x11)


def test_was_running_says_what_the_guest_will_be(tmp_path: Path, capsys):
    path = unpacked(tmp_path, "libvirt11-raw.save")
    data = bytearray(path.read_bytes())
    assert open_recording(path).run_state == "paused"
    data[24:28] = (1).to_bytes(4, "little")  # what virsh save-image-edit --running changes
    path.write_bytes(data)
    assert main(["stream", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run_state"] == "running"


@pytest.mark.parametrize("share", [0.2, 0.7, 0.9])
def test_a_sparse_save_that_is_cut_short_says_what_is_missing(tmp_path: Path, share: float):
    path = unpacked(tmp_path, "libvirt11-sparse.save")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    recording = open_recording(path)
    assert recording.findings[0].id == "stream-cut-off"
    assert not any(flash.complete for flash in recording.flash)


def test_a_memory_dump_is_told_to_hold_no_flash(tmp_path: Path, capsys):
    path = unpacked(tmp_path, "libvirt9-memory-only-elf.dump")
    assert main(["stream", str(path)]) == 2
    assert "ELF memory dump" in (text := capsys.readouterr().err)
    assert "no flash" in text
    assert text.count("\n") == 1


def test_a_snapshot_is_listed_and_opened_by_name(tmp_path: Path, capsys):
    path = unpacked(tmp_path, "snapshot-with-vmstate.qcow2")
    assert main(["stream", str(path)]) == 0
    assert "s1" in (text := capsys.readouterr().out)
    assert "its store is the active layer's" in text
    check_tiny(path, "s1")
    check_tiny(path, "1")
    with pytest.raises(Refused, match="no snapshot s2; there is: s1"):
        open_recording(path, "s2")
    with pytest.raises(Refused, match="name the snapshot"):
        open_recording(path)


@pytest.mark.skipif(shutil.which("qemu-io") is None, reason="changes an image with qemu-io")
def test_another_store_than_the_active_layers_is_told(tmp_path: Path, capsys):
    path = unpacked(tmp_path, "snapshot-with-vmstate.qcow2")
    subprocess.run(["qemu-io", "-c", "write -P 0x55 0 512", path], check=True, capture_output=True)
    subprocess.run(["qemu-img", "snapshot", "-c", "disk", path], check=True)
    found = {guest.snapshot.name: guest for guest in snapshots_in(path) or ()}
    assert (found["s1"].same_as_active, found["disk"].same_as_active) == (False, True)
    assert main(["stream", str(path), "--snapshot", "s1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [f["id"] for f in document["findings"]] == ["snapshot-other-store"]
    with pytest.raises(Refused, match="of the disk alone"):
        open_recording(path, "disk")


def test_a_snapshot_of_an_image_that_is_cut_short_is_no_whole_guest(tmp_path: Path):
    path = unpacked(tmp_path, "snapshot-with-vmstate.qcow2")
    data = path.read_bytes()
    for size in range(100, len(data) - 0x20000, 0x8000):
        path.write_bytes(data[:size])
        with pytest.raises(Refused):
            open_recording(path, "s1")


def mapped(bitmap: int, pages: int, size: int = 0x100000, page: int = 4096) -> bytes:
    data = head(capabilities=("mapped-ram",)) + b"\1" + be(4, 2) + name("ram") + be(4, 0)
    data += be(4, 4) + be(8, size | 4) + name("system.flash0") + be(8, size)
    return data + be(4, 1) + be(8, page) + be(8, bitmap) + be(8, pages)


HEADER = len(mapped(0, 0))


@pytest.mark.parametrize(
    "data",
    [
        mapped(HEADER, 0x7FFF_FFFF_FFFF_FFF0),
        mapped(HEADER, 0xFFFF_FFFF_FFFF_FFF0),
        mapped(0xFFFF_FFFF_FFFF_FFF8, 0x100000),
        mapped(HEADER, HEADER + 0x20, 1 << 63, 4096),
        mapped(HEADER, 0x100000, page=0),
        mapped(HEADER, 0x100000, page=3000),
        mapped(8, 0x100000),
    ],
)
def test_offsets_that_qemu_never_writes_are_one_clear_line(tmp_path: Path, capsys, data: bytes):
    path = tmp_path / "file"
    path.write_bytes(data + bytes(64))
    assert main(["stream", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_was_not_looked_at_around_a_stream_is_told(tmp_path: Path, monkeypatch):
    plain = lzma.decompress((DATA / "q72-plain-same-machine.stream.xz").read_bytes())
    path = tmp_path / "stream"
    path.write_bytes(bytes(5 << 20) + plain)
    check_tiny(path, store=0x11)
    monkeypatch.setattr(opening, "MOST_AROUND", 1 << 20)
    with pytest.raises(Refused, match="in its first 1 MiB"):
        open_recording(path)
    path.write_bytes(gzip.compress(plain + bytes(5 << 20)))
    assert "stream-packing-unread" not in [each.id for each in open_recording(path).findings]
    monkeypatch.setattr(unpacking, "MOST_AROUND", 1 << 20)
    assert "stream-packing-unread" in [each.id for each in open_recording(path).findings]


def test_a_snapshot_that_was_not_compared_says_so(tmp_path: Path, monkeypatch):
    path = unpacked(tmp_path, "snapshot-with-vmstate.qcow2")
    assert not [f for f in open_recording(path, "s1").findings if "compared" in f.id]
    monkeypatch.setattr(snapshots, "MOST_HASHED", 1)
    (guest,) = snapshots_in(path) or ()
    assert "its store was not compared" in guest.words
    monkeypatch.setattr(snapshots, "MOST_COMPARED", 1)
    assert [f.id for f in open_recording(path, "s1").findings] == ["snapshot-not-compared"]
