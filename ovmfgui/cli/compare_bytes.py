"""The bytes of two images held against each other, as text and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.console import print_table, say
from ovmfgui.flash.byte_meaning import describe
from ovmfgui.layout.alignment import aligned_files
from ovmfgui.layout.comparison_words import bytes_text, place_text
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.layout.alignment import AlignedFile, Difference
    from ovmfgui.layout.comparison import Comparison

_MOST = 1000
"""Places in JSON."""

_MOST_LINES = 100
_SHOWN = 8
"""Bytes of a side that stand in a line."""


def aligned_json(comparison: Comparison) -> list[dict[str, Any]]:
    """Every two files of one role, with the places where they are not the same."""
    return [
        {
            "role": file.role.lower(),
            "places": len(file.places),
            "changed": file.changed,
            "only_a": file.alone(0),
            "only_b": file.alone(1),
            "runs": [
                {
                    "kind": {"only-first": "only-a", "only-second": "only-b"}.get(
                        place.kind, place.kind
                    ),
                    "a": {"offset": place.first.start, "size": place.first.size},
                    "b": {"offset": place.second.start, "size": place.second.size},
                    "what": _what(comparison, file, place),
                }
                for place in file.places[:_MOST]
            ],
        }
        for file in aligned_files(comparison)
    ]


def print_aligned(comparison: Comparison) -> None:
    """The places, a line each."""
    files = aligned_files(comparison)
    print("\nBytes, records and regions held together where they moved")
    for file in files:
        if not file.places:
            continue
        say(f"\n{file.role}")
        rows: list[tuple[str, ...]] = [("", "A offset", "A", "B offset", "B", "what it is")]
        rows += [_line(comparison, file, place) for place in file.places[:_MOST_LINES]]
        print_table(rows)
        if len(file.places) > _MOST_LINES:
            say(f"… and {len(file.places) - _MOST_LINES:,} more; --json has the first {_MOST:,}")
    say(f"\n{bytes_text(files)}")


def _line(comparison: Comparison, file: AlignedFile, place: Difference) -> tuple[str, ...]:
    cells = []
    for side, span, space in zip(
        (comparison.first, comparison.second),
        (place.first, place.second),
        file.spaces,
        strict=True,
    ):
        some = Span(span.start, min(span.size, _SHOWN)).of(side.image.spaces[space].data)
        more = " …" if span.size > _SHOWN else ""
        cells += [f"0x{span.start:X}", some.hex(" ") + more if span.size else "–"]
    return (place_text(place), *cells, _what(comparison, file, place))


def _what(comparison: Comparison, file: AlignedFile, place: Difference) -> str:
    """Field and region, on the side that has bytes there."""
    if place.first.size:
        told = describe(comparison.first.map, file.spaces[0], place.first.start)
    else:
        told = describe(comparison.second.map, file.spaces[1], place.second.start)
    return told.replace("\n", ", ")
