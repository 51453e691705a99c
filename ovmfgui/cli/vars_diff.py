"""``ovmfgui vars diff``: two stores, variable by variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import add_store, opened_store
from ovmfgui.cli.vars_list import record_json
from ovmfgui.guid import guid_name
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.difference import VariableDifference, differences
from ovmfgui.nvram.faults import visible_name
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store_file import StoreFile

_SIGNS = {"only-first": "-", "only-second": "+", "differs": "~"}


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_store(parser, "first", "A")
    parser.add_argument("second", metavar="B", help="another one")
    add_json(parser)
    parser.epilog = "Exit status: 0 the variables are the same, 1 they differ, 2 unusable input."


def run(arguments: Namespace) -> int:
    """Print what differs."""
    opened = [opened_store(path) for path in (arguments.first, arguments.second)]
    for each in opened:
        if each.incomplete is not None:
            msg = f"{each.path} is damaged; recover it first: {each.incomplete}"
            raise Refused(msg)
    found = list(differences(opened[0].store, opened[1].store))
    if arguments.json:
        print_json(_as_json(opened, found))
    else:
        _print(opened, found)
    return ANSWER_IS_NO if found else ALL_WELL


def _side(record: Record | None) -> dict[str, Any] | None:
    return None if record is None else record_json(record, reveal=False)


def _as_json(opened: list[StoreFile], found: list[VariableDifference]) -> dict[str, Any]:
    return {
        "files": [file_json(each.file) for each in opened],
        "equal": not found,
        "differences": [difference_json(each) for each in found],
    }


def difference_json(each: VariableDifference) -> dict[str, Any]:
    """A variable that differs, as JSON."""
    return {
        "name": each.record.name,
        "guid": str(each.record.guid),
        "kind": each.kind,
        "what": list(each.what),
        "first": _side(each.first),
        "second": _side(each.second),
    }


def _shown(record: Record, what: tuple[str, ...]) -> str:
    parts = [decode(record).summary]
    if "attributes" in what:
        parts.append(",".join(record.attribute_names))
    if "timestamp" in what:
        parts.append(timestamp.text(record.timestamp) or "no timestamp")
    return " | ".join(parts)


def _print(opened: list[StoreFile], found: list[VariableDifference]) -> None:
    if not found:
        say(f"{opened[0].path} and {opened[1].path} hold the same variables")
        return
    say(f"- {opened[0].path}")
    say(f"+ {opened[1].path}")
    print()
    for each in found:
        print_difference(each)


def print_difference(each: VariableDifference) -> None:
    """A variable that differs, with both values."""
    record = each.record
    vendor = guid_name(record.guid) or str(record.guid)
    say(f"{_SIGNS[each.kind]} {visible_name(record.name)} ({vendor})")
    for sign, side in (("-", each.first), ("+", each.second)):
        if side is not None:
            say(f"    {sign} {_shown(side, each.what)}")
