"""Starting a domain's QEMU: files to chips, and what QEMU refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.machine import ChipPlan, Machine
from ovmfgui.migration.messages import cannot_open, launch_refusal
from ovmfgui.migration.world import CODE_CHIP, VARS_CHIP, RunState

if TYPE_CHECKING:
    from ovmfgui.migration.stage import Domain, StageHost


def firmware_label(host: StageHost, path: str) -> str:
    """Whose firmware lies at ``path``: ``OVMF 4M of Host A``."""
    for package in host.packages.values():
        if package.code_path == path:
            return f"{package.title} of {host.title}"
    return f"the firmware image of {host.title}"


def launch(
    host: StageHost,
    domain: Domain,
    *,
    run_state: RunState = RunState.RUNNING,
    without_store: bool = False,
) -> Machine | str:
    """Start QEMU on a host for a domain.

    Args:
        host: where.
        domain: its definition there.
        run_state: the state it starts in.
        without_store: leave the second chip out, as a definition without ``nvram`` does.

    Returns:
        The machine, or QEMU's words where it does not start.
    """
    wanted = [(CODE_CHIP, domain.code, not domain.unified)]
    if domain.store is not None and not without_store:
        wanted.append((VARS_CHIP, domain.store, False))
    plans: list[ChipPlan] = []
    for unit, (name, path, read_only) in enumerate(wanted):
        file = host.files.get(path)
        if file is None:
            return cannot_open(unit, path, read_only=read_only)
        holds_code = name == CODE_CHIP
        firmware = domain.firmware or firmware_label(host, path) if holds_code else ""
        plans.append(ChipPlan(name, path, file.contents, read_only, firmware))
    refusal = launch_refusal(tuple(plan.file.size for plan in plans))
    if refusal:
        return refusal
    return Machine.launched(domain.name, host.plan.qemu, plans, run_state)
