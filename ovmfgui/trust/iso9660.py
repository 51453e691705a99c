"""ISO 9660 images: the files (ECMA-119), and the EFI image that El Torito names.

Names are those of the primary volume, in capitals and short; firmware reads no other from a CD.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import (
    MOST_BINARY,
    MOST_ISO_FOLDER,
    MOST_ISO_FOLDERS,
    MOST_ISO_LEVELS,
    MOST_VOLUME_FILES,
)
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused
from ovmfgui.trust.volume import Volume, told_briefly
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from ovmfgui.trust.raw_disk import RawDisk

_SECTOR = 2048
_PRIMARY = 16 * _SECTOR
_DESCRIPTORS = 32
_EFI_PLATFORM = 0xEF
_DIRECTORY, _GOES_ON = 0x02, 0x80
_NAME = "ISO 9660"


class _Extent(NamedTuple):
    start: int
    size: int
    whole: bool = True


def is_iso9660(disk: RawDisk) -> bool:
    """Whether a disk begins with a volume descriptor."""
    return disk.read(_PRIMARY + 1, 5) == b"CD001"


def efi_image(disk: RawDisk) -> int | None:
    """Where the boot image for EFI begins, in bytes; None where there is none.

    El Torito 1.0, and the section header with platform 0xEF of the UEFI specification, 13.3.2.1.
    """
    for index in range(1, _DESCRIPTORS):
        descriptor = disk.read(_PRIMARY + index * _SECTOR, _SECTOR)
        if descriptor[:7] != b"\x00CD001\x01" or descriptor[7:30] != b"EL TORITO SPECIFICATION":
            continue
        catalog = disk.read(_number(descriptor, 0x47, 4) * _SECTOR, _SECTOR)
        return _entry_of(catalog)
    return None


def _entry_of(catalog: bytes) -> int | None:
    """The first bootable entry for EFI; the validation entry's platform is the first section's."""
    platform = catalog[1] if catalog else 0
    for at in range(32, len(catalog) - 31, 32):
        indicator = catalog[at]
        if indicator in (0x90, 0x91):
            platform = catalog[at + 1]
        elif indicator == 0x88 and platform == _EFI_PLATFORM:
            return _number(catalog, at + 8, 4) * _SECTOR
    return None


class _Walk(NamedTuple):
    """What the folders of an image hold; see ``Volume`` for the rest."""

    files: dict[str, _Extent]
    unread: list[str]
    cut: set[str]


def iso_volume(disk: RawDisk) -> Volume:
    """The files of an image; a folder is looked into once, wherever it is named again."""
    found = _walk(disk)

    def read(named: str) -> bytes:
        extent = found.files[named]
        if not extent.whole:
            msg = f"{disk.path}: {named} lies in several parts, which no loader does"
            raise Refused(msg)
        if extent.size > MOST_BINARY:
            msg = f"{disk.path}: {named} has {extent.size:,} bytes, more than a loader has"
            raise Refused(msg)
        return disk.read(extent.start, extent.size)

    files = tuple(sorted(found.files))
    return Volume(_NAME, files, read, told_briefly(found.unread), frozenset(found.cut))


def _walk(disk: RawDisk) -> _Walk:
    descriptor = disk.read(_PRIMARY, _SECTOR)
    files: dict[str, _Extent] = {}
    root = _extent(descriptor, 156)
    waiting, known, left = [("", root, 0)], {root.start}, MOST_ISO_FOLDERS
    unread: list[str] = []
    cut: set[str] = set()
    while waiting and left > 0 and len(files) < MOST_VOLUME_FILES:
        folder, extent, depth = waiting.pop()
        most = min(extent.size, MOST_ISO_FOLDER, left)
        data = disk.read(extent.start, most)
        left -= len(data)
        if most < extent.size:
            unread.append(f"{_NAME}: the folder {folder or '/'} is larger than any that is read")
            cut.add(folder.lower())
        for name, is_folder, inside in _records(data):
            path = f"{folder}/{name}"
            if not is_folder:
                before = files.get(path)
                files[path] = inside if before is None else inside._replace(whole=before.whole)
            elif inside.start in known:
                continue
            elif depth < MOST_ISO_LEVELS:
                known.add(inside.start)
                waiting.append((path, inside, depth + 1))
            else:
                unread.append(f"{_NAME}: {path} lies more than {MOST_ISO_LEVELS} levels deep")
    why = f"the records of all folders have more than {size_text(MOST_ISO_FOLDERS)}"
    if left > 0:
        why = f"there are more than {MOST_VOLUME_FILES:,} files"
    unread += [f"{_NAME}: the folder {folder}: {why}" for folder, _extent, _depth in waiting]
    return _Walk(files, unread, cut)


def _records(data: bytes) -> list[tuple[str, bool, _Extent]]:
    """The entries of a folder: name without its version, whether it is a folder, where."""
    found: list[tuple[str, bool, _Extent]] = []
    at = 0
    while at < len(data):
        length = data[at]
        if not length:
            # Records do not cross sectors; what is left of one is zero.
            at = (at // _SECTOR + 1) * _SECTOR
            continue
        record = data[at : at + length]
        at += length
        if len(record) < 34:
            break
        name = record[33 : 33 + record[32]]
        if name in (b"\0", b"\1"):
            continue
        text = name.decode("latin-1").partition(";")[0].rstrip(".")
        found.append((text, bool(record[25] & _DIRECTORY), _extent(record, 0)))
    return found


def _extent(record: bytes, at: int) -> _Extent:
    """Where a directory record's file lies: both-endian fields, the little-endian half."""
    start, size = _number(record, at + 2, 4) * _SECTOR, _number(record, at + 10, 4)
    return _Extent(start, size, not _number(record, at + 25, 1) & _GOES_ON)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
