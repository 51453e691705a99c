"""``ovmfgui split``: a unified image into CODE and VARS."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.cli.parsing import add_json
from ovmfgui.flash.unified import split
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.saving import create

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="UNIFIED", help="a unified image")
    parser.add_argument("--code", metavar="FILE", help="the CODE file (default NAME_CODE.fd, here)")
    parser.add_argument("--vars", metavar="FILE", help="the VARS file (default NAME_VARS.fd, here)")
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Write the two files into the current directory, or where they were asked for."""
    image = open_image([arguments.file])
    parts = split(image)
    # Firmware lies where a user may not write; the parts belong to where the work is done.
    stem = _stem(arguments.file)
    targets = {
        "vars": (arguments.vars or f"{stem}_VARS.fd", parts.vars),
        "code": (arguments.code or f"{stem}_CODE.fd", parts.code),
    }
    for path, data in targets.values():
        create(path, data)
    if arguments.json:
        print_json(
            {"files": files_of_image(image)}
            | {
                role: {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
                for role, (path, data) in targets.items()
            }
        )
    else:
        for path, data in targets.values():
            say(f"{path}: {len(data):,} bytes")
        print("Verified: VARS followed by CODE is the unified image, byte for byte.")
    return ALL_WELL


def _stem(path: str) -> str:
    if path == "-":
        return "split"
    name = Path(path).name
    return Path(name.removesuffix(".xz")).stem
