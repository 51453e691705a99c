"""The storage pools that are made for reading, whichever way libvirt is asked."""

from __future__ import annotations

POOL_PREFIX = "ovmfgui-"
"""What the names of our pools begin with."""


def pools_left(uri: str, names: list[str]) -> str:
    """What to say where pools could not be removed."""
    many = "s" if len(names) > 1 else ""
    return (
        f"{uri}: could not remove the storage pool{many} {', '.join(names)}; remove with: "
        f"virsh -c '{uri}' pool-destroy {names[0]}"
    )
