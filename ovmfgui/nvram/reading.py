"""Reading the variable store of a VARS file by firmware's own rules."""

from __future__ import annotations

from ovmfgui.dataclass import replace
from ovmfgui.finding import Severity
from ovmfgui.flash.fill import fill_of
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.volume_header import SMALLEST_HEADER
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.carving import NOTHING, Carved, broken_names, carve, out_of_reach
from ovmfgui.nvram.faults import note_faults
from ovmfgui.nvram.finding_collector import FindingCollector
from ovmfgui.nvram.ftw import SEARCH_LIMIT, FtwArea, read_ftw
from ovmfgui.nvram.locating import note_elsewhere, note_others, nv_volumes, store_offset
from ovmfgui.nvram.record import Record, Status
from ovmfgui.nvram.spare import find_copy
from ovmfgui.nvram.store import Blank, Store
from ovmfgui.nvram.store_header import Header, read_header
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN, STORE_HEADER_SIZE
from ovmfgui.nvram.volume import Volume, read_volume
from ovmfgui.nvram.walk import Walked, align, note_tail, walk_records
from ovmfgui.span import Span
from ovmfgui.wording import count

_FILLS: dict[int | None, Blank] = {0x00: "zero", 0xFF: "erased"}


def blank_fill(data: bytes) -> Blank | None:
    """Whether ``data`` is all 0x00 or all 0xFF: a template that firmware formats at first start."""
    return _FILLS.get(fill_of(data, Span(0, len(data))))


def _shifted(record: Record, distance: int) -> Record:
    """A record of a copy where it stands in the file, marked as carved."""
    return replace(
        record,
        span=record.span.shifted(distance),
        header_span=record.header_span.shifted(distance),
        name_span=record.name_span.shifted(distance),
        data_span=record.data_span.shifted(distance),
        status=Status.CARVED,
    )


class _Remains(NamedTuple):
    """What is left of a store whose volume header is gone."""

    ftw: FtwArea | None = None
    copy: Store | None = None
    copy_start: int = 0
    carved: tuple[Record, ...] = ()


def _remains(data: bytes, space: int, start: int, note: FindingCollector) -> _Remains:
    """A copy of the store behind its place, else the records behind the damaged header."""
    end = min(len(data), start + SEARCH_LIMIT)
    ftw = read_ftw(data, start, end, block_size=0, least_spare=0, space=space)
    found = find_copy(data, start + 1, end)
    if found is not None:
        copy = _read(found.data, space, 0, spare=False)
        if copy.live:
            there = tuple(_shifted(record, found.start) for record in copy.live)
            return _Remains(ftw, copy, found.start, there)
    first, last = align(start + SMALLEST_HEADER), end if ftw is None else ftw.working.start
    return _Remains(ftw, carved=_carved_of_either_kind(data, first, last, note))


def _carved_of_either_kind(
    data: bytes, first: int, last: int, note: FindingCollector
) -> tuple[Record, ...]:
    for kind in (True, False):
        carved = carve(data, first, last, kind)
        _note_ended(carved, note)
        if found := out_of_reach((), carved):
            return found
    return ()


def _note_ended(carved: Carved, note: FindingCollector) -> None:
    if carved.ended is not None:
        note.error(
            "search-ended",
            f"The search for variables out of reach ended at 0x{carved.ended:X}, after as much as "
            "is looked at: there may be more.",
            Span(carved.ended, 0),
        )


def _without_volume(
    data: bytes, space: int, note: FindingCollector, start: int, *, spare: bool
) -> Store:
    """What can be said of bytes without a volume header of the right kind."""
    blank = blank_fill(data[start:] if start else data)
    left = _Remains()
    elsewhere = () if blank is not None else tuple(nv_volumes(data))
    if blank is not None:
        what = "zeros" if blank == "zero" else "erased flash (0xFF)"
        note.info(
            f"blank-{blank}",
            f"A blank template, nothing but {what}: ARM firmware formats it at the first start.",
            Span(0, len(data)),
        )
    elif len(data) < SMALLEST_HEADER + STORE_HEADER_SIZE:
        size = "The file is empty" if not data else f"The file has {len(data)} bytes"
        note.error("not-a-store", f"{size}: not a variable store.")
    elif elsewhere:
        note_elsewhere(elsewhere, start, note)
    elif spare:
        left = _remains(data, space, start, note)
        _note_no_volume(left, start, note)
    ftw = left.ftw
    return Store(
        space=space,
        volume=None,
        header_span=None,
        guid=None,
        size=None,
        format=None,
        state=None,
        authenticated=False,
        records=(),
        end=0,
        region=None,
        ftw=ftw,
        blank=blank,
        findings=note.findings + (ftw.findings if ftw else ()),
        carved=left.carved,
        copy=left.copy,
        copy_start=left.copy_start,
    )


