"""Hosts from folders: what ``collect`` wrote, or a tree of a host's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_DOMAIN, MOST_DOMAINS, MOST_HOST
from ovmfgui.flash.source import read_regular
from ovmfgui.hosts.host import PAUSED, RUNNING, SHUT_OFF, Domain, Host
from ovmfgui.hosts.libvirt_xml import parsed
from ovmfgui.hosts.naming import DESCRIPTION
from ovmfgui.hosts.storage import LOCAL, SHARED
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused, wall

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = "etc/libvirt/qemu"
RUNTIME = "run/libvirt/qemu"
"""Where libvirt's QEMU driver keeps the domains that are defined, and those that run."""
FORMAT = 1
"""Of ``host.json``."""


def read_host(folder: str) -> Host:
    """A host from its folder.

    Args:
        folder: made by ``ovmfgui collect``; or a tree with the host's files under their paths
            (``etc/libvirt/qemu/*.xml`` for the domains).

    Raises:
        Refused: it is no such folder.
    """
    with wall(folder):
        return _read(folder)


def _read(folder: str) -> Host:
    root = Path(folder)
    if not root.is_dir():
        msg = f"{folder} is no folder; give a libvirt URI, or a folder that collect has made"
        raise Refused(msg)
    described = root / DESCRIPTION
    said = _description(str(described)) if described.is_file() else None
    if said is None and not (root / DEFINITIONS).is_dir() and not (root / RUNTIME).is_dir():
        msg = (
            f"{folder} holds neither {DESCRIPTION} nor {DEFINITIONS}: it is not from "
            "'ovmfgui collect' and no tree of a host's files"
        )
        raise Refused(msg)
    return Host(
        name=folder,
        tree=HostTree(str(root)),
        domains=tuple(_domains(root, {} if said is None else said.states)),
        machine_types=None if said is None else said.machine_types,
        folders=None if said is None else said.folders,
        without_contents={} if said is None else said.without_contents,
        digests={} if said is None else said.digests,
        stores=frozenset() if said is None else said.stores,
        without_values=frozenset() if said is None else said.without_values,
        storage={} if said is None else said.storage,
    )


class _Description(NamedTuple):
    """What ``host.json`` tells; see ``Host``."""

    states: dict[str, str]
    machine_types: dict[str, frozenset[str]] | None
    folders: frozenset[str]
    without_contents: dict[str, str]
    digests: dict[str, str]
    stores: frozenset[str]
    without_values: frozenset[str]
    storage: dict[str, str]


def _description(path: str) -> _Description:
    try:
        said = json.loads(read_regular(path, MOST_HOST))
        if said["format"] == FORMAT:
            return _told(said)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        msg = f"{path} is no description of a host ({type(error).__name__}); collect it again"
        raise Refused(msg) from error
    msg = f"{path} is of another version of ovmfgui (format {said['format']}); collect it again"
    raise Refused(msg)


def _told(said: dict[str, Any]) -> _Description:
    types = said["machine_types"]
    files = {str(path): dict(about) for path, about in said["files"].items()}
    return _Description(
        {str(each["name"]): str(each["state"]) for each in said["domains"]},
        None if types is None else {str(k): frozenset(map(str, v)) for k, v in types.items()},
        frozenset(map(str, said["folders"])),
        {path: str(about["why"]) for path, about in files.items() if not about["kept"]},
        {path: str(about["sha256"]) for path, about in files.items() if "sha256" in about},
        frozenset(path for path, about in files.items() if about.get("store")),
        frozenset(path for path, about in files.items() if about.get("values") is False),
        {str(k): str(v) for k, v in said.get("storage", {}).items() if v in (SHARED, LOCAL)},
    )


def domain_names(root: Path) -> list[str]:
    """The names of the domains in a collected folder, by its files, of which none is read."""
    folders = (root / DEFINITIONS, root / RUNTIME)
    return sorted({path.stem for folder in folders for path in folder.glob("*.xml")})


def _domains(root: Path, states: dict[str, str]) -> Iterator[Domain]:
    defined = _definitions(root / DEFINITIONS)
    running = _definitions(root / RUNTIME)
    names = sorted({*defined, *running})
    if len(names) > MOST_DOMAINS:
        msg = f"{root} has {len(names):,} domains, more than the {MOST_DOMAINS:,} of any host"
        raise Refused(msg)
    for name in names:
        live = running.get(name)
        state = states.get(name) or (SHUT_OFF if live is None else state_in(live))
        path = root / (DEFINITIONS if name in defined else RUNTIME) / f"{name}.xml"
        yield Domain(name, state, defined.get(name), live, str(path))


def _definitions(folder: Path) -> dict[str, bytes]:
    """Domain XML by the name of its file, which is the domain's."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.xml")) if folder.is_dir() else ():
        try:
            found[path.stem] = read_regular(path, MOST_DOMAIN)
        except Refused as refusal:
            # A domain that is there and cannot be read is a row of its own, never left out.
            found[path.stem] = f"<unreadable>{refusal}</unreadable>".encode()
    return found


def state_in(live: bytes) -> str:
    """The state in libvirt's status file of a domain (``<domstatus state='paused'>``)."""
    root = parsed(live)
    said = None if root is None else root.get("state")
    return PAUSED if said == "paused" else RUNNING
