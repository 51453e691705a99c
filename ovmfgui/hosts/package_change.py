"""From one host's firmware package to another's: what becomes of its domains."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Severity
from ovmfgui.flash.image import Format
from ovmfgui.hosts.matrix import verdict_on
from ovmfgui.hosts.package import Form, counterpart, opened_package
from ovmfgui.hosts.package_descriptors import descriptor_findings
from ovmfgui.hosts.package_paths import path_findings
from ovmfgui.hosts.package_reading import PackagePair, ReadPackage, read_package
from ovmfgui.pflash.qemu_words import size_mismatch
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.hosts.matrix import Code, StoreRead
    from ovmfgui.hosts.package_finding import PackageFinding
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.machine.folder import PassedOver


@dataclass(frozen=True)
class PackageChange:
    """A domain made of one package's pair, on a host with another package's.

    Attributes:
        source: what the domain was made of.
        destination: the CODE that it meets on the other host.
        qemu_error: what QEMU says to a live migration; empty where it accepts.
        next_power_on: the destination's CODE with the domain's store.
        same_name: whether the domain finds that CODE under the path that it knows (an upgrade in
            place).
        lost: what the domain loses with that CODE, or has to have now, in words: its
            architecture, Secure Boot, SMM.
        template: the path of a store that goes with that CODE there; empty where none does.
    """

    source: PackagePair
    destination: Code
    qemu_error: str
    next_power_on: Verdict
    same_name: bool
    lost: tuple[str, ...] = ()
    template: str = ""

    @property
    def accepted(self) -> bool:
        """Whether QEMU accepts a running guest."""
        return not self.qemu_error

    @property
    def well(self) -> bool:
        """Whether a domain lives through both, with all that it had."""
        return self.accepted and self.next_power_on.fit.well and not self.lost


@dataclass(frozen=True)
class PackageChanges:
    """All that becomes of the domains of a package.

    Attributes:
        missing: CODE of the source that the destination does not have under its path: a domain
            that uses it does not start there.
        changes: the others, each with the CODE under its own path first.
        findings: what else has changed under the paths that domains know, and in descriptors.
        codes: how many CODE images the source has.
        passed_over: what of both folders nothing is said of.
    """

    missing: tuple[Code, ...]
    changes: tuple[PackageChange, ...]
    findings: tuple[PackageFinding, ...]
    codes: int
    passed_over: tuple[PassedOver, ...]

    @property
    def well(self) -> bool:
        """Whether every domain survives, and every file could be read."""
        whole = not any(each.failed for each in self.passed_over)
        kept = not any(each.finding.severity is Severity.ERROR for each in self.findings)
        return not self.missing and kept and whole and all(each.well for each in self.changes)


def refusal(source: PackagePair, code: Code, store_size: int) -> str:
    """QEMU's words to a live migration between machines of these chips; empty where it accepts.

    QEMU compares the sizes of RAM blocks, in the order of the chips, and nothing else.

    Args:
        source: the running domain's chips.
        code: what the other machine was started with.
        store_size: bytes of the other machine's store.
    """
    sizes = [("system.flash0", source.code.size, code.size)]
    if source.store.file.format is not Format.JSON:
        # The variables of the uefi-vars device travel in its state, whatever their size.
        sizes.append(("system.flash1", source.store.size, store_size))
    for block, incoming, own in sizes:
        if incoming != own:
            return size_mismatch(block, incoming, own)
    return ""


def package_changes(
    source: str | Path, destination: str | Path, *, all_pairs: bool = False
) -> PackageChanges:
    """Every pair of one package on a host with the other, under the paths domains know.

    Args:
        source: the package that domains come from; see ``opened_package``.
        destination: that of the other host.
        all_pairs: whether they are held against every other CODE there too.

    Raises:
        Refused: one of them holds no pair.
    """
    return changes_between(*read_both(source, destination), all_pairs=all_pairs)


def read_both(source: str | Path, destination: str | Path) -> tuple[ReadPackage, ReadPackage]:
    """Read two packages; what both have is read once.

    Raises:
        Refused: one of them holds no pair.
    """
    with opened_package(str(source)) as one, opened_package(str(destination)) as other:
        known: dict[str, Code] = {}
        here, there = read_package(one, known), read_package(other, known)
    for found in (here, there):
        if not found.codes or not found.stores:
            msg = f"{found.package.name} holds no CODE with a variable store"
            raise Refused(msg)
    return here, there


def changes_between(
    here: ReadPackage, there: ReadPackage, *, all_pairs: bool = False
) -> PackageChanges:
    """The same of packages that were read.

    A link counts under its own name: packages keep old paths alive so.
    """
    met = codes_met(here, there)
    changes: list[PackageChange] = []
    for pair in here.pairs:
        known = _known(pair, met, here)
        changes += (_change(each, code, here, there, same_name=True) for each, code in known)
        if all_pairs:
            own = {code.file.sha256 for _, code in known}
            others = [c for c in there.distinct_codes if c.file.sha256 not in own]
            changes += (
                _change(pair, code, here, there, same_name=False)
                for code in others
                if _runs(pair.code, code)
            )
    return PackageChanges(
        tuple(_under(n, here.codes[n], here) for n, code in sorted(met.items()) if code is None),
        tuple(changes),
        (*path_findings(here, there), *descriptor_findings(here, there)),
        len(here.distinct_codes),
        (*here.passed_over, *there.passed_over),
    )


def codes_met(here: ReadPackage, there: ReadPackage) -> dict[str, Code | None]:
    """For each name of CODE the one that a domain finds under it on the other host.

    A pair stands for what is called like it: nothing else is missing then.
    """
    names = {name: counterpart(name, here.package, there.package) for name in here.codes}
    met = {name: there.codes.get(other or "") for name, other in names.items()}
    if there.package.form is Form.PAIR:
        met = {name: code for name, code in met.items() if code is not None}
    return met


def _known(
    pair: PackagePair, met: Mapping[str, Code | None], here: ReadPackage
) -> list[tuple[PackagePair, Code]]:
    """Each distinct CODE that the names of a pair's CODE lead to there, its own name first."""
    names = [name for name in met if here.codes[name] is pair.code]
    names.sort(key=lambda name: here.package.shown(name) != pair.code.path)
    known: dict[str, tuple[PackagePair, Code]] = {}
    for name in names:
        code = met[name]
        if code is not None:
            named = replace(pair, code=_under(name, pair.code, here))
            known.setdefault(code.file.sha256, (named, code))
    return list(known.values())


