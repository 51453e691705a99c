"""From one host's firmware package to another's: what becomes of its domains."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.hosts.matrix import PackagePair, package_pairs, verdict_on
from ovmfgui.pflash.qemu_words import size_mismatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.verdict import Verdict


@dataclass(frozen=True)
class PackageChange:
    """A domain made of one package's pair, on a host with another package's.

    Attributes:
        source: what the domain was made of.
        destination: what the other host has.
        qemu_error: what QEMU says to a live migration; empty where it accepts.
        next_power_on: the destination's CODE with the domain's store.
        same_name: whether both CODE files are called the same, so that the domain finds the one
            under the path of the other (an upgrade in place).
    """

    source: PackagePair
    destination: PackagePair
    qemu_error: str
    next_power_on: Verdict
    same_name: bool

    @property
    def accepted(self) -> bool:
        """Whether QEMU accepts a running guest."""
        return not self.qemu_error


def refusal(source: PackagePair, destination: PackagePair) -> str:
    """QEMU's words to a live migration between machines of these chips; empty where it accepts.

    QEMU compares the sizes of RAM blocks, in the order of the chips, and nothing else.
    """
    sizes = (
        ("system.flash0", source.code.size, destination.code.size),
        ("system.flash1", source.store.size, destination.store.size),
    )
    for block, incoming, own in sizes:
        if incoming != own:
            return size_mismatch(block, incoming, own)
    return ""


def package_changes(source: str | Path, destination: str | Path) -> tuple[PackageChange, ...]:
    """Every pair of one package folder on a host with every pair of the other, per architecture.

    Raises:
        Refused: one of the folders holds no pair.
    """
    return tuple(_changes(package_pairs(source), package_pairs(destination)))


def _changes(
    sources: tuple[PackagePair, ...], destinations: tuple[PackagePair, ...]
) -> Iterator[PackageChange]:
    for source in sources:
        for destination in destinations:
            here, there = source.code.image.architecture, destination.code.image.architecture
            if here is not there and not (here and there and here.is_x86 and there.is_x86):
                continue
            yield PackageChange(
                source,
                destination,
                refusal(source, destination),
                verdict_on(destination.code, source.store),
                Path(source.code.path).name == Path(destination.code.path).name,
            )
