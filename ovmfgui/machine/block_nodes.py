"""The files behind flash chips: ``-drive`` options and ``-blockdev`` nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_BLOCK_NODES
from ovmfgui.dataclass import dataclass
from ovmfgui.machine.model import StoreKind
from ovmfgui.machine.options import is_on, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILES = ("file", "host_device")
_FORMATS = (
    *("raw", "qcow2", "qcow", "qed", "vdi", "vmdk", "vpc", "vhdx", "luks", "parallels"),
    *("bochs", "cloop", "dmg", "vvfat"),
)
_PASSED_THROUGH = ("copy-on-read", "throttle", "blkdebug", "blkverify", "preallocate")


_OF_SCHEMES = str.maketrans("", "", "+-.")
"""What a URL's scheme may hold beside letters and digits (RFC 3986, 3.1)."""


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
        refusal: why QEMU does not start with it, in its words; empty where it does.
    """

    path: str
    format: str | None = None
    size: int | None = None
    offset: int = 0
    readonly: bool | None = None
    kind: StoreKind = StoreKind.FLASH
    discarded: bool = False
    refusal: str = ""


def kind_of_path(path: str, driver: str | None = None) -> StoreKind:
    """What a path or URL of a block device stands for."""
    if driver in ("host_device", "nvme") or path.startswith("/dev/"):
        return StoreKind.BLOCK
    scheme, colon, _ = path.partition(":")
    scheme = scheme.translate(_OF_SCHEMES)
    remote = driver is not None and driver not in (*_FILES, *_FORMATS, *_PASSED_THROUGH)
    if remote or (colon and scheme.isalnum() and len(scheme) > 1 and "/" not in scheme):
        return StoreKind.FLASH if scheme == "file" and not remote else StoreKind.NETWORK
    return StoreKind.FLASH


def chip_of_drive(options: Mapping[str, str]) -> Chip:
    """The chip of ``-drive if=pflash,…``, or of another drive that ``-machine`` names."""
    top = dict(options)
    top["driver"] = options.get("format") or options.get("driver") or ""
    if "filename" in options and "file" not in options:
        top["file"] = options["filename"]
    levels = tuple(_drive_levels(top))
    readonly = is_on(options.get("readonly", options.get("read-only")))
    refusal = next((level.refusal for level in levels if level.refusal), "")
    said = options.get("readonly", options.get("read-only"))
    if said is not None and readonly is None:
        refusal = f"readonly={said}: “Parameter 'read-only' expects 'on' or 'off'”"
    path = next((level.path for level in levels if level.path), "")
    protocol = levels[-1].driver
    return Chip(
        path.removeprefix("file:"),
        _declared(levels) or None,
        next((level.size for level in levels if level.size is not None), None),
        sum(level.offset for level in levels),
        readonly,
        kind_of_path(path, protocol or None),
        is_on(options.get("snapshot")) is True,
        refusal,
    )


@dataclass(frozen=True, slots=True)
class _Level:
    """One node of a chain, the topmost first."""

    driver: str
    path: str
    size: int | None
    offset: int
    readonly: bool | None
    refusal: str = ""


def _level(options: Mapping[str, str], prefix: str, path: str) -> _Level:
    driver = options.get(f"{prefix}driver", "")
    sizes = {name: options.get(f"{prefix}{name}") for name in ("size", "offset")}
    refusal = ""
    for name, said in sizes.items():
        if said and driver in _FORMATS and driver != "raw":
            refusal = f"{name}={said}: “Block format '{driver}' does not support the option”"
        elif said and size_of(said) is None:
            refusal = f"{name}={said}: “Parameter '{name}' expects a size”"
    return _Level(
        driver,
        path,
        size_of(sizes["size"]),
        size_of(sizes["offset"]) or 0,
        is_on(options.get(f"{prefix}read-only")),
        refusal,
    )


def _drive_levels(options: Mapping[str, str]) -> Iterator[_Level]:
    """The nodes of a drive, which are all within its options (``file.file.filename``)."""
    prefix = ""
    for _ in range(MOST_BLOCK_NODES):
        nested = any(key.startswith(f"{prefix}file.") for key in options)
        path = options.get(f"{prefix}filename") or ("" if nested else options.get(f"{prefix}file"))
        yield _level(options, prefix, path or "")
        if not nested:
            return
        prefix = f"{prefix}file."


def _declared(levels: tuple[_Level, ...]) -> str:
    """The format that a chain unpacks; raw over another one hands on what that one holds."""
    formats = [level.driver for level in levels if level.driver in _FORMATS]
    return next((form for form in formats if form != "raw"), formats[0] if formats else "")


def chip_of_node(name: str, nodes: Mapping[str, Mapping[str, str]]) -> Chip | None:
    """The chip of ``-machine pflash0=NODE``, followed down to its file.

    None where the chain leads nowhere. Without a node for a format it is the file's bytes that are
    mapped, whatever they are.

    Args:
        name: of the node.
        nodes: the options of every node, by name.
    """
    levels = tuple(_node_levels(name, nodes))
    if not levels:
        return None
    form = _declared(levels) or "raw"
    readonly = levels[0].readonly
    refusal = next((level.refusal for level in levels if level.refusal), "")
    if not readonly and any(level.readonly for level in levels):
        refusal = f"node {name} is to be written, over one that is not: “Block node is read-only”"
    path, protocol = levels[-1].path, levels[-1].driver
    if not path:
        return Chip(f"{protocol}:{name}", form, readonly=readonly, kind=StoreKind.NETWORK)
    return Chip(
        path,
        form,
        next((level.size for level in levels if level.size is not None), None),
        sum(level.offset for level in levels),
        readonly,
        kind_of_path(path, protocol),
        refusal=refusal,
    )


def _node_levels(name: str, nodes: Mapping[str, Mapping[str, str]]) -> Iterator[_Level]:
    options: Mapping[str, str] = nodes.get(name, {})
    prefix = ""
    for _ in range(MOST_BLOCK_NODES):
        if not options:
            return
        yield _level(options, prefix, options.get(f"{prefix}filename", ""))
        below = options.get(f"{prefix}file")
        if below is not None:
            options, prefix = nodes.get(below, {}), ""
        elif any(key.startswith(f"{prefix}file.") for key in options):
            prefix = f"{prefix}file."
        else:
            return
