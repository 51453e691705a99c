"""``ovmfgui convert``: carry the variables over into a store that another CODE expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import opened_store
from ovmfgui.flash.image import Format
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.layout.conversion import convert, convert_to_json
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.packing import create_flash, format_for
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.layout.conversion import Conversion
    from ovmfgui.nvram.store_file import StoreFile


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("vars", metavar="VARS", help="the old store; it is not touched")
    parser.add_argument(
        "--for",
        dest="code",
        metavar="CODE",
        help="the CODE that the new one fits; not needed for a JSON store",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="NEW",
        required=True,
        help="the file to write; .json: the JSON store of QEMU's uefi-vars device",
    )
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Convert and write the new store."""
    opened = opened_store(arguments.vars)
    if opened.incomplete is not None:
        msg = f"{opened.path} is damaged; recover it first: {opened.incomplete}"
        raise Refused(msg)
    made = _made(opened, arguments)
    create_flash(arguments.output, made.data)
    if arguments.json:
        print_json(
            {
                "files": [file_json(opened.file)],
                "file": arguments.output,
                "size": len(made.data),
                "variables": len(made.carried),
                "dropped": list(made.dropped),
                "warnings": list(made.warnings),
            }
        )
    else:
        _print(made, arguments.output)
    return ALL_WELL


def _made(opened: StoreFile, arguments: Namespace) -> Conversion:
    into_json = format_for(arguments.output) is Format.JSON
    if arguments.code is None:
        if not into_json:
            msg = "which CODE the new store is for is needed (--for CODE), or a NEW that ends .json"
            raise Refused(msg)
        return convert_to_json(opened.store)
    made = convert(opened.store, opened.file.data, open_image([arguments.code]))
    if into_json is not is_json_store(made.data):
        kind = "in flash: give NEW another ending" if into_json else "JSON: let NEW end .json"
        msg = f"the store that {arguments.code} expects is {kind}"
        raise Refused(msg)
    return made


def _print(made: Conversion, output: str) -> None:
    say(f"{output}: {len(made.carried):,} variables in a new store of {len(made.data):,} bytes")
    for line in made.dropped:
        print_wrapped(f"not carried over: {line}", "  ")
    for line in made.warnings:
        print_wrapped(line, "  ", "⚠ ")
