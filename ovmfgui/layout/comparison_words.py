"""What a comparison found, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.alignment import AlignedFile, Difference
    from ovmfgui.layout.comparison import Comparison


def headline(found: Comparison, files: Sequence[AlignedFile]) -> str:
    """All of it in one sentence; ``files`` are the same two sides, byte against byte."""
    if found.same:
        return "✔ Nothing differs: same regions, same bytes."
    constants = sum(row.differs for row in found.constants)
    places = sum(len(file.places) for file in files)
    parts = [
        f"{count(constants, 'layout constant differs', 'layout constants differ')}"
        if constants
        else "the layouts agree",
    ]
    if found.first.store is not None and found.second.store is not None:
        parts.append(count(len(found.variables), "variable differs", "variables differ"))
    parts.append(f"bytes differ in {count(places, 'place', 'places')}")
    text = ", ".join(parts)
    return f"≠ {text[0].upper()}{text[1:]}."


def constants_text(found: Comparison) -> str:
    """What the table of constants is about."""
    differ = sum(row.differs for row in found.constants)
    if not differ:
        return "Every constant that is known has one value on both sides."
    of = len(found.constants)
    return f"{differ} of {of} constants have more than one value: those come first."


def variables_text(found: Comparison) -> str:
    """How many variables are new, gone and other."""
    if found.first.store is None or found.second.store is None:
        side = "A" if found.first.store is None else "B"
        return f"{side} has no variable store."
    if not found.variables:
        return "Both stores hold the same variables."
    kinds = [each.kind for each in found.variables]
    parts = (
        (kinds.count("differs"), "≠ {} with another value"),
        (kinds.count("only-first"), "− {} only in A"),
        (kinds.count("only-second"), "+ {} only in B"),
    )
    return ",  ".join(text.format(f"{count:,}") for count, text in parts if count)


def bytes_text(files: Sequence[AlignedFile]) -> str:
    """In how many places bytes are not the same, and how many they are."""
    if not files:
        return "A and B have no files of the same role, so there are no bytes to hold together."
    places = sum(len(file.places) for file in files)
    if not places:
        return "Not a byte differs."
    changed = sum(file.changed for file in files)
    alone = [sum(file.alone(side) for file in files) for side in (0, 1)]
    parts = [count(changed, "byte differs", "bytes differ")] if changed else []
    parts += [
        f"{count(size, 'byte', 'bytes')} only in {letter}"
        for letter, size in zip("AB", alone, strict=True)
        if size
    ]
    return f"{count(places, 'place', 'places')}: {', '.join(parts)}."


def place_text(place: Difference) -> str:
    """What is not the same at a place, with its sign."""
    match place.kind:
        case "only-first":
            return f"− {count(place.first.size, 'byte', 'bytes')} only in A"
        case "only-second":
            return f"+ {count(place.second.size, 'byte', 'bytes')} only in B"
        case _:
            return f"≠ {count(place.first.size, 'byte', 'bytes')}"
