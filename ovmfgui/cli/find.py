"""``ovmfgui find``: bytes, text, GUIDs and variable names in files and what is packed in them."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import JsonView, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.cli.parsing import add_json, add_root
from ovmfgui.flash.region import address_of, innermost
from ovmfgui.flash.search import Notation, find_in, needle
from ovmfgui.layout.inspection import inspect
from ovmfgui.machine.folder import PassedOver, lines_of, looked_through
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused
from ovmfgui.wording import one_line

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.span import Place

_MOST = 10_000


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", metavar="WHAT", help="what to look for, as --as says")
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="images, folders, CODE and VARS, or what defines a machine; - for standard input",
    )
    parser.add_argument(
        "--as",
        dest="notation",
        choices=[str(notation) for notation in Notation],
        default=str(Notation.TEXT),
        help="how it is written (default text); hex takes ?? for any byte",
    )
    add_root(parser)
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 found, 1 not found or one of several files not read, 2 unusable input."
    )


def run(arguments: Namespace) -> int:
    """Print every place."""
    wanted = needle(Notation(arguments.notation), arguments.what)
    groups, passed_over = _groups(arguments.files, arguments.root)
    files: list[dict[str, Any]] = []
    matches: list[dict[str, Any]] = []
    several = len(groups) > 1
    for group in groups:
        try:
            inspection = inspect(open_image(group, root=arguments.root))
        except Refused as refusal:
            if not several:
                raise
            passed_over.append(PassedOver(group[0], str(refusal), failed=True))
            continue
        places = list(islice(find_in(inspection.image, wanted), _MOST + 1 - len(matches)))
        if not arguments.json:
            for place in places[: _MOST - len(matches)]:
                say((f"{group[0]}: " if several else "") + _line(inspection, place))
        view = JsonView(inspection.image)
        matches += [_as_json(view, inspection, place, len(files)) for place in places]
        files += files_of_image(inspection.image)
    cut = len(matches) > _MOST
    if arguments.json:
        over = [{"path": p.path, "reason": p.reason, "failed": p.failed} for p in passed_over]
        answer = {"files": files, "matches": matches[:_MOST], "more": cut, "passed_over": over}
        print_json(answer)
    else:
        for _failed, line in lines_of(passed_over):
            print(one_line(f"passed over: {line}"), file=sys.stderr)
        if cut:
            print(f"more than {_MOST:,} places; the rest is not listed", file=sys.stderr)
        if not matches:
            others = ", ".join(each for each in Notation if each != arguments.notation)
            text = f"not found as {arguments.notation}; --as takes {others} too"
            print(text, file=sys.stderr)
    whole = not any(each.failed for each in passed_over)
    return ALL_WELL if matches and whole else ANSWER_IS_NO


def _groups(named: list[str], root: str | None) -> tuple[list[list[str]], list[PassedOver]]:
    """What is opened together: a CODE and its VARS where just those are named, else each alone."""
    if len(named) <= 2 and not any(Path(path).is_dir() for path in named):
        try:
            open_image(named, root=root)
        except Refused:
            if len(named) == 1:
                raise
        else:
            return [named], []
    groups: list[list[str]] = []
    passed_over: list[PassedOver] = []
    for path in named:
        if Path(path).is_dir():
            found = looked_through(path)
            groups += [[image] for image in found.images]
            passed_over += found.passed_over
        else:
            groups.append([path])
    return groups, passed_over


def _path(inspection: Inspection, place: Place) -> tuple[Region, ...]:
    return innermost(inspection.map, place)


def _as_json(
    view: JsonView, inspection: Inspection, place: Place, first_file: int
) -> dict[str, Any]:
    path = _path(inspection, place)
    where = view.where(place)
    return {
        **where,
        "file": where["file"] + first_file,
        "size": place.span.size,
        "address": address_of(path, place),
        "in": [region.name for region in path],
    }


def _line(inspection: Inspection, place: Place) -> str:
    names = " / ".join(region.name for region in _path(inspection, place))
    space = inspection.image.spaces[place.space].name
    return f"{space}: 0x{place.span.start:X}  {names}"
