"""``ovmfgui matrix``: every CODE against every VARS, or one host's package against another's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_table, print_wrapped
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from ovmfgui.hosts.matrix import Matrix, PackagePair
    from ovmfgui.hosts.package_change import PackageChange


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="files, folders, QEMU firmware descriptors"
    )
    parser.add_argument(
        "--from", dest="source", metavar="A", help="the package folder that domains come from"
    )
    parser.add_argument(
        "--to", dest="destination", metavar="B", help="the package folder of the other host"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.epilog = (
        "Exit status with --from and --to: 0 every domain survives, 1 one does not. "
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

    found = matrix(arguments.paths)
    if arguments.json:
        print_json(_matrix_json(found))
    else:
        _print_matrix(found)
    return ALL_WELL


def _matrix_json(found: Matrix) -> dict[str, Any]:
    return {
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
        "passed_over": list(found.passed_over),
    }


def _short(paths: Sequence[str]) -> list[str]:
    """The paths without the folder that they share."""
    folders = {os.path.dirname(path) for path in paths}  # noqa: PTH120
    return [Path(path).name for path in paths] if len(folders) == 1 else list(paths)


def _print_matrix(found: Matrix) -> None:
    """Stores as rows, CODE images as columns, the columns' names in a list above."""
    codes = _short([code.path for code in found.codes])
    stores = _short([store.path for store in found.stores])
    for number, name in enumerate(codes, 1):
        print(f"  {number}  {name}")
    print()
    rows = [("", *(str(number) for number in range(1, len(codes) + 1)))]
    for j, store in enumerate(stores):
        cells = (f"{row[j].fit.sign} {row[j].outcome}" for row in found.cells)
        rows.append((store, *cells))
    print_table(rows)
    if found.passed_over:
        print()
    for line in found.passed_over:
        print_wrapped(f"passed over: {line}", "  ")


def _run_package_change(arguments: Namespace) -> int:
    from ovmfgui.hosts.package_change import package_changes

    found = package_changes(arguments.source, arguments.destination)
    if arguments.json:
        print_json({"pairs": [_package_change_json(each) for each in found]})
    else:
        _print_package_changes(found)
    survive = all(each.accepted and _well(each) for each in found)
    return ALL_WELL if survive else ANSWER_IS_NO


def _well(package_change: PackageChange) -> bool:
    return package_change.next_power_on.fit.well


def _pair_json(pair: PackagePair) -> dict[str, str]:
    return {"code": pair.code.path, "vars": pair.store.path}


def _package_change_json(each: PackageChange) -> dict[str, Any]:
    return {
        "source": _pair_json(each.source),
        "destination": _pair_json(each.destination),
        "live_migration": "accepted" if each.accepted else "refused",
        "qemu_error": each.qemu_error or None,
        "next_power_on": str(each.next_power_on.outcome),
        "verdict": str(each.next_power_on.fit),
        "same_name": each.same_name,
    }


def _print_package_changes(found: Sequence[PackageChange]) -> None:
    rows = [("domain's CODE", "domain's VARS", "other CODE", "while running", "next power-on")]
    for each in found:
        fit = each.next_power_on
        rows.append(
            (
                Path(each.source.code.path).name,
                Path(each.source.store.path).name,
                Path(each.destination.code.path).name,
                "✔ accepted" if each.accepted else "✖ refused",
                f"{fit.fit.sign} {fit.outcome}",
            )
        )
    # A domain meets every template of the other package alike: its own store comes along.
    print_table(list(dict.fromkeys(rows)))
    words = {each.qemu_error for each in found if each.qemu_error}
    for text in sorted(words):
        print("\nQEMU says")
        for line in text.splitlines():
            print(f"  {line}")
