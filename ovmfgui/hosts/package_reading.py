"""The files of a package, read: CODE, templates and descriptors by every name they have."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.hosts.matrix import files_of, gather_files, verdict_on
from ovmfgui.machine.descriptors import Descriptor, read_descriptor
from ovmfgui.machine.folder import TO_NOTHING
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ovmfgui.hosts.matrix import Code, FileRead, Gathered, StoreRead
    from ovmfgui.hosts.package import Package
    from ovmfgui.machine.folder import PassedOver


@dataclass(frozen=True)
class PackagePair:
    """A CODE and a template of one package that belong together."""

    code: Code
    store: StoreRead


@dataclass(frozen=True)
class ReadPackage:
    """A package without its bytes.

    Attributes:
        package: the names and where they lead.
        codes: by name; links to one CODE have the same value.
        stores: in the same way, the templates.
        unified: in the same way, images of both in one.
        descriptors: by the name of their file, which is what counts of it.
        pairs: those that descriptors make; of what is in none of these, those that fit.
        passed_over: what nothing is said of.
    """

    package: Package
    codes: Mapping[str, Code]
    stores: Mapping[str, StoreRead]
    unified: Mapping[str, FileRead]
    descriptors: Mapping[str, Descriptor]
    pairs: tuple[PackagePair, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def distinct_codes(self) -> tuple[Code, ...]:
        """Each CODE once, whatever number of links lead to it."""
        return tuple({id(code): code for code in self.codes.values()}.values())

    def dead_links(self) -> frozenset[str]:
        """Names of links that lead to nothing."""
        dead = (each.path for each in self.passed_over if each.reason == TO_NOTHING)
        return frozenset(path.removeprefix(self.package.place) for path in dead)

    def file(self, named: str) -> FileRead | None:
        """What is known of an image; None where the name leads to none."""
        either = self.codes.get(named) or self.stores.get(named)
        return self.unified.get(named) if either is None else either.file


def read_package(package: Package, known: dict[str, Code] | None = None) -> ReadPackage:
    """Read every image once, whatever names lead to it.

    Args:
        package: where they lie.
        known: CODE that another package has too, by SHA-256; what is read is put there.
    """
    distinct = list(dict.fromkeys(package.files.values()))
    found = gather_files(
        distinct, list(package.definitions.values()), package.passed_over, known=known
    )
    # Outside of this function a file is called as the package calls it.
    own = {real: package.shown(package.own_name(name)) for name, real in package.files.items()}
    codes = {c.path: replace(c, file=_called(c.file, own)) for c in found.codes}
    stores = {s.path: replace(s, file=_called(s.file, own)) for s in found.stores}
    unified = {each.path: _called(each, own) for each in found.unified}
    pairs = package_pairs(found, _pairs_described(package))
    return ReadPackage(
        package,
        {name: codes[real] for name, real in package.files.items() if real in codes},
        {name: stores[real] for name, real in package.files.items() if real in stores},
        {name: unified[real] for name, real in package.files.items() if real in unified},
        _descriptors(package),
        tuple(PackagePair(codes[p.code.path], stores[p.store.path]) for p in pairs),
        tuple(_passed_over(each, own) for each in found.passed_over),
    )


def _passed_over(each: PassedOver, own: Mapping[str, str]) -> PassedOver:
    path = own.get(each.path, each.path)
    return replace(each, path=path, reason=each.reason.replace(each.path, path))


def _called(file: FileRead, own: Mapping[str, str]) -> FileRead:
    return replace(file, path=own[file.path])


def _descriptors(package: Package) -> dict[str, Descriptor]:
    found: dict[str, Descriptor] = {}
    for named, path in package.definitions.items():
        try:
            descriptor = read_descriptor(path)
        except Refused:
            continue
        found[Path(named).name] = replace(descriptor, path=package.shown(named))
    return found


def _pairs_described(package: Package) -> list[tuple[str, ...]]:
    """The files of each definition: a descriptor's are the package's own, wherever it lies."""
    described: list[tuple[str, ...]] = []
    for path in package.definitions.values():
        try:
            names = (package.at(each) or "" for each in read_descriptor(path).named)
            described.append(tuple(package.files[name] for name in names if name in package.files))
        except Refused:
            described.append(tuple(os.path.realpath(each) for each in files_of(path)))
    return described


def package_pairs(
    found: Gathered, described: Iterable[tuple[str, ...]] = ()
) -> tuple[PackagePair, ...]:
    """The pairs of a package: those that definitions make, then those that fit.

    A CODE and a store that no definition names are met by what fits them. Where nothing is defined
    a CODE that nothing fits is met by every store; elsewhere it is one that needs none.

    Args:
        found: the images.
        described: the files of each definition, by their paths in ``found``.
    """
    codes = {code.path: code for code in found.codes}
    stores = {store.path: store for store in found.stores}
    pairs: dict[tuple[str, str], PackagePair] = {}
    for paths in described:
        code = next((codes[path] for path in paths if path in codes), None)
        store = next((stores[path] for path in paths if path in stores), None)
        if code is not None and store is not None:
            pairs[code.path, store.path] = PackagePair(code, store)
    paired = {path for pair in pairs for path in pair}
    defined = bool(pairs)
    fits = _fits(found, paired)
    for code in found.codes:
        left = [s for s in found.stores if not {code.path, s.path} <= paired]
        fitting = [s for s in left if (code.file.sha256, s.file.sha256) in fits]
        for store in fitting or (() if defined else left):
            pairs.setdefault((code.path, store.path), PackagePair(code, store))
    return tuple(pairs.values())


def _fits(found: Gathered, paired: set[str]) -> set[tuple[str, str]]:
    """Digests of CODE and store of those that fit, of pairs that nothing defines.

    A store at a time, each read once; equal files are judged once.
    """
    fits: dict[tuple[str, str], bool] = {}
    for store in found.stores:
        data = store.data
        for code in found.codes:
            key = code.file.sha256, store.file.sha256
            if key not in fits and not {code.path, store.path} <= paired:
                fits[key] = verdict_on(code, data).fit.well
    return {key for key, well in fits.items() if well}
