"""What the chip answers to a CFI query and to an identity query."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.pflash.geometry import Geometry

TABLE_SIZE = 0x52
"""Bytes of PFlashCFI01.cfi_table."""


def _trailing_zeros(value: int) -> int:
    return (value & -value).bit_length() - 1 if value else 32


def query_table(geometry: Geometry, size: int) -> bytes:
    """The CFI table of a bank of ``size`` bytes (pflash_cfi01.c, pflash_cfi01_fill_cfi_table).

    The size is told as the number of trailing zero bits of one device's size, which is no
    logarithm where the size is no power of two: the 540,672 bytes of a 4M store say 0x0E.
    """
    blocks = size // geometry.sector_size
    device_sector = geometry.sector_size // geometry.devices
    table = bytearray(TABLE_SIZE)
    table[0x10:0x13] = b"QRY"
    table[0x13] = 0x01  # primary command set: Intel
    table[0x15] = 0x31  # where the extended table starts
    table[0x1B:0x1D] = b"\x45\x55"  # supply voltage, lowest and highest
    table[0x1F:0x22] = b"\x07\x07\x0a"  # typical times: word, buffer, block erase
    table[0x23:0x26] = b"\x04\x04\x04"  # the same, at most
    table[0x27] = _trailing_zeros(device_sector * blocks)
    table[0x28] = 0x02  # interface: x8 and x16
    table[0x2A] = geometry.write_block_exponent
    table[0x2C] = 0x01  # one erase region
    table[0x2D:0x2F] = ((blocks - 1) & 0xFFFF).to_bytes(2, "little")
    table[0x2F:0x31] = ((device_sector >> 8) & 0xFFFF).to_bytes(2, "little")
    table[0x31:0x36] = b"PRI10"
    table[0x3F] = 0x01  # one protection field
    return bytes(table)


def _replicated(value: int, geometry: Geometry) -> int:
    """One device's answer on the bus of the whole bank."""
    bits = 8 * geometry.device_width
    return sum((value & ((1 << bits) - 1)) << (bits * i) for i in range(geometry.devices))


def _bank_answer(value: int, geometry: Geometry, width: int) -> int:
    """An answer in an access of ``width`` bytes.

    QEMU starts from all bits set and deposits one bank's answer after the other.
    """
    bank = 8 * geometry.bank_width
    answer = (1 << 32) - 1
    answer = (answer & ~((1 << bank) - 1)) | _replicated(value, geometry)
    return answer & ((1 << (8 * width)) - 1)


def answer_query(geometry: Geometry, table: bytes, offset: int, width: int) -> int:
    """What a read at ``offset`` gives in query mode (command 0x98)."""
    if geometry.device_width:
        index = offset // geometry.bank_width
        value = table[index] if index < len(table) else 0
        return _bank_answer(value, geometry, width)
    index = (offset & 0xFF) // geometry.bank_width
    return table[index] if index < len(table) else 0


def answer_identity(geometry: Geometry, offset: int, width: int) -> int:
    """What a read at ``offset`` gives after command 0x90."""
    id0, id1, id2, id3 = geometry.identity
    if geometry.device_width:
        index = (offset // geometry.bank_width) & 0xFF
        return _bank_answer({0: id0, 1: id1}.get(index, 0), geometry, width)
    index = (offset & 0xFF) // geometry.bank_width
    return {0: id0 << 8 | id1, 1: id2 << 8 | id3}.get(index, 0)


def answer_status(geometry: Geometry, status: int, width: int) -> int:
    """What a read gives in status mode: the register of every device that the access meets.

    Boards that name no device width get the register's copy in the upper half of a 4-byte access.
    """
    if not geometry.device_width:
        return status | status << 16 if width > 2 else status
    step = geometry.device_width
    return sum(status << (8 * at) for at in range(0, max(width - step, 0) + 1, step))
