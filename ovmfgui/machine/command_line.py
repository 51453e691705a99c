"""QEMU's command line: the machine that its arguments make.

Only what decides about firmware and variables is read: ``-machine``, ``-cpu``, ``-accel``,
``-drive if=pflash``, ``-pflash``, ``-blockdev``, ``-bios``, ``-global``,
``-device uefi-vars-…``, ``-snapshot``, ``-name`` (QEMU's qemu-options.hx, hw/i386/pc_sysfw.c,
system/vl.c, blockdev.c).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field, replace
from ovmfgui.machine.block_nodes import Chip, chip_of_drive, chip_of_node
from ovmfgui.machine.boards import default_board, default_processor
from ovmfgui.machine.contradictions import chips_of, contradictions, unusual_options
from ovmfgui.machine.model import (
    NO_STORE,
    Firmware,
    Kind,
    Machine,
    Mapping,
    Statement,
    StoreKind,
    StoreSource,
)
from ovmfgui.machine.options import UNREADABLE, is_on, parse_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DEVICE_OF_UEFI_VARS = ("uefi-vars-x64", "uefi-vars-sysbus", "uefi-vars")


@dataclass
class _Arguments:
    """What was gathered of a command line."""

    machine: dict[str, str] = field(default_factory=dict)
    name: str = ""
    drives: dict[int, Chip] = field(default_factory=dict)
    named: dict[str, Chip] = field(default_factory=dict)
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    processor: str = ""
    bios: str = ""
    secure: bool | None = None
    uefi_vars: str | None = None
    snapshot: bool = False
    odd: list[Statement] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def put(self, unit: int, chip: Chip) -> None:
        """A drive as flash chip ``unit``; QEMU takes two (seen, QEMU 7.2)."""
        if unit in self.drives or unit in self.taken:
            self.refusals.append(
                f"two drives are flash chip {unit}: “drive with bus=0, unit={unit} exists”"
            )
        if unit > 1:
            self.refusals.append(
                f"there is no flash chip {unit}: “machine type does not support if=pflash,bus=0,"
                f"unit={unit}”"
            )
        self.drives.setdefault(unit, chip)

    def next_unit(self) -> int:
        """The unit of a drive that names none: the first free one."""
        taken = self.taken | self.drives.keys()
        return next(unit for unit in range(len(taken) + 1) if unit not in taken)


def _options(found: _Arguments, name: str, value: str, implied: str = "") -> dict[str, str]:
    """The options of an argument; where they cannot be read, that may decide."""
    options = parse_options(value, implied)
    if UNREADABLE in options:
        found.odd.append(Statement(f"-{name} {value}"[:120], options.pop(UNREADABLE)))
    return options


def _machine(found: _Arguments, value: str) -> None:
    found.machine |= _options(found, "machine", value, "type")


def _drive(found: _Arguments, value: str) -> None:
    options = _options(found, "drive", value)
    if options.get("if") != "pflash":
        if "id" in options:
            found.named[options["id"]] = chip_of_drive(options)
        return
    bus = options.get("bus", "0")
    unit = options.get("unit") or options.get("index") or str(found.next_unit())
    if not unit.isdecimal() or not bus.isdecimal():
        found.odd.append(Statement(f"-drive {value}"[:120], "which flash chip this is"))
    elif int(bus):
        words = f"machine type does not support if=pflash,bus={bus},unit={unit}"
        found.refusals.append(f"a flash chip on bus {bus}: “{words}”")
    else:
        found.put(int(unit), chip_of_drive(options))


def _pflash(found: _Arguments, value: str) -> None:
    found.put(found.next_unit(), Chip(value))


def _blockdev(found: _Arguments, value: str) -> None:
    options = _options(found, "blockdev", value, "driver")
    name = options.get("node-name")
    if name:
        found.nodes[name] = options


def _bios(found: _Arguments, value: str) -> None:
    found.bios = value


def _global(found: _Arguments, value: str) -> None:
    options = _options(found, "global", value)
    driver, name, said = options.get("driver"), options.get("property"), options.get("value")
    # The short form splits at the first dot: cfi.pflash01.secure=on is a property of no class, and
    # QEMU 7.2 warns and goes on ("invalid class name").
    if driver != "cfi.pflash01":
        return
    if name == "secure" and is_on(said) is not None:
        found.secure = is_on(said)
    else:
        found.odd.append(Statement(f"-global {value}"[:120], "a property of the flash chips"))


def _device(found: _Arguments, value: str) -> None:
    options = _options(found, "device", value, "driver")
    if options.get("driver") in _DEVICE_OF_UEFI_VARS:
        found.uefi_vars = options.get("jsonfile", "")
    if options.get("driver") == "loader":
        found.odd.append(Statement(f"-device {value}"[:120], "it may write over the firmware"))


def _cpu(found: _Arguments, value: str) -> None:
    found.processor = value.partition(",")[0]


def _accel(found: _Arguments, value: str) -> None:
    found.machine |= {"accel": parse_options(value, "accel").get("accel", "")}


def _loadvm(found: _Arguments, value: str) -> None:
    found.odd.append(Statement(f"-loadvm {value}", "the chips hold what the snapshot has of them"))


def _name(found: _Arguments, value: str) -> None:
    found.name = parse_options(value, "guest").get("guest", "")


def _readconfig(found: _Arguments, value: str) -> None:
    found.odd.append(Statement(f"-readconfig {value}", "the file may define flash chips"))


def _set(found: _Arguments, value: str) -> None:
    if value.startswith("drive."):
        found.odd.append(Statement(f"-set {value}", "it may change a flash chip"))


_READERS: dict[str, Callable[[_Arguments, str], None]] = {
    "machine": _machine,
    "M": _machine,
    "drive": _drive,
    "pflash": _pflash,
    "blockdev": _blockdev,
    "bios": _bios,
    "global": _global,
    "device": _device,
    "cpu": _cpu,
    "accel": _accel,
    "loadvm": _loadvm,
    "name": _name,
    "readconfig": _readconfig,
    "set": _set,
}


_WHOLLY_READ = ("machine", "M", "global", "bios", "pflash")
"""Options in which every word may decide."""


def _of_the_shell(value: str) -> bool:
    return "$" in value or "`" in value


def machine_of_arguments(arguments: Sequence[str], base: Machine | None = None) -> Machine:
    """The machine that QEMU makes of its arguments.

    Args:
        arguments: without the program's name.
        base: what is known already (the domain that passes these arguments on to QEMU, the
            architecture that the program's name tells).
    """
    base = base or Machine(Kind.QEMU)
    found = _Arguments()
    if base.kind is Kind.PROXMOX:
        found.taken = chips_of(base)
    words = iter(arguments)
    for word in words:
        option = word.lstrip("-") if word.startswith("-") else ""
        if option == "snapshot":
            found.snapshot = True
        elif option == "enable-kvm":
            found.machine["accel"] = "kvm"
        elif option in _READERS:
            value = next(words, "")
            if _of_the_shell(value) and (
                option in _WHOLLY_READ or "pflash" in value or value.startswith("$")
            ):
                found.odd.append(Statement(f"-{option} {value}"[:120], "a shell variable"))
            if value:
                _READERS[option](found, value)
        elif word.startswith("$") and word.strip('"') not in ("$@", "$*"):
            found.odd.append(Statement(word[:120], "arguments in a shell variable"))
    return _assembled(found, base)


def _assembled(found: _Arguments, base: Machine) -> Machine:
    chips = dict(found.drives)
    nodes = {unit: found.machine.get(f"pflash{unit}", "") for unit in (0, 1)}
    nodes = {unit: node for unit, node in nodes.items() if node}
    chips |= {unit: _chip_named(found, node) for unit, node in nodes.items()}
    found.refusals += [chip.refusal for chip in chips.values() if chip.refusal]
    board = found.machine.get("type") or base.board
    if base.kind is Kind.QEMU:
        board = board or default_board(base.architecture)
    made = replace(
        base,
        name=found.name or base.name,
        board=board,
        smm=_first(is_on(found.machine.get("smm")), base.smm),
        secure=_first(found.secure, base.secure),
        processor=found.processor
        or base.processor
        or default_processor(base.architecture, board, found.machine.get("accel", "")),
        firmware=_firmware(found, chips, base),
        store=_store(found, chips, base),
    )
    if found.snapshot:
        made = replace(made, store=replace(made.store, discarded=True))
    return replace(
        made,
        refusals=(
            *base.refusals,
            *found.refusals,
            *contradictions(base, set(found.drives), set(nodes), found.bios, board),
        ),
        not_understood=(*base.not_understood, *found.odd, *unusual_options(found.machine)),
    )


def _chip_named(found: _Arguments, node: str) -> Chip:
    """The chip of ``-machine pflash0=…``: a node, or the id of a drive."""
    chip = found.named.get(node) or chip_of_node(node, found.nodes)
    if chip is None:
        found.odd.append(Statement(f"pflash node {node}", "there is no -blockdev of that name"))
    return chip or Chip("")


def _first(*values: bool | None) -> bool | None:
    return next((value for value in values if value is not None), None)


def _firmware(found: _Arguments, chips: dict[int, Chip], base: Machine) -> Firmware | None:
    chip = chips.get(0)
    if chip is not None:
        return Firmware(
            Mapping.FLASH, chip.path, chip.format, chip.size, chip.offset, chip.readonly
        )
    given = base.firmware
    if given is not None and given.how is Mapping.FLASH:
        return given  # pc_system_firmware_init: with a first chip no ROM is loaded
    bios = found.bios or found.machine.get("firmware", "")
    if bios:
        return Firmware(Mapping.ROM, bios, readonly=True)
    return base.firmware


def _store(found: _Arguments, chips: dict[int, Chip], base: Machine) -> StoreSource:
    if found.uefi_vars is not None:
        return StoreSource(StoreKind.UEFI_VARS, found.uefi_vars)
    chip = chips.get(1)
    if chip is None:
        return base.store if base.store is not NO_STORE else NO_STORE
    return StoreSource(
        chip.kind,
        chip.path,
        chip.format,
        chip.size,
        chip.offset,
        readonly=chip.readonly,
        discarded=chip.discarded,
    )


def architecture_of_program(program: str) -> str | None:
    """What ``/usr/bin/qemu-system-x86_64`` emulates; None where its name does not tell."""
    name = PurePosixPath(program).name
    if name.startswith("qemu-system-"):
        return name.removeprefix("qemu-system-").removesuffix(".exe").partition("-")[0]
    # Proxmox' kvm is qemu-system-x86_64; /usr/libexec/qemu-kvm is built for its host alone.
    return "x86_64" if name == "kvm" else None


def is_program(word: str) -> bool:
    """Whether a word of a command line names a QEMU."""
    name = PurePosixPath(word).name
    return name.startswith("qemu-system-") or name in ("qemu-kvm", "kvm")
