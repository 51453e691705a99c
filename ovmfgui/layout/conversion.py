"""Carrying variables over into a store of the layout that a CODE image expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.placement import BOARDS
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.words import FACT_NAMES
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_making import carried, json_of
from ovmfgui.nvram.limits import limits_of
from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.reclaim import compacted_records, surviving
from ovmfgui.nvram.record import Attributes, encode_name
from ovmfgui.nvram.structures import STATE_ADDED
from ovmfgui.nvram.timestamp import ZERO
from ovmfgui.nvram.walk import align
from ovmfgui.nvram.writes import record_bytes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.verdict import Expectation
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

_NO_STORE = "there is no variable store to carry over; recover it first"
_NEEDED = (
    "fv_length",
    "variable_size",
    "ftw_working_offset",
    "ftw_spare_offset",
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A store made for another CODE.

    Attributes:
        data: the new VARS file.
        carried: the variables in it.
        dropped: what of the old store is not in it, one line each.
        warnings: what is in it but may not behave as before, one line each.
    """

    data: bytes
    carried: tuple[Record, ...]
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def convert(store: Store, data: bytes, code: Image) -> Conversion:
    """Make a pristine store as ``code`` expects it, with the live variables of ``store``.

    Args:
        store: the old one.
        data: the bytes that it was read from.
        code: an image with the CODE that the new store is for.

    Raises:
        Refused: what CODE expects is not known well enough, the store cannot be read, or its
            variables do not fit, with numbers.
    """
    expects = expectation(code)
    if expects is None:
        msg = f"{code.files[0].path} holds no CODE; give the CODE that the store shall fit"
        raise Refused(msg)
    if expects.uses_uefi_vars:
        return convert_to_json(store)
    if store.json is not None:
        return _from_json(store, _empty(expects.layout, code))
    if store.header_span is None:
        raise Refused(_NO_STORE)
    empty = _empty(expects.layout, code)
    records = surviving(store)
    return Conversion(
        _filled(empty, records, _packed(store, data)),
        records,
        tuple(_dropped(store)),
        tuple(_warnings(records, read_store(empty))),
    )


def convert_to_json(store: Store) -> Conversion:
    """The JSON store of QEMU's uefi-vars device with the live variables of ``store``.

    Raises:
        Refused: there is no store, or it is one already.
    """
    if store.json is not None:
        msg = "this is a JSON store already; copy the file"
        raise Refused(msg)
    if store.header_span is None:
        raise Refused(_NO_STORE)
    made = json_of(store.live)
    dropped = (*_dropped(store), *made.dropped)
    return Conversion(made.text.encode(), made.records, dropped, made.warnings)


def _from_json(store: Store, empty: bytes) -> Conversion:
    """A flash store with the variables of a JSON store."""
    moved = carried([record for record in store.live if record.attributes & Attributes.NV])
    volatile = [
        f"{visible_name(record.name)}: it is volatile, and never in flash"
        for record in store.live
        if not record.attributes & Attributes.NV
    ]
    warnings = (*moved.warnings, *_warnings(moved.records, read_store(empty)))
    packed = _rebuilt(moved.records)
    filled = _filled(empty, moved.records, packed)
    return Conversion(filled, moved.records, (*moved.dropped, *volatile), warnings)


def is_known_well_enough(expects: Expectation) -> bool:
    """Whether CODE tells enough for a store to be made for it."""
    return expects.uses_uefi_vars or all(
        getattr(expects.layout, fact) is not None for fact in _NEEDED
    )


def _empty(layout: Layout, code: Image) -> bytes:
    """The template that belongs to the CODE, as long as its flash chip."""
    unknown = [FACT_NAMES[fact] for fact in _NEEDED if getattr(layout, fact) is None]
    if unknown:
        msg = f"{code.files[0].path} does not tell the store's {', '.join(unknown)}"
        raise Refused(msg)
    board = BOARDS.get(code.architecture) if code.architecture is not None else None
    block = layout.block_size or (board.block_size if board else 0x1000)
    working, spare = layout.ftw_working_offset or 0, layout.ftw_spare_offset or 0
    volume = pristine_volume(
        fv_length=layout.fv_length or 0,
        block_size=block,
        variable_size=layout.variable_size or 0,
        ftw_working_offset=working,
        ftw_working_size=layout.ftw_working_size or spare - working,
        ftw_spare_offset=spare,
    )
    # Behind the volume Debian's templates for fixed-size chips hold zeros.
    return volume.ljust(board.chip_size, b"\0") if board else volume


def _packed(store: Store, data: bytes) -> bytes:
    """The live records one behind the other, with authenticated headers."""
    if store.authenticated:
        return compacted_records(store, data)
    return _rebuilt(surviving(store))


def _rebuilt(records: Iterable[Record]) -> bytes:
    """Records made anew, with authenticated headers."""
    packed: list[bytes] = []
    for record in records:
        stamp = record.timestamp or ZERO
        new = record_bytes(
            record.name, record.guid, record.data, record.attributes, stamp, state=STATE_ADDED
        )
        packed.append(new.ljust(align(len(new)), b"\xff"))
    return b"".join(packed)


def _filled(empty: bytes, records: tuple[Record, ...], packed: bytes) -> bytes:
    new = read_store(empty)
    room = new.gauge.free
    if len(packed) > room:
        msg = (
            f"the {len(records):,} variables take {len(packed):,} bytes, the new store has room "
            f"for {room:,}: delete {len(packed) - room:,} bytes of them first"
        )
        raise Refused(msg)
    return empty[: new.end] + packed + empty[new.end + len(packed) :]


def _dropped(store: Store) -> list[str]:
    dead = len(store.records) - len(surviving(store))
    found: list[str] = []
    if dead:
        words = "record that is" if dead == 1 else "records that are"
        found.append(f"{dead:,} {words} superseded, deleted or torn")
    if store.ftw is not None and store.ftw.pending is not None:
        found.append("an unfinished FTW write; what it was about to change is carried as it was")
    return found


def _warnings(records: tuple[Record, ...], new: Store) -> list[str]:
    """Variables that the new firmware could not have written itself."""
    limits = limits_of(new)
    found: list[str] = []
    for record in records:
        largest = limits.largest(record.attributes, new.authenticated)
        size = len(encode_name(record.name)) + len(record.data)
        if size > largest:
            kind = "authenticated " if record.attributes & Attributes.AT else ""
            found.append(
                f"{record.name} has {size:,} bytes of name and value; this firmware writes {kind}"
                f"variables of up to {largest:,}: it reads it, but cannot change it"
            )
    return found
