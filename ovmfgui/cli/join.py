"""``ovmfgui join``: CODE and VARS into a unified image."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.cli.parsing import add_json
from ovmfgui.flash.unified import join_pair
from ovmfgui.layout.fit import check_image
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.saving import create

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("code", metavar="CODE", help="a CODE image")
    parser.add_argument("vars", metavar="VARS", help="its variable store")
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="also where the two do not fit")
    add_json(parser)
    parser.epilog = "Exit status: 0 written, 1 not written because the two do not fit."


def run(arguments: Namespace) -> int:
    """Join the two where they fit."""
    image = open_image([arguments.code, arguments.vars])
    verdict = check_image(image)
    data = join_pair(image)
    fits = verdict.fit.well
    written = fits or arguments.force
    if written:
        create(arguments.output, data)
    if arguments.json:
        print_json(
            {
                "files": files_of_image(image),
                "path": arguments.output if written else None,
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "verdict": str(verdict.fit),
            }
        )
    elif written:
        say(f"{arguments.output}: {len(data):,} bytes, VARS first, then CODE")
    else:
        print_wrapped(f"Not written: {verdict.summary}")
    return ALL_WELL if written else ANSWER_IS_NO
