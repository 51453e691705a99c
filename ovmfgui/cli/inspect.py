"""``ovmfgui inspect``: the flash map and structure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.ahead import Ahead
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.parsing import add_json, add_root

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.machine.opening import OpenedMachine


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="an image, CODE and VARS, or what defines a machine (see ovmfgui check --help)",
    )
    add_root(parser)
    add_json(parser)
    parser.add_argument(
        "--depth", type=int, default=3, metavar="N", help="levels of the map to print (default 3)"
    )


def run(arguments: Namespace) -> int:
    """Print the inspection."""
    from ovmfgui.flash.opening import image_of
    from ovmfgui.machine.opening import open_machine, read_files

    machine = open_machine(arguments.files, arguments.root)
    if machine is not None:
        return _run_on_machine(machine, arguments)
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


def _run_on_machine(machine: OpenedMachine, arguments: Namespace) -> int:
    from ovmfgui.cli.console import print_wrapped
    from ovmfgui.cli.inspect_output import print_inspection, print_inspection_json
    from ovmfgui.layout.inspection import inspect_machine
    from ovmfgui.machine.sentence import machine_sentence

    inspection = inspect_machine(machine)
    if arguments.json:
        digests = {file.path: file.sha256 for file in inspection.image.files}
        print_inspection_json(inspection, digests)
    else:
        print_wrapped(machine_sentence(machine))
        print_inspection(inspection, arguments.depth)
    return ALL_WELL
