"""The files of the host that a definition is from: this machine, or a tree unpacked elsewhere."""

from __future__ import annotations

import os

from ovmfgui.budgets import MOST_LINKS
from ovmfgui.dataclass import dataclass

_KNOWN_PLACES = (
    "usr/share/qemu/firmware",
    "usr/local/share/qemu/firmware",
    "etc/qemu/firmware",
    "etc/libvirt/qemu",
    "run/libvirt/qemu",
    "var/run/libvirt/qemu",
    "var/log/libvirt/qemu",
    "var/lib/libvirt/qemu",
    "etc/pve",
)
"""Where definitions lie on a host; what stands in front of these is the tree's root."""


@dataclass(frozen=True, slots=True)
class HostTree:
    """Where a host's files are.

    Attributes:
        root: the folder that stands for the host's ``/``; ``/`` for this machine.
    """

    root: str = "/"

    @property
    def is_this_machine(self) -> bool:
        """Whether paths mean what they say."""
        return self.root == "/"

    def path(self, named: str) -> str:
        """Where the file that the host calls ``named`` lies here.

        Links are followed inside the tree, absolute ones too: a link of another host never leads
        to a file of this one.
        """
        if self.is_this_machine or not named.startswith("/"):
            return named
        from pathlib import Path

        root = str(Path(self.root))
        parts = _parts(named)
        done: list[str] = []
        links = 0
        while parts:
            part = parts.pop(0)
            if part == "..":
                done = done[:-1]
                continue
            target = _link("/".join((root, *done, part)))
            if target is None or links >= MOST_LINKS:
                done.append(part)
                continue
            links += 1
            if target.startswith("/"):
                done = []
            parts = _parts(target) + parts
        return "/".join((root, *done))


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]


def _link(path: str) -> str | None:
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None


THIS_MACHINE = HostTree()


def tree_of(definition: str, root: str | None = None) -> HostTree:
    """The tree that a definition's paths lie in.

    Args:
        definition: path of the definition itself; empty where it has none.
        root: the tree that was named (``--root``); None: told from where the definition lies. A
            descriptor in an unpacked package names that package's files, never this machine's.
    """
    from pathlib import Path

    if root is not None:
        return HostTree(str(Path(root)))
    try:
        whole = str(Path(definition).absolute()) if definition else ""
    except (OSError, ValueError):
        whole = ""
    folder = whole.rpartition("/")[0] + "/"
    for place in _KNOWN_PLACES:
        before, found, _ = folder.rpartition(f"/{place}/")
        if found:
            return HostTree(before or "/")
    return THIS_MACHINE
