"""A machine that is a QEMU process, its chips read without disturbing them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.migration.engine.monitor import MonitorClosed, wait_until
from ovmfgui.migration.engine.qtest import QtestClosed
from ovmfgui.migration.simulation.machine import FlashChip, Machine, geometry_of, placed
from ovmfgui.migration.simulation.snapshot import ROM_BLOCK
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.migration.stream.elements import StreamReader
from ovmfgui.migration.stream.source import StreamEnded, source_of
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.state import CommandState
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.engine.process import QemuProcess
    from ovmfgui.migration.engine.qtest import Qtest
    from ovmfgui.migration.simulation.machine import ChipPlan
    from ovmfgui.pflash.firmware_driver import BusWrite
    from ovmfgui.pflash.generation import Generation
    from ovmfgui.pflash.geometry import Geometry

_HOST_ADDRESS = re.compile(r"is (0x[0-9a-f]+)")
_MAPPED = re.compile(r"^ +[0-9a-f]+-[0-9a-f]+ \(prio -?\d+, (\S+)\): (\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A machine at a moment: contents and command states by chip, and the run state."""

    contents: dict[str, Pages]
    states: dict[str, CommandState]
    run_state: RunState


class QemuChip:
    """A chip of a QEMU process."""

    def __init__(
        self, machine: QemuMachine, name: str, size: int, geometry: Geometry, *, read_only: bool
    ) -> None:
        """A chip of ``size`` bytes that the process has under ``name``."""
        self._machine = machine
        self._name = name
        self._size = size
        self._geometry = geometry
        self._read_only = read_only
        self._pending = False

    @property
    def size(self) -> int:
        """See ``ChipDevice``."""
        return self._size

    @property
    def geometry(self) -> Geometry:
        """See ``ChipDevice``."""
        return self._geometry

    @property
    def read_only(self) -> bool:
        """See ``ChipDevice``."""
        return self._read_only

    @property
    def dump_pending(self) -> bool:
        """See ``ChipDevice``; QEMU does not tell, so this is by its rule."""
        return self._pending

    def contents(self) -> Pages:
        """See ``ChipDevice``."""
        return self._machine.seen.contents[self._name]

    def state(self) -> CommandState:
        """See ``ChipDevice``."""
        return self._machine.seen.states[self._name]

    def arrived(self) -> None:
        """A stream has filled it."""
        self._pending = not self._read_only

    def run_state_changed(self) -> bool:
        """The machine starts or stops; whether the array went to the file by that."""
        dumped, self._pending = self._pending, False
        return dumped


