"""A fleet: every domain of every host on every other host, each distinct pair of facts once."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.hosts.domain_facts import facts_of, file_at, host_facts, store_paths
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.machine_reading import MachineReading
from ovmfgui.hosts.preflight import judged
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.hosts.host import Domain, Host
    from ovmfgui.hosts.preflight import Row
    from ovmfgui.progress import Report


class FleetDomain(NamedTuple):
    """A domain: its name, the index of its host, its state, the index of its kind."""

    name: str
    host: int
    state: str
    kind: int


class FleetHost(NamedTuple):
    """A host: the name of its folder, and the index of its kind."""

    name: str
    kind: int


class FleetPair(NamedTuple):
    """Domains of one kind on hosts of one kind.

    Attributes:
        domains: index of the domains' kind.
        hosts: index of the hosts' kind.
        row: the answer, told of one domain and one host of these kinds.
        domain: index of that domain.
        host: index of that host.
        moves: how many moves of a domain to another host it stands for.
        meets_a_file: whether the host has a file under the path of the domain's store.
    """

    domains: int
    hosts: int
    row: Row
    domain: int
    host: int
    moves: int
    meets_a_file: bool


@dataclass(frozen=True, slots=True)
class Fleet:
    """The answer for all moves.

    Attributes:
        hosts: in the order of their names.
        domains: of all hosts, by host and name.
        pairs: each distinct one.
        passed_over: folders that are no host, with the reason.
    """

    hosts: tuple[FleetHost, ...]
    domains: tuple[FleetDomain, ...]
    pairs: tuple[FleetPair, ...]
    passed_over: tuple[str, ...]

    @property
    def moves(self) -> int:
        """Of every domain to every other host."""
        return sum(pair.moves for pair in self.pairs)

    @property
    def well(self) -> bool:
        """Whether every domain is well on every other host, and every host was read."""
        return all(pair.row.well for pair in self.pairs) and not self.passed_over


class _Meeting(NamedTuple):
    """A domain of a kind, a host of a kind, and what lies there under the store's paths."""

    domains: int
    hosts: int
    files: tuple[str, ...]


class _Gathered:
    """What is kept of the hosts: of every domain its name and kind, and one of each kind whole."""

    def __init__(self) -> None:
        self.hosts: list[FleetHost] = []
        self.domains: list[FleetDomain] = []
        self.bare: list[Host] = []
        self.first: list[Domain] = []
        self.of_kind: list[list[int]] = []
        self.by_kind: list[list[int]] = []
        self._with_store: dict[str, list[int]] = {}
        self._paths: list[tuple[str, ...]] = []
        self._host_kinds: dict[bytes, int] = {}
        self._domain_kinds: dict[bytes, int] = {}

    def add(self, name: str, host: Host) -> None:
        """A host and its domains; their XML is let go."""
        number = len(self.hosts)
        about = host_facts(host)
        kind = self._host_kinds.setdefault(about, len(self.by_kind))
        if kind == len(self.by_kind):
            self.by_kind.append([])
        self.by_kind[kind].append(number)
        self.hosts.append(FleetHost(name, kind))
        self.bare.append(replace(host, domains=(), name=name))
        for path in host.stores:
            self._with_store.setdefault(path, []).append(number)
        for domain in host.domains:
            self._add_domain(domain, host, number, about)

    def _add_domain(self, domain: Domain, host: Host, number: int, about: bytes) -> None:
        # Its own host's files decide too: what runs was started with them.
        facts = facts_of(domain, host) + about
        kind = self._domain_kinds.setdefault(facts, len(self.first))
        if kind == len(self.first):
            self.first.append(domain)
            self.of_kind.append([])
        self.of_kind[kind].append(len(self.domains))
        self._paths.append(store_paths(domain))
        self.domains.append(FleetDomain(domain.name, number, domain.state, kind))

    def holders(self, domain: int) -> list[int]:
        """The other hosts that have a file under the path of a domain's store."""
        here = self.domains[domain].host
        having = (self._with_store.get(path, ()) for path in self._paths[domain])
        return [host for host in dict.fromkeys(chain.from_iterable(having)) if host != here]

    def meetings(self) -> dict[_Meeting, list[tuple[int, int]]]:
        """Moves onto a host with such a file, as (domain, host), by what decides them."""
        found: dict[_Meeting, list[tuple[int, int]]] = {}
        for number, domain in enumerate(self.domains):
            for host in self.holders(number):
                files = tuple(file_at(path, self.bare[host]) for path in self._paths[number])
                key = _Meeting(domain.kind, self.hosts[host].kind, files)
                found.setdefault(key, []).append((number, host))
        return found

    def domain(self, number: int) -> Domain:
        """A domain with its XML, read again where it is not the first of its kind."""
        one = self.domains[number]
        if number == self.of_kind[one.kind][0]:
            return self.first[one.kind]
        again = read_host(self.bare[one.host].tree.root)
        return next(domain for domain in again.domains if domain.name == one.name)


def read_fleet(folder: str, report: Report = silent) -> Fleet:
    """Judge all domains of the hosts whose folders lie in one.

    Raises:
        Refused: there are not two hosts in it.
    """
    root = Path(folder)
    names = sorted(p.name for p in root.iterdir() if p.is_dir()) if root.is_dir() else []
    gathered = _Gathered()
    passed_over: list[str] = []
    for done, name in enumerate(names):
        report(done, len(names), name)
        try:
            gathered.add(name, read_host(str(root / name)))
        except Refused as refusal:
            passed_over.append(str(refusal))
    if len(gathered.hosts) < 2:
        why = f" ({passed_over[0]})" if passed_over else ""
        msg = f"{folder} does not hold the folders of two hosts{why}"
        raise Refused(msg)
    return Fleet(
        tuple(gathered.hosts),
        tuple(gathered.domains),
        tuple(_pairs(gathered, report)),
        tuple(passed_over),
    )


def _pairs(gathered: _Gathered, report: Report) -> Iterator[FleetPair]:
    reading = MachineReading()
    meetings = gathered.meetings()
    met: Counter[tuple[int, int]] = Counter()
    for key, met_there in meetings.items():
        moves = len(met_there)
        met[key.domains, key.hosts] += moves
        number, host = met_there[0]
        row = _row(gathered, number, host, reading)
        yield FleetPair(key.domains, key.hosts, row, number, host, moves, meets_a_file=True)
    at_home = Counter((d.kind, gathered.hosts[d.host].kind) for d in gathered.domains)
    for kind in range(len(gathered.first)):
        report(kind, len(gathered.first), "judging")
        for there, hosts in enumerate(gathered.by_kind):
            moves = len(gathered.of_kind[kind]) * len(hosts)
            moves -= at_home[kind, there] + met[kind, there]
            if moves:
                number, host = _example(gathered, kind, hosts)
                row = _row(gathered, number, host, reading)
                yield FleetPair(kind, there, row, number, host, moves, meets_a_file=False)


def _row(gathered: _Gathered, number: int, host: int, reading: MachineReading) -> Row:
    home = gathered.bare[gathered.domains[number].host]
    return judged(gathered.domain(number), home, gathered.bare[host], reading)


def _example(gathered: _Gathered, kind: int, hosts: list[int]) -> tuple[int, int]:
    """A domain of a kind, the first if it can be, and a host that has no file of its store."""
    for number in gathered.of_kind[kind]:
        taken = {gathered.domains[number].host, *gathered.holders(number)}
        host = next((each for each in hosts if each not in taken), None)
        if host is not None:
            return number, host
    msg = "a move was counted that there is not"
    raise AssertionError(msg)
