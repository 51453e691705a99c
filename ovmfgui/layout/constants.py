"""The constants on which CODE and VARS have to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Layout:
    """The structure of a variable store; None for what is not known, never a guess.

    All offsets are in bytes from the start of the non-volatile firmware volume, all sizes in bytes.
    Names follow the PCDs of edk2 (PcdFlashNvStorageVariableSize, …FtwWorkingSize, …FtwSpareSize,
    PcdOvmfFlashNvStorageEventLogSize) and EFI_FIRMWARE_VOLUME_HEADER.

    Attributes:
        fv_length: FvLength of the volume.
        block_size: Length of the first block map entry.
        variable_size: the variable region: FV header plus variable store.
        event_log_offset: start of the event log; None also where there is none.
        event_log_size: 0 where the layout has no event log.
        ftw_working_offset: start of the FTW working block.
        ftw_working_size: its size.
        ftw_spare_offset: start of the FTW spare area.
        ftw_spare_size: its size.
        store_guid: Signature of the VARIABLE_STORE_HEADER.
    """

    fv_length: int | None = None
    block_size: int | None = None
    variable_size: int | None = None
    event_log_offset: int | None = None
    event_log_size: int | None = None
    ftw_working_offset: int | None = None
    ftw_working_size: int | None = None
    ftw_spare_offset: int | None = None
    ftw_spare_size: int | None = None
    store_guid: UUID | None = None

    def facts(self) -> dict[str, Any]:
        """The constants by name, in this order."""
        return {name: getattr(self, name) for name in FACTS}


FACTS = Layout.__match_args__
"""The names of the constants, in the order of ``Layout``."""
