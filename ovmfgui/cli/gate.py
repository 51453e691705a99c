"""``ovmfgui gate``: does a new firmware package keep alive what the old one made?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import finding_json, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import SIGNS, print_wrapped, say
from ovmfgui.cli.machine_json import passed_over_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.finding import Severity
from ovmfgui.machine.folder import lines_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ovmfgui.finding import Finding
    from ovmfgui.hosts.gate import Gate, GateCase


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    package = (
        "a .deb, an unpacked tree, a folder of firmware, CODE.fd,VARS.fd, or the name of an "
        "installed Debian package"
    )
    parser.add_argument("new", metavar="NEW_PACKAGE", help=package)
    parser.add_argument(
        "--old", metavar="OLD_PACKAGE", required=True, help="what it replaces, named alike"
    )
    parser.add_argument(
        "--stores",
        metavar="DIR",
        help="stores that the old one made and that have lived since, with domain XML or without",
    )
    parser.add_argument("--junit", metavar="FILE", help="write the cases as JUnit XML too")
    parser.add_argument("--sarif", metavar="FILE", help="write the findings as SARIF 2.1.0 too")
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 every store made by the old package boots and saves under the new one, "
        "with the same paths, sizes and descriptors' features; 1 something is lost; 2 unusable "
        "input. A recipe for Debian's autopkgtest lies in resources/gate."
    )


def run(arguments: Namespace) -> int:
    """Print what is lost."""
    from ovmfgui.hosts.gate import gate

    found = gate(arguments.new, arguments.old, arguments.stores)
    if arguments.junit:
        _write_junit(arguments.junit, found)
    if arguments.sarif:
        from ovmfgui.cli.sarif import write_sarif

        write_sarif(arguments.sarif, _worth_telling(found))
    if arguments.json:
        print_json(_document(found))
    else:
        _print(found)
    return ALL_WELL if found.well else ANSWER_IS_NO


def _write_junit(path: str, found: Gate) -> None:
    from ovmfgui.cli.junit import Case, write_junit

    cases = [
        Case(case.name, "\n".join(each.text for each in _errors(case))) for case in found.cases
    ]
    write_junit(path, f"gate {found.old} to {found.new}", cases)


def _errors(case: GateCase) -> list[Finding]:
    return [finding for finding in case.findings if finding.severity is Severity.ERROR]


def _worth_telling(found: Gate) -> Iterator[tuple[str, Finding]]:
    """Every warning and error once; a case that is well says so in JUnit."""
    told: dict[tuple[str, str, str], tuple[str, Finding]] = {}
    for case in found.cases:
        for finding in case.findings:
            if finding.severity is not Severity.INFO:
                told.setdefault((case.path, finding.id, finding.text), (case.path, finding))
    yield from told.values()


def _document(found: Gate) -> dict[str, Any]:
    return {
        "old": found.old,
        "new": found.new,
        "well": found.well,
        "cases": [
            {
                "kind": case.kind,
                "name": case.name,
                "path": case.path,
                "well": case.well,
                "outcome": None if case.outcome is None else str(case.outcome),
                "findings": [finding_json(each) for each in case.findings],
            }
            for case in found.cases
        ],
        "totals": {
            "cases": len(found.cases),
            "well": sum(case.well for case in found.cases),
        },
        "passed_over": passed_over_json(found.passed_over),
    }


def _print(found: Gate) -> None:
    for case in found.cases:
        telling = [each for each in case.findings if each.severity is not Severity.INFO]
        if telling:
            print(case.name)
        for finding in telling:
            print_wrapped(finding.text, "  ", f"{SIGNS[finding.severity]} ")
    for _failed, line in lines_of(found.passed_over):
        print_wrapped(f"passed over: {line}", "", f"{SIGNS['info']} ")
    kinds = {case.kind for case in found.cases}
    parts = ", ".join(_part(found, kind) for kind in _KINDS if kind in kinds)
    sign = "✔" if found.well else "✖"
    say(f"{sign} {found.old} → {found.new}: {parts}")


_KINDS = {
    "template": "template pairs survive",
    "store": "stores survive",
    "new-machine": "new pairs start",
    "path": "paths kept",
    "descriptor": "descriptors kept",
    "unread": "files read",
}


def _part(found: Gate, kind: str) -> str:
    """``15 of 16 template pairs survive``, and one of one too is of pairs."""
    of_kind = [case for case in found.cases if case.kind == kind]
    return f"{sum(c.well for c in of_kind)} of {len(of_kind):,} {_KINDS[kind]}"
