"""A gate for those who package firmware: what the old package made lives on under the new one."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.hosts.matrix import gather, verdict_on
from ovmfgui.hosts.package import opened_package
from ovmfgui.hosts.package_change import changes_between, codes_met
from ovmfgui.hosts.package_reading import ReadPackage, read_package
from ovmfgui.machine.definition import read_definition
from ovmfgui.machine.folder import PassedOver
from ovmfgui.machine.host_tree import tree_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ovmfgui.hosts.matrix import Code, StoreRead
    from ovmfgui.hosts.package_change import PackageChange, PackageChanges
    from ovmfgui.layout.verdict import Outcome, Verdict


@dataclass(frozen=True)
class GateCase:
    """One question to the new package.

    Attributes:
        kind: template, store, new-machine, path, descriptor or unread.
        name: what is asked about, for people.
        path: of the file that the answer is about.
        findings: why it is not well, and what else is worth knowing.
        outcome: of the next power-on; None where none was judged.
    """

    kind: str
    name: str
    path: str
    findings: tuple[Finding, ...]
    outcome: Outcome | None = None

    @property
    def well(self) -> bool:
        """Whether nothing is lost."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True)
class Gate:
    """All of them.

    Attributes:
        old: the package that domains were made with, as it was named.
        new: the one that is to replace it.
        cases: in the order of their kinds.
        passed_over: stores that the old package did not make, with the reason.
    """

    old: str
    new: str
    cases: tuple[GateCase, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def well(self) -> bool:
        """Whether the new package may go out."""
        return all(case.well for case in self.cases)


def gate(new: str, old: str, stores: str | None = None) -> Gate:
    """Hold a package against the one that it replaces.

    Args:
        new: a .deb, an unpacked tree, a folder of firmware, CODE,VARS, or an installed package.
        old: in the same way.
        stores: a folder of stores that were made by the old one and have lived since, with domain
            XML or without.

    Raises:
        Refused: one of them is no package, or there is no image in the old one.
    """
    with opened_package(old) as one, opened_package(new) as other:
        known: dict[str, Code] = {}
        here, there = read_package(one, known), read_package(other, known)
    return gate_between(here, there, stores)


def gate_between(here: ReadPackage, there: ReadPackage, stores: str | None = None) -> Gate:
    """The same of packages that were read: the old one, then the new one.

    Raises:
        Refused: there is no image in the old one.
    """
    old, new = here.package.name, there.package.name
    if not here.codes and not here.unified:
        msg = f"{old} holds no image of firmware: nothing was made by it"
        raise Refused(msg)
    changes = changes_between(here, there)
    lived, passed_over = _lived(stores, here, there) if stores is not None else ([], [])
    cases = (
        *(_of_change(change) for change in changes.changes),
        *lived,
        *cases_beside(changes, here, there),
    )
    return Gate(old, new, cases, tuple(passed_over))


def cases_beside(
    changes: PackageChanges, here: ReadPackage, there: ReadPackage
) -> tuple[GateCase, ...]:
    """What a gate asks beside what becomes of domains.

    Does the new package fit itself, are paths and descriptors kept, could every file be read?
    """
    return (
        *_new_machines(there),
        *_paths(changes, here, there),
        *_descriptors(changes, here),
        *_unread(here, there),
    )


def _of_change(change: PackageChange) -> GateCase:
    pair = change.source
    before = verdict_on(pair.code, pair.store.data)
    findings = [*_judged(change.next_power_on, before)]
    if change.qemu_error:
        words = " ".join(change.qemu_error.split())
        text = f"A running guest is refused: {words}"
        findings.append(Finding("live-refused", Severity.ERROR, text))
    findings += (Finding("lost", Severity.ERROR, f"{text}.") for text in change.lost)
    return GateCase(
        "template",
        f"{_short(pair.code.path)} with {_short(pair.store.path)}",
        change.destination.path,
        tuple(findings),
        change.next_power_on.outcome,
    )


def _judged(verdict: Verdict, before: Verdict) -> Iterator[Finding]:
    """The decision; what did not start with the old package either is not the new one's doing."""
    decided = verdict.findings[0]
    if verdict.fit.well or before.fit.well:
        severity = decided.severity if verdict.fit.well else Severity.ERROR
        yield replace(decided, severity=severity, place=None)
    else:
        text = f"It was not well before either ({before.summary}) and is not now: {verdict.summary}"
        yield Finding("not-well-before", Severity.WARNING, text)


def _new_machines(there: ReadPackage) -> Iterator[GateCase]:
    """What is made by the new package alone."""
    for pair in there.pairs:
        verdict = verdict_on(pair.code, pair.store.data)
        decided = verdict.findings[0]
        severity = decided.severity if verdict.fit.well else Severity.ERROR
        yield GateCase(
            "new-machine",
            f"new: {_short(pair.code.path)} with {_short(pair.store.path)}",
            pair.store.path,
            (replace(decided, severity=severity, place=None),),
            verdict.outcome,
        )


def _paths(changes: PackageChanges, here: ReadPackage, there: ReadPackage) -> Iterator[GateCase]:
    """A case for every name under which the old package has an image."""
    found: dict[str, list[Finding]] = {}
    for code in changes.missing:
        text = (
            f"{there.package.name} has no CODE under the path of {code.path}: a domain that uses "
            "it does not start"
        )
        found.setdefault(code.path, []).append(Finding("code-missing", Severity.ERROR, text))
    for each in changes.findings:
        found.setdefault(each.path, []).append(each.finding)
    for name in sorted(here.package.files):
        if here.file(name) is not None:
            path = here.package.shown(name)
            yield GateCase("path", f"path {name}", path, tuple(found.get(path, ())))


def _descriptors(changes: PackageChanges, here: ReadPackage) -> Iterator[GateCase]:
    images = {here.package.shown(name) for name in here.package.files}
    found: dict[str, list[Finding]] = {}
    for each in changes.findings:
        if each.path not in images:
            found.setdefault(PurePosixPath(each.path).name, []).append(each.finding)
    paths = {PurePosixPath(each.path).name: each.path for each in changes.findings}
    for name in sorted({*here.descriptors, *found}):
        own = here.descriptors.get(name)
        path = paths.get(name) or ("" if own is None else own.path)
        yield GateCase("descriptor", f"descriptor {name}", path, tuple(found.get(name, ())))


def _unread(here: ReadPackage, there: ReadPackage) -> Iterator[GateCase]:
    """A file that should have been read says nothing, and nothing is no agreement.

    A link that led to nothing before was of no use to any domain.
    """
    dead = here.dead_links()
    for package in (here, there):
        for each in package.passed_over:
            if each.failed and each.path.removeprefix(package.package.place) not in dead:
                finding = Finding("unread", Severity.ERROR, each.line)
                yield GateCase("unread", f"unread {_short(each.path)}", each.path, (finding,))


def _lived(
    folder: str, here: ReadPackage, there: ReadPackage
) -> tuple[list[GateCase], list[PassedOver]]:
    """The stores of a folder, each under the CODE that its domain names, or that it fits."""
    if not Path(folder).is_dir():
        msg = f"{folder} is no folder of stores"
        raise Refused(msg)
    found = gather([folder])
    passed_over = [each for each in found.passed_over if not each.failed]
    cases = [
        GateCase("unread", f"unread {_short(e.path)}", e.path, (_unreadable(e),))
        for e in found.passed_over
        if e.failed
    ]
    met = codes_met(here, there)
    named = _named_codes(found.definitions, here)
    for store in found.stores:
        data = store.data
        names = named.get(os.path.realpath(store.path))
        used = _codes_of(data, met if names is None else names, here, declared=names is not None)
        if not used:
            reason = "fits no CODE of the old package, which did not make it then"
            if names is not None:
                reason = "is of a domain that names CODE which the old package does not have"
            passed_over.append(PassedOver(store.path, reason))
        cases += _stores_cases(store, data, used, met)
    return cases, passed_over


def _unreadable(each: PassedOver) -> Finding:
    return Finding("unread", Severity.ERROR, each.line)


def _codes_of(
    data: bytes, names: Iterable[str], here: ReadPackage, *, declared: bool
) -> dict[str, tuple[Code, Verdict]]:
    """The old CODE of a store by name, and how it fared with it."""
    verdicts: dict[str, Verdict] = {}
    used: dict[str, tuple[Code, Verdict]] = {}
    for name in sorted(names):
        code = here.codes[name]
        digest = code.file.sha256
        if digest not in verdicts:
            verdicts[digest] = verdict_on(code, data)
        if declared or verdicts[digest].fit.well:
            used[name] = (code, verdicts[digest])
    return used


def _stores_cases(
    store: StoreRead,
    data: bytes,
    used: Mapping[str, tuple[Code, Verdict]],
    met: Mapping[str, Code | None],
) -> Iterator[GateCase]:
    """One for each CODE that the store meets; what is missing has a case of its own."""
    judged: set[str] = set()
    for name, (_code, before) in used.items():
        code = met.get(name)
        if code is None or code.file.sha256 in judged:
            continue
        judged.add(code.file.sha256)
        verdict = verdict_on(code, data)
        yield GateCase(
            "store",
            f"{store.path} under {name}",
            code.path,
            tuple(_judged(verdict, before)),
            verdict.outcome,
        )


def _named_codes(definitions: Sequence[str], here: ReadPackage) -> dict[str, set[str]]:
    """Names of the old package's CODE by the stores whose machines name it.

    None of them where they name what it does not have.
    """
    named: dict[str, set[str]] = {}
    for path in definitions:
        try:
            machine = read_definition(path)
        except Refused:
            continue
        if machine is None or machine.firmware is None or not machine.store.path:
            continue
        store = os.path.realpath(tree_of(path).path(machine.store.path))
        codes = named.setdefault(store, set())
        code = here.package.at(machine.firmware.path)
        if code is not None and code in here.codes:
            codes.add(code)
    return named


def _short(path: str) -> str:
    return PurePosixPath(path).name
