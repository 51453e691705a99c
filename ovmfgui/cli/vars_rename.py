"""``ovmfgui vars rename``: give a variable another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import (
    configure_room,
    configure_target,
    configure_variable,
    editor_argument,
    finish,
)
from ovmfgui.nvram.store_file import guid_argument, there

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    configure_variable(parser)
    parser.add_argument("new_name", metavar="NEWNAME", help="what it shall be called")
    parser.add_argument("--new-guid", metavar="G", help="whose it shall be; the same without it")
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Rename the variable and save."""
    opened = opened_store(arguments.vars, write=True)
    editor = editor_argument(opened, arguments)
    record = there(opened, arguments.name, arguments.guid)
    vendor = None if arguments.new_guid is None else guid_argument(arguments.new_guid)
    edit = editor.rename_variable(record.name, record.guid, arguments.new_name, vendor)
    return finish(opened, edit, arguments)
