"""What the NOR flash driver and the FTW driver of ARM, RISC-V and LoongArch builds do.

These builds carry no template of the volume header: the sizes stand in instructions, and what is
done with them to a volume header tells which is which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Architecture
from ovmfgui.flash.placement import BOARDS
from ovmfgui.layout.modules import FTW, NOR_FLASH
from ovmfgui.layout.verdict import Evidence
from ovmfgui.layout.witnesses.code.values import Making
from ovmfgui.layout.witnesses.volume_header import (
    Reading,
    fv_lengths,
    headers,
    spare_offsets,
    variable_sizes,
    working_sizes,
)
from ovmfgui.nvram.structures import AUTHENTICATED
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage, Module
    from ovmfgui.layout.witnesses.code.operations import Processor
    from ovmfgui.layout.witnesses.code.values import Observation

_PAGE = 0x1000
# Bytes of code that are followed: these drivers have 16 KiB, in sections of 64 KiB.
_MAX_CODE = 512 << 10
_LONGEST = 8
"""No instruction of these processors has more bytes."""


def processor_of(architecture: Architecture | None) -> Processor | None:
    """The decoder for an architecture, loaded when an image is for it; None where there is none."""
    match architecture:
        case Architecture.AARCH64:
            from ovmfgui.layout.witnesses.code.a64 import A64

            return A64
        case Architecture.ARM:
            from ovmfgui.layout.witnesses.code.thumb import THUMB

            return THUMB
        case Architecture.RISCV64:
            from ovmfgui.layout.witnesses.code.riscv import RISCV

            return RISCV
        case Architecture.LOONGARCH64:
            from ovmfgui.layout.witnesses.code.loongarch import LOONGARCH

            return LOONGARCH
        case _:
            return None


def _observed(code: CodeImage, module: Module) -> list[Observation]:
    processor = processor_of(code.architecture)
    executable = module.executable
    if processor is None or executable.architecture is not code.architecture:
        return []
    size = sum(section.size for section in executable.code)
    if not executable.in_place or size > _MAX_CODE:
        return []
    from ovmfgui.layout.witnesses.code.follower import observe

    start = module.span.start
    image = module.span.of(module.data)
    sections = [
        _without_fill(image, Span(section.start - start, section.size))
        for section in executable.code
    ]
    return observe(processor, image, sections)


def _without_fill(image: bytes, section: Span) -> Span:
    """A section without the zeros at its end, which are no code: nine tenths of Arm's 64 KiB."""
    filled = len(section.of(image).rstrip(b"\0"))
    return Span(section.start, min(section.size, -(-filled // _LONGEST) * _LONGEST))


def _sound(found: Iterator[Reading], below: int) -> Iterator[Reading]:
    """Sizes that can be: whole pages, smaller than the limit; each place once."""
    seen: set[Reading] = set()
    for item in found:
        if 0 < item.number < below and item.number % _PAGE == 0 and item not in seen:
            seen.add(item)
            yield item


def hear_flash_driver(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """ValidateFvHeader and InitializeFvAndVariableStoreHeaders of the NOR flash driver."""
    if code.architecture not in BOARDS:
        return
    board = BOARDS[code.architecture]
    for module in code.of(NOR_FLASH):
        observed = _observed(code, module)
        of = headers(observed)
        lengths = list(_sound(fv_lengths(observed, of), board.chip_size + 1))
        for length in lengths:
            yield _evidence(module, "fv_length", length, "FvLength of the header")
        if not lengths:
            continue
        sizes = list(_sound(variable_sizes(observed, of), lengths[0].number))
        for size in sizes:
            yield _evidence(module, "variable_size", size, "Size of the store + HeaderLength")
        if sizes:
            yield from _working_and_spare(module, observed, lengths[0].number, sizes[0].number)


def _working_and_spare(
    module: Module, observed: Sequence[Observation], length: int, variable: int
) -> Iterator[Evidence]:
    for size in _sound(working_sizes(observed, variable), length - variable):
        spare = Reading(variable + size.number, size.span)
        what = "regions that have to adjoin"
        yield _evidence(module, "ftw_working_offset", Reading(variable, size.span), what)
        yield _evidence(module, "ftw_working_size", size, what)
        yield _evidence(module, "ftw_spare_offset", spare, what)
        rest = Reading(length - spare.number, size.span)
        yield _evidence(module, "ftw_spare_size", rest, f"{what}, less FvLength")
    offsets = list(_sound(spare_offsets(observed, variable), length))
    if len({offset.number for offset in offsets}) == 1 and offsets[0].number > variable:
        what = "address counted up from the flash bank's"
        yield _evidence(module, "ftw_spare_offset", offsets[0], what)


def _evidence(module: Module, fact: str, found: Reading, what: str) -> Evidence:
    place = module.place(module.span.start + found.span.start, found.span.size)
    return Evidence(fact, found.number, f"{what} in {module.name}", place)


def hear_ftw_driver(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """Addresses of the working block and the spare area in FaultTolerantWriteDxe, or their sizes.

    Builds since 2024 take the addresses from the device tree; then only sizes are in the code.
    """
    length = known.fv_length
    if code.architecture not in BOARDS or length is None:
        return
    base = BOARDS[code.architecture].vars
    for module in code.of(FTW):
        made: dict[int, Reading] = {}
        for item in _observed(code, module):
            if isinstance(item, Making):
                found = Reading(item.constant.number, item.constant.span)
                made.setdefault(found.number, found)
        yield from _addresses(module, made, base, length)
        if known.variable_size is not None:
            yield from _sizes(module, made, length, known.variable_size)


def _addresses(
    module: Module, made: dict[int, Reading], base: int, length: int
) -> Iterator[Evidence]:
    inside = sorted(n for n in made if base < n < base + length and n % _PAGE == 0)
    if len(inside) != 2:
        return
    working, spare = (number - base for number in inside)
    facts = (
        ("ftw_working_offset", working, working),
        ("ftw_working_size", spare - working, spare),
        ("ftw_spare_offset", spare, spare),
        ("ftw_spare_size", length - spare, spare),
    )
    for fact, value, told_by in facts:
        span = made[base + told_by].span
        yield _evidence(module, fact, Reading(value, span), f"address 0x{base + told_by:X}")


def _sizes(
    module: Module, made: dict[int, Reading], length: int, variable: int
) -> Iterator[Evidence]:
    """The one pair of constants that fills what the variable region leaves of the volume.

    The spare area takes no less than the variable region (VariableDxe.c, FtwNotificationEvent).
    """
    rest = length - variable
    pairs = [
        (number, rest - number)
        for number in made
        if 0 < number < rest and number % _PAGE == 0
        if rest - number in made and rest - number >= variable
    ]
    if len(pairs) != 1:
        return
    working, spare = pairs[0]
    what = f"size 0x{working:X}"
    yield _evidence(module, "ftw_working_offset", Reading(variable, made[working].span), what)
    yield _evidence(module, "ftw_working_size", made[working], what)
    what = f"size 0x{spare:X}"
    spare_offset = Reading(length - spare, made[spare].span)
    yield _evidence(module, "ftw_spare_offset", spare_offset, what)
    yield _evidence(module, "ftw_spare_size", made[spare], what)


def hear_store_guid(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """The flash driver writes the GUID of authenticated variables when it formats a store."""
    for module in code.of(NOR_FLASH):
        span = module.span
        position = module.data.find(AUTHENTICATED.bytes_le, span.start, span.end)
        if position >= 0:
            source = f"the store GUID that {module.name} formats with"
            yield Evidence("store_guid", AUTHENTICATED, source, module.place(position, 16))
