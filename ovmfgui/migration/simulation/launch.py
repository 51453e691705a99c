"""Starting a domain's QEMU: from its definition to chips and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.machine import ChipPlan
from ovmfgui.migration.simulation.snapshot import CODE_CHIP, ROM_BLOCK, VARS_CHIP
from ovmfgui.migration.simulation.states import RunState

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.domain import Domain
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import Machine


def firmware_label(host: SimulatedHost, path: str) -> str:
    """Whose firmware lies at ``path``: ``OVMF 4M of Host A``."""
    for package in host.packages.values():
        if package.code_path == path:
            return f"{package.title} of {host.title}"
    return f"the firmware image of {host.title}"


def launch(
    simulation: Simulation,
    host: SimulatedHost,
    domain: Domain,
    *,
    run_state: RunState = RunState.RUNNING,
    without_store: bool = False,
) -> Machine | str:
    """Start QEMU on a host for a domain.

    Args:
        simulation: where.
        host: on which host.
        domain: its definition there.
        run_state: the state it starts in.
        without_store: leave the second chip out, as a definition without ``nvram`` does.

    Returns:
        The machine, or QEMU's words where it does not start.
    """
    rom = domain.use is FirmwareUse.ROM
    wanted = [(ROM_BLOCK if rom else CODE_CHIP, domain.code, not domain.unified)]
    if domain.store is not None and not without_store:
        wanted.append((VARS_CHIP, domain.store, False))
    plans: list[ChipPlan] = []
    for name, path, read_only in wanted:
        file = host.files.get(path)
        holds_code = name != VARS_CHIP
        firmware = domain.firmware or firmware_label(host, path) if holds_code else ""
        contents = file.contents if file is not None else None
        form = Format.RAW if read_only else domain.form
        plans.append(ChipPlan(name, path, contents, read_only, firmware, form, rom))
    machine = simulation.platform.launch(host.plan, domain.name, plans, run_state)
    if not isinstance(machine, str):
        machine.use = domain.use
    return machine
