"""The firmware images installed on this machine."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.machine.descriptors import installed_descriptors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.machine.descriptors import Descriptor

FOLDERS = (
    "/usr/share/OVMF",
    "/usr/share/ovmf",
    "/usr/share/AAVMF",
    "/usr/share/edk2",
    "/usr/share/qemu-efi-riscv64",
    "/usr/share/qemu-efi-loongarch64",
)
"""Where Debian, Ubuntu and Fedora put them."""

MORE_FOLDERS = (
    "/usr/share/qemu",  # QEMU's own, and openSUSE's
    "/usr/share/edk2/ovmf",  # Fedora, where subfolders are not looked into
    "/usr/share/edk2/aarch64",
    "/usr/share/edk2/x64",  # Arch
    "/usr/share/edk2-ovmf",  # Gentoo, older Arch
    "/usr/share/pve-edk2-firmware",  # Proxmox
    "/run/libvirt/nix-ovmf",  # NixOS
    "/run/current-system/sw/share/qemu",
    "/snap/lxd/current/share/qemu",  # LXD
    "/opt/incus/share/qemu",  # Incus
    "/usr/local/share/qemu",  # QEMU built here, FreeBSD, Homebrew on Intel
    "/usr/local/share/edk2-qemu",
    "/opt/homebrew/share/qemu",  # Homebrew on Apple silicon
    "/Applications/UTM.app/Contents/Resources/qemu",  # UTM
)
"""Where others put them, in folders that hold much else."""

FIRMWARE_FOLDERS = FOLDERS + MORE_FOLDERS
"""All of them: where the window, the matrix and collections look."""

ENDINGS = (".fd", ".qcow2", ".raw")
_AMONG_OTHERS = re.compile(r"(?:.*\.fd|.*(?:ovmf|aavmf|edk2|uefi).*\.bin)\Z", re.IGNORECASE)
"""Names of firmware beside option ROMs and keymaps: openSUSE's end in ``.bin``."""


@dataclass(frozen=True, slots=True)
class InstalledFile:
    """A file that may be opened."""

    path: str
    size: int

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True)
class InstalledFirmware:
    """What a QEMU firmware descriptor describes.

    Attributes:
        title: architecture and what sets it apart, short enough for a narrow pane.
        paths: CODE and its template, or the one image.
        tip: the descriptor, where it runs, its features and its files, a line each.
    """

    title: str
    paths: tuple[str, ...]
    tip: str


def installed_firmware(folders: Iterable[Path] | None = None) -> tuple[InstalledFirmware, ...]:
    """The firmware that QEMU's descriptors name, best first.

    Args:
        folders: where descriptors lie; those of QEMU's specification where None.
    """
    return tuple(map(_firmware, installed_descriptors(folders)))


def _firmware(descriptor: Descriptor) -> InstalledFirmware:
    machines = ", ".join(
        f"{target.architecture} ({' '.join(target.machines)})" for target in descriptor.targets
    )
    features = ", ".join(descriptor.features)
    lines = [
        descriptor.description,
        f"for {machines}" if machines else "",
        f"features: {features}" if features else "",
        *descriptor.files,
        f"described in {descriptor.path}",
    ]
    return InstalledFirmware(_title(descriptor), descriptor.files, "\n".join(filter(None, lines)))


def _title(descriptor: Descriptor) -> str:
    """Descriptions begin alike and are long; what differs is said first."""
    architectures = dict.fromkeys(target.architecture for target in descriptor.targets)
    parts = ["/".join(architectures) or Path(descriptor.path).stem]
    if "enrolled-keys" in descriptor.features:
        parts.append("enrolled keys")
    elif "secure-boot" in descriptor.features:
        parts.append("Secure Boot")
    if descriptor.device != "flash":
        parts.append(descriptor.device)
    elif descriptor.mode != "split":
        parts.append(descriptor.mode)
    return ", ".join(parts)


def is_firmware_name(name: str) -> bool:
    """Whether a file of this name is firmware, wherever it lies."""
    return name.endswith(ENDINGS) or _AMONG_OTHERS.match(name) is not None


def installed_files(
    folders: tuple[str, ...] = FIRMWARE_FOLDERS,
) -> tuple[InstalledFile, ...]:
    """Firmware files by folder and name; links to a file that is listed already are left out."""
    seen: dict[Path, InstalledFile] = {}
    for folder in folders:
        try:
            paths = sorted(p for p in Path(folder).rglob("*") if is_firmware_name(p.name))
            for path in paths:
                if path.is_file():
                    seen.setdefault(
                        Path(os.path.realpath(path)), InstalledFile(str(path), path.stat().st_size)
                    )
        except OSError:
            continue
    return tuple(seen.values())
