"""``ovmfgui preflight``: which domains of one host can go to another, and start again there?"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import SIGNS, print_table, print_wrapped, say
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.preflight_row import SIGN_OF_ANSWER, reasons, row_json
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.hosts.preflight import Preflight, Row


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    host = "a libvirt URI (qemu+ssh://host/system), a folder made by collect, or a host's file tree"
    parser.add_argument(
        "a", nargs="?", metavar="A", help=f"the host that the domains are on: {host}"
    )
    parser.add_argument(
        "b", nargs="?", metavar="B", help="the host that they are to go to, named alike"
    )
    parser.add_argument("domains", nargs="*", metavar="DOMAIN", help="all where none is named")
    parser.add_argument(
        "--fleet",
        metavar="DIR",
        help="every domain on every other host, of the collected folders in DIR",
    )
    add_json(parser)
    parser.add_argument("--junit", metavar="FILE", help="write the rows as JUnit XML too")
    parser.epilog = (
        "Exit status: 0 every domain is well, 1 one is not, 2 unusable input. URIs are connected "
        "to read-write: files are read through storage pools, which are removed afterwards; "
        "nothing else is changed on either host."
    )


def run(arguments: Namespace) -> int:
    """Print a row a domain, and the reasons."""
    if arguments.fleet is not None:
        if arguments.a is not None:
            msg = "--fleet stands for all hosts in its folder; name no others"
            raise Refused(msg)
        from ovmfgui.cli.preflight_fleet import run_fleet

        return run_fleet(arguments)
    if arguments.b is None:
        msg = "name two hosts, or a folder of many with --fleet"
        raise Refused(msg)
    from ovmfgui.cli.host_connections import announce, ended_like_ctrl_c
    from ovmfgui.hosts.preflight import preflight
    from ovmfgui.hosts.reaching import two_hosts

    announce(arguments.a, arguments.b)
    with ended_like_ctrl_c(), two_hosts(arguments.a, arguments.b) as (a, b):
        found = preflight(a, b, arguments.domains)
    if arguments.junit:
        _write_junit(arguments.junit, found)
    if arguments.json:
        print_json(_document(found))
    else:
        _print(found)
    return ALL_WELL if found.well else ANSWER_IS_NO


def _write_junit(path: str, found: Preflight) -> None:
    from ovmfgui.cli.junit import Case, write_junit

    cases = [
        Case(row.name, "" if row.well else "\n".join(reasons(row)) or "not well")
        for row in found.rows
    ]
    write_junit(path, f"preflight {found.source} to {found.destination}", cases)


def _document(found: Preflight) -> dict[str, Any]:
    return {
        "a": found.source,
        "b": found.destination,
        "domains": [row_json(row) for row in found.rows],
        "totals": _totals(found),
    }


def _totals(found: Preflight) -> dict[str, Any]:
    rows = found.rows
    outcomes = [str(row.next_power_on) for row in rows if row.next_power_on is not None]
    return {
        "domains": len(rows),
        "well": sum(row.well for row in rows),
        "not_well": sum(not row.well for row in rows),
        "live": {
            answer: sum(row.live.answer == answer for row in rows) for answer in SIGN_OF_ANSWER
        },
        "next_power_on": {each: outcomes.count(each) for each in sorted(set(outcomes))},
        "without_uefi": sum(row.next_power_on is None for row in rows),
        "distinct_code": found.distinct_codes,
    }


def _print(found: Preflight) -> None:
    print_wrapped(f"{found.source} → {found.destination}")
    rows = [("", "domain", "state", "while running", "next power-on", "moved switched off")]
    rows.extend(
        (
            "✔" if row.well else "✖",
            row.name,
            row.state,
            f"{SIGN_OF_ANSWER[row.live.answer]} {row.live.answer}",
            str(row.next_power_on or "no UEFI"),
            str(row.offline_move or "no UEFI"),
        )
        for row in found.rows
    )
    if len(rows) > 1:
        print_table(rows)
    for row in found.rows:
        _print_reasons(row)
    totals = _totals(found)
    sys.stdout.write(
        f"\n{count(totals['domains'], 'domain')}: {totals['well']:,} well, "
        f"{totals['not_well']:,} not; while running {totals['live']['accepted']:,} accepted, "
        f"{totals['live']['refused']:,} refused, {totals['live']['unknown']:,} not known; "
        f"{count(found.distinct_codes, 'CODE image')} read\n"
    )


def _print_reasons(row: Row) -> None:
    told = [each for each in row.findings if each.severity != "info" or not row.well]
    if not told:
        return
    say(f"\n{row.name}")
    for finding in told:
        print_wrapped(finding.text, "  ", f"{SIGNS[finding.severity]} ")
    if row.advice:
        print_wrapped(row.advice, "  ", "→ ")
