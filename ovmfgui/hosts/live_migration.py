"""Would a running domain be accepted on another host, and if not, in whose words?

libvirt starts the domain's XML on the other host with that host's files; QEMU then compares the
names and sizes of the RAM blocks, and nothing that is in them. The order and the words are those
of libvirt 9.0 and QEMU 7.2, seen on real hosts.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.placement import BOARDS
from ovmfgui.machine.chips import Problem
from ovmfgui.machine.model import Mapping, StoreKind
from ovmfgui.pflash.qemu_words import launch_refusal, size_mismatch, unknown_block

if TYPE_CHECKING:
    from ovmfgui.hosts.host import Host
    from ovmfgui.machine.chips import ChipFile
    from ovmfgui.machine.model import Machine
    from ovmfgui.machine.opening import OpenedMachine

_X86 = ("x86_64", "i386")
_FIXED = {str(architecture): board.chip_size for architecture, board in BOARDS.items()}
"""Bytes of both chips of QEMU's virt boards; these refuse files of another size."""


class Answer(StrEnum):
    """What becomes of a live migration."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Live:
    """Whether a running domain is accepted.

    Attributes:
        answer: see ``Answer``.
        reason: the words of libvirt or QEMU, or what is not known; empty where it is accepted.
        advice: what to do about it; empty where there is nothing to do.
    """

    answer: Answer
    reason: str = ""
    advice: str = ""


def live_migration(here: OpenedMachine, there: OpenedMachine, host: Host) -> Live:
    """Whether a running machine is accepted.

    Args:
        here: as it runs.
        there: its live XML on the other host, with that host's files.
        host: the other one.
    """
    refusal = machine_type_refusal(there.machine, host) or _start_refusal(there)
    if refusal is not None:
        return refusal
    incoming, own = ram_blocks(here), ram_blocks(there)
    for name, size in incoming.items():
        if name not in own:
            return Live(Answer.REFUSED, unknown_block(name), "Map the same chips on both hosts.")
        other = own[name]
        if size is not None and other is not None and size != other:
            return Live(Answer.REFUSED, size_mismatch(name, size, other), _same_size(name))
    doubts = _doubts(here, there, incoming, own, host)
    return Live(Answer.UNKNOWN, "; ".join(doubts)) if doubts else Live(Answer.ACCEPTED)


def machine_type_refusal(machine: Machine, host: Host) -> Live | None:
    """Libvirt's words to a machine type that the host's QEMU does not have."""
    if host.machine_types is None or machine.architecture is None:
        return None
    emulator = f"/usr/bin/qemu-system-{machine.architecture}"
    types = host.machine_types.get(machine.architecture)
    if types is None:
        words = f"Cannot check QEMU binary {emulator}: No such file or directory"
        return Live(Answer.REFUSED, words, f"Install QEMU for {machine.architecture} there.")
    if machine.board is None or machine.board in types:
        return None
    words = (
        f"unsupported configuration: Emulator '{emulator}' does not support machine type "
        f"'{machine.board}'"
    )
    advice = "Bring QEMU there to a version that has this machine type."
    return Live(Answer.REFUSED, words, advice)


def _start_refusal(there: OpenedMachine) -> Live | None:
    """Libvirt makes the store first, then QEMU opens CODE."""
    store, firmware = there.store, there.firmware
    package = "Install the firmware package there that has this path."
    if store is not None and store.problem is Problem.MISSING:
        words = f"Failed to open file '{store.named}': No such file or directory"
        return Live(Answer.REFUSED, words, package)
    if firmware is not None and firmware.problem is Problem.MISSING:
        words = f"Could not open '{firmware.named}': No such file or directory"
        return Live(Answer.REFUSED, words, package)
    words = refused_chips(there)
    return Live(Answer.REFUSED, words, "Give it files there that QEMU takes.") if words else None


def refused_chips(there: OpenedMachine) -> str:
    """QEMU's words to the files themselves; empty where it starts or they are not known."""
    machine = there.machine
    chips = [chip for chip in (there.firmware, there.store) if chip is not None]
    if any(chip.problem is Problem.NOT_QCOW2 for chip in chips):
        return "Image is not in qcow2 format"
    if machine.firmware is None or machine.firmware.how is not Mapping.FLASH:
        return ""
    sizes = [chip.file.size for chip in chips if chip.file is not None]
    fixed = _FIXED.get(machine.architecture or "")
    if fixed is not None:
        wrong = next((size for size in sizes if size != fixed), None)
        return "" if wrong is None else _fixed_size(fixed, wrong)
    known = len(sizes) == len(chips) and machine.architecture in _X86
    return launch_refusal(tuple(sizes)) if known else ""


def _fixed_size(fixed: int, size: int) -> str:
    return f"device requires {fixed} bytes, block backend provides {size} bytes"


def _same_size(block: str) -> str:
    chip = "store" if block.endswith("flash1") else "CODE image"
    return (
        f"Give the other host a {chip} of the same size for this domain (the firmware package "
        "that it was made with), or move it switched off."
    )


def ram_blocks(opened: OpenedMachine) -> dict[str, int | None]:
    """RAM blocks of a machine's flash or ROM: name to bytes, None where these are not known."""
    machine = opened.machine
    firmware = machine.firmware
    if firmware is None:
        return {}
    fixed = _FIXED.get(machine.architecture or "")
    prefix = "virt" if machine.architecture not in (*_X86, None) else "system"
    if firmware.how is Mapping.ROM and prefix == "system":
        return {"pc.bios": _size(opened.firmware)}
    blocks = {f"{prefix}.flash0": fixed or _size(opened.firmware)}
    if fixed is not None:
        blocks[f"{prefix}.flash1"] = fixed  # the board has both, mapped or not
    elif machine.store.how in (StoreKind.FLASH, StoreKind.BLOCK, StoreKind.NETWORK):
        blocks[f"{prefix}.flash1"] = machine.store.size or _size(opened.store)
    return blocks


def _size(chip: ChipFile | None) -> int | None:
    return None if chip is None or chip.file is None else chip.file.size


def _doubts(
    here: OpenedMachine,
    there: OpenedMachine,
    incoming: dict[str, int | None],
    own: dict[str, int | None],
    host: Host,
) -> list[str]:
    """What is not known, and may make the difference."""
    doubts: list[str] = []
    if here.machine.firmware is None or there.machine.firmware is None:
        doubts.append("the definition does not tell which firmware runs")
    chips = (here.firmware, here.store, there.firmware, there.store)
    doubts.extend(
        f"{chip.named} {chip.words}"
        for chip in chips
        if chip is not None and chip.file is None and chip.problem is not Problem.NONE
    )
    unknown = [name for name in incoming if incoming[name] is None or own.get(name) is None]
    if unknown and not doubts:
        doubts.append(f"the size of {', '.join(unknown)} is not known")
    if host.machine_types is None:
        doubts.append(f"the machine types of {host.name} are not known")
    return list(dict.fromkeys(doubts))
