"""A host asked through its files alone: this machine without libvirt, or a tree of another one."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_DEFINITION
from ovmfgui.flash.source import MAX_STORED, read_regular
from ovmfgui.hosts.connection import DomainText
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.storage import SHARED, storage_of_mounts
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_EMULATORS = ("x86_64", "aarch64", "arm", "riscv64", "loongarch64", "i386")


class TreeConnection:
    """Reads a tree of files under ``root``; ``/`` is this machine."""

    def __init__(self, root: str) -> None:
        self._tree = HostTree(root)
        self.name = root

    def __enter__(self) -> TreeConnection:
        """Nothing is opened."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is left behind."""

    def machine_types(self) -> Mapping[str, Sequence[str]] | None:
        """What the installed QEMU says; nothing is run of another host's tree."""
        if not self._tree.is_this_machine:
            return None
        found = {name: types for name in _EMULATORS if (types := _types_of(name))}
        return found or None

    def domains(self) -> Sequence[DomainText]:
        """Those in libvirt's own folders."""
        host = read_host(self._tree.root)
        return [DomainText(d.name, d.state, d.definition, d.live) for d in host.domains]

    def files_in(self, folder: str) -> Mapping[str, int] | None:
        """Regular files, links followed inside the tree."""
        here = Path(self._tree.path(folder))
        try:
            names = sorted(each.name for each in here.iterdir())
        except FileNotFoundError:
            return {}
        except OSError:
            return None
        sizes: dict[str, int] = {}
        for name in names:
            path = Path(self._tree.path(f"{folder}/{name}"))
            if path.is_file():
                sizes[name] = path.stat().st_size
        return sizes

    def storage_of(self, folder: str) -> str | None:
        """By the mounts of this machine; of another host's tree what its fstab mounts."""
        here = self._tree.is_this_machine
        table = Path("/proc/self/mounts" if here else self._tree.path("/etc/fstab"))
        try:
            mounts = read_regular(table, MOST_DEFINITION).decode("utf-8", "replace")
        except Refused:
            return None
        said = storage_of_mounts(mounts, os.path.realpath(folder) if here else folder)
        # What fstab does not name may be mounted all the same.
        return said if here or said == SHARED else None

    def prefetch(self, paths: Sequence[str]) -> None:
        """One by one is as quick."""

    def read(self, path: str) -> bytes:
        """The file's bytes.

        Raises:
            Refused: it cannot be read.
        """
        return read_regular(self._tree.path(path), MAX_STORED)


def _types_of(architecture: str) -> list[str]:
    """``qemu-system-… -machine help``: a name at the start of every line but the first."""
    program = shutil.which(f"qemu-system-{architecture}")
    if program is None:
        return []
    try:
        said = subprocess.run(
            [program, "-machine", "help"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        msg = f"{program} does not tell its machine types: {error}"
        raise Refused(msg) from error
    return [line.split()[0] for line in said.stdout.splitlines()[1:] if line.strip()]
