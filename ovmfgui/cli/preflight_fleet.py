"""``ovmfgui preflight --fleet``: every domain of every host on every other host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_table, print_wrapped, say
from ovmfgui.cli.preflight_row import SIGN_OF_ANSWER, reasons, row_json
from ovmfgui.hosts.fleet import read_fleet
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import Namespace

    from ovmfgui.hosts.fleet import Fleet, FleetPair

_MOST_SHOWN = 40
"""Distinct answers that are printed; ``--json`` has all of them."""


def run_fleet(arguments: Namespace) -> int:
    """Print the distinct answers, most frequent first."""
    fleet = read_fleet(arguments.fleet)
    if arguments.junit:
        _write_junit(arguments.junit, arguments.fleet, fleet)
    if arguments.json:
        print_json({"fleet": arguments.fleet, **_document(fleet)})
    else:
        _print(fleet)
    return ALL_WELL if fleet.well else ANSWER_IS_NO


def _document(fleet: Fleet) -> dict[str, Any]:
    return {
        "hosts": [{"name": host.name, "kind": host.kind} for host in fleet.hosts],
        "domains": [
            {"name": d.name, "host": d.host, "state": d.state, "kind": d.kind}
            for d in fleet.domains
        ],
        "pairs": [_pair(each) for each in fleet.pairs],
        "passed_over": list(fleet.passed_over),
        "totals": _totals(fleet),
    }


def _pair(pair: FleetPair) -> dict[str, Any]:
    return {
        "domain_kind": pair.domains,
        "host_kind": pair.hosts,
        "moves": pair.moves,
        "meets_a_file": pair.meets_a_file,
        "example": {"domain": pair.domain, "host": pair.host},
        "answer": row_json(pair.row),
    }


def _totals(fleet: Fleet) -> dict[str, int]:
    return {
        "hosts": len(fleet.hosts),
        "domains": len(fleet.domains),
        "moves": fleet.moves,
        "well": sum(pair.moves for pair in fleet.pairs if pair.row.well),
        "not_well": sum(pair.moves for pair in fleet.pairs if not pair.row.well),
        "judged": len(fleet.pairs),
    }


def _write_junit(path: str, folder: str, fleet: Fleet) -> None:
    from ovmfgui.cli.junit import Case, write_junit

    cases = [
        Case(
            f"{_example(fleet, pair)} ({count(pair.moves, 'move')})",
            "" if pair.row.well else "\n".join(reasons(pair.row)) or "not well",
        )
        for pair in fleet.pairs
    ]
    cases += [Case(f"passed over {n}", line) for n, line in enumerate(fleet.passed_over, 1)]
    write_junit(path, f"preflight --fleet {folder}", cases)


def _example(fleet: Fleet, pair: FleetPair) -> str:
    domain = fleet.domains[pair.domain]
    home, there = fleet.hosts[domain.host].name, fleet.hosts[pair.host].name
    return f"{domain.name}: {home} → {there}"


def _print(fleet: Fleet) -> None:
    pairs = sorted(fleet.pairs, key=lambda pair: (pair.row.well, -pair.moves))
    rows = [("", "moves", "such as", "while running", "next power-on", "moved switched off")]
    rows.extend(
        (
            "✔" if pair.row.well else "✖",
            f"{pair.moves:,}",
            _example(fleet, pair),
            f"{SIGN_OF_ANSWER[pair.row.live.answer]} {pair.row.live.answer}",
            str(pair.row.next_power_on or "no UEFI"),
            str(pair.row.offline_move or "no UEFI"),
        )
        for pair in pairs[:_MOST_SHOWN]
    )
    print_table(rows, right=frozenset({1}))
    if len(pairs) > _MOST_SHOWN:
        say(f"  and {count(len(pairs) - _MOST_SHOWN, 'distinct answer')} more (--json)")
    for pair in [pair for pair in pairs if not pair.row.well][:_MOST_SHOWN]:
        say(f"\n{_example(fleet, pair)}, {count(pair.moves, 'move')} of this kind")
        for text in reasons(pair.row):
            print_wrapped(text, "  ")
    for line in fleet.passed_over:
        print_wrapped(f"passed over: {line}", "  ", "✖ ")
    totals = _totals(fleet)
    print(
        f"\n{count(totals['domains'], 'domain')} on {count(totals['hosts'], 'host')}, "
        f"{count(totals['moves'], 'move')}: {totals['well']:,} well, {totals['not_well']:,} not; "
        f"{count(totals['judged'], 'distinct pair')} judged"
    )
