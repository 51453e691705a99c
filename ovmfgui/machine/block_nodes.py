"""The files behind flash chips: ``-drive`` options and ``-blockdev`` nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.machine.model import Statement, StoreKind
from ovmfgui.machine.options import is_on, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_NODES = 8
"""How many nodes are followed from the chip down to its file; real chains have two or three."""
_FILES = ("file", "raw", "qcow2", "host_device")
_FORMATS = ("raw", "qcow2", "qcow", "qed", "vdi", "vmdk", "vpc", "vhdx", "luks", "parallels")
_PASSED_THROUGH = ("copy-on-read", "throttle", "blkdebug", "blkverify", "preallocate")


@dataclass(frozen=True, slots=True)
class Chip:
    """What stands behind one flash chip.

    Attributes:
        path: of the file or device, or a URL.
        format: as declared; None where QEMU guesses.
        size: bytes that are mapped; None: all.
        offset: in the file, in bytes.
        readonly: whether the guest may not write.
        kind: a file, a block device or the network.
        discarded: whether what is written is thrown away.
    """

    path: str
    format: str | None = None
    size: int | None = None
    offset: int = 0
    readonly: bool | None = None
    kind: StoreKind = StoreKind.FLASH
    discarded: bool = False


def kind_of_path(path: str, driver: str | None = None) -> StoreKind:
    """What a path or URL of a block device stands for."""
    if driver in ("host_device", "nvme") or path.startswith("/dev/"):
        return StoreKind.BLOCK
    scheme, colon, _ = path.partition(":")
    remote = driver is not None and driver not in (*_FILES, *_FORMATS, *_PASSED_THROUGH)
    if remote or (colon and scheme.isalnum() and len(scheme) > 1 and "/" not in scheme):
        return StoreKind.FLASH if scheme == "file" and not remote else StoreKind.NETWORK
    return StoreKind.FLASH


def chip_of_drive(options: Mapping[str, str]) -> Chip:
    """The chip of ``-drive if=pflash,…``."""
    path = options.get("file") or options.get("file.filename") or options.get("filename") or ""
    path = path or options.get("file.file.filename", "")
    protocol = options.get("file.driver")
    readonly = options.get("readonly", options.get("read-only"))
    return Chip(
        path.removeprefix("file:"),
        options.get("format") or options.get("driver"),
        size_of(options.get("size")),
        size_of(options.get("offset")) or 0,
        is_on(readonly),
        kind_of_path(path, protocol),
        is_on(options.get("snapshot")) is True,
    )


def chip_of_node(name: str, nodes: Mapping[str, Mapping[str, str]], odd: list[Statement]) -> Chip:
    """The chip of ``-machine pflash0=NODE``, followed down to its file.

    Args:
        name: of the node.
        nodes: the options of every node, by name.
        odd: gets what is not understood.
    """
    form: str | None = None
    size: int | None = None
    offset = 0
    readonly: bool | None = None
    prefix = ""
    options: Mapping[str, str] = nodes.get(name, {})
    if not options:
        odd.append(Statement(f"pflash node {name}", "there is no -blockdev of that name"))
        return Chip("")
    for _ in range(_MOST_NODES):
        driver = options.get(f"{prefix}driver")
        if driver in _FORMATS:
            form = form or driver
        size = size_of(options.get(f"{prefix}size")) if size is None else size
        offset += size_of(options.get(f"{prefix}offset")) or 0
        if readonly is None:
            readonly = is_on(options.get(f"{prefix}read-only"))
        path = options.get(f"{prefix}filename")
        if path is not None:
            return Chip(path, form, size, offset, readonly, kind_of_path(path, driver))
        below = options.get(f"{prefix}file")
        if below is not None:
            options, prefix = nodes.get(below, {}), ""
        elif any(key.startswith(f"{prefix}file.") for key in options):
            prefix = f"{prefix}file."
        else:
            return _without_file(name, driver, form, readonly)
    odd.append(Statement(f"pflash node {name}", "its chain of nodes is too long"))
    return Chip("")


def _without_file(name: str, driver: str | None, form: str | None, readonly: bool | None) -> Chip:
    """A node that ends in no file: a network protocol, most often."""
    return Chip(f"{driver}:{name}", form, readonly=readonly, kind=StoreKind.NETWORK)
