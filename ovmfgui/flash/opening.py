"""Files to an image: roles sorted out, structure read, addresses given."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.finding import Severity
from ovmfgui.flash.carving import carve
from ovmfgui.flash.image import Architecture, FlashFile, Image, Role, Space
from ovmfgui.flash.placement import base_addresses
from ovmfgui.flash.reading import Reading
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.reset_vector import read_reset_vector, reset_vector_regions
from ovmfgui.flash.volumes import read_volumes
from ovmfgui.refusal import Refused
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Sequence


def image_of(files: Sequence[FlashFile]) -> Image:
    """The image that files already in memory make up.

    Raises:
        Refused: they are no pair.
    """
    ordered, role = _arranged(files)
    reading = Reading([Space(file.path, file.data) for file in ordered], read_volumes)
    trees = [
        read_volumes(reading, Span(0, file.size), space, 0) for space, file in enumerate(ordered)
    ]
    architecture = reading.architecture
    addresses = base_addresses(ordered, architecture)
    regions: list[Region] = []
    for space, (file, roots) in enumerate(zip(ordered, trees, strict=True)):
        for region in _refined(reading, file, space, roots, architecture):
            base = addresses[space]
            regions.append(region.at_address(None if base is None else base + region.span.start))
    return Image(
        tuple(ordered),
        role,
        architecture,
        tuple(reading.spaces),
        tuple(regions),
        reading.all_findings(),
    )


def _arranged(files: Sequence[FlashFile]) -> tuple[list[FlashFile], Role]:
    """The files in the order CODE, VARS, and what they are together."""
    if len(files) == 1:
        return [files[0]], files[0].role
    roles = Counter(file.role for file in files)
    if len(files) > 2:
        msg = f"{len(files)} files given; open one file, or a CODE and its VARS"
        raise Refused(msg)
    if roles[Role.CODE] == 1 and roles[Role.VARS] + roles[Role.BLANK] == 1:
        code = next(file for file in files if file.role is Role.CODE)
        store = next(file for file in files if file is not code)
        return [code, store], Role.PAIR
    kinds = " and ".join(f"{file.path} is {describe_role(file.role)}" for file in files)
    msg = f"{kinds}: these make no pair; give one CODE and one VARS"
    raise Refused(msg)


def describe_role(role: Role) -> str:
    """A role in words."""
    return {
        Role.CODE: "a CODE image",
        Role.VARS: "a variable store (VARS)",
        Role.UNIFIED: "a unified image (VARS and CODE in one)",
        Role.PAIR: "a pair of CODE and VARS",
        Role.BLANK: "blank",
    }[role]


def _refined(
    reading: Reading,
    file: FlashFile,
    space: int,
    roots: tuple[Region, ...],
    architecture: Architecture | None,
) -> tuple[Region, ...]:
    """The file's regions with what only its place in the machine tells: the reset vector."""
    if file.role not in (Role.CODE, Role.UNIFIED) or architecture is None:
        return roots
    if architecture.is_x86:
        found = read_reset_vector(file.data)
        pieces = reset_vector_regions(found, space) if found else ()
        if found is not None and found.unread:
            text = f"Of SEV's or TDX's metadata not all is shown: {found.unread_words}"
            reading.note("metadata-ranges", Severity.WARNING, text, space, found.vector)
        return tuple(carve(region, pieces) for region in roots)
    first = roots[0]
    if first.kind is Kind.RAW and file.role is Role.CODE:
        detail = "the first instruction that the processor executes"
        first = replace(first, name="reset vector", kind=Kind.RESET_VECTOR, detail=detail)
    return (first, *roots[1:])
