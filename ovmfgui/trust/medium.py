"""What a loader lies on: a folder, an EFI system partition, a whole disk, an ISO 9660 image.

FAT is read by mtools, qcow2 by qemu-img.
"""

from __future__ import annotations

import contextlib
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_BINARY, MOST_ISO_LEVELS, MOST_VOLUME_FILES
from ovmfgui.flash.source import head_of
from ovmfgui.refusal import Refused
from ovmfgui.trust.fat import fat_volume, is_fat
from ovmfgui.trust.iso9660 import efi_image, is_iso9660, iso_volume
from ovmfgui.trust.partitions import efi_partitions
from ovmfgui.trust.raw_disk import opened_disk
from ovmfgui.trust.volume import Volume, told_briefly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.trust.raw_disk import RawDisk


def is_medium(path: str) -> bool:
    """Whether loaders lie on it, rather than it being one."""
    if Path(path).is_dir():
        return True
    try:
        return head_of(path, 2) != b"MZ"
    except OSError:
        return False


@contextlib.contextmanager
def opened_volumes(path: str) -> Iterator[tuple[Volume, ...]]:
    """The volumes of a medium, which can be read while it is open.

    Raises:
        Refused: it is none, or what reads it is missing.
    """
    if Path(path).is_dir():
        yield (_folder(path),)
        return
    with opened_disk(path) as disk:
        found = tuple(_on_disk(disk))
        if not found:
            msg = (
                f"{path} is no EFI binary (it does not begin with MZ), and no FAT, ISO 9660 image "
                "or disk with an EFI system partition, on which one would lie"
            )
            raise Refused(msg)
        yield found


def _folder(path: str) -> Volume:
    top = Path(path)
    # The folder EFI itself may be named, as /boot/efi/EFI.
    above = "/EFI" if top.resolve().name.lower() == "efi" else ""
    below, unread = _below(top)
    files = [f"{above}/{each}" for each in below]

    def read(named: str) -> bytes:
        from ovmfgui.flash.source import read_regular

        return read_regular(top / named.removeprefix(above).lstrip("/"), MOST_BINARY)

    return Volume(path, tuple(sorted(files)), read, told_briefly(unread))


def _below(top: Path) -> tuple[list[str], list[str]]:
    """The files below a folder, by their paths from it, and the folders that cannot be listed."""
    waiting, number = [(str(top), 0)], 0
    files: list[str] = []
    unread: list[str] = []
    while waiting:
        folder, depth = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = sorted(islice(entries, MOST_VOLUME_FILES + 1), key=lambda each: each.name)
        except OSError as error:
            unread.append(f"{folder} cannot be listed: {error.strerror}")
            continue
        number += len(listed)
        if number > MOST_VOLUME_FILES or depth > MOST_ISO_LEVELS:
            deep = depth > MOST_ISO_LEVELS
            most = f"{MOST_ISO_LEVELS} levels" if deep else f"{MOST_VOLUME_FILES:,} files"
            msg = f"{top} holds more than {most}; name the folder that holds EFI"
            raise Refused(msg)
        for each in listed:
            if each.is_dir(follow_symlinks=False):
                waiting.append((each.path, depth + 1))
            elif not _is_folder(each):
                files.append(Path(each.path).relative_to(top).as_posix())
    return files, unread


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that lead in a circle
        return True


def _on_disk(disk: RawDisk) -> Iterator[Volume]:
    if is_iso9660(disk):
        image = efi_image(disk)
        if image is not None and is_fat(disk, image):
            yield fat_volume(disk, image, "the El Torito image")
        yield iso_volume(disk)
    elif is_fat(disk, 0):
        yield fat_volume(disk, 0, "FAT")
    else:
        listed = efi_partitions(disk)
        unread = listed.unread
        for partition in listed.found:
            if is_fat(disk, partition.start):
                volume = fat_volume(disk, partition.start, partition.name)
                yield volume._replace(unread=(*unread, *volume.unread))
                unread = ()
        if unread:
            # No volume was there to tell it.
            msg = f"{disk.path}: no EFI system partition is found; not looked at: {unread[0]}"
            raise Refused(msg)
