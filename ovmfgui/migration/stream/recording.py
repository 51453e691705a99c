"""A recorded migration as a whole: chips and contents, and what of them is missing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_AROUND
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.migration.stream.elements import StreamReader
from ovmfgui.migration.stream.source import StreamEnded
from ovmfgui.migration.stream.unpacking import DAMAGED
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.stream.devices import ChipSection
    from ovmfgui.migration.stream.source import Source
    from ovmfgui.migration.stream.uefi_vars import UefiVars
    from ovmfgui.pflash.contents import Pages

_UNIT = re.compile(r"flash(\d+)")


@dataclass(frozen=True, slots=True)
class StreamBlock:
    """A RAM block: name and size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class FlashContents:
    """What a flash chip's RAM block holds.

    Attributes:
        name: of the block.
        contents: of the chip. What is missing reads as zeros, so look at ``complete`` first.
        pages: how many the block has.
        missing: how many of these never came.
        cut: whether the recording ends before its memory does, so that pages may be old.
    """

    name: str
    contents: Pages
    pages: int
    missing: int = 0
    cut: bool = False

    @property
    def complete(self) -> bool:
        """Whether the contents are those that the chip had."""
        return not self.missing and not self.cut

    @property
    def unit(self) -> int:
        """The chip's number, which is its device state's instance; -1 for a ROM (``-bios``)."""
        match = _UNIT.search(self.name)
        return int(match[1]) if match else -1

    @property
    def lack(self) -> str:
        """What is not there, in words; empty where all is."""
        if self.missing:
            return f"{self.missing:,} of {self.pages:,} pages are not in this recording"
        if self.cut:
            return "the recording ends before its memory does, so pages may be older than the rest"
        return ""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recorded migration holds of the flash.

    Attributes:
        format: "qemu", "mapped-ram" or "libvirt"; "live" where a running QEMU was looked at.
        machine: the machine type ("pc-q35-7.2"); empty where it is not said.
        run_state: the source's; of a libvirt save file what the guest will be in when it is
            restored, as libvirt pauses every guest before it saves it. Empty where it is not said.
        blocks: every RAM block, in the stream's order.
        chips: the device state of the flash chips.
        flash: their contents.
        findings: what is not as it should be.
        services: variables that QEMU's uefi-vars device held.
    """

    format: str
    machine: str
    run_state: str
    blocks: tuple[StreamBlock, ...]
    chips: tuple[ChipSection, ...]
    flash: tuple[FlashContents, ...]
    findings: tuple[Finding, ...]
    services: tuple[UefiVars, ...] = ()

    def chip_of(self, flash: FlashContents) -> ChipSection | None:
        """The device state of the chip with these contents."""
        return next((chip for chip in self.chips if chip.instance == flash.unit), None)


def _cut_off(offset: int) -> Finding:
    text = f"The stream is cut off at 0x{offset:X}; shown is what came before."
    return Finding("stream-cut-off", Severity.ERROR, text)


def with_fault(recording: Recording, fault: str | None) -> Recording:
    """A recording whose packed file is damaged behind what was read; unchanged where it is not.

    ``fault`` is what is wrong there; None where that was not looked at to the end.
    """
    if fault is None:
        text = (
            f"Behind what is shown the packed file goes on for more than {size_text(MOST_AROUND)}: "
            "whether it is whole was not looked at to its end."
        )
        finding = Finding("stream-packing-unread", Severity.INFO, text)
        return replace(recording, findings=(*recording.findings, finding))
    if not fault:
        return recording
    text = f"The packed file is damaged behind what is shown: {fault}. Take a copy that is whole."
    finding = Finding("stream-packing-damaged", Severity.ERROR, text)
    return replace(recording, findings=(*recording.findings, finding))


def read_recording(source: Source, form: str = "qemu", state: str = "") -> Recording:
    """Read a stream from its magic on.

    Args:
        source: at the stream's start.
        form: "qemu" or "libvirt".
        state: the run state, where another than the stream's own is to be told.

    Raises:
        Refused: it is no stream, or one of a kind that cannot be read.
    """
    reading = StreamReader(source)
    try:
        reading.read()
    except StreamEnded as ended:
        reading.findings.append(_cut_off(ended.offset))
    except DAMAGED:  # the packed file's; told by with_fault
        if not source.offset:
            raise
        reading.findings.append(_cut_off(source.offset))
    ram = reading.ram
    cut = not (reading.memory_ended or reading.ended)
    flash = tuple(
        FlashContents(block.name, block.array.snapshot(), len(block.arrived), block.missing, cut)
        for block in ram.blocks.values()
        if block.array is not None
    )
    return Recording(
        "mapped-ram" if ram.mapped and form == "qemu" else form,
        reading.machine,
        state or reading.state,
        tuple(StreamBlock(block.name, block.size) for block in ram.blocks.values()),
        tuple(sorted(reading.chips, key=lambda chip: chip.instance)),
        flash,
        (*reading.findings, *_lacking(reading, flash)),
        tuple(reading.services),
    )


def _lacking(reading: StreamReader, flash: tuple[FlashContents, ...]) -> Iterator[Finding]:
    """What is not whole, and why."""
    if reading.ram.multifd:
        why = "Its pages went over other connections (multifd); record it again without multifd."
    elif reading.ended:
        why = (
            "They may have gone over other connections: with multifd QEMU before 9.1 leaves no "
            "other sign in the main one. Record it again without multifd."
        )
    else:
        why = "Record it again, to its end."
    for block in flash:
        if not block.complete:
            text = f"{block.name}: {block.lack}; it is neither hashed nor opened. {why}"
            yield Finding("flash-incomplete", Severity.ERROR, text)
    for name in reading.ram.too_large:
        text = f"{name} is larger than any board's flash; its contents are not kept."
        yield Finding("flash-too-large", Severity.ERROR, text)
