"""What ``virsh save`` and ``virsh managedsave`` write: a header, the domain, a stream."""

from __future__ import annotations

import struct
from typing import IO

from ovmfgui.migration.stream.recording import Recording, read_recording, with_fault
from ovmfgui.migration.stream.source import Source, StreamEnded
from ovmfgui.migration.stream.structures import LIBVIRT_VERSION, MAGIC, LibvirtHeader
from ovmfgui.migration.stream.unpacking import unpacked
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

_PACKINGS = ("", "gzip", "bzip2", "xz", "lzop", "zstd", "")
"""By virQEMUSaveFormat (libvirt src/qemu/qemu_saveimage.h): raw, the packed ones, sparse."""

_ENDS_EARLY = "the save file ends before the guest's state; save the domain again"


class _SaveHeader(NamedTuple):
    """virQEMUSaveHeader, as far as it is looked at."""

    version: int
    length: int
    was_running: int
    form: int

    @property
    def state(self) -> str:
        """What the guest will be in; libvirt pauses it first, so the stream always says paused."""
        return "running" if self.was_running else "paused"


def read_saved(file: IO[bytes], head: bytes) -> Recording:
    """Read a save file.

    Args:
        file: positioned anywhere.
        head: its first bytes.

    Raises:
        Refused: it is damaged, or packed in a way that cannot be read.
    """
    header = _header(head)
    state = header.state
    file.seek(LibvirtHeader.sizeof() + header.length)
    packing = _PACKINGS[header.form]
    if packing:
        with unpacked(file, packing) as packed:
            source = Source(packed.stream, seekable=False)
            return with_fault(read_recording(source, "libvirt", state), packed.fault_behind())
    start = file.tell()
    if not file.read(len(MAGIC)):
        raise Refused(_ENDS_EARLY)
    file.seek(start)
    return read_recording(Source(file, seekable=True), "libvirt", state)


def read_saved_forwards(source: Source, head: bytes) -> Recording:
    """Read a save file that was packed as a whole.

    Raises:
        Refused: it is damaged, or its contents are packed once more.
    """
    header = _header(head)
    if _PACKINGS[header.form]:
        msg = f"a libvirt save file with {_PACKINGS[header.form]} in it was packed again; unpack it"
        raise Refused(f"{msg} once")
    try:
        source.skip(LibvirtHeader.sizeof() + header.length)
    except StreamEnded as ended:
        raise Refused(_ENDS_EARLY) from ended
    return read_recording(source, "libvirt", header.state)


def _header(head: bytes) -> _SaveHeader:
    stored = LibvirtHeader.read(head)
    if stored is None:
        msg = "the save file ends inside its header"
        raise Refused(msg)
    header = _SaveHeader(*struct.unpack("<4I", stored.words[:16]))
    if header.version != LIBVIRT_VERSION:
        header = _SaveHeader(*struct.unpack(">4I", stored.words[:16]))
    if header.version != LIBVIRT_VERSION:
        msg = f"a libvirt save file of version {header.version}; known is version "
        raise Refused(f"{msg}{LIBVIRT_VERSION}")
    if header.form >= len(_PACKINGS):
        msg = f"the save file is packed in a way that is not known (format {header.form})"
        raise Refused(msg)
    return header
