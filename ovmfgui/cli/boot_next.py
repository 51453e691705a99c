"""``ovmfgui vars boot next``: choose the entry of the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.boot_entry import edit_boot, number_argument
from ovmfgui.cli.store_edit import configure_room, configure_target

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_NONE = "none"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument(
        "number", metavar="NNNN", help=f"of the entry: Boot0003, or 0003; {_NONE} takes it back"
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Set BootNext, or delete it, and save."""
    number = None if arguments.number == _NONE else number_argument(arguments.number)
    return edit_boot(arguments, lambda editor: editor.start_next(number))
