"""Putting a changed file back: wholly or not at all."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.source import read_regular
from ovmfgui.nvram.saved import saved
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where QEMU puts its locks on an image: one byte a permission it has from the first, one byte a
# permission it denies to others from the second (block/file-posix.c, RAW_LOCK_PERM_BASE and
# RAW_LOCK_SHARED_BASE); permissions are bits of a 64-bit word.
_QEMU_LOCKS_START = 100
_QEMU_LOCKS_SIZE = 200
# struct flock of Linux: l_type, l_whence, l_start, l_len, l_pid.
_FLOCK = struct.Struct("@hhqqi0q")
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)
_CHUNK = bytes(0x10000)


def save(path: str | Path, data: bytes, *, expected: bytes, backup: bool = True) -> Path | None:
    """Replace a file's contents at once: after a crash there is the old file or the new one.

    The new contents go to a temporary file in the same folder, which then takes the old file's
    place, mode, owner and extended attributes; of a symlink the target is replaced. The old file
    lives on as PATH.bak. A file of that name from an earlier session is replaced: the backup is
    always what was there before this session's first save.

    Args:
        path: the file.
        data: its new contents.
        expected: what it holds at the moment, as it was read.
        backup: keep the old file as PATH.bak; later saves of one session pass False.

    Returns:
        The backup's path, None where none was made.

    Raises:
        Refused: it could not be done; the file is as it was.
    """
    target = Path(os.path.realpath(path))
    with _named(path), _held(target) as descriptor:
        if read_regular(target) != expected:
            msg = f"{path} has been changed by another program since it was read; open it again"
            raise Refused(msg)
        kept = target.with_name(f"{target.name}.bak") if backup else None
        _replace(target, data, descriptor, kept)
    saved.append(str(target))
    return kept


def create(path: str | Path, data: bytes) -> None:
    """Write a new file at once.

    Raises:
        Refused: there is such a file already, or it could not be written.
    """
    target = Path(path)
    if os.path.lexists(target):
        msg = f"{path} exists already; choose another name or move it away"
        raise Refused(msg)
    with _named(path), _temporary(target.absolute().parent, target.name) as (temporary, file):
        _write_sparsely(file, data)
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(file, 0o666 & ~mask)
        os.fsync(file)
        _appear(temporary, target)
    _sync_folder(target.absolute().parent)
    saved.append(str(target))


def _appear(temporary: Path, target: Path) -> None:
    try:
        # Unlike a rename, a link never replaces what came into being meanwhile.
        os.link(temporary, target)
    except FileExistsError:
        msg = f"{target} exists already; choose another name or move it away"
        raise Refused(msg) from None
    except OSError:
        # No hard links on this file system.
        temporary.replace(target)


@contextlib.contextmanager
def _named(path: str | Path) -> Iterator[None]:
    """Turns the system's errors into one line about ``path``."""
    try:
        yield
    except OSError as error:
        msg = f"{path} could not be saved and is as it was: {error.strerror or error}"
        raise Refused(msg) from error


@contextlib.contextmanager
def _held(target: Path) -> Iterator[int]:
    """The file, open and locked against any QEMU that would start with it meanwhile."""
    try:
        descriptor = os.open(target, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        msg = f"{target} is gone since it was read; save under another name"
        raise Refused(msg) from None
    except PermissionError:
        msg = f"{target} may not be written; change its permissions or save under another name"
        raise Refused(msg) from None
    try:
        if not os.fstat(descriptor).st_mode & 0o222:
            msg = f"{target} is marked read-only; change its mode or save under another name"
            raise Refused(msg)
        _lock(descriptor, target)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, target: Path) -> None:
    wanted = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, _QEMU_LOCKS_START, _QEMU_LOCKS_SIZE, 0)
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, wanted)
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return
        if error.errno in (errno.EAGAIN, errno.EACCES):
            msg = f"{target} is in use by a running virtual machine; shut it down first"
            raise Refused(msg) from None
        raise


def _replace(target: Path, data: bytes, descriptor: int, backup: Path | None) -> None:
    folder = target.parent
    with _temporary(folder, target.name) as (temporary, file):
        _write_sparsely(file, data)
        _take_over(descriptor, file, target)
        os.fsync(file)
        if backup is not None:
            _keep(target, backup, descriptor)
        temporary.replace(target)
    _sync_folder(folder)


@contextlib.contextmanager
def _temporary(folder: Path, name: str) -> Iterator[tuple[Path, int]]:
    """A temporary file in ``folder``, gone afterwards unless it was renamed."""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    except PermissionError:
        msg = f"{folder} may not be written, and a safe save needs a new file there"
        raise Refused(msg) from None
    try:
        yield Path(temporary), descriptor
    finally:
        os.close(descriptor)
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()


def _write_sparsely(descriptor: int, data: bytes) -> None:
    """Write ``data``; runs of zeros become holes: ARM stores are 64 MiB, nearly all of it zero."""
    os.ftruncate(descriptor, len(data))
    view = memoryview(data)
    for start in range(0, len(data), len(_CHUNK)):
        piece = view[start : start + len(_CHUNK)]
        if data.startswith(_CHUNK[: len(piece)], start):
            continue
        while piece:
            written = os.pwrite(descriptor, piece, start)
            start, piece = start + written, piece[written:]


def _take_over(old: int, new: int, target: Path) -> None:
    """Give the new file the old one's owner, mode and extended attributes (SELinux labels)."""
    status = os.fstat(old)
    mine = os.fstat(new)
    if (status.st_uid, status.st_gid) != (mine.st_uid, mine.st_gid):
        try:
            os.fchown(new, status.st_uid, status.st_gid)
        except PermissionError:
            msg = (
                f"{target} belongs to another user, whom it could not be given back to; save it as "
                "that user or as root, or under another name"
            )
            raise Refused(msg) from None
    os.fchmod(new, status.st_mode & 0o7777)
    with contextlib.suppress(OSError):
        for name in os.listxattr(old):
            with contextlib.suppress(OSError):
                os.setxattr(new, name, os.getxattr(old, name))


def _keep(target: Path, backup: Path, descriptor: int) -> None:
    """Make ``backup`` the file that is to be replaced: a second link costs no room and no time."""
    linked = target.with_name(f".{backup.name}.{os.getpid()}.tmp")
    try:
        os.link(target, linked)
    except OSError:
        # No hard links on this file system: copy.
        with _temporary(target.parent, backup.name) as (temporary, file):
            _write_sparsely(file, read_regular(target))
            _take_over(descriptor, file, target)
            os.fsync(file)
            temporary.replace(backup)
        return
    linked.replace(backup)
    # Renaming does nothing where the backup was a link to this very file already.
    linked.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
