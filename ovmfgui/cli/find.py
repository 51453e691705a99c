"""``ovmfgui find``: bytes, text, GUIDs and variable names in files and what is packed in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import JsonView, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.flash.region import address_of, innermost
from ovmfgui.flash.search import Notation, find_in, needle
from ovmfgui.layout.inspection import inspect
from ovmfgui.machine.opening import open_image

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.span import Place

_MOST = 10_000


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", metavar="WHAT", help="what to look for, as --as says")
    parser.add_argument("files", nargs="+", metavar="FILE", help="an image, or CODE and VARS")
    parser.add_argument(
        "--as",
        dest="notation",
        choices=[str(notation) for notation in Notation],
        default=str(Notation.TEXT),
        help="how it is written (default text); hex takes ?? for any byte",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.epilog = "Exit status: 0 found, 1 not found, 2 unusable input."


def run(arguments: Namespace) -> int:
    """Print every place."""
    wanted = needle(Notation(arguments.notation), arguments.what)
    inspection = inspect(open_image(arguments.files))
    places = []
    for place in find_in(inspection.image, wanted):
        places.append(place)
        if len(places) == _MOST:
            break
    if arguments.json:
        view = JsonView(inspection.image)
        print_json({"matches": [_as_json(view, inspection, place) for place in places]})
    else:
        for place in places:
            print(_line(inspection, place))
    return ALL_WELL if places else ANSWER_IS_NO


def _path(inspection: Inspection, place: Place) -> tuple[Region, ...]:
    return innermost(inspection.map, place)


def _as_json(view: JsonView, inspection: Inspection, place: Place) -> dict[str, Any]:
    path = _path(inspection, place)
    return {
        **view.where(place),
        "size": place.span.size,
        "address": address_of(path, place),
        "in": [region.name for region in path],
    }


def _line(inspection: Inspection, place: Place) -> str:
    names = " / ".join(region.name for region in _path(inspection, place))
    space = inspection.image.spaces[place.space].name
    return f"{space}: 0x{place.span.start:X}  {names}"
