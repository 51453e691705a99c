"""``ovmfgui vars boot remove``: remove boot entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.boot_entry import edit_boot, number_argument
from ovmfgui.cli.store_edit import configure_room, configure_target
from ovmfgui.nvram.boot_options import boot_options, matching_options
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.store import Store


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument(
        "numbers", metavar="NNNN", nargs="*", help="of the entries: Boot0003, or 0003"
    )
    parser.add_argument(
        "--not-in-order",
        action="store_true",
        help="all entries that are not in BootOrder; with --matching those of them that fit",
    )
    parser.add_argument(
        "--matching",
        metavar="PATTERN",
        help="all entries whose name, description or device path fits, as 'UEFI PXEv*'; quote it",
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Remove the entries, all in one change, and save."""
    wanted = [number_argument(text) for text in arguments.numbers]
    if not wanted and not arguments.not_in_order and arguments.matching is None:
        msg = "say which: numbers as Boot0003, --not-in-order, or --matching PATTERN"
        raise Refused(msg)
    return edit_boot(
        arguments, lambda editor: editor.remove(*wanted, *_chosen(editor.store, arguments))
    )


def _chosen(store: Store, arguments: Namespace) -> list[int]:
    """The numbers that the options mean."""
    if not arguments.not_in_order and arguments.matching is None:
        return []
    options = boot_options(store)
    if arguments.not_in_order:
        options = tuple(option for option in options if option.position is None)
    if arguments.matching is not None:
        options = matching_options(options, arguments.matching)
        if not options:
            msg = f"no boot entry fits {arguments.matching!r}"
            raise Refused(msg)
    return [option.number for option in options]
