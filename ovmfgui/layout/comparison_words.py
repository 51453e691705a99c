"""What a comparison found, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.layout.comparison import Comparison


def headline(found: Comparison) -> str:
    """All of it in one sentence."""
    if found.same:
        return "✔ Nothing differs: same regions, same bytes."
    constants = sum(row.differs for row in found.constants)
    differing = sum(row.differing for row in found.files)
    parts = [
        f"{count(constants, 'layout constant differs', 'layout constants differ')}"
        if constants
        else "the layouts agree",
    ]
    if found.first.store is not None and found.second.store is not None:
        parts.append(count(len(found.variables), "variable differs", "variables differ"))
    parts.append(count(differing, "byte differs", "bytes differ"))
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


def bytes_text(found: Comparison) -> str:
    """How many bytes differ, and in how many places."""
    if not found.files:
        return "A and B have no files of the same role, so there are no bytes to hold together."
    differing = sum(row.differing for row in found.files)
    if not differing:
        return "Not a byte differs."
    places = sum(len(row.runs) for row in found.files)
    return f"{count(differing, 'byte', 'bytes')} in {count(places, 'place', 'places')}."
