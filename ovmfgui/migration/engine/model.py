"""The model: files in memory, emulated chips, QEMU's rules and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Format
from ovmfgui.migration.simulation.backend import Failure
from ovmfgui.migration.simulation.domain import Q35
from ovmfgui.migration.simulation.machine import FlashChip, Machine, geometry_of, placed
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.qemu_words import (
    BIOS_UNIT,
    NO_SNAPSHOT_ANYWHERE,
    PROGRAMS,
    cannot_open,
    launch_refusal,
    no_bios,
    no_snapshot_in,
    no_such_snapshot,
    other_chip_size,
    size_mismatch,
    source_could_not_save,
    source_lost_its_peer,
    spoken_by,
    stream_ended,
    unknown_block,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.migration.scenario.host import Host
    from ovmfgui.migration.simulation.domain import Chipset
    from ovmfgui.migration.simulation.machine import ChipPlan, HostFile, Sent
    from ovmfgui.pflash.firmware_driver import BusWrite
    from ovmfgui.pflash.generation import Generation


@dataclass(frozen=True, slots=True)
class _Inside:
    """A snapshot inside a file: its disk, and the guest."""

    disk: Pages
    sent: tuple[Sent, ...]


class ModelFile(PagedArray):
    """A file in memory; ``snapshots`` are those inside it, by name."""

    def __init__(self, contents: Pages) -> None:
        super().__init__(contents)
        self.snapshots: dict[str, _Inside] = {}


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
        self._writable = next((plan for plan in wanted if not plan.read_only), None)
        chips = []
        for plan, address in zip(wanted, placed(wanted), strict=True):
            assert isinstance(plan.file, PagedArray)
            # A ROM that waits for a stream is filled by it alone (hw/core/loader.c, rom_reset).
            waits = plan.rom and run_state is RunState.INMIGRATE
            device = Cfi01(
                Pages.filled(plan.file.size) if waits else plan.file.snapshot(),
                geometry_of(plan),
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

    def save_snapshot(self, name: str) -> str:
        """See ``Machine``."""
        plan = self._writable
        if plan is None:
            return NO_SNAPSHOT_ANYWHERE
        if plan.form is not Format.QCOW2:
            return no_snapshot_in(self._unit(plan))
        assert isinstance(plan.file, ModelFile)
        plan.file.snapshots[name] = _Inside(plan.file.snapshot(), self.sent())
        return ""

    def load_snapshot(self, name: str) -> str:
        """See ``Machine``; QEMU resets the machine first (migration/savevm.c, load_snapshot)."""
        plan = self._writable
        if plan is None:
            return NO_SNAPSHOT_ANYWHERE
        if plan.form is not Format.QCOW2:
            return no_snapshot_in(self._unit(plan))
        assert isinstance(plan.file, ModelFile)
        inside = plan.file.snapshots.get(name)
        if inside is None:
            return no_such_snapshot(name)
        plan.file.replace(inside.disk)
        self.reset()
        for chip in inside.sent:
            self._devices[chip.name].load(chip.contents, chip.state)
        if self._run_state is RunState.RUNNING:
            self.change_run_state(RunState.RUNNING)
        return ""

    def _unit(self, plan: ChipPlan) -> int:
        return int(plan.name[-1])

    def _write(self, chip: FlashChip, writes: Sequence[BusWrite]) -> None:
        device = self._devices[chip.name]
        for write in writes:
            device.write(write.offset, write.value, write.width)


class SaveFile(PagedArray):
    """A save file: the chips in it, and what it shows of them."""

    def __init__(self, shown: Pages, sent: tuple[Sent, ...]) -> None:
        super().__init__(shown)
        self.sent = sent


class ModelTransfer:
    """A migration by QEMU's rules: RAM blocks compared by name and size, in their order."""

    def __init__(
        self, sent: tuple[Sent, ...], destination: ModelMachine, source: ModelMachine | None = None
    ) -> None:
        """What is sent to ``destination``; by a machine, or from a file."""
        self._sent = sent
        self._source = source
        self._destination = destination

    def attempt(self, cut_at: int | None) -> Failure | None:
        """See ``Transfer``."""
        program = PROGRAMS[self._destination.board is not None]
        refusal = self._refusal()
        if refusal:
            words = (refusal, source_could_not_save())
            return Failure(False, *(spoken_by(program, each) for each in words))
        if cut_at is not None:
            words = (stream_ended(), source_lost_its_peer())
            return Failure(True, *(spoken_by(program, each) for each in words))
        return None

    def deliver(self) -> None:
        """See ``Transfer``."""
        self._destination.receive(self._sent)
        if self._source is not None:
            self._source.leave()

    def _refusal(self) -> str:
        own = {chip.name: chip.device.size for chip in self._destination.chips}
        for chip in self._sent:
            size = chip.contents.size
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
        form: Format = Format.RAW,  # noqa: ARG002
    ) -> HostFile:
        """See ``Platform``."""
        return ModelFile(contents)

    def copy(self, file: HostFile, host: Host, path: str, *, shared: bool) -> HostFile:  # noqa: ARG002
        """See ``Platform``."""
        if isinstance(file, SaveFile):
            return SaveFile(file.snapshot(), file.sent)
        assert isinstance(file, ModelFile)
        copied = ModelFile(file.snapshot())
        copied.snapshots = dict(file.snapshots)
        return copied

    def remove(self, host: Host, path: str, *, shared: bool) -> None:
        """See ``Platform``."""

    def launch(
        self,
        host: Host,
        domain: str,
        plans: Sequence[ChipPlan],
        run_state: RunState,
        chipset: Chipset = Q35,  # noqa: ARG002 (it decides what firmware does, not what the chips do)
    ) -> Machine | str:
        """See ``Platform``."""
        refusal = spoken_by(PROGRAMS[plans[0].board is not None], _refusal(plans))
        return refusal or ModelMachine(domain, host.qemu, plans, run_state)

    def transfer(self, source: Machine, destination: Machine) -> ModelTransfer:
        """See ``Platform``."""
        assert isinstance(source, ModelMachine)
        assert isinstance(destination, ModelMachine)
        return ModelTransfer(source.sent(), destination, source)

    def save(self, machine: Machine, host: Host, path: str) -> HostFile:  # noqa: ARG002
        """See ``Platform``."""
        assert isinstance(machine, ModelMachine)
        chip = machine.store or machine.code
        return SaveFile(chip.device.contents(), machine.sent())

    def restoring(self, file: HostFile, destination: Machine) -> ModelTransfer:
        """See ``Platform``."""
        assert isinstance(file, SaveFile)
        assert isinstance(destination, ModelMachine)
        return ModelTransfer(file.sent, destination)

    def snapshot_in(self, file: HostFile, name: str) -> HostFile:
        """See ``Platform``."""
        assert isinstance(file, ModelFile)
        return PagedArray(file.snapshots[name].disk)

    def close(self) -> None:
        """See ``Platform``."""


def _size(plan: ChipPlan) -> int:
    return plan.file.size if plan.file is not None else 0


def _refusal(plans: Sequence[ChipPlan]) -> str:
    """What QEMU says to the files behind the chips; empty where it starts."""
    for unit, plan in enumerate(plans):
        if plan.rom and (plan.file is None or plan.file.size % BIOS_UNIT):
            return no_bios(plan.path)
        if plan.file is None:
            return cannot_open(unit, plan.path, plan.form, read_only=plan.read_only)
    board = plans[0].board
    if board is not None:
        sizes = (_size(plan) for plan in plans)
        wrong = next((size for size in sizes if size != board.chip_size), None)
        return "" if wrong is None else other_chip_size(board.chip_size, wrong)
    return launch_refusal(tuple(_size(plan) for plan in plans if not plan.rom))
