"""``ovmfgui extract``: a part of an image into a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import JsonView, print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.cli.parsing import add_json
from ovmfgui.flash.extraction import Part, extract, find_items
from ovmfgui.layout.inspection import inspect
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.saving import create
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.flash.region import Region


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("item", metavar="ITEM", help="a name, a GUID, or an offset (0x…)")
    parser.add_argument("files", nargs="+", metavar="FILE", help="an image, or CODE and VARS")
    parser.add_argument(
        "--part",
        choices=[str(part) for part in Part],
        default=str(Part.WHOLE),
        help="the item whole (default), without its header, or what is packed in it",
    )
    parser.add_argument(
        "--number", type=int, metavar="N", help="which one, where several have that name"
    )
    parser.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write")
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Write the part."""
    inspection = inspect(open_image(arguments.files))
    items = list(find_items(inspection.map, arguments.item))
    region = _chosen(items, arguments.item, arguments.number)
    data = extract(inspection.image, region, Part(arguments.part))
    create(arguments.output, data)
    if arguments.json:
        where = JsonView(inspection.image).where(region.place)
        files = files_of_image(inspection.image)
        written = {"path": arguments.output, "size": len(data), "name": region.name, **where}
        print_json({"files": files} | written)
    else:
        say(f"{arguments.output}: {len(data):,} bytes of {region.name} ({region.kind})")
    return ALL_WELL


def _chosen(items: list[Region], wanted: str, number: int | None) -> Region:
    if not items:
        msg = f"nothing in the image is called {wanted}; ovmfgui inspect --depth 9 lists names"
        raise Refused(msg)
    if number is None and len(items) > 1:
        places = ", ".join(f"0x{region.span.start:X}" for region in items[:5])
        msg = f"{len(items)} items are called {wanted} (at {places}); say which with --number"
        raise Refused(msg)
    index = (number or 1) - 1
    if not 0 <= index < len(items):
        msg = f"--number {number}: there are {len(items)} items called {wanted}"
        raise Refused(msg)
    return items[index]
