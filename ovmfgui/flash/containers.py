"""Files that are no flash image and are known all the same: called by name, with the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file.

    Attributes:
        name: in words, with its article.
        recognises: whether a file's bytes are of this kind.
        step: what to do; ``{path}`` stands for the file.
    """

    name: str
    recognises: Callable[[bytes], bool]
    step: str


def _begins(*magics: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda data: any(data.startswith(magic, at) for magic in magics)


def _holds(*words: bytes) -> Callable[[bytes], bool]:
    return lambda data: any(word in data for word in words)


_CONVERT = "convert it with: qemu-img convert -O raw {path} NEW.fd"
_JSON_STORE = "read it with: ovmfgui vars list {path}"

PACKED: tuple[Container, ...] = (
    Container("a gzip file", _begins(b"\x1f\x8b"), "unpack it with: gunzip -k {path}"),
    Container("a zip archive", _begins(b"PK\3\4", b"PK\5\6"), "unpack it with: unzip {path}"),
    Container("a zstd file", _begins(b"\x28\xb5\x2f\xfd"), "unpack it with: zstd -d {path}"),
    Container("a bzip2 file", _begins(b"BZh"), "unpack it with: bunzip2 -k {path}"),
    Container("an lz4 file", _begins(b"\x04\x22\x4d\x18"), "unpack it with: lz4 -d {path}"),
    Container("a 7z archive", _begins(b"7z\xbc\xaf\x27\x1c"), "unpack it with: 7z x {path}"),
    Container(
        "a tar archive, as VirtualBox 7 keeps its NVRAM (.nvram)",
        lambda data: data.startswith(b"ustar", 257) and data.startswith((b"efi/", b"./efi/")),
        "import its variables into a store (ovmfgui vars import VARS {path}), or take the store "
        "out of it: tar xf {path} efi/nvram",
    ),
    Container("a tar archive", _begins(b"ustar", at=257), "unpack it with: tar xf {path}"),
    Container(
        "a Debian package", _begins(b"!<arch>\ndebian"), "unpack it with: dpkg -x {path} DIR"
    ),
    Container("an RPM package", _begins(b"\xed\xab\xee\xdb"), "unpack it with: rpm2archive {path}"),
    Container("a VMDK disk image", _begins(b"KDMV", b"COWD", b"# Disk Descriptor"), _CONVERT),
    Container("a VDI disk image", _begins(b"\x7f\x10\xda\xbe", at=0x40), _CONVERT),
    Container("a VHDX disk image", _begins(b"vhdxfile"), _CONVERT),
    Container("a VHD disk image", _begins(b"conectix"), _CONVERT),
    Container("a QED disk image", _begins(b"QED\0"), _CONVERT),
    Container("a qcow (version 1) disk image", _begins(b"QFI\xfb\0\0\0\1"), _CONVERT),
    Container(
        "an Android sparse image",
        _begins(b"\x3a\xff\x26\xed"),
        "convert it with: simg2img {path} NEW.fd",
    ),
    Container("a LUKS volume", _begins(b"LUKS\xba\xbe"), "open it with cryptsetup first"),
    Container(
        "an ISO 9660 image",
        _begins(b"CD001", at=0x8001),
        "ask whether its loader would start: ovmfgui secureboot STORE --efi {path}",
    ),
    Container(
        "U-Boot's store of EFI variables (ubootefi.var)",
        _begins(b"UbEfiVa", at=8),
        "import it into a store with: ovmfgui vars import VARS {path}",
    ),
    Container(
        "VMware's NVRAM",
        _begins(b"MRVN"),
        "import its variables into a store with: ovmfgui vars import VARS {path}",
    ),
    Container(
        "EC2's UEFI data (uefi-data)",
        # In base64 as the tools of EC2 hand it out, and as that decodes.
        _begins(b"AMZNUEFI", b"QU1aTlVFRk"),
        "import its variables into a store with: ovmfgui vars import VARS {path}",
    ),
    Container(
        "an EFI binary",
        _begins(b"MZ"),
        "ask whether it would start: ovmfgui secureboot STORE --efi {path}",
    ),
)
"""Told by their first bytes, whatever lies within."""

OTHER_FIRMWARE: tuple[Container, ...] = (
    Container(
        "SeaBIOS, a BIOS without UEFI",
        _holds(b"SeaBIOS (version", b"SeaBIOS (%s"),
        "give an OVMF or AAVMF image",
    ),
    Container(
        "a coreboot image",
        _holds(b"LARCHIVE"),
        "take its payload out with: cbfstool {path} extract",
    ),
    Container(
        "an OpenSBI image",
        _holds(b"OpenSBI v"),
        "give the UEFI firmware that it starts (RISCV_VIRT_CODE.fd)",
    ),
    Container(
        "U-Boot, which keeps its variables in ubootefi.var",
        _holds(b"U-Boot 20", b"U-Boot SPL"),
        "give that file: ovmfgui vars import VARS ubootefi.var",
    ),
)
"""Told by what is in them, where no flash image was found."""


def packed_in(data: bytes) -> Container | None:
    """What packs these bytes; None where nothing that is known does."""
    return next((kind for kind in PACKED if kind.recognises(data)), None)


def other_firmware(data: bytes) -> Container | None:
    """What other firmware these bytes are; None where none that is known."""
    return next((kind for kind in OTHER_FIRMWARE if kind.recognises(data)), None)


def sentence(path: str | Path, kind: Container) -> str:
    """One line: what the file is, and the next step."""
    return f"{path} is {kind.name}, no flash image; {kind.step.format(path=path)}"
