"""The fixed structures of a migration stream; big-endian unless said otherwise."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Annotated

from ovmfgui.structure import BigUInt8, BigUInt32, BigUInt64, Bytes, Structure

MAGIC = b"QEVM"
VERSION = 3
"""QEMU_VM_FILE_MAGIC and QEMU_VM_FILE_VERSION (migration/savevm.c)."""


class Element(IntEnum):
    """The byte that begins an element (migration/savevm.h, QEMU_VM_*)."""

    EOF = 0x00
    SECTION_START = 0x01
    SECTION_PART = 0x02
    SECTION_END = 0x03
    SECTION_FULL = 0x04
    SUBSECTION = 0x05
    VMDESCRIPTION = 0x06
    CONFIGURATION = 0x07
    COMMAND = 0x08
    SECTION_FOOTER = 0x7E


class RamFlag(IntFlag):
    """The low bits of a word in a RAM section (migration/ram.c, RAM_SAVE_FLAG_*)."""

    ZERO = 0x02
    MEM_SIZE = 0x04
    PAGE = 0x08
    EOS = 0x10
    CONTINUE = 0x20
    XBZRLE = 0x40
    HOOK = 0x80
    COMPRESS_PAGE = 0x100
    MULTIFD_FLUSH = 0x200


POSTCOPY_ADVISE = 3
"""MIG_CMD_POSTCOPY_ADVISE (migration/savevm.c): postcopy *may* come. Both postcopy-ram and
dirty-bitmaps send it, and neither has to happen: up to RUN a stream is as any other."""

UNREADABLE = {
    5: "the guest runs on at the other side and asks for its pages (postcopy RUN)",
    6: "pages that came are taken back, to be asked for again (postcopy RAM_DISCARD)",
    7: "the guest goes over before its memory does (postcopy, PACKAGED)",
    9: "a broken postcopy is taken up again (POSTCOPY_RESUME)",
    10: "a broken postcopy asks what has arrived (RECV_BITMAP)",
}
"""Commands (MIG_CMD_*) after which a recording does not hold what the guest has."""


class PflashBody(Structure):
    """vmstate_pflash, version 1 (hw/block/pflash_cfi01.c)."""

    wcycle: BigUInt8
    cmd: BigUInt8
    status: BigUInt8
    counter: BigUInt64


BLOCK_WRITE = b"\x16pflash_cfi01_blk_write"
"""Name of the subsection with an open write to buffer, its length in front."""


class MappedRamHeader(Structure):
    """MappedRamHeader (migration/ram.c).

    Offsets in bytes from the start of the file, not of the stream.
    """

    version: BigUInt32
    page_size: BigUInt64
    bitmap_offset: BigUInt64
    pages_offset: BigUInt64


LIBVIRT_MAGIC = b"LibvirtQemudSave"
LIBVIRT_PARTIAL = b"LibvirtQemudPart"


class LibvirtHeader(Structure):
    """virQEMUSaveHeader (libvirt src/qemu/qemu_saveimage.h).

    version, data_len, was_running, format, cookieOffset and 14 unused words of 32 bits, in the
    writer's byte order.
    """

    magic: Annotated[bytes, Bytes(16)]
    words: Annotated[bytes, Bytes(76)]


LIBVIRT_VERSION = 2
