"""Two hosts held against each other, and kept for as long as somebody looks at the answer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.hosts.host_folder import DEFINITIONS, RUNTIME
from ovmfgui.hosts.naming import DESCRIPTION, has_in_it, is_uri
from ovmfgui.hosts.preflight import preflight
from ovmfgui.hosts.reaching import two_hosts
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.hosts.host import Host
    from ovmfgui.hosts.preflight import Preflight, Row
    from ovmfgui.progress import Report

_MARKS = (DESCRIPTION, DEFINITIONS, RUNTIME)


@dataclass(frozen=True)
class Crossing:
    """The answer for two hosts, and their files.

    Attributes:
        source: the host that the domains are on.
        destination: the other one.
        preflight: a row a domain.
        kept: holds what was collected from behind a URI; closing it removes that.
    """

    source: Host
    destination: Host
    preflight: Preflight
    kept: ExitStack

    def close(self) -> None:
        """The collected files are not needed any more."""
        self.kept.close()

    def pair_of(self, row: Row) -> tuple[str, ...]:
        """Where the files lie here that the domain's next power-on was judged from, CODE first."""
        trees = {host.name: host.tree for host in (self.source, self.destination)}
        return tuple(trees[file.host].path(file.path) for file in row.files)


def cross(a: str, b: str, report: Report = silent) -> Crossing:
    """Judge every domain of one host on another, and keep what was collected for it.

    Args:
        a: the host that the domains are on: a URI or a folder.
        b: the other one.
        report: told of progress.

    Raises:
        Refused: one of them cannot be read.
    """
    with ExitStack() as stack:
        source, destination = stack.enter_context(two_hosts(a, b, report))
        found = preflight(source, destination, (), report)
        return Crossing(source, destination, found, stack.pop_all())


def hosts_in(path: str) -> tuple[str, ...]:
    """The hosts that a path stands for: a URI or a host's folder itself, or the hosts in a folder.

    Raises:
        Refused: there is none.
    """
    if is_uri(path) or _is_host(Path(path)):
        return (path,)
    folder = Path(path)
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_dir() and _is_host(each))
    except OSError as error:
        msg = f"{path} cannot be looked into: {error.strerror}"
        raise Refused(msg) from error
    if not inside:
        msg = (
            f"{path} is no host: neither made by 'ovmfgui collect', nor a tree of a host's files, "
            "nor a folder of such"
        )
        raise Refused(msg)
    return tuple(map(str, inside))


def _is_host(folder: Path) -> bool:
    return any(has_in_it(folder, mark) for mark in _MARKS)