def _under(name: str, code: Code, package: ReadPackage) -> Code:
    """A CODE under one of its names."""
    return replace(code, file=replace(code.file, path=package.package.shown(name)))


def _runs(code: Code, other: Code) -> bool:
    """Whether a machine that runs one can run the other: x86 is one machine of two widths."""
    here, there = code.architecture, other.architecture
    return here is there or bool(here and there and here.is_x86 and there.is_x86)


def _change(
    pair: PackagePair, code: Code, here: ReadPackage, there: ReadPackage, *, same_name: bool
) -> PackageChange:
    template = _template(pair, code, here, there)
    return PackageChange(
        pair,
        code,
        refusal(pair, code, pair.store.size if template is None else template.size),
        verdict_on(code, pair.store.data),
        same_name,
        tuple(_lost(pair.code, code)),
        "" if template is None else template.path,
    )


def _template(
    pair: PackagePair, code: Code, here: ReadPackage, there: ReadPackage
) -> StoreRead | None:
    """What the other machine's store is made from: the domain's own template, by its path.

    Else one that goes with the CODE there, of the same size or name if there is such a one.
    """
    name = next(n for n, store in here.stores.items() if store.path == pair.store.path)
    own = counterpart(name, here.package, there.package)
    if own is not None and own in there.stores:
        return there.stores[own]
    others = [each.store for each in there.pairs if each.code is code]
    called = Path(pair.store.path).name
    others.sort(
        key=lambda store: (store.size != pair.store.size, store.path[-len(called) :] != called)
    )
    return others[0] if others else None


def _lost(here: Code, there: Code) -> Iterator[str]:
    if here.architecture is not there.architecture:
        yield f"another architecture: {here.architecture} becomes {there.architecture}"
    if here.expects.secure_boot and there.expects.secure_boot is False:
        yield "Secure Boot is lost: that build checks nothing that it starts"
    if here.expects.smm and not there.expects.smm:
        yield "SMM is lost: the guest can write its Secure Boot variables past the firmware"
    if there.expects.smm and not here.expects.smm:
        yield "SMM is needed now: a machine without it (pc-i440fx, smm=off) does not start"
