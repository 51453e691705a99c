"""The firmware images installed on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDERS = (
    "/usr/share/OVMF",
    "/usr/share/ovmf",
    "/usr/share/AAVMF",
    "/usr/share/edk2",
    "/usr/share/qemu-efi-riscv64",
    "/usr/share/qemu-efi-loongarch64",
)
"""Where Debian, Ubuntu and Fedora put them."""

_ENDINGS = (".fd", ".qcow2", ".raw")
_MOST = 200


@dataclass(frozen=True, slots=True)
class InstalledFile:
    """A file that may be opened."""

    path: str
    size: int

    @property
    def name(self) -> str:
        """Without its folder."""
        return Path(self.path).name


def installed_files(folders: tuple[str, ...] = FOLDERS) -> tuple[InstalledFile, ...]:
    """Firmware files by folder and name; links to a file that is listed already are left out."""
    seen: dict[Path, InstalledFile] = {}
    for folder in folders:
        try:
            paths = sorted(p for p in Path(folder).rglob("*") if p.name.endswith(_ENDINGS))
            for path in paths[:_MOST]:
                if path.is_file():
                    seen.setdefault(path.resolve(), InstalledFile(str(path), path.stat().st_size))
        except OSError:
            continue
    return tuple(seen.values())
