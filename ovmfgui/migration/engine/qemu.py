"""Real QEMU: files on a disk, a process for each machine, streams between them.

The processor idles, so that the chips see the same bus writes as in the model and no others: QEMU's
generic loader sets its program counter to four bytes in memory at every reset
(hw/core/generic-loader.c). CODE's bytes stay the package's own.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.migration.engine.disk_files import (
    DiskFile,
    SavedStream,
    SnapshotInside,
    copy_file,
    write_file,
)
from ovmfgui.migration.engine.process import PROGRAM, QemuProcess, installed_qemu, version_of
from ovmfgui.migration.engine.qemu_machine import QemuMachine
from ovmfgui.migration.engine.qemu_saving import QemuRestore, save_to
from ovmfgui.migration.engine.qemu_transfer import QemuTransfer
from ovmfgui.migration.simulation.domain import Q35
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.generation import generation_of
from ovmfgui.pflash.qemu_words import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from ovmfgui.migration.engine.qtest import Qtest
    from ovmfgui.migration.scenario.host import Host
    from ovmfgui.migration.simulation.domain import Chipset
    from ovmfgui.migration.simulation.machine import ChipPlan, HostFile, Machine
    from ovmfgui.pflash.contents import Pages

_IDLE_AT = 0x1000
_IDLE_CODE = 0xFDEBF4FA
"""cli; hlt; jmp back, in memory's byte order."""

_IDLE_COUNTER = 0x10000 + _IDLE_AT
"""The reset code segment begins at 0xFFFF0000; with this offset it wraps around to ``_IDLE_AT``."""

IDLE = (
    *("-accel", "tcg", "-m", "16"),
    *("-device", f"loader,addr=0x{_IDLE_AT:x},data=0x{_IDLE_CODE:x},data-len=4"),
    *("-device", f"loader,addr=0x{_IDLE_COUNTER:x},cpu-num=0"),
)
"""Arguments of an x86 machine whose processor idles."""

_VIRT = ("-machine", "virt", "-cpu", "cortex-a57")

_VIRT_MEMORY = 0x4010_0000
_VIRT_CODE = 0x17FF_FFFF_D503_207F
"""wfi; b back, in memory's byte order."""

_IDLE_VIRT = (
    *("-accel", "tcg", "-m", "32"),
    *("-device", f"loader,addr=0x{_VIRT_MEMORY:x},data=0x{_VIRT_CODE:x},data-len=8"),
    *("-device", f"loader,addr=0x{_VIRT_MEMORY:x},cpu-num=0"),
)
"""The same on Arm's virt, whose memory begins at 1 GiB (hw/arm/virt.c)."""

_LONGEST_SOCKET = 90
"""A socket's path has at most 107 bytes (unix(7)); the rest of ours has 17."""


