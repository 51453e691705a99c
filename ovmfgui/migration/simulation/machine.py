"""A QEMU process with its flash chips: what both engines' machines have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Protocol

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import Format
from ovmfgui.flash.placement import ARM_VIRT, FOUR_GIB
from ovmfgui.migration.simulation.domain import Q35, FirmwareUse
from ovmfgui.pflash.geometry import VIRT, X86

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from ovmfgui.flash.placement import Board
    from ovmfgui.layout.verdict import Outcome
    from ovmfgui.migration.simulation.states import RunState
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.firmware_driver import BusWrite
    from ovmfgui.pflash.generation import Generation
    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.state import CommandState


class HostFile(Protocol):
    """A file on a host, in memory or on a disk."""

    @property
    def size(self) -> int:
        """Size of the file in bytes."""

    def snapshot(self) -> Pages:
        """What it holds now."""


class ChipDevice(Protocol):
    """A flash chip, emulated or a real QEMU's."""

    @property
    def size(self) -> int:
        """Size of the chip in bytes."""

    @property
    def geometry(self) -> Geometry:
        """How the board wires it."""

    @property
    def read_only(self) -> bool:
        """Whether programs and erases end in an error."""

    @property
    def dump_pending(self) -> bool:
        """Whether the whole chip goes to its file at the next change of run state."""

    def contents(self) -> Pages:
        """The array now, whatever a read gives at this moment."""

    def state(self) -> CommandState:
        """The command state now."""


@dataclass(frozen=True, slots=True)
class ChipPlan:
    """A chip as a domain's definition asks for it.

    Attributes:
        name: its RAM block.
        path: of the file behind it.
        file: that file; None where it is not there.
        read_only: whether the guest may not write.
        firmware: where its CODE comes from, in words; empty for a variable store.
        form: what QEMU is told that the file is.
        rom: whether it is no flash chip but memory that is filled once (``-bios``).
        board: the machine type, where its chips are of one size; None for x86.
    """

    name: str
    path: str
    file: HostFile | None
    read_only: bool
    firmware: str
    form: Format = Format.RAW
    rom: bool = False
    board: Board | None = None


@dataclass(slots=True)
class FlashChip:
    """A chip in its place in the guest's memory."""

    name: str
    device: ChipDevice
    path: str
    address: int
    firmware: str
    attention: int | None = None


@dataclass(slots=True)
class GuestWrite:
    """A variable write that the guest's firmware is in the middle of.

    Attributes:
        title: what is written ("Set Boot0001").
        key: the variable's GUID and name.
        value: what it becomes; None for a deletion.
        todo: bus writes still to come.
        total: how many there are in all.
    """

    title: str
    key: tuple[UUID, str]
    value: bytes | None
    todo: deque[BusWrite]
    total: int

    @property
    def done(self) -> int:
        """How many bus writes have been made."""
        return self.total - len(self.todo)


@dataclass(slots=True)
class Guest:
    """What lives in the guest's memory and so travels with it.

    Attributes:
        outcome: of its last power-on or reset.
        alive: whether the firmware came up.
        volatile: its variables where the firmware keeps them in memory alone; None where the
            chip holds them.
        write: the variable write under way.
        has_shell: whether real firmware in it takes commands.
        editor: its firmware's knowledge of the store, as its last write leaves it.
    """

    outcome: Outcome | None = None
    alive: bool = True
    volatile: dict[tuple[UUID, str], bytes] | None = None
    write: GuestWrite | None = None
    has_shell: bool = False
    editor: Editor | None = None

    def copy(self) -> Guest:
        """The same guest, to go on from here as often as one likes."""
        volatile = None if self.volatile is None else dict(self.volatile)
        write = self.write and replace(self.write, todo=deque(self.write.todo))
        return replace(self, volatile=volatile, write=write, editor=None)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a migration stream carries of one chip."""

    name: str
    contents: Pages
    state: CommandState
    firmware: str


class Machine(ABC):
    """A virtual machine with its chips.

    Attributes:
        domain: whose it is.
        generation: which QEMU runs it.
        chips: ``system.flash0`` first.
        guest: what lives in its memory.
        use: how its firmware is mapped.
    """

    def __init__(self, domain: str, generation: Generation, chips: Sequence[FlashChip]) -> None:
        self.domain = domain
        self.generation = generation
        self.chips = list(chips)
        self.guest = Guest()
        self.use = FirmwareUse.SPLIT
        self.chipset = Q35

    @property
    def board(self) -> Board | None:
        """The machine type, where its chips lie at fixed addresses; None for x86."""
        return ARM_VIRT if self.code.device.geometry is VIRT else None

    @property
    def code(self) -> FlashChip:
        """The chip that the processor starts from."""
        return self.chips[0]

    @property
    def store(self) -> FlashChip | None:
        """The writable chip, None where there is none."""
        return next((chip for chip in self.chips if not chip.device.read_only), None)

    def bus_writes(self, chip: FlashChip, writes: Sequence[BusWrite]) -> None:
        """The guest writes bytes to a chip, one after the other."""
        if writes:
            self._write(chip, writes)
            chip.attention = writes[-1].offset

    def sent(self) -> tuple[Sent, ...]:
        """What a stream carries: both chips' RAM blocks and device states, CODE's too."""
        return tuple(
            Sent(chip.name, chip.device.contents(), chip.device.state(), chip.firmware)
            for chip in self.chips
        )

    def take_over(self, sent: Iterable[Sent], guest: Guest) -> None:
        """The guest is here now, with the CODE that came with it."""
        origins = {chip.name: chip.firmware for chip in sent}
        for chip in self.chips:
            chip.firmware = origins[chip.name]
        self.guest = guest

    @property
    @abstractmethod
    def run_state(self) -> RunState:
        """The run state now."""

    @abstractmethod
    def change_run_state(self, state: RunState) -> list[FlashChip]:
        """The machine starts or stops; returns the chips whose whole array went to their file."""

    @abstractmethod
    def reset(self) -> None:
        """The reset line: the chips keep their contents, CODE's too."""

    def shut_down(self) -> None:
        """The guest shuts the machine down, and the process ends."""
        self.end()

    @abstractmethod
    def end(self, *, power_lost: bool = False) -> None:
        """The process ends, told to quit or cut off."""

    @abstractmethod
    def save_snapshot(self, name: str) -> str:
        """``savevm``: guest and disks into the store's own file; QEMU's words where it refuses."""

    @abstractmethod
    def load_snapshot(self, name: str) -> str:
        """``loadvm``: guest and disks as they were; QEMU's words where it refuses."""

    @abstractmethod
    def _write(self, chip: FlashChip, writes: Sequence[BusWrite]) -> None:
        """See ``bus_writes``; there is at least one."""


def geometry_of(plan: ChipPlan) -> Geometry:
    """How the board wires a chip."""
    return X86 if plan.board is None else VIRT


def placed(plans: Iterable[ChipPlan]) -> list[int]:
    """Guest addresses of chips: where the board has them.

    On x86 the first ends at 4 GiB, and the next lies below it (hw/i386/pc_sysfw.c).
    """
    address = FOUR_GIB
    found: list[int] = []
    for plan in plans:
        if plan.board is not None:
            found.append(plan.board.vars if found else plan.board.code)
            continue
        size = plan.file.size if plan.file is not None else 0
        address -= size
        found.append(address)
    return found
