"""Who holds a file: QEMU, libvirt, another ovmfgui; and holding it against them.

All of them lock single bytes far from the contents' meaning. The locks are those of an open file
(F_OFD_SETLK of Linux): they end with the descriptor, and a fork does not share them.
"""

from __future__ import annotations

import errno
import os
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused
from ovmfgui.system import READ_ONLY

if TYPE_CHECKING:
    from pathlib import Path

# Where QEMU puts its locks on an image: one byte a permission it has from the first, one byte a
# permission it denies to others from the second (block/file-posix.c, RAW_LOCK_PERM_BASE and
# RAW_LOCK_SHARED_BASE); permissions are bits of a 64-bit word.
_QEMU_START, _QEMU_SIZE = 100, 200
# virtlockd locks byte 0 for a disk, and libvirt byte 1 while it changes owner and label
# (DEFAULT_OFFSET and METADATA_OFFSET of locking/lock_daemon_dispatch.c).
_LIBVIRT_START, _LIBVIRT_SIZE = 0, 2
# struct flock of Linux: l_type, l_whence, l_start, l_len, l_pid.
_FLOCK = struct.Struct("@hhqqi0q")
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)

MACHINE = "a running virtual machine (QEMU holds its lock)"
LIBVIRT = "libvirt (its lock on the file is held, here or on another host)"
OURSELVES = "another ovmfgui, which is saving it"
OTHER = "another program, which has locked it"


class _Lock(NamedTuple):
    """A lock that stands in the way; ``size`` 0 reaches to the end of all files."""

    writing: bool
    start: int
    size: int


def _in_the_way(descriptor: int, start: int, size: int) -> _Lock | None:
    """The first lock of somebody else in a range of bytes; None where there is none to be seen."""
    try:
        import fcntl

        asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, start, size, 0)
        kind, _whence, at, length, _pid = _FLOCK.unpack(
            fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, asked)
        )
    except (ImportError, AttributeError, OSError):
        return None
    return None if kind == fcntl.F_UNLCK else _Lock(kind == fcntl.F_WRLCK, at, length)


def _holder(descriptor: int) -> str | None:
    """Who holds an open file, in words; None where nobody is seen to."""
    found = _in_the_way(descriptor, _QEMU_START, _QEMU_SIZE)
    if found is not None:
        ours = found.writing and found[1:] == (_QEMU_START, _QEMU_SIZE)
        whole = found.size == 0 or found.size > _QEMU_SIZE
        return OURSELVES if ours else OTHER if whole else MACHINE
    if (found := _in_the_way(descriptor, _LIBVIRT_START, _LIBVIRT_SIZE)) is not None:
        return LIBVIRT if 0 < found.size <= _LIBVIRT_SIZE else OTHER
    return OTHER if _in_the_way(descriptor, 0, 0) is not None else None


def holder(path: str | Path) -> str | None:
    """Who holds a file, in words; None where nobody is seen to, or where it cannot be asked."""
    with suppress(OSError, ValueError):
        descriptor = os.open(path, READ_ONLY)
        try:
            return _holder(descriptor)
        finally:
            os.close(descriptor)
    return None


def hold(descriptor: int, target: Path) -> None:
    """Lock an open file against any QEMU that would start with it meanwhile.

    Raises:
        Refused: somebody holds it.
    """
    if (held := _holder(descriptor)) is not None:
        raise _refused(target, held)
    try:
        import fcntl

        wanted = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, _QEMU_START, _QEMU_SIZE, 0)
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)
    except (ImportError, AttributeError):
        return  # a system without such locks, and without a QEMU that takes them
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return
        if error.errno in (errno.EAGAIN, errno.EACCES):
            raise _refused(target, _holder(descriptor) or OTHER) from None
        raise


def _refused(target: Path, held: str) -> Refused:
    step = {
        MACHINE: "shut it down first",
        LIBVIRT: "shut the machine down first",
        OURSELVES: "try again in a moment",
    }.get(held, "end that program first")
    words = "a running virtual machine" if held == MACHINE else held
    return Refused(f"{target} is in use by {words}; {step}")


def held_finding(path: str | Path) -> Finding | None:
    """What to say of a file that was read while somebody holds it; None where nobody does."""
    held = holder(path)
    if held is None:
        return None
    text = (
        f"{path} is in use by {held}: it may change at any moment, and what is shown is what it "
        "held when it was read. It cannot be saved while that lasts."
    )
    return Finding("store-in-use", Severity.INFO, text)
