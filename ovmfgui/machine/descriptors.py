"""QEMU firmware descriptors: what is installed, as QEMU's firmware.json specification says it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_DESCRIPTOR
from ovmfgui.dataclass import dataclass
from ovmfgui.flash.source import read_regular
from ovmfgui.machine.host_tree import THIS_MACHINE, HostTree
from ovmfgui.machine.model import (
    NO_STORE,
    Firmware,
    Kind,
    Machine,
    Mapping,
    Statement,
    StoreKind,
    StoreSource,
    qemu_architecture,
)
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Table

_SYSTEM_FOLDERS = ("etc/qemu/firmware", "usr/share/qemu/firmware")
_DEVICES = ("flash", "memory")
_WORDS = {
    *("device", "mode", "executable", "nvram-template", "filename", "uefi-vars"),
}
_MODES = ("split", "combined", "stateless")


@dataclass(frozen=True, slots=True)
class Target:
    """A processor architecture, named as QEMU does, and the machine types (with wildcards)."""

    architecture: str
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Descriptor:
    """An installed firmware.

    Attributes:
        path: of the descriptor itself.
        description: for people.
        interfaces: what it offers to an operating system (uefi, bios, …).
        device: how it is mapped: flash, memory or kernel.
        mode: of a flash mapping: split, combined or stateless.
        executable: path of the CODE, unified or kernel image.
        template: path of the VARS template; empty where there is none.
        formats: format of executable and template, as given (raw, qcow2).
        uefi_vars: the JSON template of firmware that keeps its variables in QEMU's uefi-vars
            device; None where it does not.
        targets: where it runs.
        features: as named by firmware.json (secure-boot, enrolled-keys, requires-smm, …).
        odd: words of the mapping that are not known.
    """

    path: str
    description: str
    interfaces: tuple[str, ...]
    device: str
    mode: str
    executable: str
    template: str
    formats: tuple[str, str]
    uefi_vars: str | None
    targets: tuple[Target, ...]
    features: tuple[str, ...]
    odd: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """What is to be opened: CODE and its template, or the one image."""
        return (self.executable, self.template) if self.template else (self.executable,)

    @property
    def named(self) -> tuple[str, ...]:
        """These and the JSON template of firmware that has one."""
        return (*self.files, self.uefi_vars) if self.uefi_vars else self.files


def descriptor_folders(
    environment: Table[str, str] | None = None, tree: HostTree = THIS_MACHINE
) -> tuple[Path, ...]:
    """The folders of QEMU's docs/interop/firmware.json, highest priority first.

    Args:
        environment: for the user's own folder, which another host's tree does not have.
        tree: of the host that is meant.
    """
    system = tuple(Path(tree.path(f"/{each}")) for each in _SYSTEM_FOLDERS)
    if not tree.is_this_machine:
        return system
    variables = os.environ if environment is None else environment
    home = variables.get("XDG_CONFIG_HOME")
    if not home:
        home = str(Path(variables.get("HOME", "/")) / ".config")
    return (Path(home) / "qemu" / "firmware", *system)


def installed_descriptors(folders: Iterable[Path] | None = None) -> tuple[Descriptor, ...]:
    """The descriptors that count, best first.

    A file hides those of its name in folders of lower priority, an empty one without taking their
    place; what is left is ordered by name. Files that cannot be read are passed over.
    """
    chosen: dict[str, Path] = {}
    for folder in descriptor_folders() if folders is None else folders:
        try:
            paths = sorted(folder.glob("*.json"))
        except OSError:
            continue
        for path in paths:
            chosen.setdefault(path.name, path)
    found: list[Descriptor] = []
    for _name, path in sorted(chosen.items()):
        try:
            found.append(read_descriptor(path))
        except Refused:
            continue
    return tuple(found)


def read_descriptor(path: str | Path) -> Descriptor:
    """Read one descriptor.

    Raises:
        Refused: it is none, or describes nothing that can be opened.
    """
    return parse_descriptor(str(path), read_regular(path, MOST_DESCRIPTOR))


def parse_descriptor(path: str, raw: bytes) -> Descriptor:
    """The descriptor that ``raw`` holds; ``path`` is for messages and for its tree.

    Raises:
        Refused: it is none.
    """
    try:
        return _descriptor(path, json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{path} is no QEMU firmware descriptor ({type(error).__name__}: {error})"
        raise Refused(msg.replace("\n", " ")) from error


def _filename(table: Table[str, Any]) -> str:
    if not table["filename"]:
        msg = "a file name is missing"
        raise ValueError(msg)
    return _text(table, "filename")


def _text(table: Table[str, Any], key: str, otherwise: str = "") -> str:
    value = table.get(key, otherwise)
    if not isinstance(value, str):
        msg = f"{key} is no text"
        raise TypeError(msg)
    return value


def _descriptor(path: str, content: dict[str, Any]) -> Descriptor:
    mapping = content["mapping"]
    device = _text(mapping, "device")
    executable = mapping["executable"] if device == "flash" else mapping
    template = mapping.get("nvram-template") or {}
    uefi_vars = mapping.get("uefi-vars") or {}
    targets = tuple(
        Target(str(t["architecture"]), tuple(map(str, t["machines"])))
        for t in content.get("targets", ())
    )
    return Descriptor(
        path,
        str(content.get("description", "")),
        tuple(map(str, content.get("interface-types", ()))),
        device,
        _text(mapping, "mode", "split") if device == "flash" else "",
        _filename(executable),
        _text(template, "filename"),
        (_text(executable, "format", "raw"), _text(template, "format", "raw")),
        _text(uefi_vars, "template") if uefi_vars else None,
        targets,
        tuple(map(str, content.get("features", ()))),
        tuple(sorted(set(mapping) - _WORDS)),
    )


def machine_described(descriptor: Descriptor) -> Machine:
    """The machine that a hypervisor makes of a descriptor; its store is a copy of the template."""
    if descriptor.interfaces and "uefi" not in descriptor.interfaces:
        msg = (
            f"{descriptor.path} describes firmware without UEFI "
            f"({', '.join(descriptor.interfaces)}): there is no variable store to judge"
        )
        raise Refused(msg)
    boards = {machine for each in descriptor.targets for machine in each.machines}
    code_format, template_format = descriptor.formats
    stateless = descriptor.mode == "stateless" or descriptor.device == "memory"
    flash = descriptor.device == "flash"
    firmware = Firmware(
        Mapping.FLASH if flash else Mapping.ROM,
        descriptor.executable,
        code_format if flash else None,
        readonly=descriptor.mode != "combined" if flash else True,
    )
    store = NO_STORE
    if descriptor.uefi_vars is not None:
        stateless = False
        store = StoreSource(StoreKind.UEFI_VARS, template=descriptor.uefi_vars)
    elif flash and descriptor.mode == "split" and descriptor.template:
        store = StoreSource(
            StoreKind.FLASH,
            format=template_format,
            template=descriptor.template,
            template_format=template_format,
        )
    elif flash and descriptor.mode == "combined":
        store = StoreSource(StoreKind.FLASH, descriptor.executable, code_format)
    return Machine(
        kind=Kind.DESCRIPTOR,
        name=descriptor.description,
        architecture=_architecture_of(descriptor),
        board=next(iter(boards)) if len(boards) == 1 else None,
        smm=True if "requires-smm" in descriptor.features else None,
        stateless=stateless,
        secure=True if "requires-smm" in descriptor.features else None,
        firmware=firmware,
        store=store,
        boards=tuple(sorted(boards)) if len(boards) > 1 else (),
        not_understood=tuple(_not_known(descriptor)),
        source=descriptor.path,
    )


def _architecture_of(descriptor: Descriptor) -> str | None:
    """The one that all targets have; a 64-bit PC runs what is for both."""
    named = {qemu_architecture(target.architecture) for target in descriptor.targets}
    if len(named) == 1:
        return named.pop()
    return "x86_64" if named == {"x86_64", "i386"} else None


def _not_known(descriptor: Descriptor) -> Iterator[Statement]:
    if descriptor.device not in _DEVICES:
        text = f'"device": "{descriptor.device}"'
        yield Statement(text, "how the image is mapped is not known here")
    for word in descriptor.odd:
        yield Statement(f'"{word}"', "a word of the mapping that is not known here")
    if descriptor.device == "flash" and descriptor.mode not in _MODES:
        yield Statement(f'"mode": "{descriptor.mode}"', "what is kept is not known here")
