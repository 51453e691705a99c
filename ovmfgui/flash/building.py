"""Writing firmware volumes, files and sections: the other direction of the parsers."""

from __future__ import annotations

import lzma
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.flash.checksum import sum8
from ovmfgui.flash.structures import (
    FFS2,
    FFS_FIXED_CHECKSUM,
    FILE_PAD,
    FV_SIGNATURE,
    LZMA,
    SECTION_GUID_DEFINED,
    SECTION_UI,
    SECTION_VERSION,
    BlockMapEntry,
    CommonSectionHeader,
    FfsFileHeader,
    FirmwareVolumeExtHeader,
    FirmwareVolumeHeader,
    GuidDefinedHeader,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

# What OvmfPkg's volumes have: FFS2, all read and write capabilities, erase polarity 1.
_VOLUME_ATTRIBUTES = 0x0004FEFF
# HEADER_CONSTRUCTION, HEADER_VALID and DATA_VALID, inverted by erase polarity 1.
_FILE_STATE = 0xF8
_GUIDED_PROCESSING_REQUIRED = 0x01
_PAD_NAME = UUID(int=(1 << 128) - 1)


def section(kind: int, body: bytes) -> bytes:
    """A section of a type with a plain header."""
    size = CommonSectionHeader.sizeof() + len(body)
    return CommonSectionHeader(Size=size.to_bytes(3, "little"), Type=kind).to_bytes() + body


def ui_section(name: str) -> bytes:
    """The name of a file for people."""
    return section(SECTION_UI, (name + "\0").encode("utf-16-le"))


def version_section(text: str) -> bytes:
    """The version of a file."""
    return section(SECTION_VERSION, b"\0\0" + (text + "\0").encode("utf-16-le"))


def sections(parts: Sequence[bytes]) -> bytes:
    """Sections one behind the other, each on a boundary of four bytes."""
    joined = b""
    for part in parts:
        joined += bytes(-len(joined) % 4) + part
    return joined


def lzma_section(body: bytes) -> bytes:
    """A GUID-defined section whose body is packed as edk2's LzmaCompress does."""
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 6, "dict_size": 1 << 23}]
    packed = lzma.compress(body, lzma.FORMAT_ALONE, filters=filters)
    # liblzma leaves the size open ("unknown"); edk2 reads it from the header.
    packed = packed[:5] + len(body).to_bytes(8, "little") + packed[13:]
    header_size = CommonSectionHeader.sizeof() + GuidDefinedHeader.sizeof()
    definition = GuidDefinedHeader(
        SectionDefinitionGuid=LZMA,
        DataOffset=header_size,
        Attributes=_GUIDED_PROCESSING_REQUIRED,
    ).to_bytes()
    return section(SECTION_GUID_DEFINED, definition + packed)


def file(name: UUID | None, kind: int, body: bytes) -> bytes:
    """An FFS file with right checksums; ``name`` None makes a pad file."""
    raw = FfsFileHeader(
        Name=name or _PAD_NAME,
        HeaderChecksum=0,
        FileChecksum=0,
        Type=kind,
        Attributes=0,
        Size=(FfsFileHeader.sizeof() + len(body)).to_bytes(3, "little"),
        State=0,
    ).to_bytes()
    checksums = bytes([-sum8(raw) & 0xFF, FFS_FIXED_CHECKSUM])
    return raw[:16] + checksums + raw[18:23] + bytes([_FILE_STATE]) + body


def volume(
    size: int,
    files: Sequence[bytes],
    *,
    name: UUID | None = None,
    block_size: int = 0x1000,
    last: bytes = b"",
) -> bytes:
    """A firmware volume.

    Args:
        size: FvLength in bytes, a multiple of ``block_size``.
        files: each on a boundary of eight bytes, from the start on.
        name: FvName, kept in an extended header inside a first pad file.
        block_size: of the block map's one entry.
        last: a volume top file, put so that it ends with the volume.

    Raises:
        ValueError: the files do not fit.
    """
    block_map = BlockMapEntry(NumBlocks=size // block_size, Length=block_size).to_bytes()
    block_map += BlockMapEntry(NumBlocks=0, Length=0).to_bytes()
    header_size = FirmwareVolumeHeader.sizeof() + len(block_map)
    body = b""
    extended = 0
    if name is not None:
        extended = header_size + FfsFileHeader.sizeof()
        ext_size = FirmwareVolumeExtHeader.sizeof()
        ext = FirmwareVolumeExtHeader(FvName=name, ExtHeaderSize=ext_size).to_bytes()
        body = file(None, FILE_PAD, ext)
    for part in files:
        body += b"\xff" * (-(header_size + len(body)) % 8) + part
    body += b"\xff" * (-(header_size + len(body)) % 8)
    room = size - header_size - len(body) - len(last)
    if room < 0:
        msg = f"the files need {-room} bytes more than the volume of {size} has"
        raise ValueError(msg)
    filler = b"\xff" * room
    if last and room >= FfsFileHeader.sizeof():
        filler = file(None, FILE_PAD, b"\xff" * (room - FfsFileHeader.sizeof()))
    header = partial(
        FirmwareVolumeHeader,
        ZeroVector=bytes(16),
        FileSystemGuid=FFS2,
        FvLength=size,
        Signature=FV_SIGNATURE,
        Attributes=_VOLUME_ATTRIBUTES,
        HeaderLength=header_size,
        ExtHeaderOffset=extended,
        Reserved=0,
        Revision=2,
    )
    words = header(Checksum=0).to_bytes() + block_map
    total = sum(int.from_bytes(words[i : i + 2], "little") for i in range(0, len(words), 2))
    return header(Checksum=-total & 0xFFFF).to_bytes() + block_map + body + filler + last
