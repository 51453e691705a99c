"""What the Matrix view shows, read in a worker and free of the images' bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Format
from ovmfgui.hosts.gate import cases_beside
from ovmfgui.hosts.matrix import matrix
from ovmfgui.hosts.package_change import changes_between, read_both
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.machine.descriptors import installed_descriptors
from ovmfgui.machine.installed import installed_files
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ovmfgui.hosts.gate import GateCase
    from ovmfgui.hosts.matrix import Code, StoreRead
    from ovmfgui.hosts.package_change import PackageChange
    from ovmfgui.progress import Report

SHORT_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.BOOTS: "boots and saves",
    Outcome.BOOTS_INITIALISES: "formats, boots",
    Outcome.BOOTS_VOLATILE: "saves nothing",
    Outcome.BOOTS_CORRUPTING: "corrupts data",
    Outcome.WIPED: "store is erased",
    Outcome.NO_BOOT: "does not boot",
    Outcome.REFUSED_BY_QEMU: "QEMU refuses",
    Outcome.UNKNOWN: "not known",
}
"""What happens at the next power-on, in two or three words."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file at the head of a row or a column.

    Attributes:
        path: of the file; empty for none.
        note: what is to be said of it beside its name.
        is_json: whether it is the store of QEMU's uefi-vars device.
    """

    path: str
    note: str
    is_json: bool = False

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return Path(self.path).name

    @property
    def tip(self) -> str:
        """The whole path, and what is to be said of the file, on two lines."""
        return f"{self.path}\n{self.note}"


@dataclass(frozen=True, slots=True)
class Board:
    """Every CODE against every store.

    Attributes:
        codes: the columns.
        stores: the rows.
        cells: ``cells[row][column]``.
        passed_over: one line for every file that is neither.
    """

    codes: tuple[Named, ...]
    stores: tuple[Named, ...]
    cells: tuple[tuple[Verdict, ...], ...]
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What becomes of a domain that comes from one package to another.

    Attributes:
        code: the CODE that the domain was started with.
        store: the template that its store was made from.
        other: the CODE on the other host.
        same_name: whether both CODE files are called the same.
        qemu_error: QEMU's words to a live migration; empty where it accepts.
        verdict: on the other host's CODE with the domain's store.
        lost: what the domain loses there, in words.
        missing: whether the other host has no CODE under the path that the domain knows.
        template: path of a store that goes with the other CODE there; empty for none.
    """

    code: Named
    store: Named
    other: Named
    same_name: bool
    qemu_error: str
    verdict: Verdict
    lost: tuple[str, ...] = ()
    missing: bool = False
    template: str = ""

    @property
    def survives(self) -> bool:
        """Whether a domain lives through both, the migration and its next power-on, as it was."""
        return not self.qemu_error and self.verdict.fit.well and not self.lost


def installed_paths() -> tuple[str, ...]:
    """The firmware of this machine: what descriptors name, and what lies in the usual folders."""
    named = (path for descriptor in installed_descriptors() for path in descriptor.files)
    there = [path for path in named if Path(path).is_file()]
    return tuple(dict.fromkeys([*there, *(file.path for file in installed_files())]))


def read_board(paths: Sequence[str], report: Report) -> Board:
    """Judge all pairs; slow, for a worker.

    Raises:
        Refused: nothing to compare.
    """
    found = matrix(paths, report, all_pairs=True)
    # In the order of their paths what was built together stands together.
    columns = sorted(range(len(found.codes)), key=lambda i: _order(found.codes[i].path))
    rows = sorted(range(len(found.stores)), key=lambda i: _order(found.stores[i].path))
    return Board(
        tuple(_code(found.codes[column]) for column in columns),
        tuple(_store(found.stores[row]) for row in rows),
        tuple(tuple(found.cells[column][row] for column in columns) for row in rows),
        tuple(each.line for each in found.passed_over),
    )


def _order(path: str) -> str:
    """Without its ending, so that a name comes before the longer ones that begin like it."""
    return str(Path(path).with_suffix(""))


@dataclass(frozen=True, slots=True)
class Told:
    """What a gate tells beside the domains.

    Attributes:
        name: what was asked about, for people: a path, a descriptor, a pair of the new package.
        path: of the file.
        finding: an error or a warning.
    """

    name: str
    path: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Crossing:
    """One package against another.

    Attributes:
        passages: what becomes of domains; what they meet under the path they know comes first.
        told: what else is lost or worth a look: under other paths, in descriptors, of machines
            that the other package makes itself; the gravest first.
    """

    passages: tuple[Passage, ...]
    told: tuple[Told, ...]


def read_crossing(source: str, destination: str, report: Report) -> Crossing:
    """Hold two packages against each other; slow, for a worker.

    Raises:
        Refused: one of the folders holds no pair.
    """
    report(0, 1, "reading both packages")
    # A domain meets every template of the other package alike: its own store comes along.
    here, there = read_both(source, destination)
    answer = changes_between(here, there, all_pairs=True)
    found = dict.fromkeys(map(_passage, answer.changes))
    met = sorted(found, key=lambda each: not each.same_name)
    missing = (_missing(code, destination) for code in answer.missing)
    return Crossing((*missing, *met), tuple(_told(cases_beside(answer, here, there))))


def _told(cases: Iterable[GateCase]) -> list[Told]:
    """What is not well in what a gate asks beside the domains; CODE that is missing is a row."""
    told = dict.fromkeys(
        Told(case.name, case.path, finding)
        for case in cases
        for finding in case.findings
        if finding.severity is not Severity.INFO and finding.id != "code-missing"
    )
    return sorted(told, key=lambda each: each.finding.severity is not Severity.ERROR)


def _missing(code: Code, destination: str) -> Passage:
    """What a domain meets where the other host has nothing under the path that it knows."""
    name = Path(code.path).name
    summary = f"{name} is not in {destination}: a domain that uses it does not start there."
    decided = Finding("code-missing", Severity.ERROR, summary)
    verdict = Verdict(
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        summary,
        "Keep this CODE installed beside the new ones, or give its domains another one first.",
        code.expects,
        None,
        (),
        (decided,),
        (),
    )
    # QEMU block/file-posix.c, raw_open_common: what it says before any stream is read.
    words = f"Could not open '{code.path}': No such file or directory"
    nothing = Named("", "no CODE under this path")
    return Passage(_code(code), Named("", "any"), nothing, True, words, verdict, missing=True)


def _passage(package_change: PackageChange) -> Passage:
    return Passage(
        _code(package_change.source.code),
        _store(package_change.source.store),
        _code(package_change.destination),
        package_change.same_name,
        package_change.qemu_error,
        package_change.next_power_on,
        package_change.lost,
        template=package_change.template,
    )


def _code(code: Code) -> Named:
    architecture = code.architecture
    parts = [str(architecture)] if architecture is not None else []
    return Named(code.path, " · ".join([*parts, size_text(code.size)]))


def _store(file: StoreRead) -> Named:
    is_json = file.file.format is Format.JSON
    kind = "JSON · " if is_json else "blank · " if file.blank else ""
    return Named(file.path, f"{kind}{size_text(file.size)}", is_json)
