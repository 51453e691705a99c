"""What x86 firmware does to a store whose volume header it does not accept, before it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.pflash.firmware_driver import BusWrite, erase, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.verdict import Verdict

_REBUILDING = ("volume-rebuilt", "too-large-no-boot")
"""Rules by which the flash driver rebuilds the volume."""

_ATTRIBUTES = 0x00040C36
"""EFI_FVB_ATTRIBUTES_2 that the driver itself gives a volume (mFvbData in
OvmfPkg/QemuFlashFvbServicesRuntimeDxe/FvbInfo.c); seen on OVMF 2022.11."""


def rebuilding_writes(verdict: Verdict) -> Iterator[BusWrite]:
    """The bus writes of a start that ends with an exception.

    The flash driver erases the whole volume and writes a volume header; the fault tolerant write
    driver misses its working block and writes that block's header; the variable driver finds no
    store header and stops (FwBlockServiceDxe.c, InitializeVariableFvHeader; FtwMisc.c,
    InitFtwProtocol). A store that is larger than what the firmware expects is seen from its end.
    """
    decided = next((f for f in verdict.findings if f.id in _REBUILDING), None)
    if decided is None or verdict.expects is None or verdict.expects.reformats_store:
        return
    start = decided.place.span.start if decided.place is not None else 0
    layout = verdict.expects.layout
    length, block = layout.fv_length, layout.block_size
    if not length or not block:
        return
    for number in range(start // block, (start + length) // block):
        yield from erase(number, "the firmware erases the store", block)
    yield from program(start, _volume_header(length, block), "the firmware writes a volume header")
    working = _working_header(layout)
    if working:
        offset = start + (layout.ftw_working_offset or 0)
        yield from program(offset, working, "the firmware writes the FTW working block's header")


def _volume_header(length: int, block: int) -> bytes:
    from ovmfgui.nvram.pristine import volume_header

    return volume_header(length, block, _ATTRIBUTES)


def _working_header(layout: Layout) -> bytes:
    """As in a pristine store; empty where the layout is not known well enough."""
    from ovmfgui.nvram.ftw import working_block_header

    if layout.ftw_working_offset is None or layout.ftw_working_size is None:
        return b""
    return working_block_header(layout.ftw_working_size)
