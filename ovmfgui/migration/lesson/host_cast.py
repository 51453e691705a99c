"""Who ever appears on a host, so that everyone on the stage keeps a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field
from ovmfgui.migration.simulation.snapshot import ROM_BLOCK
from ovmfgui.migration.simulation.states import FileRole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ovmfgui.migration.simulation.snapshot import ChipState, GuestState, HostState
    from ovmfgui.migration.simulation.step import Step

_KEPT = (FileRole.SAVED, FileRole.SNAPSHOT)

_LONGEST = 4
"""So many of the longest texts decide how much room text needs: a trace has thousands."""


@dataclass(frozen=True, slots=True)
class HostCast:
    """Who ever appears on a host, so that everyone keeps a place.

    Attributes:
        packages: most packages installed at once.
        package_files: most files in a package; a unified image is one.
        chips: most chips of a guest.
        domains: names of domains, in the order in which they turn up.
        kept: for each domain, paths of what was ever kept of it beside its store: save files and
            snapshots.
        stored: whether anything is known of the host's files: of one in a recording it is not.
        seats: the domains again, those together that are never there at the same time.
        words: for each chip of a guest, the longest of what is ever said of its command; none of
            one that only ever reads, beside its name there is room for that.
        said: the longest of what is ever said of a guest.
    """

    packages: int
    package_files: int
    chips: int
    domains: tuple[str, ...]
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stored: bool = True
    seats: tuple[tuple[str, ...], ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()

    def kept_in(self, seat: Iterable[str]) -> int:
        """The most that was kept of a domain in a seat."""
        return max((len(self.kept.get(name, ())) for name in seat), default=0)


def guest_lines(guest: GuestState) -> tuple[str, ...]:
    """What is said of a guest below its chips."""
    return (guest.guest_view.text, *filter(None, (guest.unfinished,)))


def chip_words(chip: ChipState) -> str:
    """What is said of a chip below its strip; nothing of a ROM, which knows no commands."""
    return chip.command.words if chip.name != ROM_BLOCK else ""


def store_chip(guest: GuestState) -> str:
    """The chip that variables are in: the second, or the only one; empty where it is a ROM."""
    last = guest.chips[-1].name if guest.chips else ROM_BLOCK
    return "" if last == ROM_BLOCK else last


def cast_of(steps: Sequence[Step], host: str) -> HostCast:
    """Who appears on a host at any step."""
    states = [state for step in steps if (state := step.snapshot.host(host)) is not None]
    stored = any(state.files for step in steps for state in step.snapshot.hosts)
    kept: dict[str, dict[str, None]] = {}
    words: list[set[str]] = [set()]
    said: set[str] = set()
    spoken: set[int] = set()
    packages, files = int(stored), 1
    for state in states:
        packages = max(packages, len(state.packages))
        files = max([files, *(2 if package.template else 1 for package in state.packages)])
        for file in state.files:
            if file.role in _KEPT:
                kept.setdefault(file.owner, {})[file.path] = None
        for guest in state.guests:
            said.add("\n".join(guest_lines(guest)))
            words += [set() for _more in guest.chips[len(words) :]]
            for index, chip in enumerate(guest.chips):
                words[index].add(chip_words(chip))
                if chip.name == store_chip(guest) or not chip.command.idle:
                    spoken.add(index)
    there = [_there(state) for state in states]
    domains = tuple(dict.fromkeys(name for names in there for name in names))
    return HostCast(
        packages,
        files,
        len(words),
        domains,
        {name: tuple(found) for name, found in kept.items()},
        stored,
        _seats(domains, [frozenset(names) for names in there]),
        tuple(_longest(each) if n in spoken else () for n, each in enumerate(words)),
        _longest(said),
    )


def _longest(texts: set[str]) -> tuple[str, ...]:
    return tuple(sorted(texts, key=len)[-_LONGEST:])


def _there(state: HostState) -> tuple[str, ...]:
    return (
        *(domain.name for domain in state.domains),
        *(guest.domain for guest in state.guests),
    )


def _seats(domains: Sequence[str], there: Sequence[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """Domains that are never there together share a seat: what is on stage can be larger."""
    together = {names for names in there if len(names) > 1}
    seats: list[list[str]] = []
    for name in domains:
        met = {other for names in together if name in names for other in names}
        seat = next((seat for seat in seats if not met.intersection(seat)), None)
        if seat is None:
            seats.append([name])
        else:
            seat.append(name)
    return tuple(map(tuple, seats))
