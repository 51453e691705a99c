"""Where a running QEMU logs to, by what Linux tells of its process."""

from __future__ import annotations

import os
import stat
from itertools import pairwise
from pathlib import Path

from ovmfgui.dataclass import dataclass
from ovmfgui.refusal import Refused

_STANDARD_ERROR = "/proc/self/fd/2"
_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True)
class LogPlace:
    """Where QEMU's log goes.

    Attributes:
        process: QEMU's process id.
        path: what QEMU's ``logfile`` command is given to log there again.
        kept_in: the regular file that it is, whose end can be read along; empty where it is
            a terminal, a pipe or nothing.
    """

    process: int
    path: str
    kept_in: str = ""

    def seen_from_here(self, path: str) -> str:
        """A path of QEMU's, which may be relative to where QEMU was started."""
        try:
            return str(Path(f"/proc/{self.process}/cwd").readlink() / path) if path else ""
        except OSError:
            return path

    def has_open(self, path: Path) -> bool:
        """Whether QEMU has a file open."""
        wanted = path.stat()
        for entry in Path(f"/proc/{self.process}/fd").iterdir():
            try:
                found = entry.stat()
            except OSError:
                continue  # closed meanwhile
            if os.path.samestat(found, wanted):
                return True
        return False


def log_place(process: int) -> LogPlace:
    """Where the QEMU of a process id logs to.

    A log of its own (``-D``), or a standard error that is a regular file, is never switched away
    from: QEMU from version 8 empties a log that it is sent back to.

    Raises:
        Refused: it cannot be told, or QEMU is confined so that it cannot log anywhere else.
    """
    folder = Path(f"/proc/{process}")
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
        started_by = (folder / "comm").read_text("utf-8", "replace").strip()
        name = Path(os.fsdecode(words[0])).name
        if not started_by.startswith("qemu") and "qemu" not in name:
            msg = f"its socket was opened by {started_by}, so that QEMU's process is not known"
            raise Refused(msg)
        confined = _confined_by(folder)
        own = _own_log(words, process)
        if own:
            return LogPlace(process, own, _readable(folder, own))
        mode = (folder / "fd/2").stat().st_mode
        if stat.S_ISREG(mode):
            file = str((folder / "fd/2").readlink())
            return LogPlace(process, file, _readable(folder, file))
        target = str((folder / "fd/2").readlink())
    except OSError as error:
        msg = f"where QEMU (process {process}) logs to cannot be told: {error.strerror}"
        raise Refused(msg) from error
    if confined:
        msg = f"QEMU is confined ({confined}) and cannot log to a file of ours"
        raise Refused(msg)
    if stat.S_ISSOCK(mode):
        msg = "QEMU's standard error is a socket, and its log could not be put back there"
        raise Refused(msg)
    return LogPlace(process, _NOWHERE if target == _NOWHERE else _STANDARD_ERROR)


def _confined_by(folder: Path) -> str:
    """The profile of AppArmor or the like that a process is held to; empty where none is."""
    try:
        told = (folder / "attr/current").read_text("utf-8", "replace").strip("\0\n")
    except OSError:
        return ""
    return told if told.endswith("(enforce)") else ""


def _own_log(words: list[bytes], process: int) -> str:
    """The file after ``-D``; qemu(1) puts the process id in the place of ``%d``."""
    for word, after in pairwise(words):
        if word in (b"-D", b"--D"):
            return os.fsdecode(after).replace("%d", str(process))
    return ""


def _readable(folder: Path, file: str) -> str:
    """A log of QEMU's as a path that we can read.

    Raises:
        Refused: we may not, or it is not there.
    """
    path = folder / "cwd" / file  # an absolute one stays what it is
    if not path.is_file() or not os.access(path, os.R_OK):
        msg = f"QEMU logs to {file}, which cannot be read from here"
        raise Refused(msg)
    return str(path)
