"""The model: files in memory, emulated chips, QEMU's rules and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.simulation.backend import Failure
from ovmfgui.migration.simulation.machine import FlashChip, Machine, placed
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray
from ovmfgui.pflash.qemu_words import (
    cannot_open,
    launch_refusal,
    size_mismatch,
    source_could_not_save,
    source_lost_its_peer,
    stream_ended,
    unknown_block,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.migration.scenario.host import Host
    from ovmfgui.migration.simulation.machine import ChipPlan, HostFile, Sent
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.firmware_driver import BusWrite
    from ovmfgui.pflash.generation import Generation


class ModelMachine(Machine):
    """A machine whose chips are emulated."""

    def __init__(
        self,
        domain: str,
        generation: Generation,
        plans: Iterable[ChipPlan],
        run_state: RunState = RunState.RUNNING,
    ) -> None:
        """The machine with its chips as their files fill them; sizes have been checked before."""
        self._devices: dict[str, Cfi01] = {}
        wanted = list(plans)
        chips = []
        for plan, address in zip(wanted, placed(_size(plan) for plan in wanted), strict=True):
            assert isinstance(plan.file, PagedArray)
            device = Cfi01(
                plan.file.snapshot(),
                generation=generation,
                read_only=plan.read_only,
                backing=None if plan.read_only else plan.file,
            )
            self._devices[plan.name] = device
            chips.append(FlashChip(plan.name, device, plan.path, address, plan.firmware))
        super().__init__(domain, generation, chips)
        self._run_state = run_state

    @property
    def run_state(self) -> RunState:
        """See ``Machine``."""
        return self._run_state

    def device(self, name: str) -> Cfi01:
        """The emulated chip of that name."""
        return self._devices[name]

    def receive(self, sent: Iterable[Sent]) -> None:
        """Take a stream over, CODE included; files stay as they are until the run state changes.

        The machine stands still until it is told to go on, as libvirt has it (``-S``).
        """
        for chip in sent:
            self._devices[chip.name].load(chip.contents, chip.state)
        self._run_state = RunState.PAUSED

    def leave(self) -> None:
        """All has gone over."""
        self._run_state = RunState.POSTMIGRATE

    def change_run_state(self, state: RunState) -> list[FlashChip]:
        """See ``Machine``."""
        self._run_state = state
        return [chip for chip in self.chips if self._devices[chip.name].run_state_changed()]

    def reset(self) -> None:
        """See ``Machine``."""
        for device in self._devices.values():
            device.reset()

    def end(self, *, power_lost: bool = False) -> None:
        """See ``Machine``; there is no process to end."""

    def _write(self, chip: FlashChip, writes: Sequence[BusWrite]) -> None:
        device = self._devices[chip.name]
        for write in writes:
            device.write(write.offset, write.value)


class ModelTransfer:
    """A migration by QEMU's rules: RAM blocks compared by name and size, in their order."""

    def __init__(self, source: ModelMachine, destination: ModelMachine) -> None:
        self._source = source
        self._destination = destination

    def attempt(self, cut_at: int | None) -> Failure | None:
        """See ``Transfer``."""
        refusal = self._refusal()
        if refusal:
            return Failure(False, refusal, source_could_not_save())
        if cut_at is not None:
            return Failure(True, stream_ended(), source_lost_its_peer())
        return None

    def deliver(self) -> None:
        """See ``Transfer``."""
        self._destination.receive(self._source.sent())
        self._source.leave()

    def _refusal(self) -> str:
        own = {chip.name: chip.device.size for chip in self._destination.chips}
        for chip in self._source.chips:
            size = chip.device.size
            if chip.name not in own:
                return unknown_block(chip.name)
            if own[chip.name] != size:
                return size_mismatch(chip.name, size, own[chip.name])
        return ""


class ModelPlatform:
    """An engine whose hosts, disks and chips are all in this process's memory."""

    def place(
        self,
        host: Host,  # noqa: ARG002 (the model needs no place of its own for a file)
        path: str,  # noqa: ARG002
        contents: Pages,
        *,
        shared: bool,  # noqa: ARG002
    ) -> HostFile:
        """See ``Platform``."""
        return PagedArray(contents)

    def remove(self, host: Host, path: str, *, shared: bool) -> None:
        """See ``Platform``."""

    def launch(
        self, host: Host, domain: str, plans: Sequence[ChipPlan], run_state: RunState
    ) -> Machine | str:
        """See ``Platform``."""
        for unit, plan in enumerate(plans):
            if plan.file is None:
                return cannot_open(unit, plan.path, read_only=plan.read_only)
        refusal = launch_refusal(tuple(_size(plan) for plan in plans))
        return refusal or ModelMachine(domain, host.qemu, plans, run_state)

    def transfer(self, source: Machine, destination: Machine) -> ModelTransfer:
        """See ``Platform``."""
        assert isinstance(source, ModelMachine)
        assert isinstance(destination, ModelMachine)
        return ModelTransfer(source, destination)

    def close(self) -> None:
        """See ``Platform``."""


def _size(plan: ChipPlan) -> int:
    return plan.file.size if plan.file is not None else 0
