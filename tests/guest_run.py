"""A real QEMU with firmware in it, run by the program's own means, its serial port watched."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ovmfgui.migration.engine.process import QemuProcess, installed_qemu

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def run_guest(
    program: str,
    arguments: Sequence[str],
    folder: Path,
    over: Callable[[int, str], bool],
    *,
    settle: float = 0.0,
) -> tuple[str, str]:
    """Run a guest until it ends by itself or is over; what it printed, and QEMU's own words.

    Args:
        program: QEMU's name.
        arguments: beside those that ``QemuProcess`` gives: no defaults, no display, no network.
        folder: private to this run.
        over: asked a few times a second with the process id and what was printed so far.
        settle: seconds that the guest is left once it is over: writes that the firmware has begun
            reach the file before QEMU ends.
    """
    serial = folder / "serial.log"
    words = ("-no-reboot", "-serial", f"file:{serial}")
    qemu = QemuProcess(installed_qemu(program), (*words, *arguments), folder)
    try:
        while qemu.alive:
            time.sleep(0.2)
            if over(qemu.process.pid, _printed(serial)):
                time.sleep(settle)
                break
    finally:
        qemu.kill()
    return _printed(serial), qemu.words


def _printed(serial: Path) -> str:
    return serial.read_text("latin-1") if serial.exists() else ""
