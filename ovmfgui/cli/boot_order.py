"""``ovmfgui vars boot order``: set the order in which entries are tried."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.cli.boot_entry import edit_boot, number_argument
from ovmfgui.cli.store_edit import configure_room, configure_target

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument(
        "numbers",
        metavar="NNNN",
        nargs="+",
        help="the entries, first to last; those that are left out stay, and are not tried",
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Set the order and save."""
    given = [part for text in arguments.numbers for part in re.split(r"[\s,]+", text) if part]
    numbers = [number_argument(part) for part in given]
    return edit_boot(arguments, lambda editor: editor.order(numbers))
