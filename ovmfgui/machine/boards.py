"""What QEMU's machine types are without being told, and which have flash chips for firmware.

Names and defaults as QEMU 7.2's ``-machine help`` and ``-cpu help`` have them; what a machine type
without flash answers was seen there too.
"""

from __future__ import annotations

import re

X86 = ("x86_64", "i386")
ARM = ("aarch64", "arm")

_DEFAULTS = {"x86_64": "pc", "i386": "pc", "riscv64": "spike", "loongarch64": "virt"}
"""The machine type that an emulator takes by itself; those of ARM have none."""

_PC = (
    # Upstream's; Ubuntu's aliases; those of RHEL 6.
    r"(pc|q35|ubuntu|ubuntu-q35)$|pc-(q35|i440fx)(-.*|\*)?$|pc-\*$|pc-[01]\.[0-9]+$|rhel6\."
)
_VIRT = r"virt(-.*|\*)?$"
_PC_WITHOUT_FLASH = ("isapc", "microvm", "none")

_FIRST_PROCESSORS = {"aarch64": "cortex-a15"}
"""What ``virt`` has where neither a model nor an accelerator is named (hw/arm/virt.c)."""

_32_BIT = {
    "x86_64": (
        *("486", "pentium", "pentium2", "pentium3", "athlon", "coreduo", "n270", "kvm32"),
        "qemu32",
    ),
    "aarch64": (
        *("arm926", "arm946", "arm1026", "arm1136", "arm1136-r2", "arm1176", "arm11mpcore"),
        *("cortex-a7", "cortex-a8", "cortex-a9", "cortex-a15", "cortex-r5", "cortex-r5f"),
    ),
}
"""Models without a 64-bit mode that the 64-bit emulators offer all the same."""
_VERSION = r"-v[0-9]+$"


def plain_board(board: str) -> str:
    """A machine type without the mark that Proxmox puts behind it (``q35+pve0``)."""
    return board.partition("+")[0]


def default_board(architecture: str | None) -> str | None:
    """The machine type that QEMU takes where none is named; None where it takes none."""
    return _DEFAULTS.get(architecture or "")


def default_processor(architecture: str | None, board: str | None, accelerator: str) -> str | None:
    """The processor that QEMU gives a machine where none is named, as far as it matters here."""
    if accelerator.partition(":")[0] not in ("", "tcg") or not re.match(_VIRT, board or ""):
        return None
    return _FIRST_PROCESSORS.get(architecture or "")


def only_32_bit(architecture: str | None, processor: str | None) -> bool:
    """Whether a 64-bit emulator is told to be a processor without a 64-bit mode."""
    model = re.sub(_VERSION, "", processor or "")
    return model in _32_BIT.get(architecture or "", ())


def has_flash(architecture: str | None, board: str | None) -> bool | None:
    """Whether a machine type has flash chips for firmware as they are described here.

    None where that is not known: QEMU has some 300 machine types. A type that is not named is taken
    for one that has.
    """
    if board is None:
        return True
    board = plain_board(board)
    if architecture in X86 or architecture is None:
        if re.match(_PC, board):
            return True
        if board in _PC_WITHOUT_FLASH:
            return False
    if architecture not in X86 and re.match(_VIRT, board):
        return True
    return None
