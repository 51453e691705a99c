"""The flash driver of the firmware that a machine runs: OVMF's, or that of the virt machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.simulation.guest_view import STORE_WINDOW
from ovmfgui.pflash.firmware_driver import bus_writes
from ovmfgui.pflash.geometry import VIRT
from ovmfgui.pflash.nor_flash_driver import nor_flash_writes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.migration.simulation.machine import FlashChip
    from ovmfgui.pflash.firmware_driver import BusWrite, Programmed


def firmware_writes(chip: FlashChip, writes: Iterable[Programmed]) -> Iterator[BusWrite]:
    """What the driver makes of flash writes to a chip, from what the chip holds now."""
    geometry = chip.device.geometry
    if geometry is VIRT:
        return nor_flash_writes(writes, chip.device.contents().read(0, STORE_WINDOW), geometry)
    return bus_writes(writes, geometry.sector_size)