def _note_no_volume(left: _Remains, start: int, note: FindingCollector) -> None:
    held = count(len(left.carved), "variable")
    where = f"The volume header at offset {f'0x{start:X}' if start else 0}"
    if left.copy is not None:
        note.error(
            "volume-erased",
            f"{where} is gone; a copy of the store with {held} lies at "
            f"0x{left.copy_start:X}: the machine was stopped while firmware compacted the store. "
            "Recover it before the next start, which would erase the copy too.",
            None if left.ftw is None else left.ftw.working,
        )
    elif left.ftw is not None or left.carved:
        kept = f"{held} stand{'s' if len(left.carved) == 1 else ''} whole behind it"
        note.error(
            "volume-erased" if left.ftw and left.ftw.pending else "volume-damaged",
            f"{where} is damaged; "
            f"{kept if left.carved else 'no variable behind it can be told'}. Recover the store "
            "before the next start: firmware erases it as a whole.",
            Span(start, SMALLEST_HEADER),
        )
    else:
        note.error("not-a-store", "No NvData firmware volume at offset 0: not a variable store.")


def _records(data: bytes, header: Header, note: FindingCollector) -> Walked:
    guid = header.values.Signature
    if guid not in (AUTHENTICATED, PLAIN):
        return Walked((), header.span.end, header.span.end)
    start = align(header.span.end)
    walked = walk_records(data, start, header.end, guid == AUTHENTICATED, note)
    note_faults(walked.records, note)
    return walked


def _out_of_reach(
    data: bytes, header: Header, walked: Walked, end: int, note: FindingCollector
) -> tuple[tuple[Record, ...], tuple[tuple[int, str], ...]]:
    """What stands behind the list's end: variables, or flash that is not erased; what is broken."""
    guid = header.values.Signature
    carved: Carved = NOTHING
    if guid not in (AUTHENTICATED, PLAIN):
        return _behind_unknown_header(data, header, end, note), ()
    if walked.behind < end:
        carved = carve(data, walked.behind, end, guid == AUTHENTICATED)
        _note_ended(carved, note)
    found = out_of_reach(walked.records, carved)
    if found:
        note.error(
            "hidden-data",
            f"The record list ends at 0x{walked.behind:X}; {count(len(found), 'variable')} out of "
            f"reach from 0x{found[0].span.start:X} on: firmware does not see what stands there, "
            "and erases it. Recover the store first.",
            Span.between(found[0].span.start, found[-1].span.end),
        )
    else:
        note_tail(data, walked.end, header.end, note)
    return found, tuple(broken_names(walked.records, carved))


def _behind_unknown_header(
    data: bytes, header: Header, end: int, note: FindingCollector
) -> tuple[Record, ...]:
    """The variables of a store whose own header is not known."""
    found = _carved_of_either_kind(data, align(header.span.end), end, note)
    if found:
        note.error(
            "header-unknown-records",
            f"{count(len(found), 'variable')} stand whole behind the store's header, which "
            "firmware does not know. Recover the store first.",
            Span.between(found[0].span.start, found[-1].span.end),
        )
    return found


def _judge_copy(store: Store, note: FindingCollector) -> None:
    """Say what an unfinished FTW write is about to put in the variable region's place."""
    if store.ftw is None or store.ftw.pending != "spare-complete":
        return
    here, copy = count(len(store.live), "variable"), store.copy
    if copy is None:
        note.error(
            "spare-copy-damaged",
            "The spare area, which is to overwrite the variable region, holds no variable store; "
            f"the region itself has {here}.",
            store.ftw.spare,
        )
        return
    there = count(len(copy.live), "variable")
    wrong = [finding.text for finding in copy.findings if finding.severity == Severity.ERROR]
    if wrong:
        note.error(
            "spare-copy-damaged",
            f"The copy in the spare area, with {there}, is damaged itself: {wrong[0]}",
            store.ftw.spare,
        )
    else:
        note.info(
            "spare-copy",
            f"The copy in the spare area is sound and holds {there}; the region holds {here}.",
            store.ftw.spare,
        )


