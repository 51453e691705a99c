"""``ovmfgui vars get``: one variable, decoded and in hex."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_findings, print_table, print_wrapped, say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.output import complain
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import add_store, opened_store
from ovmfgui.cli.vars_list import record_json
from ovmfgui.guid import guid_name
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.decode import decode, help_for
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.store_file import wanted_variable
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.record import Record

_ROW = 16
# Lines of hex; --raw gives all of a longer value.
_ROWS = 64


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_store(parser)
    parser.add_argument("name", metavar="NAME", help="the variable's name, as it is written")
    parser.add_argument("--guid", metavar="G", help="its vendor's GUID, or that GUID's name")
    shape = parser.add_mutually_exclusive_group()
    add_json(shape)
    shape.add_argument("--raw", action="store_true", help="print the value's bytes as they are")
    shape.add_argument("--hex", action="store_true", help="print the value in hex, one line")
    parser.add_argument("--reveal", action="store_true", help="show passwords and their hashes")
    parser.epilog = "Exit status: 0 it is there, 1 it is not, 2 unusable input."


def run(arguments: Namespace) -> int:
    """Print the variable."""
    opened = opened_store(arguments.vars)
    record = wanted_variable(opened, arguments.name, arguments.guid)
    if record is None:
        name = visible_name(arguments.name)
        if opened.incomplete is not None:
            msg = f"{name} cannot be read from {opened.path}: {opened.incomplete}"
            raise Refused(msg)
        complain(f"there is no variable {name} in {opened.path}")
        return ANSWER_IS_NO
    if arguments.json:
        files = {"files": [file_json(opened.file)]}
        print_json(files | record_json(record, arguments.reveal))
    elif arguments.raw:
        sys.stdout.buffer.write(record.data)
    elif arguments.hex:
        print(record.data.hex())
    else:
        _print(record, arguments.reveal, in_text=opened.store.json is not None)
    return ALL_WELL


def _print(record: Record, reveal: bool, *, in_text: bool) -> None:
    decoded = decode(record, reveal=reveal)
    say(f"{visible_name(record.name)}: {decoded.summary}")
    if about := help_for(record.guid, record.name):
        print_wrapped(about, "  ")
    vendor = guid_name(record.guid)
    rows = [
        ["vendor", f"{record.guid}{f' ({vendor})' if vendor else ''}"],
        ["attributes", f"{','.join(record.attribute_names)} (0x{record.attributes:X})"],
        ["size", f"{len(record.data):,} bytes"],
        ["offset", f"0x{record.span.start:X}, its value at 0x{record.data_span.start:X}"],
    ]
    if stamp := timestamp.text(record.timestamp):
        rows.append(["timestamp", stamp])
    print()
    print_table(rows)
    if len(decoded.fields) > 1:
        print("\nFields")
        print_table([[f"0x{f.span.start:X}", f.name, f.text, f.note] for f in decoded.fields])
    print_findings(decoded.findings)
    if not decoded.secret:
        print("\nValue")
        # In JSON the value's bytes have no place of their own.
        _print_hex(record.data, 0 if in_text else record.data_span.start)


def _print_hex(data: bytes, first: int) -> None:
    for start in range(0, min(len(data), _ROW * _ROWS), _ROW):
        row = data[start : start + _ROW]
        text = "".join(chr(c) if 0x20 <= c < 0x7F else "." for c in row)
        say(f"  {first + start:08X}  {row.hex(' '):<{3 * _ROW}} {text}")
    if len(data) > _ROW * _ROWS:
        say(f"  … {len(data) - _ROW * _ROWS:,} more bytes (--raw gives all)")
