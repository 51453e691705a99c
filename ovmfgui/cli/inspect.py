"""``ovmfgui inspect``: the flash map and structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.ahead import Ahead
from ovmfgui.cli.command import ALL_WELL

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="an image, or CODE and VARS")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--depth", type=int, default=3, metavar="N", help="levels of the map to print (default 3)"
    )


def run(arguments: Namespace) -> int:
    """Print the inspection."""
    from ovmfgui.flash.opening import image_of
    from ovmfgui.machine.opening import read_files

    files = read_files(arguments.files)
    # Unpacking and hashing are done by C code that lets go of the interpreter: the rest of the
    # program is loaded meanwhile.
    opening = Ahead(lambda: image_of(files))
    hashing = Ahead(lambda: {file.path: file.sha256 for file in files if arguments.json})

    from ovmfgui.cli.inspect_output import print_inspection, print_inspection_json
    from ovmfgui.layout.inspection import inspect

    inspection = inspect(opening.result())
    if arguments.json:
        print_inspection_json(inspection, hashing.result())
    else:
        print_inspection(inspection, arguments.depth)
    return ALL_WELL
