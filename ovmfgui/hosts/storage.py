"""Whether a folder lies on storage that other hosts can have mounted too."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SHARED, LOCAL = "shared", "local"

_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "fuse.ceph", "fuse.ceph-fuse"),
        *("glusterfs", "fuse.glusterfs", "ocfs2", "gfs2", "gpfs", "afs", "beegfs", "lustre"),
        *("acfs", "fuse.quobyte", "9p", "virtiofs", "fuse.sshfs", "pmxcfs"),
    )
)
"""Those of libvirt's virFileIsSharedFSType (src/util/virfile.c), and others of its kind."""
_OWN = frozenset(("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "tmpfs", "vfat"))
"""Of one machine's disks or memory; what is neither (overlay, fuse) is not known."""
_POOLS = {"netfs": SHARED, "gluster": SHARED, "fs": LOCAL}
"""Types of libvirt's storage pools; a ``dir`` pool may lie on a mount that libvirt did not make."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


def storage_of_mounts(table: str, folder: str) -> str | None:
    """What a table of mounts tells of a folder.

    Args:
        table: of ``/proc/mounts`` or ``/etc/fstab``: device, folder, file system in a line.
        folder: a whole path, links resolved.
    """
    kinds: dict[str, str] = {}
    for line in table.splitlines():
        words = line.split()
        if len(words) >= 3 and not line.lstrip().startswith("#"):
            place = _ESCAPE.sub(lambda found: chr(int(found[1], 8)), words[1])
            kinds[posixpath.normpath(place)] = words[2]
    kind = _nearest(kinds, folder)
    if kind in _NETWORK:
        return SHARED
    return LOCAL if kind in _OWN else None


def storage_of_pools(kinds: Mapping[str, str], folder: str) -> str | None:
    """What the pools of a host tell of a folder, by their folders and types."""
    told = {place: kind for place, kind in kinds.items() if kind in _POOLS}
    kind = _nearest(told, folder)
    return None if kind is None else _POOLS[kind]


def _nearest(kinds: Mapping[str, str], folder: str) -> str | None:
    return next((kinds[each] for each in _upwards(folder) if each in kinds), None)


def _upwards(folder: str) -> Iterable[str]:
    while True:
        yield folder
        above = posixpath.dirname(folder)
        if above == folder:
            return
        folder = above
