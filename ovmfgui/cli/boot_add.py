"""``ovmfgui vars boot add``: add a boot entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.boot_entry import edit_boot, number_argument
from ovmfgui.cli.store_edit import configure_room, configure_target, hex_argument
from ovmfgui.nvram.decode.path_from_text import device_path_from_text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    parser.add_argument("description", metavar="NAME", help="as the boot menu shows it")
    parser.add_argument(
        "path",
        metavar="PATH",
        help="the device path in the UEFI specification's text form, such as "
        r"'HD(1,GPT,GUID,0x800,0x40000)/\EFI\debian\shimx64.efi' or 'Uri(http://…)'",
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--first", action="store_true", help="try it first; without it, last")
    place.add_argument("--position", type=int, metavar="N", help="its place in BootOrder, from 1")
    parser.add_argument("--number", metavar="NNNN", help="of the entry; the lowest that is free")
    parser.add_argument("--inactive", action="store_true", help="firmware shall not try it itself")
    optional = parser.add_mutually_exclusive_group()
    optional.add_argument("--optional-data", metavar="HEX", help="bytes that it is started with")
    optional.add_argument(
        "--arguments", metavar="TEXT", help="the same as UTF-16 text with NUL, as Linux takes it"
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Add the entry and save."""
    paths = device_path_from_text(arguments.path)
    number = None if arguments.number is None else number_argument(arguments.number)
    position = None if arguments.position is None else max(0, arguments.position - 1)
    return edit_boot(
        arguments,
        lambda editor: editor.add(
            arguments.description,
            paths,
            optional=_optional(arguments),
            active=not arguments.inactive,
            position=0 if arguments.first else position,
            number=number,
        ),
    )


def _optional(arguments: Namespace) -> bytes:
    if arguments.arguments is not None:
        return str(arguments.arguments).encode("utf-16-le", "surrogatepass") + b"\0\0"
    return b"" if arguments.optional_data is None else hex_argument(arguments.optional_data)
