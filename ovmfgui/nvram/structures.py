"""Binary structures of the variable store and of fault tolerant write (FTW).

Field names are those of edk2's headers. All integers are little-endian.
"""

from __future__ import annotations

from uuid import UUID

from ovmfgui.structure import Bytes, Guid, Int8ul, Int16ul, Int32ul, Int64sl, Int64ul, Struct

# VARIABLE_STORE_HEADER (MdeModulePkg/Include/Guid/VariableFormat.h). Size counts from here on.
STORE_HEADER = Struct(
    "Signature" / Guid,
    "Size" / Int32ul,
    "Format" / Int8ul,
    "State" / Int8ul,
    "Reserved" / Int16ul,
    "Reserved1" / Int32ul,
)
STORE_HEADER_SIZE = 28
# VARIABLE_STORE_FORMATTED and VARIABLE_STORE_HEALTHY.
STORE_FORMATTED = 0x5A
STORE_HEALTHY = 0xFE
# gEfiAuthenticatedVariableGuid and gEfiVariableGuid.
AUTHENTICATED = UUID("aaf32c78-947b-439a-a180-2e144ec37792")
PLAIN = UUID("ddcf3616-3275-4164-98b6-fe85707ffe7d")

# AUTHENTICATED_VARIABLE_HEADER, 60 bytes; the name follows, then the data.
AUTHENTICATED_HEADER = Struct(
    "StartId" / Int16ul,
    "State" / Int8ul,
    "Reserved" / Int8ul,
    "Attributes" / Int32ul,
    "MonotonicCount" / Int64ul,
    "TimeStamp" / Bytes(16),
    "PubKeyIndex" / Int32ul,
    "NameSize" / Int32ul,
    "DataSize" / Int32ul,
    "VendorGuid" / Guid,
)
# VARIABLE_HEADER, 32 bytes.
PLAIN_HEADER = Struct(
    "StartId" / Int16ul,
    "State" / Int8ul,
    "Reserved" / Int8ul,
    "Attributes" / Int32ul,
    "NameSize" / Int32ul,
    "DataSize" / Int32ul,
    "VendorGuid" / Guid,
)
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

# EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER (MdeModulePkg/Include/Guid/SystemNvDataGuid.h).
FTW_WORKING_HEADER = Struct(
    "Signature" / Guid,
    "Crc" / Int32ul,
    "WorkingBlockState" / Int8ul,
    "Reserved" / Bytes(3),
    "WriteQueueSize" / Int64ul,
)
FTW_WORKING_HEADER_SIZE = 32
# gEdkiiWorkingBlockSignatureGuid.
FTW_WORKING_SIGNATURE = UUID("9e58292b-7c68-497d-a0ce-6500fd9f1b95")
# WorkingBlockValid (bit 0) written, WorkingBlockInvalid (bit 1) not: a cleared bit means yes.
FTW_WORKING_VALID = 0xFE

# EFI_FAULT_TOLERANT_WRITE_HEADER; its first byte holds three bits, cleared when true.
FTW_WRITE_HEADER = Struct(
    "State" / Int8ul,
    "ReservedByte" / Bytes(3),
    "CallerId" / Guid,
    "Reserved" / Bytes(4),
    "NumberOfWrites" / Int64ul,
    "PrivateDataSize" / Int64ul,
)
FTW_WRITE_HEADER_SIZE = 40
FTW_HEADER_ALLOCATED, FTW_WRITES_ALLOCATED, FTW_COMPLETE = 0x01, 0x02, 0x04

# EFI_FAULT_TOLERANT_WRITE_RECORD, the caller's private data behind it; RelativeOffset is the
# target's distance from the spare area.
FTW_WRITE_RECORD = Struct(
    "State" / Int8ul,
    "Reserved" / Bytes(7),
    "Lba" / Int64ul,
    "Offset" / Int64ul,
    "Length" / Int64ul,
    "RelativeOffset" / Int64sl,
)
FTW_WRITE_RECORD_SIZE = 40
FTW_BOOT_BLOCK_UPDATE, FTW_SPARE_COMPLETE, FTW_DESTINATION_COMPLETE = 0x01, 0x02, 0x04
