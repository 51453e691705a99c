"""The NvData volume as regions of the flash map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.region import Kind, Region
from ovmfgui.nvram.faults import label_of_name
from ovmfgui.nvram.record import STATE_MEANINGS, Record, Status
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.nvram.store import Store

_CHUNK = b"\xff" * 0x100000
_SPARE_IDLE = "where compaction puts the new contents first; erased"
_SPARE_USED = "holds the contents of an earlier or unfinished FTW write"


def used_bytes(data: bytes, span: Span) -> int:
    """Bytes of ``span`` that are not as erased flash reads (0xFF)."""
    used = 0
    for start in range(span.start, span.end, len(_CHUNK)):
        size = min(len(_CHUNK), span.end - start)
        # Counting is slow where most bytes match, and most spans are erased through and through.
        if not data.startswith(_CHUNK[:size], start):
            used += size - data.count(b"\xff", start, start + size)
    return used


# The regions of the records of the last map, by space and shift; the records by identity.
_last: dict[tuple[int, int | None], dict[int, tuple[Record, Region]]] = {}


class _Builder:
    """Makes regions of one store's space; ``shift`` leads from its offsets to guest addresses."""

    def __init__(self, store: Store, data: bytes, shift: int | None) -> None:
        self.store = store
        self.data = data
        self.shift = shift
        self._known = _last.get((store.space, shift), {})
        self._records: dict[int, tuple[Record, Region]] = {}

    def address(self, span: Span) -> int | None:
        """The guest address where a span begins."""
        return None if self.shift is None else span.start + self.shift

    def keep_records(self) -> None:
        """Keep the records' regions for the next map of the store: an edit changes few of them."""
        _last.clear()
        _last[self.store.space, self.shift] = self._records

    def plain(self, name: str, kind: Kind, span: Span, detail: str = "") -> Region:
        """A region without parts, its used bytes counted."""
        used = 0 if self.store.blank else used_bytes(self.data, span)
        place = Place(self.store.space, span)
        return Region(name, kind, place, self.address(span), used, detail=detail)

    def parent(self, name: str, kind: Kind, children: Iterable[Region], detail: str = "") -> Region:
        """A region of the parts that tile it."""
        parts = tuple([child for child in children if child.place.span.size])
        span = Span.between(parts[0].span.start, parts[-1].span.end)
        used = sum([part.used or 0 for part in parts])
        place = Place(self.store.space, span)
        return Region(name, kind, place, self.address(span), used, children=parts, detail=detail)

    def records(self) -> list[Region]:
        """All records with the fields of their headers; as before where a record is the same."""
        known, records = self._known, self.store.records
        before = [known.get(id(record)) for record in records]
        made = [
            self._record(record) if then is None else then[1]
            for record, then in zip(records, before, strict=True)
        ]
        self._records = dict(zip(map(id, records), zip(records, made, strict=True), strict=True))
        return made

    def _record(self, record: Record) -> Region:
        live = record.status is Status.LIVE
        name = label_of_name(record.name) or "(no name)"
        return Region(
            name,
            Kind.VARIABLE if live else Kind.DEAD_VARIABLE,
            Place(self.store.space, record.span),
            self.address(record.span),
            used=record.span.size,
            guid=record.guid,
            fields=record.fields,
            detail="" if live else STATE_MEANINGS[record.status],
        )

    def header(self, name: str, span: Span, detail: str, of_volume: bool) -> Region:
        """The volume's or the store's header with its fields."""
        store = self.store
        fields = store.volume.fields if of_volume and store.volume else store.fields
        place = Place(store.space, span)
        return Region(
            name,
            Kind.HEADER,
            place,
            self.address(span),
            span.size,
            fields=tuple(fields),
            detail=detail,
        )


def _store_parts(build: _Builder, header: Span, end: int) -> Iterator[Region]:
    store = build.store
    yield build.header("variable store header", header, f"GUID {store.guid}", of_volume=False)
    at = header.end
    for region in build.records():
        span = region.place.span
        if span.start > at:
            yield build.plain("padding", Kind.PADDING, Span.between(at, span.start))
        yield region
        at = span.start + span.size
    if at < end:
        detail = f"0x{end - at:X} bytes for new variables"
        yield build.plain("free space", Kind.FREE, Span.between(at, end), detail)


def _variable_region(build: _Builder, region: Span) -> Region:
    volume, header = build.store.volume, build.store.header_span
    parts: list[Region] = []
    if volume is not None:
        state = "checksum right" if volume.checksum_ok else "checksum wrong"
        parts.append(build.header("volume header", volume.header_span, state, of_volume=True))
    if header is not None:
        gauge = build.store.gauge
        detail = f"{gauge.live} bytes live, {gauge.dead} dead, {gauge.free} free"
        parts.append(
            build.parent(
                "variable store", Kind.STORE, _store_parts(build, header, region.end), detail
            )
        )
    return build.parent("variable region", Kind.VARIABLE_REGION, parts)


