"""``ovmfgui matrix``: every CODE against every VARS, or one host's package against another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import finding_json, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import SIGNS, print_table, print_wrapped, say
from ovmfgui.cli.machine_json import file_json, files_of_machine, passed_over_json
from ovmfgui.cli.parsing import add_json, add_root
from ovmfgui.machine.folder import lines_of
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Sequence

    from ovmfgui.hosts.matrix import Matrix
    from ovmfgui.hosts.package_change import PackageChange, PackageChanges
    from ovmfgui.hosts.package_reading import PackagePair
    from ovmfgui.machine.folder import PassedOver


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders with all below them, definitions of machines; - for standard input",
    )
    parser.add_argument(
        "--from", dest="source", metavar="A", help="the package folder that domains come from"
    )
    parser.add_argument(
        "--to", dest="destination", metavar="B", help="the package folder of the other host"
    )
    parser.add_argument(
        "--all-pairs",
        action="store_true",
        help="also pairs that no definition makes, and with --from CODE under another path",
    )
    add_root(parser)
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 every pair fits, or every domain survives; 1 one does not, or a file could "
        "not be read. "
        "An upgrade in place is the same question: the old package's folder to the new one's."
    )


def run(arguments: Namespace) -> int:
    """Print the matrix."""
    if arguments.source or arguments.destination:
        if not (arguments.source and arguments.destination) or arguments.paths:
            msg = "--from and --to go together, and without other paths"
            raise Refused(msg)
        return _run_package_change(arguments)
    if not arguments.paths:
        msg = "name files or folders to compare, or two packages with --from and --to"
        raise Refused(msg)
    from ovmfgui.hosts.matrix import matrix

    found = matrix(arguments.paths, all_pairs=arguments.all_pairs, root=arguments.root)
    if arguments.json:
        print_json(_matrix_json(found))
    else:
        _print_matrix(found)
    well = all(verdict.fit.well for verdict in found.verdicts)
    return ALL_WELL if well and not _failed(found.passed_over) else ANSWER_IS_NO


def _failed(passed_over: Iterable[PassedOver]) -> int:
    return sum(each.failed for each in passed_over)


def _matrix_json(found: Matrix) -> dict[str, Any]:
    read = [code.file for code in found.codes] + [store.file for store in found.stores]
    files = [file_json(file) for file in read]
    return {
        "files": files + [f for each in found.machines for f in files_of_machine(each.machine)],
        "code": [code.path for code in found.codes],
        "vars": [store.path for store in found.stores],
        "cells": [
            {
                "code": i,
                "vars": j,
                "verdict": str(verdict.fit),
                "outcome": str(verdict.outcome),
                "summary": verdict.summary,
            }
            for i, row in enumerate(found.cells)
            for j, verdict in enumerate(row)
        ],
        "machines": [
            {
                "path": each.path,
                "name": each.machine.machine.name or None,
                "verdict": str(each.verdict.fit),
                "outcome": str(each.verdict.outcome),
                "summary": each.verdict.summary,
            }
            for each in found.machines
        ],
        "passed_over": passed_over_json(found.passed_over),
    }


def _print_matrix(found: Matrix) -> None:
    """Stores as rows, CODE images as columns, the columns' names in a list above."""
    if found.codes and found.stores:
        for number, code in enumerate(found.codes, 1):
            say(f"  {number}  {code.path}")
        print()
        rows = [("", *(str(number) for number in range(1, len(found.codes) + 1)))]
        for j, store in enumerate(found.stores):
            cells = (f"{row[j].fit.sign} {row[j].outcome}" for row in found.cells)
            rows.append((store.path, *cells))
        print_table(rows)
    if found.machines:
        print("\nMachines")
        print_table(
            [
                (each.path, f"{each.verdict.fit.sign} {each.verdict.outcome}")
                for each in found.machines
            ]
        )
    _print_passed_over(found.passed_over)
    well = sum(verdict.fit.well for verdict in found.verdicts)
    pairs = f"{count(len(found.codes), 'CODE image')} × {count(len(found.stores), 'store')}"
    machines = f", {count(len(found.machines), 'machine')}" if found.machines else ""
    over = _totals_of(found.passed_over)
    say(f"\n{well} of {len(found.verdicts)} fit ({pairs}{machines}){over}")


