"""A guest of real QEMU into a file and back, the way libvirt saves and restores it."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

from ovmfgui.migration.engine.monitor import wait_until
from ovmfgui.migration.engine.qemu_transfer import came_through
from ovmfgui.migration.simulation.backend import Failure
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ovmfgui.migration.engine.qemu_machine import QemuMachine


def save_to(machine: QemuMachine, path: Path) -> None:
    """Write a machine that stands still into a file.

    Raises:
        Refused: QEMU does not do it.
    """
    monitor = machine.process.monitor
    monitor.execute("migrate", uri=f"exec:cat > {shlex.quote(str(path))}")
    answer: dict[str, object] = {}

    def over() -> bool:
        answer.update(monitor.execute("query-migrate"))
        return answer.get("status") in ("completed", "failed")

    wait_until(over, "the end of the saving")
    if answer["status"] != "completed":
        msg = f"QEMU does not save its guest: {answer.get('error-desc', 'without a reason')}"
        raise Refused(msg)


class QemuRestore:
    """See ``Transfer``: from a save file to a QEMU that waits."""

    def __init__(self, path: Path, destination: QemuMachine, told: Callable[[str], str]) -> None:
        """The stream at ``path``; ``told`` puts the scenario's paths into words."""
        self._path = path
        self._destination = destination
        self._told = told

    def attempt(self, cut_at: int | None) -> Failure | None:  # noqa: ARG002 (no link to cut)
        """See ``Transfer``."""
        destination = self._destination
        destination.hold()
        incoming = destination.process.connect("incoming")
        if incoming is None:
            raise destination.process.gone()
        # A QEMU that refuses hangs up before it has read all.
        with suppress(OSError):
            incoming.sendall(self._path.read_bytes())
        if came_through(destination):
            return None
        wait_until(lambda: not destination.process.alive, "the end of the destination's QEMU")
        return Failure(cut=False, destination=self._told(destination.process.words), source="")

    def deliver(self) -> None:
        """See ``Transfer``."""
        self._destination.arrived()