class QemuMachine(Machine):
    """A QEMU process with its chips.

    Contents are read from the process's own memory, where the RAM blocks lie: a read over the bus
    gives status bytes while a command is open. The command state comes from QEMU itself, which
    writes its devices' state to a file when asked (``xen-save-devices-state``, for any accelerator)
    without touching memory, run state or disks.
    """

    def __init__(
        self,
        domain: str,
        generation: Generation,
        plans: Sequence[ChipPlan],
        process: QemuProcess,
        qtest: Qtest,
    ) -> None:
        """A process that has just been started, its chips in read-array mode."""
        self.process = process
        self.qtest = qtest
        self._devices: dict[str, QemuChip] = {}
        chips = []
        for plan, address in zip(plans, placed(plans), strict=True):
            size = plan.file.size if plan.file is not None else 0
            device = QemuChip(self, plan.name, size, geometry_of(plan), read_only=plan.read_only)
            self._devices[plan.name] = device
            chips.append(FlashChip(plan.name, device, plan.path, address, plan.firmware))
        super().__init__(domain, generation, chips)
        self._memory = {chip.name: self._host_address(chip) for chip in chips}
        self._last: dict[str, Pages] = {}
        # A chip that the guest cannot write to changes with a stream or a snapshot alone.
        self._unread = {chip.name for chip in chips}
        self._seen: _Seen | None = None
        self._held = False
        # What the chips were filled with: firmware may be writing to them already.
        store = next((plan for plan in plans if not plan.read_only), None)
        self.at_start = store.file.snapshot() if store is not None and store.file else None

    @property
    def seen(self) -> _Seen:
        """The machine now, or as it was when it was held; looked at once after every change."""
        if self._seen is None:
            try:
                self._seen = _Seen(self._contents(), self._states(), self.real_run_state())
            except (MonitorClosed, StreamEnded) as error:
                raise self.process.gone() from error
        return self._seen

    @property
    def run_state(self) -> RunState:
        """See ``Machine``."""
        return self.seen.run_state

    def hold(self) -> None:
        """Show the machine as it is now until it is let go."""
        assert self.seen
        self._held = True

    def let_go(self) -> None:
        """Show it as it is."""
        self._held, self._seen = False, None

    def look_again(self) -> None:
        """The guest may have changed something."""
        if not self._held:
            self._seen = None

    def real_run_state(self) -> RunState:
        """What QEMU says, held or not."""
        status = self.process.monitor.execute("query-status")["status"]
        try:
            return RunState(status)
        except ValueError as error:
            msg = f"QEMU is in the run state {status!r}, which nothing here leads to"
            raise Refused(msg) from error

    def arrived(self) -> None:
        """A stream has filled the chips."""
        self._unread.update(self._devices)
        for device in self._devices.values():
            device.arrived()
        self.let_go()

    def change_run_state(self, state: RunState) -> list[FlashChip]:
        """See ``Machine``."""
        self._do("cont" if state is RunState.RUNNING else "stop")
        wait_until(lambda: self.real_run_state() is state, f"the run state {state}")
        self._seen = None
        return [chip for chip in self.chips if self._devices[chip.name].run_state_changed()]

    def reset(self) -> None:
        """See ``Machine``."""
        self._seen = None
        store = self.store
        self.at_start = store.device.contents() if store is not None else None
        self._seen = None
        try:
            self.process.monitor.reset_machine()
        except MonitorClosed as error:
            raise self.process.gone() from error

    def save_snapshot(self, name: str) -> str:
        """See ``Machine``."""
        return self._asked(f"savevm {name}")

    def load_snapshot(self, name: str) -> str:
        """See ``Machine``."""
        was_running = self.real_run_state() is RunState.RUNNING
        said = self._asked(f"loadvm {name}")
        if said and was_running:
            # It stops the guest before it looks for the snapshot, and leaves it so.
            self._do("cont")
        if not said:
            self._unread.update(self._devices)
            for device in self._devices.values():
                device.arrived()
                if was_running:
                    device.run_state_changed()
        return said

    def _asked(self, line: str) -> str:
        """A line to the human monitor; its complaint, empty where it did it."""
        self._seen = None
        try:
            return self.process.monitor.human(line).strip()
        except MonitorClosed as error:
            raise self.process.gone() from error

    def end(self, *, power_lost: bool = False) -> None:
        """See ``Machine``."""
        if power_lost:
            self.process.kill()
        else:
            self.process.quit()

    def _write(self, chip: FlashChip, writes: Sequence[BusWrite]) -> None:
        self._seen = None
        try:
            self.qtest.write((chip.address + w.offset, w.value, w.width) for w in writes)
        except QtestClosed as error:
            raise self.process.gone() from error

    def _do(self, command: str, **arguments: object) -> object:
        try:
            return self.process.monitor.execute(command, **arguments)
        except MonitorClosed as error:
            raise self.process.gone() from error

    def _host_address(self, chip: FlashChip) -> int:
        """Where the RAM block lies in the process's memory; QEMU tells that in read-array mode."""
        answer = self.process.monitor.human(f"gpa2hva 0x{chip.address:x}")
        found = _HOST_ADDRESS.search(answer)
        if found is None or f"({chip.name})" not in answer:
            msg = f"QEMU does not say where {chip.name} lies in its memory: {answer.strip()}"
            raise Refused(msg)
        return int(found[1], 16)

    def _contents(self) -> dict[str, Pages]:
        for chip in self.chips:
            if chip.device.read_only and chip.name not in self._unread:
                continue
            data = self.process.memory(self._memory[chip.name], chip.device.size)
            self._last[chip.name] = Pages.of(data, like=self._last.get(chip.name))
        self._unread.clear()
        return dict(self._last)

    def _states(self) -> dict[str, CommandState]:
        path = self.process.folder / "devices"
        self._do("xen-save-devices-state", filename=str(path), live=False)
        reader = StreamReader(source_of(path.read_bytes()))
        reader.read()
        modes = {name: mode for mode, name in _MAPPED.findall(self._tree())}
        states = {section.instance: section.state for section in reader.chips}
        return {
            chip.name: CommandState()
            if chip.name == ROM_BLOCK
            else replace(states[number], romd=modes.get(chip.name) == "romd")
            for number, chip in enumerate(self.chips)
        }

    def _tree(self) -> str:
        return self.process.monitor.human("info mtree -f")
