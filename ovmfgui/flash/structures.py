"""Binary structures of the Platform Initialization (PI) specification, volume 3, and of OVMF.

Field names are the specifications'. All integers are little-endian.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ovmfgui.structure import Bytes, Guid, Structure, UInt8, UInt16, UInt32, UInt64


class FirmwareVolumeHeader(Structure):
    """EFI_FIRMWARE_VOLUME_HEADER (PI 3, section 3.2.1), without its block map."""

    ZeroVector: Annotated[bytes, Bytes(16)]
    FileSystemGuid: Guid
    FvLength: UInt64
    Signature: Annotated[bytes, Bytes(4)]
    Attributes: UInt32
    HeaderLength: UInt16
    Checksum: UInt16
    ExtHeaderOffset: UInt16
    Reserved: UInt8
    Revision: UInt8


FV_SIGNATURE = b"_FVH"
FV_SIGNATURE_OFFSET = 0x28
# EFI_FVB_ERASE_POLARITY of the FV attributes (PI 3, section 3.2.1).
FV_ERASE_POLARITY = 0x800
# EFI_FVB2_WRITE_STATUS: the volume can be written.
FV_WRITE_STATUS = 0x20


class BlockMapEntry(Structure):
    """EFI_FV_BLOCK_MAP_ENTRY; two zeros end the map."""

    NumBlocks: UInt32
    Length: UInt32


class FirmwareVolumeExtHeader(Structure):
    """EFI_FIRMWARE_VOLUME_EXT_HEADER (PI 3, section 3.2.2)."""

    FvName: Guid
    ExtHeaderSize: UInt32


class FfsFileHeader(Structure):
    """EFI_FFS_FILE_HEADER (PI 3, section 3.2.3); Size is 24 bits wide."""

    Name: Guid
    HeaderChecksum: UInt8
    FileChecksum: UInt8
    Type: UInt8
    Attributes: UInt8
    Size: Annotated[bytes, Bytes(3)]
    State: UInt8


class FfsFileHeader2(FfsFileHeader):
    """EFI_FFS_FILE_HEADER2: the header where FFS_ATTRIB_LARGE_FILE is set."""

    ExtendedSize: UInt64


FFS_ATTRIB_LARGE_FILE = 0x01
FFS_ATTRIB_CHECKSUM = 0x40
# The file checksum's value where FFS_ATTRIB_CHECKSUM is clear (PI 3, FFS_FIXED_CHECKSUM).
FFS_FIXED_CHECKSUM = 0xAA


class CommonSectionHeader(Structure):
    """EFI_COMMON_SECTION_HEADER (PI 3, section 3.2.4).

    Size 0xFFFFFF: the real one follows (EFI_COMMON_SECTION_HEADER2).
    """

    Size: Annotated[bytes, Bytes(3)]
    Type: UInt8


class SectionExtendedSize(Structure):
    """What EFI_COMMON_SECTION_HEADER2 adds."""

    ExtendedSize: UInt32


class GuidDefinedHeader(Structure):
    """What follows in EFI_GUID_DEFINED_SECTION; DataOffset counts from the section's start."""

    SectionDefinitionGuid: Guid
    DataOffset: UInt16
    Attributes: UInt16


class CompressionHeader(Structure):
    """What follows in EFI_COMPRESSION_SECTION."""

    UncompressedLength: UInt32
    CompressionType: UInt8


class FreeformSubtypeHeader(Structure):
    """What follows in EFI_FREEFORM_SUBTYPE_GUID_SECTION."""

    SubTypeGuid: Guid


FFS2 = UUID("8c8ce578-8a3d-4f1c-9935-896185c32dd3")
FFS3 = UUID("5473c07a-3dcb-4dca-bd6f-1e9689e7349a")
# gEfiSystemNvDataFvGuid, MdeModulePkg/Include/Guid/SystemNvDataGuid.h.
NV_DATA = UUID("fff12b8d-7696-4c8b-a985-2747075b4f50")
# gEdkiiWorkingBlockSignatureGuid: the FTW working block of a variable store.
FTW_WORKING_SIGNATURE = UUID("9e58292b-7c68-497d-a0ce-6500fd9f1b95")

FILE_TYPES = {
    0x01: "raw",
    0x02: "freeform",
    0x03: "SEC core",
    0x04: "PEI core",
    0x05: "DXE core",
    0x06: "PEI module",
    0x07: "DXE driver",
    0x08: "combined PEI module and DXE driver",
    0x09: "application",
    0x0A: "MM module",
    0x0B: "volume image",
    0x0C: "combined MM module and DXE driver",
    0x0D: "MM core",
    0x0E: "standalone MM module",
    0x0F: "standalone MM core",
    0xF0: "pad file",
}
FILE_RAW, FILE_PAD, FILE_VOLUME_IMAGE = 0x01, 0xF0, 0x0B

SECTION_TYPES = {
    0x01: "compressed",
    0x02: "GUID-defined",
    0x03: "disposable",
    0x10: "PE32 image",
    0x11: "PIC image",
    0x12: "TE image",
    0x13: "DXE dependency",
    0x14: "version",
    0x15: "UI name",
    0x16: "16-bit image",
    0x17: "volume image",
    0x18: "freeform subtype",
    0x19: "raw",
    0x1B: "PEI dependency",
    0x1C: "MM dependency",
}
SECTION_COMPRESSION, SECTION_GUID_DEFINED, SECTION_DISPOSABLE = 0x01, 0x02, 0x03
SECTION_PE32, SECTION_TE, SECTION_VERSION, SECTION_UI = 0x10, 0x12, 0x14, 0x15
SECTION_DEPENDENCIES = (0x13, 0x1B, 0x1C)
SECTION_FV_IMAGE, SECTION_FREEFORM, SECTION_RAW = 0x17, 0x18, 0x19

# Section definitions that say how a body is encoded (MdeModulePkg/Include/Guid/LzmaDecompress.h,
# IntelFrameworkModulePkg TianoDecompress.h, MdePkg Crc32 guided section extraction).
LZMA = UUID("ee4e5898-3914-4259-9d6e-dc7bd79403cf")
LZMA_X86 = UUID("d42ae6bd-1352-4bfb-909a-ca72a6eae889")
TIANO = UUID("a31280ad-481e-41b6-95e8-127f4c984779")
CRC32 = UUID("fc1bcdb0-7d31-49aa-936a-a4600d9dd083")
