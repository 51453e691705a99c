"""What the NOR flash driver and the FTW driver of ARM, RISC-V and LoongArch builds do.

These builds carry no template of the volume header: the sizes stand in instructions. They are told
by what is done with them to a volume header, which is known by its signature: code that compares
the four bytes at 0x28 with "_FVH", or puts it there, has a volume header in hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.flash.image import Architecture
from ovmfgui.flash.placement import BOARDS
from ovmfgui.flash.structures import FV_SIGNATURE
from ovmfgui.layout.modules import FTW_DXE
from ovmfgui.layout.verdict import Evidence
from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.code.follower import observe
from ovmfgui.layout.witnesses.code.loongarch import LOONGARCH
from ovmfgui.layout.witnesses.code.riscv import RISCV
from ovmfgui.layout.witnesses.code.thumb import THUMB
from ovmfgui.layout.witnesses.code.values import (
    Adding,
    Comparison,
    Constant,
    Difference,
    Loaded,
    Making,
    Storing,
    Sum,
    Total,
)
from ovmfgui.nvram.structures import AUTHENTICATED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage, Module
    from ovmfgui.layout.witnesses.code.operations import Processor
    from ovmfgui.layout.witnesses.code.values import Observation, Value
    from ovmfgui.span import Span

PROCESSORS: dict[Architecture, Processor] = {
    Architecture.AARCH64: A64,
    Architecture.ARM: THUMB,
    Architecture.RISCV64: RISCV,
    Architecture.LOONGARCH64: LOONGARCH,
}

# Offsets in EFI_FIRMWARE_VOLUME_HEADER with one block map entry (PI 3, section 3.2.1), and of Size
# in the VARIABLE_STORE_HEADER behind it.
_FV_LENGTH, _SIGNATURE, _HEADER_LENGTH, _HEADER_SIZE = 0x20, 0x28, 0x30, 0x48
_STORE_SIZE = _HEADER_SIZE + 0x10
_FVH = int.from_bytes(FV_SIGNATURE, "little")
_PAGE = 0x1000


class Header(NamedTuple):
    """Where code has a volume header: so far from where a value points to."""

    base: Value
    offset: int


class Finding(NamedTuple):
    """A number that code tells, and the bytes that tell it."""

    number: int
    span: Span


def _observed(code: CodeImage, module: Module) -> list[Observation]:
    processor = PROCESSORS.get(code.architecture) if code.architecture else None
    if processor is None or module.executable.architecture is not code.architecture:
        return []
    return observe(processor, module.data, module.executable.code)


def _pairs(observed: Sequence[Observation]) -> Iterator[tuple[Value, Value]]:
    """What is compared, either way round."""
    for item in observed:
        if isinstance(item, Comparison):
            yield item.left, item.right
            yield item.right, item.left


def headers(observed: Sequence[Observation]) -> set[Header]:
    """The volume headers that the code has in hand."""
    found: set[Header] = set()
    for left, right in _pairs(observed):
        if isinstance(left, Loaded) and isinstance(right, Constant) and right.number == _FVH:
            found.add(Header(left.base, left.offset - _SIGNATURE))
    for item in observed:
        # Eight bytes where the signature and the attributes behind it are stored as one.
        if isinstance(item, Storing) and item.size >= 4 and isinstance(item.value, Constant):
            if item.value.number & 0xFFFFFFFF == _FVH:
                found.add(Header(item.base, item.offset - _SIGNATURE))
    return found


def _is_field(value: Value, of: set[Header], offset: int) -> bool:
    return isinstance(value, Loaded) and Header(value.base, value.offset - offset) in of


def fv_lengths(observed: Sequence[Observation], of: set[Header]) -> Iterator[Finding]:
    """What FvLength of a header is compared with, or set to."""
    for left, right in _pairs(observed):
        if isinstance(right, Constant) and _is_field(left, of, _FV_LENGTH):
            yield Finding(right.number, right.span)
    for item in observed:
        if isinstance(item, Storing) and isinstance(item.value, Constant):
            if Header(item.base, item.offset - _FV_LENGTH) in of:
                yield Finding(item.value.number, item.value.span)


def variable_sizes(observed: Sequence[Observation], of: set[Header]) -> Iterator[Finding]:
    """What a store's Size is, HeaderLength added: the size of the variable region."""
    for item in observed:
        if isinstance(item, Difference) and _is_field(item.right, of, _HEADER_LENGTH):
            yield Finding(item.left.number, item.left.span)
        elif isinstance(item, Storing) and isinstance(item.value, Constant):
            if Header(item.base, item.offset - _STORE_SIZE) in of:
                yield Finding(item.value.number + _HEADER_SIZE, item.value.span)
    for left, right in _pairs(observed):
        if isinstance(left, Total) and isinstance(right, Constant):
            if any(_is_field(part, of, _HEADER_LENGTH) for part in (left.left, left.right)):
                yield Finding(right.number, right.span)


