"""``ovmfgui vars recover``: rebuild a damaged store, or format a blank one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import path_of_store
from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_file
from ovmfgui.nvram.layouts import LAYOUTS, layout_named
from ovmfgui.nvram.packing import create_flash, format_for
from ovmfgui.nvram.recovery import recover
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.recovery import Recovery


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "vars", metavar="VARS", help="a damaged or blank VARS file, or a JSON store"
    )
    parser.add_argument(
        "-o", "--output", metavar="NEW", required=True, help="the file to write; VARS is kept"
    )
    parser.add_argument(
        "--layout",
        choices=[each.name for each in LAYOUTS],
        help="of the new store, where VARS does not tell it",
    )
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 every variable was kept, 1 some were lost, 2 nothing to recover."
    )


def run(arguments: Namespace) -> int:
    """Recover and write the new file."""
    file = read_file(path_of_store(arguments.vars))
    layout = None if arguments.layout is None else layout_named(arguments.layout)
    recovery = recover(file.data, layout)
    if (file.format is Format.JSON) is not (format_for(arguments.output) is Format.JSON):
        kind = "JSON: let NEW end .json" if file.format is Format.JSON else "in flash, not JSON"
        msg = f"{file.path} is a store {kind}"
        raise Refused(msg)
    create_flash(arguments.output, recovery.data)
    if arguments.json:
        print_json(
            {
                "files": [file_json(file)],
                "file": arguments.output,
                "source": recovery.source,
                "layout": recovery.layout,
                "variables": recovery.variables,
                "notes": list(recovery.notes),
                "lost": list(recovery.lost),
            }
        )
    else:
        _print(recovery, arguments.output)
    return ANSWER_IS_NO if recovery.lost else ALL_WELL


def _print(recovery: Recovery, output: str) -> None:
    say(f"{output}: {recovery.summary}")
    for title, lines in (("What was wrong", recovery.notes), ("What is lost", recovery.lost)):
        if lines:
            say(f"\n{title}")
            for line in lines:
                print_wrapped(line, "  ", "· ")
