"""Proxmox VM configurations (/etc/pve/qemu-server/NNN.conf).

What Proxmox makes of them: PVE::QemuServer and its OVMF.pm. Its efidisk is given to QEMU with the
size of the VARS template (``size=540672`` for efitype=4m, 131072 for 2m), whatever the volume
measures.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_DEFINITION
from ovmfgui.dataclass import replace
from ovmfgui.flash.placement import ARM_VIRT
from ovmfgui.flash.source import read_regular
from ovmfgui.machine.command_line import machine_of_arguments
from ovmfgui.machine.model import (
    Firmware,
    Kind,
    Machine,
    Mapping,
    Statement,
    StoreKind,
    StoreSource,
    WithoutUefi,
    qemu_architecture,
)
from ovmfgui.machine.options import parse_options
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.machine.host_tree import HostTree

_LINE = re.compile(r"^([a-z][a-z0-9_-]*):\s*(.*)$")
_SECTION = re.compile(r"^\[.+\]\s*$")
_KEYS = ("bios", "efidisk0", "machine", "ostype", "scsihw", "vmgenid", "smbios1", "cores", "boot")
_FIRMWARE = "/usr/share/pve-edk2-firmware"
# PVE::QemuServer::OVMF, $OVMF: CODE and VARS by architecture and efitype.
_IMAGES = {
    ("x86_64", "4m", False): ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"),
    ("x86_64", "4m", True): ("OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.fd"),
    ("x86_64", "2m", False): ("OVMF_CODE.fd", "OVMF_VARS.fd"),
    ("aarch64", "", False): ("AAVMF_CODE.fd", "AAVMF_VARS.fd"),
}
_DISK_WORDS = (
    *("file", "volume", "efitype", "format", "pre-enrolled-keys", "size", "import-from"),
    "ms-cert",
)
"""PVE::QemuServer::Drive, $efidisk_fmt."""
_SIZES = {"4m": 540672, "2m": 131072}


def looks_like_proxmox(text: str) -> bool:
    """Whether a text is such a configuration."""
    keys = {match[1] for line in text.splitlines() if (match := _LINE.match(line))}
    return "bios" in keys or "efidisk0" in keys or len(keys.intersection(_KEYS)) >= 3


def parse_proxmox(path: str, text: str, tree: HostTree) -> Machine:
    """The machine of a configuration; snapshots in it are passed over.

    Raises:
        Refused: it starts without UEFI.
    """
    settings: dict[str, str] = {}
    for line in text.splitlines():
        if _SECTION.match(line):
            break
        if match := _LINE.match(line):
            settings.setdefault(match[1], match[2].strip())
    name = settings.get("name", "")
    passed = settings.get("args", "")
    if settings.get("bios", "seabios") != "ovmf":
        if "pflash" in passed or "-bios" in passed:
            return _Reader(path, settings, tree).given_by_arguments()
        msg = f"{path}: {name or 'the VM'} starts with SeaBIOS (bios is not ovmf), without UEFI"
        raise WithoutUefi(msg)
    return _Reader(path, settings, tree).machine()


class _Reader:
    """Reads one configuration."""

    def __init__(self, path: str, settings: dict[str, str], tree: HostTree) -> None:
        self.path, self.settings, self.tree = path, settings, tree
        self.architecture = qemu_architecture(settings.get("arch")) or "x86_64"
        self.board = parse_options(settings.get("machine", ""), "type").get("type") or (
            "virt" if self.architecture == "aarch64" else "pc"
        )
        self.disk = parse_options(settings.get("efidisk0", ""), "file")
        self.odd: list[Statement] = [
            Statement(f"efidisk0: {name}={value}", "an option that is not known here")
            for name, value in self.disk.items()
            if name not in _DISK_WORDS
        ]
        self.notes: list[str] = []

    def given_by_arguments(self) -> Machine:
        """The machine whose firmware is passed on to QEMU, and is none of Proxmox' own."""
        # should_disable_smm: SeaBIOS on a serial console hangs with SMM.
        console = parse_options(self.settings.get("vga", ""), "type").get("type", "")
        made = Machine(
            kind=Kind.PROXMOX,
            name=self.settings.get("name", ""),
            architecture=self.architecture,
            board=self.board,
            smm=False if console == "none" or console.startswith("serial") else None,
            processor=self._processor(),
            source=self.path,
        )
        return self._with_arguments(made)

    def machine(self) -> Machine:
        """The machine that Proxmox starts."""
        code, template, size, secure = self._images()
        for key in ("amd-sev", "intel-tdx"):
            if said := self.settings.get(key):
                why = "Proxmox takes firmware for encrypted guests"
                self.odd.append(Statement(f"{key}: {said}", why))
        made = Machine(
            kind=Kind.PROXMOX,
            name=self.settings.get("name", ""),
            architecture=self.architecture,
            board=self.board,
            smm=True if secure else None,
            stateless=None,
            secure=None,
            processor=self._processor(),
            firmware=Firmware(Mapping.FLASH, f"{_FIRMWARE}/{code}", "raw", readonly=True),
            store=self._store(f"{_FIRMWARE}/{template}", size),
            not_understood=tuple(self.odd),
            notes=tuple(self.notes),
            source=self.path,
        )
        return self._with_arguments(made)

    def _with_arguments(self, made: Machine) -> Machine:
        passed = self.settings.get("args")
        if not passed:
            return made
        import shlex

        try:
            words = shlex.split(passed)
        except ValueError:
            odd = Statement(f"args: {passed}"[:120], "arguments that cannot be read")
            return replace(made, not_understood=(*made.not_understood, odd))
        return machine_of_arguments(words, made)

    def _processor(self) -> str | None:
        """The model of ``cpu: kvm64,flags=…``; None where Proxmox' default is taken."""
        return parse_options(self.settings.get("cpu", ""), "cputype").get("cputype") or None

    def _images(self) -> tuple[str, str, int, bool]:
        """CODE, template, the size that QEMU is told, and whether CODE enforces Secure Boot."""
        if self.architecture == "aarch64":
            code, template = _IMAGES["aarch64", "", False]
            return code, template, ARM_VIRT.chip_size, False
        kind = self.disk.get("efitype", "2m")
        if kind not in _SIZES:
            self.odd.append(Statement(f"efitype={kind}", "which firmware Proxmox starts"))
            kind = "4m"
        # get_ovmf_files: without q35 there is no SMM, and it takes the build without Secure Boot.
        secure = kind == "4m" and "q35" in self.board
        code, template = _IMAGES["x86_64", kind, secure]
        if kind == "4m" and self.disk.get("pre-enrolled-keys") in ("1", "yes", "on", "true"):
            template = "OVMF_VARS_4M.ms.fd"
        return code, template, _SIZES[kind], secure

    def _store(self, template: str, size: int) -> StoreSource:
        volume = self.disk.get("file") or self.disk.get("volume", "")
        if not volume or volume == "none":
            self.notes.append(
                "There is no efidisk0: Proxmox gives the machine a copy of its template at each "
                "start, and throws it away at power-off."
            )
            return StoreSource(
                StoreKind.FLASH, "", "raw", template=template, template_format="raw", discarded=True
            )
        how, path = self._volume(volume)
        form = self.disk.get("format") or ("qcow2" if path.endswith(".qcow2") else "raw")
        return StoreSource(
            how,
            path,
            form,
            size if form == "raw" else None,
            template=template,
            template_format="raw",
            # drive_is_read_only: what others are cloned from is not written.
            readonly=True if self.settings.get("template") == "1" else None,
        )

    def _volume(self, volume: str) -> tuple[StoreKind, str]:
        """Where ``local-lvm:vm-100-disk-0`` or ``local:100/vm-100-disk-0.qcow2`` lie."""
        if volume.startswith("/"):
            return (StoreKind.BLOCK if volume.startswith("/dev/") else StoreKind.FLASH), volume
        storage, _, name = volume.partition(":")
        folder = self._folder_of(storage)
        if "/" in name and folder is not None:
            # PVE::Storage::Plugin, filesystem_path: the images of a folder storage; a linked
            # clone's volume is named behind that of its base.
            own = "/".join(name.split("/")[-2:])
            return StoreKind.FLASH, f"{folder}/images/{own}"
        return StoreKind.BLOCK, volume

    def _folder_of(self, storage: str) -> str | None:
        """The folder of a directory storage, from storage.cfg; ``local`` is /var/lib/vz."""
        found: dict[str, str] = {"local": "/var/lib/vz"}
        try:
            raw = read_regular(self.tree.path("/etc/pve/storage.cfg"), MOST_DEFINITION)
            text = raw.decode("utf-8", "replace")
        except Refused:
            text = ""
        current = ""
        for line in text.splitlines():
            if line and not line[0].isspace():
                current = line.partition(":")[2].strip()
            elif line.split()[:1] == ["path"]:
                found[current] = line.split(None, 1)[1].strip()
        return found.get(storage)
