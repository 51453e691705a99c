"""From one host's firmware package to another's: what becomes of its domains."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import Format
from ovmfgui.hosts.matrix import Code, Gathered, PackagePair, gather, package_pairs, verdict_on
from ovmfgui.pflash.qemu_words import size_mismatch
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.machine.folder import PassedOver

_MOST_FILES = 100_000
"""Entries of a folder among which links are looked for; gather tells of more."""


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
        lost: what the domain loses with that CODE, in words: its architecture, Secure
            Boot, SMM.
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
        codes: how many CODE images the source has.
        passed_over: what of both folders nothing is said of.
    """

    missing: tuple[Code, ...]
    changes: tuple[PackageChange, ...]
    codes: int
    passed_over: tuple[PassedOver, ...]

    @property
    def well(self) -> bool:
        """Whether every domain survives, and every file could be read."""
        whole = not any(each.failed for each in self.passed_over)
        return not self.missing and whole and all(each.well for each in self.changes)


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
    """Every pair of one package folder on a host with the other, under the paths domains know.

    Args:
        source: the folder of the package that domains come from.
        destination: that of the other host.
        all_pairs: whether they are held against every other CODE there too.

    Raises:
        Refused: one of the folders holds no pair.
    """
    here, there = gather([source]), gather([destination])
    for found, folder in ((here, source), (there, destination)):
        if not found.codes or not found.stores:
            msg = f"{folder} holds no CODE with a variable store"
            raise Refused(msg)
    own = _under_the_same_path(here, there, str(source), str(destination))
    pairs, others = package_pairs(here), package_pairs(there)
    changes = (
        _change(pair, code, others, same_name=own.get(pair.code.path) is code)
        for pair in pairs
        for code in _met(pair, own.get(pair.code.path), there.codes, all_pairs=all_pairs)
    )
    missing = (
        *(code for code in here.codes if code.path not in own),
        *_missing_links(here, there, str(source), str(destination)),
    )
    passed_over = (*here.passed_over, *there.passed_over)
    return PackageChanges(missing, tuple(changes), len(here.codes), passed_over)


def _met(
    pair: PackagePair, own: Code | None, codes: Sequence[Code], *, all_pairs: bool
) -> Iterator[Code]:
    if own is not None:
        yield own
    if all_pairs:
        yield from (code for code in codes if code is not own and _runs(pair.code, code))


def _runs(code: Code, other: Code) -> bool:
    """Whether a machine that runs one can run the other: x86 is one machine of two widths."""
    here, there = code.architecture, other.architecture
    return here is there or bool(here and there and here.is_x86 and there.is_x86)


def _under_the_same_path(
    here: Gathered, there: Gathered, source: str, destination: str
) -> dict[str, Code]:
    """For each CODE of the source the one that a domain finds there, by path within the folder.

    A link counts under its own name: packages keep old paths alive so.
    """
    codes = {Path(code.path).resolve(): code for code in there.codes}
    found: dict[str, Code] = {}
    for code in here.codes:
        within = os.path.relpath(code.path, source)
        same = codes.get((Path(destination) / within).resolve())
        if same is not None:
            found[code.path] = same
    return found


def _missing_links(
    here: Gathered, there: Gathered, source: str, destination: str
) -> Iterator[Code]:
    """CODE that the source has under a link too, where the destination has nothing so named.

    Domains name links as they name files: Debian's OVMF_CODE_4M.ms.fd is one.
    """
    targets = {os.path.realpath(code.path): code for code in here.codes}
    codes = {os.path.realpath(code.path) for code in there.codes}
    files = (f"{folder}/{name}" for folder, _, names in os.walk(source) for name in names)
    for path in sorted(filter(os.path.islink, islice(files, _MOST_FILES))):
        code = targets.get(os.path.realpath(path))
        same = f"{destination}/{os.path.relpath(path, source)}"
        if code is not None and code.path != path and os.path.realpath(same) not in codes:
            yield replace(code, file=replace(code.file, path=path))


def _change(
    pair: PackagePair, code: Code, others: Sequence[PackagePair], *, same_name: bool
) -> PackageChange:
    # The other machine's store has the size of the template that goes with its CODE.
    templates = [each.store for each in others if each.code is code]
    name = Path(pair.store.path).name
    templates.sort(
        key=lambda store: (store.size != pair.store.size, store.path[-len(name) :] != name)
    )
    template = templates[0] if templates else None
    return PackageChange(
        pair,
        code,
        refusal(pair, code, pair.store.size if template is None else template.size),
        verdict_on(code, pair.store.data),
        same_name,
        tuple(_lost(pair.code, code)),
        "" if template is None else template.path,
    )


def _lost(here: Code, there: Code) -> Iterator[str]:
    if here.architecture is not there.architecture:
        yield f"another architecture: {here.architecture} becomes {there.architecture}"
    if here.expects.secure_boot and there.expects.secure_boot is False:
        yield "Secure Boot is lost: that build checks nothing that it starts"
    if here.expects.smm and not there.expects.smm:
        yield "SMM is lost: the guest can write its Secure Boot variables past the firmware"
