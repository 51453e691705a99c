"""QEMU firmware descriptors: what is installed, as QEMU's firmware.json specification says it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.flash.source import read_regular
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_SIZE = 1 << 20


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
        device: how it is mapped: flash, memory or kernel.
        mode: of a flash mapping: split, combined or stateless.
        executable: path of the CODE, unified or kernel image.
        template: path of the VARS template; empty where there is none.
        formats: format of executable and template, as given (raw, qcow2).
        targets: where it runs.
        features: as named by firmware.json (secure-boot, enrolled-keys, requires-smm, …).
    """

    path: str
    description: str
    device: str
    mode: str
    executable: str
    template: str
    formats: tuple[str, str]
    targets: tuple[Target, ...]
    features: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """What is to be opened: CODE and its template, or the one image."""
        return (self.executable, self.template) if self.template else (self.executable,)


def descriptor_folders(environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders of QEMU's docs/interop/firmware.json, highest priority first."""
    variables = os.environ if environment is None else environment
    home = variables.get("XDG_CONFIG_HOME")
    if not home:
        home = str(Path(variables.get("HOME", "/")) / ".config")
    return (
        Path(home) / "qemu" / "firmware",
        Path("/etc/qemu/firmware"),
        Path("/usr/share/qemu/firmware"),
    )


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
    raw = read_regular(path, _MAX_SIZE)
    try:
        return _descriptor(str(path), json.loads(raw))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{path} is no QEMU firmware descriptor ({type(error).__name__}: {error})"
        raise Refused(msg.replace("\n", " ")) from error


def _descriptor(path: str, content: dict[str, Any]) -> Descriptor:
    mapping = content["mapping"]
    device = mapping["device"]
    if device == "flash":
        executable, template = mapping["executable"], mapping.get("nvram-template") or {}
    else:
        executable, template = mapping, {}
    targets = tuple(
        Target(str(t["architecture"]), tuple(map(str, t["machines"])))
        for t in content.get("targets", ())
    )
    filename = executable["filename"]
    if not isinstance(filename, str) or not isinstance(template.get("filename", ""), str):
        msg = "a file name is no text"
        raise TypeError(msg)
    return Descriptor(
        path,
        str(content.get("description", "")),
        str(device),
        str(mapping.get("mode", "split")) if device == "flash" else "",
        filename,
        template.get("filename", ""),
        (str(executable.get("format", "raw")), str(template.get("format", "raw"))),
        targets,
        tuple(map(str, content.get("features", ()))),
    )
