"""``ovmfgui compare``: two images or pairs side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.cli.as_json import plain, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.compare_bytes import aligned_json, print_aligned
from ovmfgui.cli.console import print_table, print_wrapped, say
from ovmfgui.cli.machine_json import files_of_image
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.vars_diff import difference_json, print_difference
from ovmfgui.layout.comparison import Comparison, ConstantRow, RegionRow, compare
from ovmfgui.layout.inspection import inspect
from ovmfgui.machine.opening import open_image

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.flash.region import Region

_MOST_RUNS = 1000


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    help_text = (
        "an image; CODE and VARS joined by a comma: CODE.fd,VARS.fd; or what defines a machine"
    )
    parser.add_argument("first", metavar="A", help=help_text)
    parser.add_argument("second", metavar="B", help="another one")
    parser.add_argument(
        "--bytes",
        action="store_true",
        help="list the places where bytes differ, moved records and regions held together",
    )
    add_json(parser)
    parser.epilog = "Exit status: 0 nothing differs, 1 something does, 2 unusable input."


def run(arguments: Namespace) -> int:
    """Print the comparison."""
    sides = [inspect(open_image(_paths(side))) for side in (arguments.first, arguments.second)]
    found = compare(*sides)
    if arguments.json:
        told = {"aligned": aligned_json(found)} if arguments.bytes else {}
        print_json(_as_json(found) | told)
    else:
        _print(found)
        if arguments.bytes:
            print_aligned(found)
    return ALL_WELL if found.same else ANSWER_IS_NO


def _paths(side: str) -> list[str]:
    """One path, or two joined by a comma, unless a file is called like that."""
    return [side] if Path(side).exists() else side.split(",")


def _as_json(found: Comparison) -> dict[str, Any]:
    return {
        "files": files_of_image(found.first.image) + files_of_image(found.second.image),
        "a": [file.path for file in found.first.image.files],
        "b": [file.path for file in found.second.image.files],
        "same": found.same,
        "constants": [
            {
                "fact": row.fact,
                "expected": [plain(value) for value in row.expected],
                "provided": [plain(value) for value in row.provided],
                "differs": row.differs,
            }
            for row in found.constants
        ],
        "regions": [_region_row(row) for row in found.regions],
        "variables": [difference_json(each) for each in found.variables],
        "contents": [
            {
                "role": str(row.role),
                "differing": row.differing,
                "runs": [{"offset": r.start, "size": r.size} for r in row.runs[:_MOST_RUNS]],
            }
            for row in found.files
        ],
    }


def _region_row(row: RegionRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "a": _region(row.first),
        "b": _region(row.second),
        "differs": row.moved,
    }


def _region(region: Region | None) -> dict[str, Any] | None:
    if region is None:
        return None
    frame = {"offset": region.span.start, "size": region.span.size, "address": region.address}
    return frame | {"kind": str(region.kind), "used": region.used}


def _print(found: Comparison) -> None:
    for letter, side in (("A", found.first), ("B", found.second)):
        say(f"{letter}  {', '.join(file.path for file in side.image.files)}")
    print("\nLayout constants, differing ones first")
    print_table(
        [("", "", "A expects", "A provides", "B expects", "B provides"), *_constants(found)]
    )
    print("\nRegions")
    rows = [("", "", "A offset", "size", "B offset", "size")]
    rows += [
        ("≠" if row.moved else " ", row.name, *_frame(row.first), *_frame(row.second))
        for row in found.regions
    ]
    print_table(rows, right=frozenset({2, 3, 4, 5}))
    if found.variables:
        say(f"\nVariables: {len(found.variables):,} differ (- A, + B)")
        for each in found.variables:
            print_difference(each)
    print()
    for file in found.files:
        places = f"{len(file.runs):,} places" if len(file.runs) != 1 else "1 place"
        where = f" in {places}, from 0x{file.runs[0].start:X}" if file.runs else ""
        print_wrapped(f"{file.role}: {file.differing:,} bytes differ{where}")


def _constants(found: Comparison) -> list[tuple[str, ...]]:
    return [
        (
            "≠" if row.differs else " ",
            row.name,
            *map(_short, _alternating(row)),
        )
        for row in found.constants
    ]


def _alternating(row: ConstantRow) -> tuple[object, ...]:
    (a_expects, b_expects), (a_provides, b_provides) = row.expected, row.provided
    return a_expects, a_provides, b_expects, b_provides


def _short(value: object) -> str:
    match value:
        case None:
            return "·"
        case UUID():
            return str(value)[:8]
        case int():
            return f"0x{value:X}"
        case _:
            return str(value)


def _frame(region: Region | None) -> tuple[str, str]:
    return ("·", "·") if region is None else (f"0x{region.span.start:X}", f"0x{region.span.size:X}")
