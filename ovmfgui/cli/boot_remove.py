"""``ovmfgui vars boot remove``: remove a boot entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.boot_entry import edit_boot, number_argument
from ovmfgui.cli.store_edit import configure_room, configure_target

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument("number", metavar="NNNN", help="of the entry: Boot0003, or 0003")
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Remove the entry and save."""
    number = number_argument(arguments.number)
    return edit_boot(arguments, lambda editor: editor.remove(number))
