"""``ovmfgui vars list``: the variables of a store, and every record where asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import finding_json, print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_findings, print_table, print_wrapped, say, width
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import add_store, opened_store
from ovmfgui.guid import guid_name
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.limits import fits
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.secure_boot import SecureBoot, secure_boot
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store
    from ovmfgui.nvram.store_file import StoreFile

_BAR = 40
# A value's text gets what the other columns leave, and never less than this.
_SMALLEST_VALUE = 24


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_store(parser)
    add_json(parser)
    parser.add_argument(
        "--all",
        action="store_true",
        help="every record in order: superseded, deleted and torn ones too",
    )
    parser.add_argument("--reveal", action="store_true", help="show passwords and their hashes")


def run(arguments: Namespace) -> int:
    """Print the list."""
    opened = opened_store(arguments.vars)
    if arguments.json:
        print_json(_as_json(opened, every=arguments.all, reveal=arguments.reveal))
    else:
        _print(opened, every=arguments.all, reveal=arguments.reveal)
    if opened.incomplete is not None:
        msg = f"{opened.path} is damaged, and what is listed may not be all: {opened.incomplete}"
        raise Refused(msg)
    return ALL_WELL


def record_json(record: Record, reveal: bool) -> dict[str, Any]:
    """A record; ``offset`` is that of its header, ``size`` that of its value."""
    decoded = decode(record, reveal=reveal)
    return {
        "name": record.name,
        "guid": str(record.guid),
        "guid_name": guid_name(record.guid),
        "attributes": list(record.attribute_names),
        "attr": record.attributes,
        "timestamp": timestamp.text(record.timestamp) or None,
        "state": record.state,
        "status": str(record.status),
        "offset": record.span.start,
        "size": len(record.data),
        "data_offset": record.data_span.start,
        "data": record.data.hex(),
        "decoded": {"kind": decoded.kind, "text": decoded.summary, "value": decoded.value},
    }


def _store_json(store: Store) -> dict[str, Any]:
    gauge, ftw, room = store.gauge, store.ftw, fits(store)
    return {
        "kind": "flash" if store.json is None else "uefi-vars",
        "guid": None if store.guid is None else str(store.guid),
        "size": store.size,
        "live": gauge.live,
        "dead": gauge.dead,
        "free": gauge.free,
        "total": gauge.total,
        "end": store.end,
        "largest_variable": {"now": room.now, "after_compaction": room.after_compaction},
        "blank": store.blank,
        "ftw": None
        if ftw is None
        else {
            "pending": ftw.pending,
            "header_ok": ftw.header_ok,
            "writes": len(ftw.writes),
            "working_offset": ftw.working.start,
            "working_size": ftw.working.size,
            "spare_offset": None if ftw.spare is None else ftw.spare.start,
            "spare_size": None if ftw.spare is None else ftw.spare.size,
        },
    }


def _secure_boot_json(state: SecureBoot | None) -> dict[str, Any] | None:
    if state is None:
        return None
    keys = [each._asdict() for each in state.keys]
    return state._asdict() | {"keys": keys, "summary": state.summary}


def _as_json(opened: StoreFile, *, every: bool, reveal: bool) -> dict[str, Any]:
    store = opened.store
    variables = [(record, record_json(record, reveal)) for record in store.live]
    decoded = {record.span.start: shown for record, shown in variables}
    listed = {
        "files": [file_json(opened.file)],
        "store": _store_json(store),
        "secure_boot": _secure_boot_json(secure_boot(store)),
        "variables": [shown for _record, shown in variables],
        "carved": [record_json(record, reveal) for record in store.carved],
        "findings": [finding_json(finding) for finding in store.findings],
    }
    if every:
        listed["records"] = [
            decoded.get(record.span.start) or record_json(record, reveal)
            for record in store.records
        ]
    return listed


def _print(opened: StoreFile, *, every: bool, reveal: bool) -> None:
    store = opened.store
    say(f"{opened.path}: {count(len(store.live), 'variable')}{_kind(store)}")
    records = store.records if every else store.live
    if records:
        print()
        _print_records(records, every=every, reveal=reveal)
    if store.carved:
        held = len(store.carved)
        print(f"\nOut of firmware's reach, carved: {held} variable{'' if held == 1 else 's'}\n")
        _print_records(store.carved, every=every, reveal=reveal)
    if store.region is not None or store.json is not None:
        print()
        _print_gauge(store)
    if (state := secure_boot(store)) is not None and store.live:
        print_wrapped(f"Secure Boot: {state.summary}.", "  ")
    print_findings(store.findings)


def _kind(store: Store) -> str:
    if store.json is not None:
        return " in a JSON store of QEMU's uefi-vars device"
    if store.size is None:
        return ""
    kind = "an authenticated" if store.authenticated else "a plain"
    return f" in {kind} store of {store.size:,} bytes"


def _print_records(records: tuple[Record, ...], *, every: bool, reveal: bool) -> None:
    head = ["name", "vendor", "attributes", "size", "value"]
    rows = [
        [
            visible_name(record.name),
            guid_name(record.guid) or str(record.guid),
            ",".join(record.attribute_names),
            f"{len(record.data):,}",
            decode(record, reveal=reveal).summary,
        ]
        for record in records
    ]
    if every:
        head = ["offset", "state", "", *head]
        for row, record in zip(rows, records, strict=True):
            status = "" if record.status is Status.LIVE else str(record.status)
            row[:0] = [f"0x{record.span.start:X}", f"{record.state:02X}", status]
    table = [head, *rows]
    if sys.stdout.isatty():
        taken = sum(max(len(row[i]) for row in table) + 2 for i in range(len(head) - 1)) + 2
        room = max(_SMALLEST_VALUE, width() - taken)
        for row in rows:
            row[-1] = row[-1] if len(row[-1]) <= room else f"{row[-1][: room - 1]}…"
    print_table(table, right=frozenset({len(head) - 2} | ({0} if every else set())))


def _print_gauge(store: Store) -> None:
    gauge, room = store.gauge, fits(store)
    total = max(gauge.total, 1)
    live = round(_BAR * gauge.live / total)
    dead = round(_BAR * (gauge.live + gauge.dead) / total) - live
    bar = "█" * live + "▒" * dead + "·" * (_BAR - live - dead)
    print(
        f"  [{bar}] {gauge.live:,} bytes live, {gauge.dead:,} dead, {gauge.free:,} free of "
        f"{gauge.total:,}"
    )
    if gauge.dead and room.after_compaction > room.now:
        after = f", {room.after_compaction:,} bytes after compaction"
    else:
        after = ""
    say(f"  A variable of up to {room.now:,} bytes still fits (name and value){after}.")
