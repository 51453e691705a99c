"""What QEMU refuses in a command line before it opens a file, and options that are not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.machine.boards import ARM, X86
from ovmfgui.machine.model import Kind, Machine, Mapping, Statement, StoreKind
from ovmfgui.machine.options import is_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Table

_UNUSUAL = {
    "secure": "the first flash chip lies in secure memory",
    "confidential-guest-support": "flash of an encrypted guest was never watched",
    "memory-encryption": "flash of an encrypted guest was never watched",
    "igvm-cfg": "the firmware comes from an IGVM file",
}
"""Options of ``-machine`` that change what firmware finds, and that are not judged here."""


def unusual_options(machine: Table[str, str]) -> Iterator[Statement]:
    """The options of ``-machine`` that may decide and are not judged."""
    smm = machine.get("smm", "auto")
    if smm != "auto" and is_on(smm) is None:
        yield Statement(f"-machine smm={smm}", "neither on nor off")
    for name, why in _UNUSUAL.items():
        value = machine.get(name)
        if value is not None and is_on(value) is not False:
            yield Statement(f"-machine {name}={value}", why)


def contradictions(
    base: Machine, drives: set[int], nodes: set[int], bios: str, board: str | None
) -> Iterator[str]:
    """What QEMU says of chips that cannot be (seen, QEMU 7.2), a clause each.

    Args:
        base: what is known beside the command line.
        drives: the flash chips of ``-drive if=pflash``.
        nodes: those of ``-machine pflash0=…``.
        bios: the file of ``-bios``; empty where there is none.
        board: the machine type; None where there is none.
    """
    given = chips_of(base)
    for unit in sorted(drives & (nodes | given if base.kind is Kind.LIBVIRT else nodes)):
        yield f"flash chip {unit} is named twice: “-drive if=pflash clashes with -machine”"
    units = drives | nodes | given
    if base.architecture in X86 and 1 in units and 0 not in units:
        yield "there is a second flash chip and no first: “pflash1 requires pflash0”"
    if base.architecture not in ARM:
        return
    if 0 in units and bios:
        yield (
            "the first flash chip is named twice: it “may be specified with -bios or with -drive "
            "if=pflash... but you cannot use both options at once”"
        )
    if board is None:
        yield "no machine type is named: “No machine specified, and there is no default”"


def chips_of(base: Machine) -> set[int]:
    """The flash chips that a definition gives before it passes arguments on."""
    store = base.store.how in (StoreKind.FLASH, StoreKind.BLOCK, StoreKind.NETWORK)
    first = base.firmware is not None and base.firmware.how is Mapping.FLASH
    return {unit for unit, there in ((0, first), (1, first and store)) if there}