def _totals_of(passed_over: Sequence[PassedOver]) -> str:
    if not passed_over:
        return ""
    failed = _failed(passed_over)
    unread = f", {failed} of them could not be read" if failed else ""
    return f"; {len(passed_over)} passed over{unread}"


def _print_passed_over(passed_over: Sequence[PassedOver]) -> None:
    if passed_over:
        print()
    for failed, line in lines_of(passed_over):
        sign = SIGNS["error" if failed else "info"]
        print_wrapped(f"passed over: {line}", "  ", f"{sign} ")


def _run_package_change(arguments: Namespace) -> int:
    from ovmfgui.hosts.package_change import package_changes

    found = package_changes(arguments.source, arguments.destination, all_pairs=arguments.all_pairs)
    if arguments.json:
        print_json(_changes_json(found))
    else:
        _print_changes(found, arguments.destination)
    return ALL_WELL if found.well else ANSWER_IS_NO


def _changes_json(found: PackageChanges) -> dict[str, Any]:
    files = {code.path: code.file for code in found.missing}
    for each in found.changes:
        source = each.source
        for file in (source.code.file, source.store.file, each.destination.file):
            files[file.path] = file
    return {
        "files": [file_json(file) for file in files.values()],
        "missing": [code.path for code in found.missing],
        "pairs": [_package_change_json(each) for each in found.changes],
        "findings": [{"path": each.path, **finding_json(each.finding)} for each in found.findings],
        "passed_over": passed_over_json(found.passed_over),
    }


def _pair_json(pair: PackagePair) -> dict[str, str]:
    return {"code": pair.code.path, "vars": pair.store.path}


def _package_change_json(each: PackageChange) -> dict[str, Any]:
    return {
        "source": _pair_json(each.source),
        "destination": {"code": each.destination.path, "vars": each.template or None},
        "live_migration": "accepted" if each.accepted else "refused",
        "qemu_error": each.qemu_error or None,
        "next_power_on": str(each.next_power_on.outcome),
        "verdict": str(each.next_power_on.fit),
        "same_name": each.same_name,
        "lost": list(each.lost),
    }


def _print_changes(found: PackageChanges, destination: str) -> None:
    for code in found.missing:
        text = f"{code.path} is not in {destination}: a domain that uses it does not start there"
        print_wrapped(text, "", f"{SIGNS['error']} ")
    if found.missing:
        print()
    rows = [("domain's CODE", "domain's VARS", "CODE there", "while running", "next power-on")]
    for each in found.changes:
        fit = each.next_power_on
        rows.append(
            (
                each.source.code.path,
                each.source.store.path,
                each.destination.path,
                "✔ accepted" if each.accepted else "✖ refused",
                f"{fit.fit.sign} {fit.outcome}",
            )
        )
    if found.changes:
        print_table(rows)
    for path, lost in {(e.destination.path, lost): 0 for e in found.changes for lost in e.lost}:
        print_wrapped(f"{path}: {lost}", "", f"{SIGNS['warning']} ")
    for finding in (each.finding for each in found.findings):
        print_wrapped(finding.text, "", f"{SIGNS[finding.severity]} ")
    words = {each.qemu_error for each in found.changes if each.qemu_error}
    for text in sorted(words):
        print("\nQEMU says")
        for line in text.splitlines():
            say(f"  {line}")
    _print_passed_over(found.passed_over)
    well = sum(each.well for each in found.changes)
    print(
        f"\n{well} of {len(found.changes)} pairs survive; "
        f"{count(len(found.missing), 'CODE file')} missing{_totals_of(found.passed_over)}"
    )