def _ftw_regions(build: _Builder) -> Iterator[Region]:
    ftw = build.store.ftw
    if ftw is None:
        return
    writes = len(ftw.writes)
    detail = f"{writes} write{'' if writes == 1 else 's'} recorded" if ftw.header_ok else "damaged"
    if ftw.pending is not None:
        detail += f", one pending ({ftw.pending})"
    working = build.plain("FTW working block", Kind.FTW_WORKING, ftw.working, detail)
    yield Region(
        working.name,
        working.kind,
        working.place,
        working.address,
        used=working.used,
        guid=ftw.fields[0].value,
        fields=ftw.fields,
        detail=detail,
    )
    if ftw.spare is not None:
        spare = build.plain("FTW spare area", Kind.FTW_SPARE, ftw.spare)
        detail = _SPARE_USED if spare.used else _SPARE_IDLE
        yield Region(spare.name, spare.kind, spare.place, spare.address, spare.used, detail=detail)


def _whole(store: Store, data: bytes) -> Span:
    if store.volume is not None:
        return store.volume.span
    if store.ftw is not None:
        return Span.between(0, (store.ftw.spare or store.ftw.working).end)
    return Span(0, len(data))


def _gap(build: _Builder, span: Span) -> Region:
    """What no header claims: between the variable region and the working block, the event log."""
    ftw, region = build.store.ftw, build.store.region
    if build.store.blank:
        return build.plain("blank", Kind.FREE, span, "formatted by firmware at the first start")
    if region is not None and ftw is not None and span.end == ftw.working.start:
        return build.plain("event log", Kind.EVENT_LOG, span, "kept by the build for logs; unused")
    if region is None and span.start == 0:
        return build.plain("variable region", Kind.VARIABLE_REGION, span, "without a volume header")
    return build.plain("unclaimed", Kind.RAW, span)


def nv_volume_region(store: Store, data: bytes, address: int | None = None) -> Region:
    """The NvData volume as a tree of regions that tiles it.

    Args:
        store: as ``read_store`` gave it.
        data: the bytes that it was read from.
        address: where the volume begins in the guest; None where that is not known.
    """
    whole = _whole(store, data)
    build = _Builder(store, data, None if address is None else address - whole.start)
    claimed = [] if store.region is None else [_variable_region(build, store.region)]
    claimed.extend(_ftw_regions(build))
    parts: list[Region] = []
    at = whole.start
    for region in claimed:
        if at < region.span.start:
            parts.append(_gap(build, Span.between(at, region.span.start)))
        parts.append(region)
        at = region.span.end
    if at < whole.end:
        parts.append(_gap(build, Span.between(at, whole.end)))
    build.keep_records()
    volume = store.volume
    return Region(
        "NvData volume",
        Kind.NV_VOLUME,
        Place(store.space, whole),
        build.address(whole),
        used=sum(part.used or 0 for part in parts),
        guid=None if volume is None else volume.fields[1].value,
        fields=() if volume is None else volume.fields,
        children=tuple(parts),
        detail="the variables and what their safe writing needs",
    )


def json_region(store: Store, size: int) -> Region:
    """A JSON store as a tree of regions: its variables, and the text around them.

    Args:
        store: as ``read_store`` gave it.
        size: bytes of the file.
    """
    starts = [record.span.start for record in store.records]
    # A variable goes on to the next one's start: no part for every comma.
    ends = [*starts[1:], store.records[-1].span.end] if starts else []
    parts = [_text(store, Span.between(0, starts[0] if starts else size))]
    for record, end in zip(store.records, ends, strict=True):
        span = Span.between(record.span.start, end)
        parts.append(
            Region(
                label_of_name(record.name) or "(no name)",
                Kind.VARIABLE if record.status is Status.LIVE else Kind.DEAD_VARIABLE,
                Place(store.space, span),
                used=span.size,
                guid=record.guid,
            )
        )
    if ends and ends[-1] < size:
        parts.append(_text(store, Span.between(ends[-1], size)))
    return Region(
        "JSON store",
        Kind.STORE,
        Place(store.space, Span(0, size)),
        used=size,
        children=tuple(parts),
        detail="of QEMU's uefi-vars device; it lies in no flash",
    )


def _text(store: Store, span: Span) -> Region:
    return Region("JSON", Kind.RAW, Place(store.space, span), used=span.size)
