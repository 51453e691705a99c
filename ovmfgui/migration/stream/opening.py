"""Opening a recording, whatever it is wrapped in."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.budgets import MOST_AROUND
from ovmfgui.flash.qcow2_layers import QCOW2_MAGIC
from ovmfgui.flash.recordings import HEAD, recorded_guest
from ovmfgui.migration.stream.recording import Recording, read_recording, with_fault
from ovmfgui.migration.stream.saved import read_saved, read_saved_forwards
from ovmfgui.migration.stream.snapshots import SavedGuest, read_snapshot, saved_guests
from ovmfgui.migration.stream.source import CHUNK, Source
from ovmfgui.migration.stream.structures import (
    LIBVIRT_MAGIC,
    LIBVIRT_PARTIAL,
    MAGIC,
    VERSION,
)
from ovmfgui.migration.stream.unpacking import DAMAGED, packing_of, unpacked
from ovmfgui.refusal import RAISED, Refused
from ovmfgui.system import READ_ONLY
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Iterator


_START = MAGIC + VERSION.to_bytes(4, "big")


def open_recording(path: str | Path, snapshot: str = "") -> Recording:
    """Open a migration stream, a mapped-ram file, a save file of libvirt, a snapshot with a guest.

    Args:
        path: of the file.
        snapshot: name or id of a snapshot in a qcow2 image; empty for all other files.

    Raises:
        Refused: it is none of these, or one of a kind that cannot be read.
    """
    with _told_with(path), opened(Path(path)) as file:
        return read_snapshot(file, snapshot) if snapshot else _recording(file)


def snapshots_in(path: str | Path) -> tuple[SavedGuest, ...] | None:
    """The snapshots of a qcow2 image; None for any other file.

    Raises:
        Refused: it cannot be read.
    """
    with _told_with(path), opened(Path(path)) as file:
        return saved_guests(file) if file.read(4) == QCOW2_MAGIC else None


@contextmanager
def _told_with(path: str | Path) -> Iterator[None]:
    """What cannot be used is refused with the path in front."""
    try:
        yield
    except Refused as refusal:
        msg = f"{path}: {refusal}"
        raise Refused(msg) from refusal
    except DAMAGED as error:
        msg = f"{path}: its packed contents are damaged: {error}"
        raise Refused(msg) from error
    except OSError as error:
        msg = f"{path}: {error.strerror or error}"
        raise Refused(msg) from error
    except RAISED as error:
        msg = f"{path}: it is damaged: {error or type(error).__name__}"
        raise Refused(msg) from error


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """A regular file, never waiting for a pipe's writer."""
    descriptor = os.open(path, READ_ONLY)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            msg = "this is no regular file; name a recorded migration"
            raise Refused(msg)
        yield cast("IO[bytes]", file)


def _recording(file: IO[bytes]) -> Recording:
    head = file.read(0x100)
    file.seek(0)
    if head.startswith(MAGIC):
        return read_recording(Source(file, seekable=True))
    if head.startswith(LIBVIRT_MAGIC):
        return read_saved(file, head)
    if head.startswith(LIBVIRT_PARTIAL):
        msg = "libvirt did not finish this save file (its magic says Part); save the domain again"
        raise Refused(msg)
    if head.startswith(QCOW2_MAGIC):
        msg = "this is a qcow2 image; name the snapshot in it that holds a guest (--snapshot NAME)"
        raise Refused(msg)
    if packing := packing_of(head):
        with unpacked(file, packing) as packed:
            recording = _packed(Source(packed.stream, seekable=False))
            return with_fault(recording, packed.fault_behind())
    _refuse_dump(head)
    return _behind_something(file)


def _refuse_dump(head: bytes) -> None:
    guest = recorded_guest(head[:HEAD])
    if guest is not None and not guest.flash:
        msg = f"this is {guest.kind}; {guest.advice('FILE')}"
        raise Refused(msg)


def _packed(source: Source) -> Recording:
    """What somebody has packed afterwards; it can only be read forwards."""
    head = bytes(source.peek(CHUNK)[:CHUNK])
    _refuse_dump(head)
    if head.startswith(LIBVIRT_MAGIC):
        return read_saved_forwards(source, head)
    if head.startswith(QCOW2_MAGIC):
        msg = "this is a packed qcow2 image; unpack it first"
        raise Refused(msg)
    source.skip(max(head.find(_START), 0))
    return read_recording(source)


def _behind_something(file: IO[bytes]) -> Recording:
    """A stream that does not begin where its file does (``file:…,offset=N``)."""
    at, before = 0, b""
    while at < MOST_AROUND and (part := file.read(CHUNK)):
        window = before + part
        found = window.find(_START)
        if found >= 0:
            file.seek(at - len(before) + found)
            return read_recording(Source(file, seekable=True))
        at += len(part)
        before = window[1 - len(_START) :]
    msg = "this is no recorded migration: neither a QEMU stream (QEVM) nor a libvirt save file"
    if at >= MOST_AROUND:
        msg += f" in its first {size_text(MOST_AROUND)}"
    raise Refused(msg)
