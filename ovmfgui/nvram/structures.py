"""Binary structures of the variable store and of fault tolerant write (FTW).

Field names are those of edk2's headers. All integers are little-endian.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ovmfgui.structure import Bytes, Guid, Int64, Structure, UInt8, UInt16, UInt32, UInt64


class VariableStoreHeader(Structure):
    """VARIABLE_STORE_HEADER (MdeModulePkg/Include/Guid/VariableFormat.h).

    Size counts from here on.
    """

    Signature: Guid
    Size: UInt32
    Format: UInt8
    State: UInt8
    Reserved: UInt16
    Reserved1: UInt32


STORE_HEADER_SIZE = VariableStoreHeader.sizeof()
# VARIABLE_STORE_FORMATTED and VARIABLE_STORE_HEALTHY.
STORE_FORMATTED = 0x5A
STORE_HEALTHY = 0xFE
# gEfiAuthenticatedVariableGuid and gEfiVariableGuid.
AUTHENTICATED = UUID("aaf32c78-947b-439a-a180-2e144ec37792")
PLAIN = UUID("ddcf3616-3275-4164-98b6-fe85707ffe7d")


class AuthenticatedVariableHeader(Structure):
    """AUTHENTICATED_VARIABLE_HEADER, 60 bytes; the name follows, then the data."""

    StartId: UInt16
    State: UInt8
    Reserved: UInt8
    Attributes: UInt32
    MonotonicCount: UInt64
    TimeStamp: Annotated[bytes, Bytes(16)]
    PubKeyIndex: UInt32
    NameSize: UInt32
    DataSize: UInt32
    VendorGuid: Guid


class VariableHeader(Structure):
    """VARIABLE_HEADER, 32 bytes."""

    StartId: UInt16
    State: UInt8
    Reserved: UInt8
    Attributes: UInt32
    NameSize: UInt32
    DataSize: UInt32
    VendorGuid: Guid


RecordHeader = AuthenticatedVariableHeader | VariableHeader


def record_header(authenticated: bool) -> type[RecordHeader]:
    """What stands before each record's name, in a store with or without authentication."""
    return AuthenticatedVariableHeader if authenticated else VariableHeader


# VARIABLE_DATA.
START_ID = 0x55AA
START_ID_BYTES = START_ID.to_bytes(2, "little")
# HEADER_ALIGNMENT: where the next record starts. Firmware aligns addresses; volumes are aligned.
HEADER_ALIGNMENT = 4

# States of a record. Flash can only clear bits; VAR_DELETED (0xFD) and VAR_IN_DELETED_TRANSITION
# (0xFE) are masks that firmware ands in.
STATE_ERASED = 0xFF
STATE_HEADER_VALID = 0x7F
STATE_ADDED = 0x3F
STATE_IN_TRANSITION = 0x3E
STATE_SUPERSEDED = 0x3C
STATE_DELETED = 0x3D
MASK_DELETED = 0xFD
MASK_IN_TRANSITION = 0xFE
STATES = (
    STATE_ERASED,
    STATE_HEADER_VALID,
    STATE_ADDED,
    STATE_IN_TRANSITION,
    STATE_SUPERSEDED,
    STATE_DELETED,
)
# A size or the attributes as flash holds them before the header is written.
UNWRITTEN = 0xFFFFFFFF


class FtwWorkingHeader(Structure):
    """EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER (MdeModulePkg/Include/Guid/SystemNvDataGuid.h)."""

    Signature: Guid
    Crc: UInt32
    WorkingBlockState: UInt8
    Reserved: Annotated[bytes, Bytes(3)]
    WriteQueueSize: UInt64


FTW_WORKING_HEADER_SIZE = FtwWorkingHeader.sizeof()
# WorkingBlockValid (bit 0) written, WorkingBlockInvalid (bit 1) not: a cleared bit means yes.
FTW_WORKING_VALID = 0xFE


class FtwWriteHeader(Structure):
    """EFI_FAULT_TOLERANT_WRITE_HEADER; its first byte holds three bits, cleared when true."""

    State: UInt8
    ReservedByte: Annotated[bytes, Bytes(3)]
    CallerId: Guid
    Reserved: Annotated[bytes, Bytes(4)]
    NumberOfWrites: UInt64
    PrivateDataSize: UInt64


FTW_WRITE_HEADER_SIZE = FtwWriteHeader.sizeof()
FTW_HEADER_ALLOCATED, FTW_WRITES_ALLOCATED, FTW_COMPLETE = 0x01, 0x02, 0x04


class FtwWriteRecord(Structure):
    """EFI_FAULT_TOLERANT_WRITE_RECORD, the caller's private data behind it.

    RelativeOffset is the target's distance from the spare area.
    """

    State: UInt8
    Reserved: Annotated[bytes, Bytes(7)]
    Lba: UInt64
    Offset: UInt64
    Length: UInt64
    RelativeOffset: Int64


FTW_WRITE_RECORD_SIZE = FtwWriteRecord.sizeof()
FTW_BOOT_BLOCK_UPDATE, FTW_SPARE_COMPLETE, FTW_DESTINATION_COMPLETE = 0x01, 0x02, 0x04