class QemuPlatform:
    """Two or more hosts on this machine: a folder and QEMU processes for each.

    A context manager; at its end no process and no file is left.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        """Make the folder.

        Raises:
            Refused: QEMU is not installed.
        """
        self.program = installed_qemu(program)
        self.version = version_of(self.program)
        self.generation = generation_of(self.version)
        self._root = _private_folder()
        self._processes: list[QemuProcess] = []
        self._paths: dict[tuple[str, str], Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def place(
        self, host: Host, path: str, contents: Pages, *, shared: bool, form: Format = Format.RAW
    ) -> HostFile:
        """See ``Platform``."""
        return write_file(self._real(host, path, shared=shared), contents, form)

    def copy(self, file: HostFile, host: Host, path: str, *, shared: bool) -> HostFile:
        """See ``Platform``."""
        assert isinstance(file, DiskFile | SavedStream)
        return copy_file(file, self._real(host, path, shared=shared))

    def remove(self, host: Host, path: str, *, shared: bool) -> None:
        """See ``Platform``."""
        self._real(host, path, shared=shared).unlink(missing_ok=True)

    def launch(
        self,
        host: Host,
        domain: str,
        plans: Sequence[ChipPlan],
        run_state: RunState,
        chipset: Chipset = Q35,
    ) -> Machine | str:
        """See ``Platform``."""
        folder = self._root / f"q{len(self._processes)}"
        folder.mkdir(mode=0o700)
        waits = run_state is RunState.INMIGRATE
        virt = plans[0].board is not None
        kind = _VIRT if virt else machine_argument(chipset)
        for plan in plans:
            if isinstance(plan.file, DiskFile) and not plan.read_only:
                plan.file.written = True
        process = QemuProcess(
            installed_qemu(PROGRAMS[True]) if virt else self.program,
            [
                *kind,
                *self._machine_arguments(folder, virt=virt),
                *("-qtest", f"unix:{folder}/qtest,server=on,wait=off", "-qtest-log", "/dev/null"),
                *self._drives(host, plans),
                # As libvirt does: the arrived guest stands still until it is told to go on.
                *(("-S", "-incoming", f"unix:{folder}/incoming") if waits else ()),
            ],
            folder,
        )
        self._processes.append(process)
        qtest = process.qtest()
        if qtest is None:
            process.kill()
            return self.told(process.words)
        return self._machine(domain, plans, process, qtest)

    def transfer(self, source: Machine, destination: Machine) -> QemuTransfer:
        """See ``Platform``."""
        assert isinstance(source, QemuMachine)
        assert isinstance(destination, QemuMachine)
        return QemuTransfer(source, destination, self.told)

    def save(self, machine: Machine, host: Host, path: str) -> HostFile:
        """See ``Platform``."""
        assert isinstance(machine, QemuMachine)
        real = self._real(host, path, shared=False)
        save_to(machine, real)
        return SavedStream(real, (machine.store or machine.code).name)

    def restoring(self, file: HostFile, destination: Machine) -> QemuRestore:
        """See ``Platform``."""
        assert isinstance(file, SavedStream)
        assert isinstance(destination, QemuMachine)
        return QemuRestore(file.path, destination, self.told)

    def snapshot_in(self, file: HostFile, name: str) -> HostFile:
        """See ``Platform``."""
        assert isinstance(file, DiskFile)
        return SnapshotInside(file.path, name)

    def told(self, words: str) -> str:
        """QEMU's words with the paths that the scenario has."""
        for (_, path), real in self._paths.items():
            words = words.replace(str(real), path)
        return words

    def close(self) -> None:
        """See ``Platform``."""
        for process in self._processes:
            process.kill()
        shutil.rmtree(self._root, ignore_errors=True)

    def _machine_arguments(self, folder: Path, *, virt: bool) -> Sequence[str]:  # noqa: ARG002
        """What runs in it, on Arm or x86; ``folder`` is the process's own."""
        return _IDLE_VIRT if virt else IDLE

    def _machine(
        self, domain: str, plans: Sequence[ChipPlan], process: QemuProcess, qtest: Qtest
    ) -> QemuMachine:
        return QemuMachine(domain, self.generation, plans, process, qtest)

    def _real(self, host: Host, path: str, *, shared: bool) -> Path:
        """Where a host's file lies; a name of our own, whatever the scenario's path is."""
        key = ("" if shared else host.name, path)
        known = self._paths.get(key) or self._paths.get(("", path))
        if known is None:
            known = self._paths[key] = self._root / f"file{len(self._paths)}"
        return known

    def _drives(self, host: Host, plans: Sequence[ChipPlan]) -> list[str]:
        arguments: list[str] = []
        for unit, plan in enumerate(plans):
            real = self._real(host, plan.path, shared=False)
            if plan.rom:
                arguments += ["-bios", str(real)]
                continue
            only = "readonly=on," if plan.read_only else ""
            # Metadata too is in the file after every write, so that it can be read from outside.
            through = ",cache=writethrough" if plan.form is Format.QCOW2 else ""
            drive = f"if=pflash,unit={unit},format={plan.form},{only}file={real}{through}"
            arguments += ["-drive", drive]
        return arguments


def machine_argument(chipset: Chipset) -> tuple[str, str]:
    """How QEMU is told which x86 machine it is."""
    return "-machine", chipset.board if chipset.smm else f"{chipset.board},smm=off"


def _private_folder() -> Path:
    """A folder that nobody else can look into, with a path short enough for sockets."""
    made = tempfile.mkdtemp(prefix="ovmfgui-")
    if len(made) > _LONGEST_SOCKET:
        Path(made).rmdir()
        made = tempfile.mkdtemp(prefix="ovmfgui-", dir="/tmp")
    return Path(made)
