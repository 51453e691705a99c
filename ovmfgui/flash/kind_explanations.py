"""What a kind of region is, for somebody who meets it for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.region import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPLANATIONS: Mapping[Kind, str] = {
    Kind.VOLUME: "A firmware volume: a header and the files of the firmware, one behind the other.",
    Kind.NV_VOLUME: "The volume that outlives a power cycle: the variables, and what their safe "
    "writing needs. CODE has its boundaries compiled in; VARS carries them in its headers.",
    Kind.HEADER: "A header: it says how long what follows is, and proves it with a checksum.",
    Kind.FILE: "A firmware file (FFS): a driver, an application or a part of the firmware's core.",
    Kind.SECTION: "A section of a firmware file: an executable, a name, a dependency, or packed "
    "contents with further sections in them.",
    Kind.BODY: "Contents without a structure of their own that is read here.",
    Kind.DECOMPRESSED: "What a packed section unpacks to. Offsets here are its own; the guest "
    "unpacks it into memory, so there is no flash address.",
    Kind.PAD_FILE: "A file that only fills room, so that the next one lies at its boundary.",
    Kind.PADDING: "Filler between two structures.",
    Kind.FREE: "Nothing is written here: it reads as erased flash.",
    Kind.RAW: "Bytes that no header claims.",
    Kind.RESET_VECTOR: "The first instructions that the processor executes after power-on.",
    Kind.METADATA: "Tables at fixed offsets that the hypervisor reads (the GUIDed table before "
    "the reset vector, TDX and SEV metadata).",
    Kind.VARIABLE_REGION: "Volume header and variable store. Its size is one of the constants on "
    "which CODE and VARS have to agree.",
    Kind.STORE: "The variable store: a header, then one record behind the other. A change appends "
    "a record and marks the old one deleted; compaction wins the room back.",
    Kind.VARIABLE: "The record that firmware returns for this name and vendor GUID.",
    Kind.DEAD_VARIABLE: "A record that firmware passes over. Its room comes back when firmware "
    "compacts the store.",
    Kind.EVENT_LOG: "A block that the flash layout reserves for an event log; no current firmware "
    "writes it.",
    Kind.FTW_WORKING: "The fault-tolerant write working block: the record of which safe write is "
    "under way, so that a power cut in the middle can be finished or undone.",
    Kind.FTW_SPARE: "The FTW spare area: compaction puts the new contents here first, and only "
    "then over the old ones.",
}
