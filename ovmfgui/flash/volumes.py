"""Firmware volumes: finding them in a run of bytes, and reading one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.fields import Field, FieldsWhenAsked, fields_of
from ovmfgui.finding import Severity
from ovmfgui.flash.files import read_files
from ovmfgui.flash.fill import find_beside_fills, start_of_tail
from ovmfgui.flash.reading import Reading, branch, leaf
from ovmfgui.flash.region import Kind, Region
from ovmfgui.flash.structures import (
    FFS2,
    FFS3,
    FV_ERASE_POLARITY,
    FV_SIGNATURE,
    FV_SIGNATURE_OFFSET,
    NV_DATA,
    FirmwareVolumeExtHeader,
    FirmwareVolumeHeader,
)
from ovmfgui.flash.volume_header import VolumeHeader, header_fields, read_volume_header
from ovmfgui.guid import guid_name
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_ALIGNMENT = 8


@dataclass(frozen=True, slots=True)
class FoundVolume:
    """A firmware volume that is one.

    Attributes:
        span: the whole volume, cut at the end of the bytes where FvLength lies.
        header: as it stands there.
    """

    span: Span
    header: VolumeHeader

    @property
    def file_system(self) -> UUID:
        """FileSystemGuid: what the volume holds."""
        return self.header.fixed.FileSystemGuid

    @property
    def erased(self) -> int:
        """The value of an erased byte."""
        return 0xFF if self.header.fixed.Attributes & FV_ERASE_POLARITY else 0x00

    @property
    def truncated(self) -> bool:
        """Whether FvLength reaches beyond the bytes."""
        return self.header.fixed.FvLength > self.span.size


def volume_at(data: bytes, offset: int, end: int) -> FoundVolume | None:
    """The volume whose header stands at ``offset``; it ends at ``end`` at the latest.

    A header counts when its checksum holds, or, with a wrong checksum, when its block map adds up
    to FvLength and its file system is a known one: a damaged volume shall still be shown.
    """
    header = read_volume_header(data, offset, end)
    if header is None or not header.plausible:
        return None
    length = header.fixed.FvLength
    known = header.fixed.FileSystemGuid in (FFS2, FFS3, NV_DATA)
    if not header.checksum_ok and not (known and header.map_ended and header.covered == length):
        return None
    return FoundVolume(Span.between(offset, min(offset + length, end)), header)


def find_volumes(data: bytes, span: Span, tail: int) -> Iterator[FoundVolume]:
    """The volumes that lie side by side in a span; what is nested inside one is not looked at.

    Args:
        data: the bytes.
        span: what is searched.
        tail: where the fill at its end begins, as ``start_of_tail`` finds it.
    """
    position = span.start
    while True:
        start = position + FV_SIGNATURE_OFFSET
        signature = find_beside_fills(data, FV_SIGNATURE, start, tail)
        if signature < 0:
            return
        offset = signature - FV_SIGNATURE_OFFSET
        volume = None
        if (offset - span.start) % _ALIGNMENT == 0:
            volume = volume_at(data, offset, span.end)
        if volume is None:
            position = offset + 1
        else:
            yield volume
            position = max(volume.span.end, offset + 1)


def read_volumes(reading: Reading, span: Span, space: int, depth: int) -> tuple[Region, ...]:
    """Regions that tile ``span``: its volumes and what lies between them."""
    if not span.size:
        return ()
    if reading.exhausted(depth, space, span):
        return (leaf("unread", Kind.RAW, space, span),)
    regions: list[Region] = []
    position = span.start
    tail = start_of_tail(reading.data(space), span)
    for volume in find_volumes(reading.data(space), span, tail):
        if regions and reading.exhausted(depth, space, volume.span):
            break
        if volume.span.start > position:
            between = Span.between(position, volume.span.start)
            regions.extend(
                reading.gap(space, between, tail=start_of_tail(reading.data(space), between))
            )
        regions.append(_read_volume(reading, volume, space, depth))
        position = volume.span.end
    if position < span.end:
        rest = Span.between(position, span.end)
        regions.extend(reading.gap(space, rest, tail=max(tail, position)))
    return tuple(regions)


def _read_volume(reading: Reading, volume: FoundVolume, space: int, depth: int) -> Region:
    span = volume.span
    _note_damage(reading, volume, space)
    extended = _extended_header(reading.data(space), volume)
    guid, header_end, at, raw = extended or (None, volume.header.end, 0, b"")
    header_region = leaf(
        "volume header",
        Kind.HEADER,
        space,
        Span.between(span.start, min(header_end, span.end)),
        fields=FieldsWhenAsked(
            _header_fields,
            reading.data(space)[span.start : volume.header.map_end],
            span.start,
            volume.header.checksum_ok,
            raw,
            at,
        ),
        detail="EFI_FIRMWARE_VOLUME_HEADER and its extended header"
        if extended
        else "EFI_FIRMWARE_VOLUME_HEADER",
    )
    body = Span.between(header_region.span.end, span.end)
    if volume.file_system in (FFS2, FFS3):
        parts = read_files(reading, body, space, volume.erased, depth + 1)
    else:
        parts = (reading.fill(space, body, volume.erased),) if body.size else ()
    non_volatile = volume.file_system == NV_DATA
    name = guid_name(guid) or (str(guid) if guid else "")
    if not name:
        name = "non-volatile storage" if non_volatile else "firmware volume"
    return branch(
        name,
        Kind.NV_VOLUME if non_volatile else Kind.VOLUME,
        space,
        span,
        (header_region, *parts),
        guid=guid or volume.file_system,
        fields=header_region.fields,
        detail=f"firmware volume, {guid_name(volume.file_system) or volume.file_system}",
    )


def _extended_header(data: bytes, volume: FoundVolume) -> tuple[UUID, int, int, bytes] | None:
    """FvName, the offset where files begin behind it, its own offset and its fixed part.

    None where there is none.
    """
    distance = volume.header.fixed.ExtHeaderOffset
    if distance < volume.header.fixed.HeaderLength:
        return None
    offset = volume.span.start + distance
    values = FirmwareVolumeExtHeader.read(data, offset)
    if values is None:
        return None
    end, fixed = offset + values.ExtHeaderSize, FirmwareVolumeExtHeader.sizeof()
    if values.ExtHeaderSize < fixed or end > volume.span.end:
        return None
    # Files are aligned to 8 bytes from the start of the volume (PI 3, section 3.2.3).
    end += (volume.span.start - end) % 8
    return values.FvName, min(end, volume.span.end), offset, data[offset : offset + fixed]


def _header_fields(
    raw: bytes, start: int, checksum_ok: bool, extended: bytes, at: int
) -> tuple[Field, ...]:
    """A volume header's fields, of its bytes and those of the extended header, where one is."""
    fixed, behind = FirmwareVolumeHeader.read(raw), FirmwareVolumeExtHeader.read(extended)
    assert fixed is not None
    fields = header_fields(
        raw,
        start,
        FileSystemGuid=guid_name(fixed.FileSystemGuid),
        Checksum="holds" if checksum_ok else "wrong",
        Attributes=f"an erased bit is {1 if fixed.Attributes & FV_ERASE_POLARITY else 0}",
    )
    return fields if behind is None else (*fields, *fields_of(behind, at))


def _note_damage(reading: Reading, volume: FoundVolume, space: int) -> None:
    place = Span(volume.span.start, min(volume.header.fixed.HeaderLength, volume.span.size))
    if not volume.header.checksum_ok:
        text = (
            f"The firmware volume at 0x{volume.span.start:X} has a wrong header checksum; "
            "firmware will not accept it as it is"
        )
        reading.note("fv-checksum", Severity.ERROR, text, space, place)
    if volume.truncated:
        text = (
            f"The firmware volume at 0x{volume.span.start:X} says it is "
            f"0x{volume.header.fixed.FvLength:X} bytes long, but only 0x{volume.span.size:X} are "
            "there: the file is cut off"
        )
        reading.note("fv-truncated", Severity.ERROR, text, space, place)
