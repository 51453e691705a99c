"""Debian's packages: a .deb unpacked into a folder, and the files of one that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from ovmfgui.budgets import DPKG_SECONDS, MOST_PACKED, MOST_PACKED_FILES
from ovmfgui.flash.source import MAX_STORED, head_of
from ovmfgui.hosts.sparse import write_sparse
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAGIC = b"!<arch>\ndebian-binary"
"""How a .deb begins: deb(5)."""
DAMAGED = (tarfile.TarError, OSError, ValueError, RecursionError)
"""What a tar that nobody could have meant ends in: a name with a NUL, a chain of long names."""


def is_deb(path: str) -> bool:
    """Whether a file is a .deb, by its contents, or is called one."""
    try:
        return head_of(path, len(_MAGIC)) == _MAGIC or path.lower().endswith(".deb")
    except OSError:
        return False


def unpack_deb(path: str, folder: str) -> None:
    """Write a package's files below a folder; links stay links, and lead nowhere outside of it.

    Raises:
        Refused: it is damaged or too large, or dpkg-deb is not there.
    """
    program = _found("dpkg-deb", path)
    unpacking = subprocess.Popen(
        [program, "--fsys-tarfile", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert unpacking.stdout is not None
    try:
        write_members(path, unpacking.stdout, HostTree(folder))
    except DAMAGED as error:
        words = _ended(unpacking)
        msg = f"{path} cannot be unpacked: {words or error}"
        raise Refused(msg) from error
    finally:
        words = _ended(unpacking)
    if unpacking.returncode:
        msg = f"{path} cannot be unpacked: {words or 'dpkg-deb failed'}"
        raise Refused(msg)


def _found(name: str, wanted_for: str) -> str:
    program = shutil.which(name)
    if program is None:
        msg = f"{wanted_for}: {name} is not installed (Debian: dpkg); name the unpacked tree"
        raise Refused(msg)
    return program


def _ended(unpacking: subprocess.Popen[bytes]) -> str:
    """Stop it where it still runs; its words, the last time they can be read."""
    if unpacking.stdout is not None and not unpacking.stdout.closed:
        unpacking.stdout.close()
    if unpacking.stderr is None or unpacking.stderr.closed:
        return ""
    said = unpacking.stderr.read().decode("utf-8", "replace")
    unpacking.stderr.close()
    unpacking.wait()
    return "; ".join(line.removeprefix("dpkg-deb: ").strip() for line in said.splitlines()[:2])


def write_members(package: str, stream: IO[bytes], tree: HostTree) -> None:
    """Write what a tar holds into a tree.

    Raises:
        Refused: it is too large, or the file system does not take a file of it.
        DAMAGED: it is no tar that anybody could have meant.
    """
    left, files = MOST_PACKED, 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            files += 1
            left -= member.size
            if files > MOST_PACKED_FILES or left < 0 or member.size > MAX_STORED:
                msg = f"{package} is larger than any package of firmware ({member.name})"
                raise Refused(msg)
            try:
                _write_member(archive, member, tree)
            except OSError as error:
                # Without the folder that it would have been unpacked into, which nobody knows.
                msg = f"{package} cannot be unpacked: {member.name}: {error.strerror or error}"
                raise Refused(msg) from error
    # What tar pads its end with is read too, or dpkg-deb complains of a broken pipe.
    while stream.read(1 << 16):
        pass


def _write_member(archive: tarfile.TarFile, member: tarfile.TarInfo, tree: HostTree) -> None:
    named = PurePosixPath("/", member.name)
    if not named.name or ".." in named.parts:
        return
    # A folder of its path may be a link that came before: it is followed inside the tree alone.
    target = Path(tree.path(str(named.parent)), named.name)
    if member.isdir():
        if not target.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.is_file():
        target.unlink()
    if member.issym():
        target.symlink_to(member.linkname)
    elif member.islnk():
        os.link(tree.path(str(PurePosixPath("/", member.linkname))), target)
    elif member.isfile():
        contents = archive.extractfile(member)
        assert contents is not None
        write_sparse(target, contents.read())


def installed_files_of(name: str) -> Sequence[str]:
    """Paths of the files of an installed package.

    Raises:
        Refused: it is not installed, or dpkg is not there.
    """
    program = _found("dpkg-query", name)
    asked = subprocess.run(
        [program, "-L", "--", name],
        capture_output=True,
        text=True,
        timeout=DPKG_SECONDS,
        check=False,
    )
    if asked.returncode:
        msg = (
            f"{name} is no file, no folder and no installed Debian package; name a .deb, an "
            "unpacked tree, a folder of firmware, or CODE,VARS"
        )
        raise Refused(msg)
    return [line for line in asked.stdout.splitlines() if line.startswith("/")]