def working_sizes(observed: Sequence[Observation], variable_size: int) -> Iterator[Finding]:
    """The size of the working block where the driver demands that the regions adjoin.

    It compares variable base + variable size with the working base, and working base + working
    size with the spare base; that the middle one is the same value tells the two apart.
    """
    steps = [
        (left, right)
        for left, right in _pairs(observed)
        if isinstance(left, Sum) and not isinstance(right, Constant | Sum)
    ]
    for first, working in steps:
        if first.number != variable_size:
            continue
        for second, spare in steps:
            if second.base == working and spare not in (working, first.base):
                yield Finding(second.number, second.span)


def spare_offsets(observed: Sequence[Observation], variable_size: int) -> Iterator[Finding]:
    """The spare area's offset where the bases are counted up from the flash bank's address.

    The platform library sets the working base to bank + variable size and then the spare base to
    bank + variable size + working size.
    """
    by_base: dict[Value, dict[int, Finding]] = {}
    for item in observed:
        if isinstance(item, Adding):
            total = item.total
            sums = by_base.setdefault(total.base, {})
            sums.setdefault(total.number, Finding(total.number, total.span))
    for sums in by_base.values():
        if variable_size in sums:
            yield from (sums[number] for number in sums if number != variable_size)


def _sound(found: Iterator[Finding], below: int) -> Iterator[Finding]:
    """Sizes that can be: whole pages, smaller than the limit; each place once."""
    seen: set[Finding] = set()
    for item in found:
        if 0 < item.number < below and item.number % _PAGE == 0 and item not in seen:
            seen.add(item)
            yield item


def hear_flash_driver(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """ValidateFvHeader and InitializeFvAndVariableStoreHeaders of the NOR flash driver."""
    if code.architecture not in BOARDS:
        return
    board = BOARDS[code.architecture]
    for module in code.nor_flash_drivers():
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
            yield from _working_and_spare(
                module, observed, lengths[0].number, sizes[0].number
            )


def _working_and_spare(
    module: Module, observed: Sequence[Observation], length: int, variable: int
) -> Iterator[Evidence]:
    for size in _sound(working_sizes(observed, variable), length - variable):
        spare = Finding(variable + size.number, size.span)
        what = "regions that have to adjoin"
        yield _evidence(module, "ftw_working_offset", Finding(variable, size.span), what)
        yield _evidence(module, "ftw_working_size", size, what)
        yield _evidence(module, "ftw_spare_offset", spare, what)
        rest = Finding(length - spare.number, size.span)
        yield _evidence(module, "ftw_spare_size", rest, f"{what}, less FvLength")
    offsets = list(_sound(spare_offsets(observed, variable), length))
    if len({offset.number for offset in offsets}) == 1 and offsets[0].number > variable:
        what = "address counted up from the flash bank's"
        yield _evidence(module, "ftw_spare_offset", offsets[0], what)


def _evidence(module: Module, fact: str, found: Finding, what: str) -> Evidence:
    place = module.place(found.span.start, found.span.size)
    return Evidence(fact, found.number, f"{what} in {module.name}", place)


def hear_ftw_driver(code: CodeImage, known: Layout) -> Iterator[Evidence]:
    """Addresses of the working block and the spare area in FaultTolerantWriteDxe, or their sizes.

    Builds since 2024 take the addresses from the device tree; then only sizes are in the code.
    """
    length = known.fv_length
    if code.architecture not in BOARDS or length is None:
        return
    base = BOARDS[code.architecture].vars
    for module in code.having(FTW_DXE):
        made: dict[int, Finding] = {}
        for item in _observed(code, module):
            if isinstance(item, Making):
                found = Finding(item.constant.number, item.constant.span)
                made.setdefault(found.number, found)
        yield from _addresses(module, made, base, length)
        if known.variable_size is not None:
            yield from _sizes(module, made, length, known.variable_size)


def _addresses(
    module: Module, made: dict[int, Finding], base: int, length: int
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
        yield _evidence(module, fact, Finding(value, span), f"address 0x{base + told_by:X}")


def _sizes(
    module: Module, made: dict[int, Finding], length: int, variable: int
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
    yield _evidence(module, "ftw_working_offset", Finding(variable, made[working].span), what)
    yield _evidence(module, "ftw_working_size", made[working], what)
    what = f"size 0x{spare:X}"
    spare_offset = Finding(length - spare, made[spare].span)
    yield _evidence(module, "ftw_spare_offset", spare_offset, what)
    yield _evidence(module, "ftw_spare_size", made[spare], what)


def hear_store_guid(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """The flash driver writes the GUID of authenticated variables when it formats a store."""
    for module in code.nor_flash_drivers():
        span = module.span
        position = module.data.find(AUTHENTICATED.bytes_le, span.start, span.end)
        if position >= 0:
            source = f"the store GUID that {module.name} formats with"
            yield Evidence("store_guid", AUTHENTICATED, source, module.place(position, 16))
