"""Recorded guests, told by their first bytes: they are no images, though flash may be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

_ELF = b"\x7fELF"
_CORE = (b"\x04\0", b"\0\x04")
"""ET_CORE at offset 16, in either byte order (elf.h)."""

HEAD = 64
"""Bytes of a file that tell."""

_START = b"QEVM\0\0\0\3"


@dataclass(frozen=True, slots=True)
class RecordedGuest:
    """What a file with a guest's state is.

    Attributes:
        kind: in words, with its article.
        flash: whether flash contents can be in it; a memory dump has none.
    """

    kind: str
    flash: bool

    def advice(self, path: str | Path) -> str:
        """What to do with the one at ``path``."""
        if self.flash:
            chips = f"see what is in it with: ovmfgui stream {path} (--extract DIR for its chips)"
            if self is _SAVE:
                return f"{chips}; its machine: virsh save-image-dumpxml {path} | ovmfgui check -"
            return chips
        return (
            "it holds the guest's RAM and no flash; use virsh save, or virsh dump without "
            "--memory-only"
        )


_STREAM = RecordedGuest("a QEMU migration stream", True)
_BEHIND = RecordedGuest("a QEMU migration stream behind other bytes (file:…,offset=N)", True)
_SAVE = RecordedGuest("a libvirt save file", True)
_DUMP = RecordedGuest("an ELF memory dump (dump-guest-memory, virsh dump --memory-only)", False)
_KDUMP = RecordedGuest("a kdump memory dump (dump-guest-memory -z)", False)
_WINDOWS = RecordedGuest("a Windows memory dump (dump-guest-memory -w)", False)

_BEGINNINGS = (
    (b"QEVM", _STREAM),
    (b"LibvirtQemudSave", _SAVE),
    (b"LibvirtQemudPart", _SAVE),
    (b"KDUMP   ", _KDUMP),
    (b"makedumpfile\0", _KDUMP),
    (b"PAGEDU64", _WINDOWS),
    (b"PAGEDUMP", _WINDOWS),
)
"""QEMU migration/savevm.c, dump/dump.c, dump/win_dump.c; libvirt src/qemu/qemu_saveimage.h."""


def recorded_guest(head: bytes) -> RecordedGuest | None:
    """What a file is whose first bytes these are; None where it is no recorded guest.

    Args:
        head: its first ``HEAD`` bytes, unpacked; where more is given, a stream behind other bytes
            is looked for in it.
    """
    if head.startswith(_ELF) and head[16:18] in _CORE:
        return _DUMP
    found = next((kind for magic, kind in _BEGINNINGS if head.startswith(magic)), None)
    return _BEHIND if found is None and _START in head else found


def refuse_recording(path: str | Path, data: bytes) -> None:
    """Refuse what is a recorded guest and no image, by its name.

    Raises:
        Refused: it is one; with the command that reads it.
    """
    guest = recorded_guest(data)
    if guest is not None:
        msg = f"{path} is {guest.kind}, not a flash image; {guest.advice(path)}"
        raise Refused(msg)
