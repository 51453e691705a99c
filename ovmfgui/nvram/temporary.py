"""Temporary files beside the file that is saved: gone afterwards, whatever happens to the save.

A save that is ended by SIGTERM or SIGHUP cleans up first. What one that was killed has left is
removed by the next: a temporary carries the number of its process and is locked while it is
written, so that another's is told from one that nobody will finish.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.ending import ended_late
from ovmfgui.refusal import Refused
from ovmfgui.system import READ_ONLY, READ_WRITE

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_STEM = 150
"""Bytes of the file's own name in a temporary's: file systems take 255 in all."""
_YOUNG = 60.0
"""Seconds in which a living process of that number is taken for the one that writes."""


def _stem(name: str) -> str:
    return f".{os.fsdecode(os.fsencode(name)[:_LONGEST_STEM])}.ovmfgui-"


def _new_name(name: str) -> str:
    return f"{_stem(name)}{os.getpid()}-{os.urandom(4).hex()}.tmp"


@contextlib.contextmanager
def temporary(folder: Path, name: str) -> Iterator[tuple[Path, int]]:
    """A file of one's own in ``folder``, gone afterwards unless it was renamed.

    Args:
        folder: of the file that is to be saved.
        name: that file's.

    Yields:
        The path, and a descriptor that is open for writing.

    Raises:
        Refused: the folder may not be written.
    """
    _remove_stale(folder, name)
    with ended_late():
        path = folder / _new_name(name)
        try:
            descriptor = os.open(path, READ_WRITE | os.O_CREAT | os.O_EXCL, 0o600)
        except PermissionError:
            msg = f"{folder} may not be written, and a safe save needs a new file there"
            raise Refused(msg) from None
        try:
            _claim(descriptor)
            yield path, descriptor
        finally:
            os.close(descriptor)
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def second_name(target: Path, name: str) -> Iterator[Path]:
    """Another name of ``target`` itself, gone afterwards unless it was renamed.

    Raises:
        OSError: there are no hard links on this file system.
    """
    path = target.parent / _new_name(name)
    path.hardlink_to(target)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _claim(descriptor: int) -> bool:
    """Lock a temporary as one's own; False where somebody else has it."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, AttributeError, OSError):
        return True
    return True


def _remove_stale(folder: Path, name: str) -> None:
    """Remove what saves of this file have left that were killed."""
    stems = (_stem(name), _stem(f"{name}.bak"))
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        found = [
            Path(each.path)
            for each in entries
            if each.name.startswith(stems) and each.name.endswith(".tmp")
        ]
        for path in found:
            with contextlib.suppress(OSError):
                if _is_stale(path):
                    path.unlink()


def _is_stale(path: Path) -> bool:
    number = path.name.rpartition(".ovmfgui-")[2].partition("-")[0]
    if not number.isdecimal() or (not _is_alive(int(number)) and _is_free(path)):
        return number.isdecimal()
    # The number may be another program's by now.
    return time.time() - path.stat().st_mtime > _YOUNG and _is_free(path)


def _is_alive(process: int) -> bool:
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _is_free(path: Path) -> bool:
    descriptor = os.open(path, READ_ONLY)
    try:
        return _claim(descriptor)
    finally:
        os.close(descriptor)
