"""A recorded guest that is named as an image is told as what it is, whatever its size."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from ovmfgui.cli.main import main
from ovmfgui.flash.recordings import recorded_guest
from ovmfgui.flash.source import MAX_SIZE, read_file
from ovmfgui.refusal import Refused

STREAMS = Path(__file__).parents[1] / "data" / "streams"
STREAM = lzma.decompress((STREAMS / "q72-plain-same-machine.stream.xz").read_bytes())


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("q72-plain-same-machine.stream", "a QEMU migration stream"),
        ("q10-file-offset-4096.stream", "a QEMU migration stream behind other bytes"),
        ("libvirt11-raw.save", "a libvirt save file"),
        ("libvirt9-memory-only-elf.dump", "an ELF memory dump"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_real_recordings_are_named_with_the_next_step(tmp_path: Path, file, kind, packed, capsys):
    data = (STREAMS / f"{file}.xz").read_bytes()
    path = tmp_path / file
    path.write_bytes(data if packed else lzma.decompress(data))
    for command in (["inspect", str(path)], ["check", str(path), str(path)]):
        assert main(command) == 2
        text = capsys.readouterr().err
        assert kind in text
        assert ("ovmfgui stream" in text) != ("no flash" in text)
        assert ("save-image-dumpxml" in text) == file.endswith(".save")
        assert text.count("\n") == 1


@pytest.mark.parametrize(
    "head",
    [STREAM[:100], b"LibvirtQemudPart", b"KDUMP   ", b"PAGEDU64", b"\x7fELF".ljust(16) + b"\4\0"],
)
def test_one_that_is_larger_than_any_chip_is_named_too(tmp_path: Path, head: bytes):
    guest = recorded_guest(head)
    assert guest is not None
    path = tmp_path / "large"
    path.write_bytes(head)
    with path.open("r+b") as file:
        file.truncate(4 * MAX_SIZE)
    with pytest.raises(Refused) as refused:
        read_file(path)
    assert guest.kind in str(refused.value)
    path.write_bytes(lzma.compress(head + bytes(MAX_SIZE), preset=0))
    with pytest.raises(Refused) as refused:
        read_file(path)
    assert guest.kind in str(refused.value)


def test_firmware_in_a_small_recording_does_not_make_it_an_image(tmp_path: Path):
    path = tmp_path / "small"
    store = lzma.decompress((STREAMS.parent / "ovmf-4m-first-boot.after.fd.xz").read_bytes())
    path.write_bytes(b"QEVM\0\0\0\3".ljust(4096, b"\0") + store)
    with pytest.raises(Refused, match="a QEMU migration stream, not a flash image"):
        read_file(path)


def test_a_program_is_no_memory_dump():
    assert recorded_guest(Path("/proc/self/exe").read_bytes()[:64]) is None
    assert recorded_guest(b"") is None
