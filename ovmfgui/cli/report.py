"""``ovmfgui report``: one self-contained page, or Markdown, with all that is to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import files_of_image, files_of_machine
from ovmfgui.cli.parsing import add_root
from ovmfgui.layout.inspection import inspect, inspect_machine
from ovmfgui.layout.report_file import report_bytes
from ovmfgui.machine.opening import open_image, open_machine
from ovmfgui.nvram.saving import create

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="an image, CODE and VARS, or a machine"
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="the page (.html), or Markdown (.md)"
    )
    parser.add_argument(
        "--format", choices=("html", "md"), help="what to write; as FILE ends where not given"
    )
    add_root(parser)
    parser.add_argument("--json", action="store_true", help="print JSON on what was written")
    parser.epilog = "Exit status: 0 all well, 1 the verdict is no, 2 unusable input."


def run(arguments: Namespace) -> int:
    """Write the page."""
    machine = open_machine(arguments.files, arguments.root)
    if machine is None:
        found = inspect(open_image(arguments.files))
        files = files_of_image(found.image)
    else:
        found = inspect_machine(machine)
        files = files_of_machine(machine)
    create(arguments.output, report_bytes(found, arguments.output, arguments.format or ""))
    verdict = found.verdict
    if arguments.json:
        print_json(
            {
                "files": files,
                "report": arguments.output,
                "verdict": None if verdict is None else str(verdict.fit),
                "outcome": None if verdict is None else str(verdict.outcome),
            }
        )
    else:
        say(f"{arguments.output}: {'no verdict' if verdict is None else verdict.fit}")
    return ALL_WELL if verdict is None or verdict.fit.well else ANSWER_IS_NO
