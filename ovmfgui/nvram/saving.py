"""Putting a changed file back: wholly or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.source import read_regular
from ovmfgui.nvram.file_lock import hold
from ovmfgui.nvram.saved import other_names, saved
from ovmfgui.nvram.temporary import second_name, temporary
from ovmfgui.refusal import Refused
from ovmfgui.system import READ_WRITE, sync_folder, write_at

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        names = os.fstat(descriptor).st_nlink
        _replace(target, data, descriptor, kept)
    saved.append(str(target))
    if names > 1:
        other_names.append((str(target), names - 1))
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
    with _named(path), temporary(target.absolute().parent, target.name) as (new, file):
        _write_sparsely(file, data)
        if hasattr(os, "fchmod"):
            mask = os.umask(0)
            os.umask(mask)
            os.fchmod(file, 0o666 & ~mask)
        os.fsync(file)
        _appear(new, target)
    sync_folder(str(target.absolute().parent))
    saved.append(str(target))


def _appear(new: Path, target: Path) -> None:
    try:
        # Unlike a rename, a link never replaces what came into being meanwhile.
        os.link(new, target)
    except FileExistsError:
        msg = f"{target} exists already; choose another name or move it away"
        raise Refused(msg) from None
    except OSError:
        # No hard links on this file system.
        new.replace(target)


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
        descriptor = os.open(target, READ_WRITE)
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
        hold(descriptor, target)
        yield descriptor
    finally:
        os.close(descriptor)


def _replace(target: Path, data: bytes, descriptor: int, backup: Path | None) -> None:
    folder = target.parent
    with temporary(folder, target.name) as (new, file):
        _write_sparsely(file, data)
        _take_over(descriptor, file, target)
        os.fsync(file)
        if backup is not None:
            _keep(target, backup, descriptor)
        new.replace(target)
    sync_folder(str(folder))


def _write_sparsely(descriptor: int, data: bytes) -> None:
    """Write ``data``; runs of zeros become holes: ARM stores are 64 MiB, nearly all of it zero."""
    os.ftruncate(descriptor, len(data))
    view = memoryview(data)
    for start in range(0, len(data), len(_CHUNK)):
        piece = view[start : start + len(_CHUNK)]
        if data.startswith(_CHUNK[: len(piece)], start):
            continue
        while piece:
            written = write_at(descriptor, piece, start)
            start, piece = start + written, piece[written:]


def _take_over(old: int, new: int, target: Path) -> None:
    """Give the new file the old one's owner, mode and extended attributes (SELinux labels)."""
    status, mine = os.fstat(old), os.fstat(new)
    owners = (status.st_uid, status.st_gid)
    if hasattr(os, "fchown") and owners != (mine.st_uid, mine.st_gid):
        try:
            os.fchown(new, *owners)
        except PermissionError:
            msg = (
                f"{target} belongs to another user, whom it could not be given back to; save it as "
                "that user or as root, or under another name"
            )
            raise Refused(msg) from None
    if hasattr(os, "fchmod"):
        os.fchmod(new, status.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                with contextlib.suppress(OSError):
                    os.setxattr(new, name, os.getxattr(old, name))


def _keep(target: Path, backup: Path, descriptor: int) -> None:
    """Make ``backup`` the file that is to be replaced: a second link costs no room and no time."""
    if backup.is_dir():
        msg = f"{backup} is a folder, and the old contents are to be kept under that name; move it"
        raise Refused(f"{msg} away, or save under another name")
    try:
        with second_name(target, backup.name) as linked:
            # Renaming does nothing where the backup was a link to this very file already.
            linked.replace(backup)
    except OSError:
        # No hard links on this file system: copy.
        with temporary(target.parent, backup.name) as (copy, file):
            _write_sparsely(file, read_regular(target))
            _take_over(descriptor, file, target)
            os.fsync(file)
            copy.replace(backup)
