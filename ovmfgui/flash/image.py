"""An opened image: its files, the spaces of bytes in them, and the map of both."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.finding import Finding
    from ovmfgui.flash.region import Region
    from ovmfgui.span import Place


class Role(StrEnum):
    """What a file, or the files together, are to a virtual machine."""

    CODE = "code"
    VARS = "vars"
    UNIFIED = "unified"
    PAIR = "pair"
    BLANK = "blank"


class Architecture(StrEnum):
    """The processor that the firmware runs on, named as edk2 builds do in lower case."""

    X64 = "x64"
    IA32 = "ia32"
    AARCH64 = "aarch64"
    ARM = "arm"
    RISCV64 = "riscv64"
    LOONGARCH64 = "loongarch64"

    @property
    def is_x86(self) -> bool:
        """Whether flash ends at 4 GiB, one chip below the other (QEMU hw/i386/pc_sysfw.c)."""
        return self in (Architecture.X64, Architecture.IA32)


class Format(StrEnum):
    """How the file holds the flash's contents; JSON is QEMU's uefi-vars store, and no flash."""

    RAW = "raw"
    XZ = "xz"
    QCOW2 = "qcow2"
    JSON = "json"


@dataclass(frozen=True, slots=True, repr=False)
class FlashFile:
    """A file as opened.

    Attributes:
        path: as it was given.
        data: the flash contents in it (unpacked, where the format packs), or a JSON store's text.
        format: see ``Format``.
        role: told from the contents alone.
    """

    path: str
    data: bytes
    format: Format
    role: Role

    @property
    def size(self) -> int:
        """Bytes of flash contents."""
        return len(self.data)

    @property
    def sha256(self) -> str:
        """Of the flash contents, lower-case hex."""
        import hashlib

        return hashlib.sha256(self.data).hexdigest()

    def __repr__(self) -> str:
        return f"<FlashFile {self.path}: {self.role}, {self.size:,} bytes, {self.format}>"


@dataclass(frozen=True, slots=True, repr=False)
class Space:
    """A run of bytes with offsets of its own: a file, or what a compressed section unpacks to.

    Attributes:
        name: as the hex view's selector shows it.
        data: the bytes.
        origin: for an unpacked body the section's bytes it comes from; None for a file.
    """

    name: str
    data: bytes
    origin: Place | None = None

    def __repr__(self) -> str:
        return f"<Space {self.name}: {len(self.data):,} bytes>"


@dataclass(frozen=True, slots=True, repr=False)
class Image:
    """One or two files opened together.

    Attributes:
        files: in the order CODE, VARS where both are there, whatever order they were given in.
        role: of the files together.
        architecture: of the firmware in CODE; None where there is none or it cannot be told.
        spaces: the files' contents first, then unpacked bodies; ``Place.space`` indexes this.
        map: the top-level regions; those of one space tile it.
        findings: what the parsers noticed.
    """

    files: tuple[FlashFile, ...]
    role: Role
    architecture: Architecture | None
    spaces: tuple[Space, ...]
    map: tuple[Region, ...]
    findings: tuple[Finding, ...]

    def file_with(self, *roles: Role) -> int | None:
        """Index of the first file of one of these roles, None where there is none."""
        return next((i for i, file in enumerate(self.files) if file.role in roles), None)

    def __repr__(self) -> str:
        names = ", ".join(file.path for file in self.files)
        processor = "" if self.architecture is None else f", {self.architecture}"
        size = sum(file.size for file in self.files)
        return f"<Image {names}: {self.role}{processor}, {size:,} bytes>"

    def title_of(self, space: int) -> str:
        """A space's name for a person: what it is, and which file, without its folder."""
        if space < len(self.files):
            file = self.files[space]
            return f"{file.role.upper()} · {os.path.basename(file.path)}"
        name = self.spaces[space].name
        for file in self.files:
            name = name.replace(file.path, os.path.basename(file.path))
        return name[:1].upper() + name[1:]

    def bytes_at(self, place: Place) -> bytes:
        """The bytes at a place."""
        return place.span.of(self.spaces[place.space].data)
