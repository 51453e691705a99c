"""Starting a domain's QEMU: from its definition to chips and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.machine import ChipPlan
from ovmfgui.migration.simulation.snapshot import (
    CODE_CHIP,
    ROM_BLOCK,
    VARS_CHIP,
    VIRT_CODE_CHIP,
    VIRT_VARS_CHIP,
)
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.refusal import Refused

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

    Raises:
        Refused: it is not played that way.
    """
    rom, virt = domain.use is FirmwareUse.ROM, domain.board is not None
    if virt and without_store:
        msg = "Arm's virt has both chips whatever is declared; without_store is for x86"
        raise Refused(msg)
    code, store = (VIRT_CODE_CHIP, VIRT_VARS_CHIP) if virt else (CODE_CHIP, VARS_CHIP)
    wanted = [(ROM_BLOCK if rom else code, domain.code, not domain.unified)]
    if domain.store is not None and not without_store:
        wanted.append((store, domain.store, False))
    plans: list[ChipPlan] = []
    for name, path, read_only in wanted:
        file = host.files.get(path)
        holds_code = name != store
        firmware = domain.firmware or firmware_label(host, path) if holds_code else ""
        contents = file.contents if file is not None else None
        form = Format.RAW if read_only else domain.form
        plan = ChipPlan(name, path, contents, read_only, firmware, form, rom, domain.board)
        plans.append(plan)
    machine = simulation.platform.launch(host.plan, domain.name, plans, run_state, domain.chipset)
    if not isinstance(machine, str):
        machine.use, machine.chipset = domain.use, domain.chipset
    return machine
