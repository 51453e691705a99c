"""Where the EFI system partitions of a disk begin: GPT and MBR (UEFI specification, chapter 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from ovmfgui.budgets import MOST_PARTITIONS
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.structure import Bytes, Guid, Structure, UInt32, UInt64

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.trust.raw_disk import RawDisk

_SYSTEM = UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
"""EFI_PART_TYPE_EFI_SYSTEM_PART_GUID."""
_MBR_SYSTEM = 0xEF
_FAT_TYPES = frozenset({0x01, 0x04, 0x06, 0x0B, 0x0C, 0x0E, _MBR_SYSTEM})
_SECTORS = (512, 4096)
_MOST_ENTRY = 4096


class Partition(NamedTuple):
    """Where a partition begins, in bytes, and what it is called in messages."""

    start: int
    name: str


class Partitions(NamedTuple):
    """Those of a disk that are wanted, and what of its table was not looked at, and why."""

    found: tuple[Partition, ...]
    unread: tuple[str, ...] = ()


class _GptHeader(Structure):
    """EFI_PARTITION_TABLE_HEADER."""

    Signature: Annotated[bytes, Bytes(8)]
    Revision: UInt32
    HeaderSize: UInt32
    HeaderCRC32: UInt32
    Reserved: UInt32
    MyLBA: UInt64
    AlternateLBA: UInt64
    FirstUsableLBA: UInt64
    LastUsableLBA: UInt64
    DiskGUID: Guid
    PartitionEntryLBA: UInt64
    NumberOfPartitionEntries: UInt32
    SizeOfPartitionEntry: UInt32


class _GptEntry(Structure):
    """EFI_PARTITION_ENTRY, without the name."""

    PartitionTypeGUID: Guid
    UniquePartitionGUID: Guid
    StartingLBA: UInt64
    EndingLBA: UInt64
    Attributes: UInt64


class _MbrEntry(Structure):
    """MBR_PARTITION_RECORD; the four bytes before each size are CHS and what it is."""

    BootIndicator: Annotated[bytes, Bytes(4)]
    OSType: Annotated[bytes, Bytes(1)]
    EndCHS: Annotated[bytes, Bytes(3)]
    StartingLBA: UInt32
    SizeInLBA: UInt32


def efi_partitions(disk: RawDisk) -> Partitions:
    """The EFI system partitions of a disk; of an MBR without one, those with FAT."""
    for sector in _SECTORS:
        header = _GptHeader.read(disk.read(sector, 512), 0)
        if header is not None and header.Signature == b"EFI PART":
            number = header.NumberOfPartitionEntries
            more = f"entries of the partition table behind {MOST_PARTITIONS:,} of {number:,}"
            unread = (more,) if number > MOST_PARTITIONS else ()
            return Partitions(tuple(_gpt(disk, header, sector)), unread)
    return Partitions(tuple(_mbr(disk.read(0, 512))))


def _gpt(disk: RawDisk, header: _GptHeader, sector: int) -> Iterator[Partition]:
    size = header.SizeOfPartitionEntry
    if not _GptEntry.sizeof() <= size <= _MOST_ENTRY:
        return
    number = min(header.NumberOfPartitionEntries, MOST_PARTITIONS)
    table = disk.read(header.PartitionEntryLBA * sector, number * size)
    for index in range(number):
        entry = _GptEntry.read(table, index * size)
        if entry is not None and entry.PartitionTypeGUID == _SYSTEM:
            yield Partition(entry.StartingLBA * sector, f"partition {index + 1} (GPT)")


def _mbr(sector: bytes) -> Iterator[Partition]:
    if sector[510:512] != b"\x55\xaa":
        return
    entries = [_MbrEntry.read(sector, 446 + 16 * index) for index in range(4)]
    kinds = [entry.OSType[0] if entry is not None else 0 for entry in entries]
    wanted = {_MBR_SYSTEM} if _MBR_SYSTEM in kinds else _FAT_TYPES
    for index, entry in enumerate(entries):
        if entry is not None and kinds[index] in wanted and entry.StartingLBA:
            yield Partition(entry.StartingLBA * 512, f"partition {index + 1} (MBR)")
