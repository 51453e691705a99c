"""What firmware does to a store that it does not accept: x86 before it falls, Arm to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.placement import VIRT_BLOCK_SIZE
from ovmfgui.layout.verdict import Outcome
from ovmfgui.pflash.firmware_driver import BusWrite, erase, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.nvram.edit import FlashWrite

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


_FORMATTED = (Outcome.BOOTS_INITIALISES, Outcome.WIPED)


def formatting_writes(verdict: Verdict) -> Iterator[FlashWrite]:
    """The flash writes of Arm's firmware on a store without a volume that it accepts.

    It erases the volume, and writes the headers of an empty store
    (OvmfPkg/VirtNorFlashDxe/VirtNorFlashFvb.c, InitializeFvAndVariableStoreHeaders) and of the FTW
    working block.
    """
    from ovmfgui.nvram.edit import FlashWrite
    from ovmfgui.nvram.pristine import store_header

    expects = verdict.expects
    if verdict.outcome not in _FORMATTED or expects is None or not expects.reformats_store:
        return
    layout = expects.layout
    length, size = layout.fv_length, layout.variable_size
    # CODE does not always tell it; the board does.
    block = layout.block_size or VIRT_BLOCK_SIZE
    if not length or not size:
        return
    for start in range(0, length, block):
        yield FlashWrite(start, b"\xff" * block, "the firmware erases the store")
    head = _volume_header(length, block)
    head += store_header(size - len(head))
    yield FlashWrite(0, head, "the firmware writes the headers of an empty store")
    working = _working_header(layout)
    if working:
        what = "the firmware writes the FTW working block's header"
        yield FlashWrite(layout.ftw_working_offset or 0, working, what)


def _volume_header(length: int, block: int) -> bytes:
    from ovmfgui.nvram.pristine import volume_header

    return volume_header(length, block, _ATTRIBUTES)


def _working_header(layout: Layout) -> bytes:
    """As in a pristine store; empty where the layout is not known well enough."""
    from ovmfgui.nvram.ftw import working_block_header

    if layout.ftw_working_offset is None or layout.ftw_working_size is None:
        return b""
    return working_block_header(layout.ftw_working_size)