def _copy_of(
    data: bytes, space: int, volume: Volume, ftw: FtwArea | None, region: Span | None
) -> _Remains:
    if ftw is not None and ftw.spare is not None:
        first = ftw.spare.start
    else:
        first = volume.header_span.end if region is None else region.end
    found = find_copy(data, first, volume.span.end)
    if found is None:
        return _Remains()
    return _Remains(copy=_read(found.data, space, 0, spare=False), copy_start=found.start)


def _in_json(data: bytes, space: int) -> Store:
    """The store of QEMU's uefi-vars device."""
    from ovmfgui.nvram.json_store import read_json_store

    read = read_json_store(data, space)
    return Store(
        space=space,
        volume=None,
        header_span=None,
        guid=None,
        size=None,
        format=None,
        state=None,
        authenticated=True,
        records=read.records,
        end=0,
        region=None,
        ftw=None,
        blank=None,
        findings=read.findings,
        json=read,
    )


def read_store(data: bytes, *, space: int = 0, start: int | None = None) -> Store:
    """Read the variable store of a VARS file or a unified image.

    Never raises: whatever the bytes are, what could be read comes back with findings.

    Args:
        data: the flash contents.
        space: the space that findings are placed in; spans count from the start of ``data``.
        start: where the store's volume begins; None: where a machine with this file looks for it.
    """
    if is_json_store(data):
        return _in_json(data, space)
    at = store_offset(data) if start is None else start
    return _read(data, space, at, spare=True)


def _read(data: bytes, space: int, at: int, *, spare: bool) -> Store:
    """As ``read_store``; a copy in the spare area is looked for where ``spare`` is set."""
    note = FindingCollector(space)
    volume = read_volume(data, at, space=space)
    if volume is None:
        return _without_volume(data, space, note, at, spare=spare)
    note_others(data, at, volume, note)
    header = read_header(data, volume, note)
    walked = Walked((), volume.span.end, volume.span.end)
    if header is not None:
        walked = _records(data, header, note)
    region = None if header is None else Span.between(volume.span.start, header.end)
    ftw = read_ftw(
        data,
        volume.span.start if region is None else region.end,
        volume.span.end,
        block_size=volume.block_size,
        least_spare=0 if region is None else region.size,
        space=space,
    )
    carved: tuple[Record, ...] = ()
    broken: tuple[tuple[int, str], ...] = ()
    if header is not None:
        carved, broken = _out_of_reach(data, header, walked, _reach(header, volume, ftw), note)
    if ftw is None:
        note.warning(
            "ftw-missing",
            "No FTW working block was found in the volume; firmware makes a new one at its start.",
        )
    stored = None if header is None else header.values
    left = _copy_of(data, space, volume, ftw, region) if spare else _Remains()
    store = Store(
        space=space,
        volume=volume,
        header_span=None if header is None else header.span,
        guid=stored.Signature if stored else None,
        size=stored.Size if stored else None,
        format=stored.Format if stored else None,
        state=stored.State if stored else None,
        authenticated=stored is not None and stored.Signature == AUTHENTICATED,
        records=walked.records,
        end=walked.end,
        region=region,
        ftw=ftw,
        blank=None,
        findings=volume.findings + note.findings + (() if ftw is None else ftw.findings),
        fields=() if header is None else header.fields,
        carved=carved,
        broken=broken,
        copy=left.copy,
        copy_start=left.copy_start,
    )
    more = FindingCollector(space)
    if store.records:
        # Imported here: what is known of signers is a lot to load for a store without variables.
        from ovmfgui.nvram.authenticated import note_certdb

        note_certdb(store, more)
    _judge_copy(store, more)
    return replace(store, findings=store.findings + more.findings)


def _reach(header: Header, volume: Volume, ftw: FtwArea | None) -> int:
    """How far records may stand: to the store's end, or where its Size is wrong to what follows."""
    if header.values.Size > STORE_HEADER_SIZE and header.end < volume.span.end:
        return header.end
    return volume.span.end if ftw is None else max(ftw.working.start, header.end)
