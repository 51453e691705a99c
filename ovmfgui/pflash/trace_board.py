"""Which board's chip a QEMU trace is of, told by the log itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.pflash.geometry import VIRT, X86
from ovmfgui.pflash.trace import TraceWrite
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.trace import TraceEvent

TRACE_BOARDS = {"pc": X86, "virt": VIRT}
"""Geometries by the word that a person gives."""

_FAMILIES = {"system": X86, "virt": VIRT}
"""By the first part of the name that the board gives its chips: ``system.flash1``
(hw/i386/pc_sysfw.c, pc_pflash_create), ``virt.flash1`` (hw/arm/virt.c, hw/riscv/virt.c and
hw/loongarch/virt.c)."""

_ERASE = re.compile(
    r"pflash_write_block_erase (?P<chip>\S+): block erase offset:0x(?P<offset>[0-9a-f]+) "
    r"bytes:0x(?P<bytes>[0-9a-f]+)"
)
_COMMANDS = frozenset((0x10, 0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xE8, 0xFF))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something in a log that only one board does.

    Attributes:
        board: whose chip it speaks for; None for a board that is not known here.
        text: what it is, in a clause.
    """

    board: Geometry | None
    text: str


def board_named(architecture: str | None, machine: str | None) -> Geometry | None:
    """The board of a machine; None where neither word is known.

    Args:
        architecture: as QEMU's system emulators are called.
        machine: QEMU's machine type, with or without a version ("virt-8.0", "pc-q35-7.2").
    """
    if architecture in ("x86_64", "i386"):
        return X86
    family = (machine or "").partition("-")[0]
    if family == "virt":
        return VIRT
    return X86 if architecture is None and family in ("pc", "q35") else None


def board_of(lines: Iterable[str], events: Iterable[TraceEvent], chip: str) -> Geometry:
    """How the chip that a log is of is wired.

    Args:
        lines: of the log; ``pflash_write_block_erase`` tells the size of the blocks.
        events: read from these lines.
        chip: its name in the log.

    Raises:
        Refused: nothing in the log tells, or it speaks for two boards.
    """
    found = list(_evidence(lines, events, chip))
    boards = {evidence.board for evidence in found}
    if len(boards) == 1 and (board := boards.pop()) is not None:
        return board
    said = "; ".join(dict.fromkeys(evidence.text for evidence in found))
    if said:
        said = f" ({said})"
    msg = (
        f"which machine's chip {chip} is cannot be told from this log{said}; say it with "
        "--board pc (x86: blocks of 4 KiB) or --board virt (Arm, RISC-V, LoongArch: 256 KiB), "
        "or with the machine's definition: --machine FILE"
    )
    raise Refused(msg)


def contradictions(lines: Iterable[str], chip: str, board: Geometry) -> tuple[str, ...]:
    """Where a log's erases are not those of a board, a line each."""
    sizes = {size for _offset, size in _erases(lines, chip)} - {board.sector_size}
    return tuple(
        f"the log erases blocks of {size:,} bytes, and a chip of {board.name} has blocks of "
        f"{board.sector_size:,}"
        for size in sorted(sizes)
    )


def _evidence(lines: Iterable[str], events: Iterable[TraceEvent], chip: str) -> Iterator[Evidence]:
    family = chip.partition(".")[0]
    if family in _FAMILIES:
        yield Evidence(_FAMILIES[family], f"it is called {chip}")
    by_size = {board.sector_size: board for board in TRACE_BOARDS.values()}
    for size in {size for _offset, size in _erases(lines, chip)}:
        yield Evidence(by_size.get(size), f"it erases blocks of {size:,} bytes")
    yield from _by_commands(events, chip)


def _by_commands(events: Iterable[TraceEvent], chip: str) -> Iterator[Evidence]:
    """A command for two devices side by side is given twice: 0x200020."""
    for event in events:
        if not isinstance(event, TraceWrite) or event.chip != chip or event.wcycle:
            continue
        low, high = event.value & 0xFFFF, event.value >> 16
        if event.size == VIRT.bank_width and low == high and low in _COMMANDS:
            yield Evidence(VIRT, "its commands are for two devices side by side")
            return


def _erases(lines: Iterable[str], chip: str) -> Iterator[tuple[int, int]]:
    """Offset and bytes of the erases that a log tells of."""
    for line in lines:
        if "pflash_write_block_erase" not in line:
            continue
        found = _ERASE.search(line)
        if found is not None and found["chip"] == chip:
            yield int(found["offset"], 16), int(found["bytes"], 16)
