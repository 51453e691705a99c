"""Files to an image: roles sorted out, structure read, addresses given."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ovmfgui.flash.carving import carve
from ovmfgui.flash.executable import read_executable
from ovmfgui.flash.image import Architecture, FlashFile, Image, Role, Space
from ovmfgui.flash.locating import located_one
from ovmfgui.flash.placement import base_addresses
from ovmfgui.flash.reading import Reading
from ovmfgui.flash.region import Kind, Region, of_kind
from ovmfgui.flash.reset_vector import read_reset_vector, reset_vector_regions
from ovmfgui.flash.source import read_file
from ovmfgui.flash.volumes import read_volumes
from ovmfgui.refusal import Refused
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def open_image(
    paths: Sequence[str | Path], report: Callable[[int, int, str], None] | None = None
) -> Image:
    """Open one file, or a CODE and its VARS in any order.

    Args:
        paths: one or two files; or a QEMU firmware descriptor, a libvirt domain XML or a folder
            that stands for them.
        report: told of progress as (done, total, what), in files; may raise to cancel.

    Raises:
        Refused: a file cannot be used, or the files are no pair.
    """
    tell = report or (lambda _done, _total, _what: None)
    files = read_files(paths, tell)
    tell(len(files), len(files) + 1, "reading the structure")
    return image_of(files)


def read_files(
    paths: Sequence[str | Path], tell: Callable[[int, int, str], None] | None = None
) -> list[FlashFile]:
    """Read the files of one image, in the order they were named.

    Raises:
        Refused: no file, or one that cannot be used.
    """
    if not paths:
        msg = "no file given"
        raise Refused(msg)
    names = located_one(paths)
    files: list[FlashFile] = []
    for index, path in enumerate(names):
        if tell is not None:
            tell(index, len(names) + 1, f"reading {path}")
        files.append(read_file(path))
    return files


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
    architecture = _architecture(reading, [tree for roots in trees for tree in roots])
    addresses = base_addresses(ordered, architecture)
    regions: list[Region] = []
    for space, (file, roots) in enumerate(zip(ordered, trees, strict=True)):
        for region in _refined(file, space, roots, architecture):
            base = addresses[space]
            regions.append(region.at_address(None if base is None else base + region.span.start))
    return Image(
        tuple(ordered),
        role,
        architecture,
        tuple(reading.spaces),
        tuple(regions),
        tuple(reading.findings),
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
    file: FlashFile, space: int, roots: tuple[Region, ...], architecture: Architecture | None
) -> tuple[Region, ...]:
    """The file's regions with what only its place in the machine tells: the reset vector."""
    if file.role not in (Role.CODE, Role.UNIFIED) or architecture is None:
        return roots
    if architecture.is_x86:
        found = read_reset_vector(file.data)
        pieces = reset_vector_regions(found, space) if found else ()
        return tuple(carve(region, pieces) for region in roots)
    first = roots[0]
    if first.kind is Kind.RAW and file.role is Role.CODE:
        detail = "the first instruction that the processor executes"
        first = replace(first, name="reset vector", kind=Kind.RESET_VECTOR, detail=detail)
    return (first, *roots[1:])


def _architecture(reading: Reading, trees: Sequence[Region]) -> Architecture | None:
    """What most of the executables are built for: an IA32 SEC may start X64 drivers."""
    counts: Counter[Architecture] = Counter()
    for section in of_kind(tuple(trees), Kind.SECTION):
        if section.name not in ("PE32 image", "TE image") or not section.children:
            continue
        body = section.children[-1]
        image = read_executable(reading.data(body.place.space), body.span)
        if image is not None and image.architecture is not None:
            counts[image.architecture] += 1
    return counts.most_common(1)[0][0] if counts else None
