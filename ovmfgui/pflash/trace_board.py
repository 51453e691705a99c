"""Which board's chip a QEMU trace is of, told by the log itself."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.pflash.geometry import VIRT, X86
from ovmfgui.pflash.trace import TraceWrite, read_trace
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.pflash.geometry import Geometry

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


class Survey:
    """What a log tells of its chips, gathered in one pass over its lines: it may have gigabytes."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._writes: Counter[str] = Counter()
        self._erased: defaultdict[str, set[int]] = defaultdict(set)
        self._side_by_side: set[str] = set()
        for event in read_trace(self._noting_erases(lines)):
            if isinstance(event, TraceWrite):
                self._writes[event.chip] += 1
                if not event.wcycle and _is_given_twice(event):
                    self._side_by_side.add(event.chip)

    def _noting_erases(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            if "pflash_write_block_erase" in line and (found := _ERASE.search(line)) is not None:
                self._erased[found["chip"]].add(int(found["bytes"], 16))
            yield line

    @property
    def busiest_chip(self) -> str:
        """The chip that the log writes to most.

        Raises:
            Refused: it writes to none.
        """
        if not self._writes:
            msg = (
                "there is no write to a flash chip in this log; make one with "
                "qemu-system-x86_64 … -trace 'pflash_*' -D FILE"
            )
            raise Refused(msg)
        return self._writes.most_common(1)[0][0]

    def board_of(self, chip: str) -> Geometry:
        """How a chip of the log is wired.

        Raises:
            Refused: nothing in the log tells, or it speaks for two boards.
        """
        found = list(self._evidence(chip))
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

    def contradictions(self, chip: str, board: Geometry) -> tuple[str, ...]:
        """Where the log's erases are not those of a board, a line each."""
        return tuple(
            f"the log erases blocks of {size:,} bytes, and a chip of {board.name} has blocks of "
            f"{board.sector_size:,}"
            for size in sorted(self._sizes(chip) - {board.sector_size})
        )

    def _sizes(self, chip: str) -> set[int]:
        return self._erased.get(chip, set())

    def _evidence(self, chip: str) -> Iterator[Evidence]:
        family = chip.partition(".")[0]
        if family in _FAMILIES:
            yield Evidence(_FAMILIES[family], f"it is called {chip}")
        by_size = {board.sector_size: board for board in TRACE_BOARDS.values()}
        for size in sorted(self._sizes(chip)):
            yield Evidence(by_size.get(size), f"it erases blocks of {size:,} bytes")
        if chip in self._side_by_side:
            yield Evidence(VIRT, "its commands are for two devices side by side")


def _is_given_twice(event: TraceWrite) -> bool:
    """A command for two devices side by side is given twice: 0x200020."""
    low, high = event.value & 0xFFFF, event.value >> 16
    return event.size == VIRT.bank_width and low == high and low in _COMMANDS
