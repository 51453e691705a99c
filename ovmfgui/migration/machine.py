"""A QEMU process with its flash chips, as the model plays it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ovmfgui.migration.world import RunState
from ovmfgui.pflash.chip import Cfi01

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterable
    from uuid import UUID

    from ovmfgui.layout.verdict import Outcome
    from ovmfgui.pflash.contents import PagedArray, Pages
    from ovmfgui.pflash.firmware_driver import BusWrite
    from ovmfgui.pflash.generation import Generation
    from ovmfgui.pflash.state import CommandState

FOUR_GIB = 1 << 32


@dataclass(frozen=True, slots=True)
class ChipPlan:
    """A chip as a domain's definition asks for it.

    Attributes:
        name: its RAM block.
        path: of the file behind it.
        file: that file's contents.
        read_only: whether the guest may not write.
        firmware: where its CODE comes from, in words; empty for a variable store.
    """

    name: str
    path: str
    file: PagedArray
    read_only: bool
    firmware: str


@dataclass(slots=True)
class FlashChip:
    """A chip in its place in the guest's memory."""

    name: str
    device: Cfi01
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
    """

    outcome: Outcome | None = None
    alive: bool = True
    volatile: dict[tuple[UUID, str], bytes] | None = None
    write: GuestWrite | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What a migration stream carries of one chip."""

    name: str
    contents: Pages
    state: CommandState
    firmware: str


@dataclass(slots=True)
class Machine:
    """A virtual machine with its chips, mapped downwards from 4 GiB (hw/i386/pc_sysfw.c)."""

    domain: str
    generation: Generation
    chips: list[FlashChip] = field(default_factory=list)
    run_state: RunState = RunState.RUNNING
    guest: Guest = field(default_factory=Guest)

    @classmethod
    def launched(
        cls,
        domain: str,
        generation: Generation,
        plans: Iterable[ChipPlan],
        run_state: RunState = RunState.RUNNING,
    ) -> Machine:
        """The machine with its chips as their files fill them; sizes have been checked before."""
        machine = cls(domain, generation, run_state=run_state)
        address = FOUR_GIB
        for plan in plans:
            device = Cfi01(
                plan.file.snapshot(),
                generation=generation,
                read_only=plan.read_only,
                backing=None if plan.read_only else plan.file,
            )
            address -= device.size
            chip = FlashChip(plan.name, device, plan.path, address, plan.firmware)
            machine.chips.append(chip)
        return machine

    @property
    def code(self) -> FlashChip:
        """The chip that the processor starts from."""
        return self.chips[0]

    @property
    def store(self) -> FlashChip | None:
        """The writable chip, None where there is none."""
        return next((chip for chip in self.chips if not chip.device.read_only), None)

    def bus_write(self, chip: FlashChip, write: BusWrite) -> None:
        """The guest writes a byte to a chip."""
        chip.device.write(write.offset, write.value)
        chip.attention = write.offset

    def sent(self) -> tuple[Sent, ...]:
        """What a stream carries: both chips' RAM blocks and device states, CODE's too."""
        return tuple(
            Sent(chip.name, chip.device.array.snapshot(), chip.device.state(), chip.firmware)
            for chip in self.chips
        )

    def receive(self, sent: Iterable[Sent], guest: Guest) -> None:
        """Take a stream over, CODE included; files stay as they are until the run state changes."""
        incoming = {chip.name: chip for chip in sent}
        for chip in self.chips:
            arrived = incoming[chip.name]
            chip.device.load(arrived.contents, arrived.state)
            chip.firmware = arrived.firmware
        self.guest = guest

    def change_run_state(self, state: RunState) -> list[FlashChip]:
        """The machine starts or stops; returns the chips whose whole array went to their file."""
        self.run_state = state
        return [chip for chip in self.chips if chip.device.run_state_changed()]

    def reset(self) -> None:
        """The reset line: the chips keep their contents, CODE's too."""
        for chip in self.chips:
            chip.device.reset()
