"""A live migration between two QEMU processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.engine.link import BreakingLink
from ovmfgui.migration.engine.monitor import MonitorClosed, wait_until
from ovmfgui.migration.simulation.backend import Failure
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.qemu_words import PROGRAM

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.engine.qemu_machine import QemuMachine


class QemuTransfer:
    """See ``Transfer``."""

    def __init__(
        self, source: QemuMachine, destination: QemuMachine, told: Callable[[str], str]
    ) -> None:
        """A migration between two machines; ``told`` puts the scenario's paths into words."""
        self._source = source
        self._destination = destination
        self._told = told

    def attempt(self, cut_at: int | None) -> Failure | None:
        """See ``Transfer``."""
        source, destination = self._source, self._destination
        source.hold()
        destination.hold()
        before = len(source.process.words)
        where = destination.process.folder / "incoming"
        cut = False
        if cut_at is None:
            status = self._migrate(f"unix:{where}")
        else:
            total = sum(chip.device.size for chip in source.chips)
            path = source.process.folder / "link"
            with BreakingLink(path, where, total * cut_at // 100) as link:
                status = self._migrate(f"unix:{path}")
            cut = link.cut
        if status == "completed" and not cut and came_through(destination):
            return None
        wait_until(lambda: not destination.process.alive, "the end of the destination's QEMU")
        return Failure(cut, self._told(destination.process.words), self._complaint(before))

    def deliver(self) -> None:
        """See ``Transfer``."""
        self._source.let_go()
        self._destination.arrived()

    def _migrate(self, uri: str) -> str:
        monitor = self._source.process.monitor
        monitor.execute("migrate", uri=uri)
        answer: dict[str, object] = {}

        def over() -> bool:
            answer.update(monitor.execute("query-migrate"))
            return answer.get("status") in ("completed", "failed")

        wait_until(over, "the end of the migration")
        self._error = str(answer.get("error-desc", ""))
        return str(answer["status"])

    def _complaint(self, before: int) -> str:
        """What the source printed, and the error that it reports to its management."""
        source = self._source
        was_running = source.run_state is RunState.RUNNING
        if was_running and source.real_run_state() is RunState.POSTMIGRATE:
            # All was in the link's buffers when it broke; libvirt then lets the guest go on here.
            source.process.monitor.execute("cont")
        wait_until(
            lambda: not was_running or source.real_run_state() is RunState.RUNNING,
            "the source's going on",
        )
        source.let_go()
        lines = source.process.words[before:].strip().splitlines()
        error = f"{PROGRAM}: {self._error}"
        if self._error and error not in lines:
            lines.append(error)
        return self._told("\n".join(lines))


def came_through(destination: QemuMachine) -> bool:
    """Wait until a QEMU has read a stream; False where it ends instead."""

    def read() -> bool:
        return destination.real_run_state() is not RunState.INMIGRATE

    try:
        wait_until(read, "the guest's arrival")
    except MonitorClosed:
        return False
    return True
