"""EFI_FIRMWARE_VOLUME_HEADER with its block map, read once for everyone.

Whoever asks decides what to make of it: the map shows a volume that is damaged, a flash driver
takes only one that is whole.
"""

from __future__ import annotations

from ovmfgui.budgets import MOST_MAP_ENTRIES
from ovmfgui.dataclass import dataclass
from ovmfgui.fields import Field, fields_of
from ovmfgui.flash.checksum import sum16
from ovmfgui.flash.structures import FV_SIGNATURE, BlockMapEntry, FirmwareVolumeHeader

FIXED_SIZE = FirmwareVolumeHeader.sizeof()
_ENTRY_SIZE = BlockMapEntry.sizeof()
# The fixed part, one map entry, the terminator: what every real volume has.
SMALLEST_HEADER = FIXED_SIZE + 2 * _ENTRY_SIZE


@dataclass(frozen=True, slots=True)
class VolumeHeader:
    """A volume header as it stands in the bytes.

    Attributes:
        start: its offset.
        fixed: all but the block map.
        block_map: the entries without the two zeros that end it.
        map_end: offset behind the map, its end included.
        map_ended: whether the two zeros were there.
        plausible: whether HeaderLength lies between the fixed part and FvLength and ends within
            the bytes.
        checksum_ok: whether HeaderLength bytes, which is what drivers sum up, are 16-bit words that
            add up to zero.
    """

    start: int
    fixed: FirmwareVolumeHeader
    block_map: tuple[BlockMapEntry, ...]
    map_end: int
    map_ended: bool
    plausible: bool
    checksum_ok: bool

    @property
    def end(self) -> int:
        """Offset of what follows the header, as its own HeaderLength has it."""
        return self.start + self.fixed.HeaderLength

    @property
    def covered(self) -> int:
        """Bytes that the block map adds up to."""
        return sum(entry.NumBlocks * entry.Length for entry in self.block_map)

    def fields(self, **notes: str) -> tuple[Field, ...]:
        """The fields of the fixed part, with notes by name, and of the block map."""
        return _fields(self.fixed, self.block_map, self.start, notes)


def header_fields(raw: bytes, start: int, **notes: str) -> tuple[Field, ...]:
    """As ``VolumeHeader.fields``, of a header's bytes alone.

    Args:
        raw: the bytes up to the end of the block map.
        start: where they stand.
        notes: by the fields' names.
    """
    fixed = FirmwareVolumeHeader.read(raw)
    assert fixed is not None
    return _fields(fixed, _block_map(raw, FIXED_SIZE, len(raw))[0], start, notes)


def _fields(
    fixed: FirmwareVolumeHeader,
    block_map: tuple[BlockMapEntry, ...],
    start: int,
    notes: dict[str, str],
) -> tuple[Field, ...]:
    fields = list(fields_of(fixed, start, **notes))
    for index, entry in enumerate(block_map):
        of_entry = fields_of(entry, start + FIXED_SIZE + index * _ENTRY_SIZE)
        fields += [field._replace(name=f"BlockMap[{index}].{field.name}") for field in of_entry]
    return tuple(fields)


def _block_map(data: bytes, start: int, end: int) -> tuple[tuple[BlockMapEntry, ...], int, bool]:
    """The entries, the offset behind the map, and whether its end was there."""
    entries: list[BlockMapEntry] = []
    while start + _ENTRY_SIZE <= end and len(entries) < MOST_MAP_ENTRIES:
        entry = BlockMapEntry.read(data, start)
        if entry is None:
            break
        start += _ENTRY_SIZE
        if not entry.NumBlocks and not entry.Length:
            return tuple(entries), start, True
        entries.append(entry)
    return tuple(entries), start, False


def read_volume_header(data: bytes, start: int, end: int) -> VolumeHeader | None:
    """The volume header at ``start``; None where the signature is missing or the bytes end.

    Args:
        data: the bytes.
        start: where the header begins.
        end: how far the volume may reach, at most the end of ``data``.
    """
    fixed = FirmwareVolumeHeader.read(data, start)
    if fixed is None or fixed.Signature != FV_SIGNATURE:
        return None
    length = fixed.HeaderLength
    plausible = FIXED_SIZE <= length <= min(fixed.FvLength, end - start)
    # Where HeaderLength makes no sense, or is too short, the smallest map is still shown.
    map_limit = start + max(length if plausible else 0, SMALLEST_HEADER)
    entries, map_end, ended = _block_map(data, start + FIXED_SIZE, min(end, map_limit))
    summed = plausible and length % 2 == 0
    return VolumeHeader(
        start,
        fixed,
        entries,
        map_end,
        ended,
        plausible,
        checksum_ok=summed and not sum16(data[start : start + length]),
    )
