"""``ovmfgui vars import``: bring in variables from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import configure_room, configure_target, finish, limits_argument
from ovmfgui.flash.source import read_regular
from ovmfgui.nvram.exchange import is_efivarfs_name
from ovmfgui.nvram.exchange_formats import read_variables
from ovmfgui.nvram.importing import import_variables
from ovmfgui.refusal import Refused
from ovmfgui.wording import one_line

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ovmfgui.nvram.exchange import Variable


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument(
        "source",
        metavar="FILE",
        help="the JSON of virt-firmware, python-uefivars and QEMU; a dmpstore file; a file copied "
        "from efivarfs, or a folder of such; U-Boot's ubootefi.var; VMware's or VirtualBox's "
        ".nvram; EC2's uefi-data; another variable store",
    )
    parser.add_argument(
        "--replace", action="store_true", help="delete the variables that are not in FILE"
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Import and save."""
    opened = opened_store(arguments.vars)
    done = import_variables(
        opened.file.data,
        tuple(_variables(Path(arguments.source))),
        replace=arguments.replace,
        limits=limits_argument(arguments),
        compact=arguments.compact,
    )
    if done.skipped and not arguments.json:
        names = ", ".join(done.skipped[:8]) + (" and others" if len(done.skipped) > 8 else "")
        print(one_line(f"Left out, volatile or empty: {names}"), file=sys.stderr)
    return finish(opened, done.edit, arguments)


def _variables(source: Path) -> Iterator[Variable]:
    if not source.is_dir():
        yield from _of_file(source)
        return
    files = sorted(path for path in source.iterdir() if is_efivarfs_name(path.name))
    if not files:
        msg = f"{source} is a folder without files of the form NAME-GUID"
        raise Refused(msg)
    for path in files:
        yield from _of_file(path)


def _of_file(path: Path) -> tuple[Variable, ...]:
    contents = read_regular(path)
    try:
        return read_variables(path.name, contents)
    except Refused as reason:
        msg = f"{path}: {reason}"
        raise Refused(msg) from None
