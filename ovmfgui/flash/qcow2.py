"""qcow2 images, through qemu-img: the format belongs to QEMU, and QEMU knows it best."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from ovmfgui.budgets import QEMU_IMG_SECONDS
from ovmfgui.flash.qcow2_layers import EXTERNAL_DATA, Qcow2, Qcow2Header
from ovmfgui.refusal import Refused

_SECTOR = 512


def unpack_qcow2(path: str, stored: bytes, limit: int) -> bytes:
    """The contents of a qcow2 image.

    A backing file or an external data file is never followed: what such an image shows depends on
    files that nobody named.

    Args:
        path: for qemu-img and for messages.
        stored: the file's bytes, at least its header.
        limit: bytes of contents at most.

    Raises:
        Refused: in one line, why not.
    """
    refuse_what_is_not_plain(path, stored, limit)
    _refuse_cut_short(path, stored)
    return _converted(path, stored, "read", ["-f", "qcow2", "-O", "raw"])


def _refuse_cut_short(path: str, stored: bytes) -> None:
    """Refuse an image whose tables or data point behind its end: qemu-img reads zeros there.

    Raises:
        Refused: naming what is missing.
    """
    try:
        missing = Qcow2(io.BytesIO(stored)).missing_clusters(len(stored))
    except Refused as refusal:
        msg = f"{path} is a qcow2 image, and {refusal}"
        raise Refused(msg) from refusal
    if missing:
        msg = (
            f"{path} is a qcow2 image that was cut short: {missing:,} of its clusters lie behind "
            f"its end at 0x{len(stored):X}; get a whole copy of it"
        )
        raise Refused(msg)


def pack_qcow2(path: str, data: bytes, like: bytes = b"") -> bytes:
    """A qcow2 image of ``data``.

    Args:
        path: for messages.
        data: the contents, whole sectors of 512 bytes.
        like: the image that it replaces, whose version and cluster size it gets; empty for a new
            one.

    Raises:
        Refused: in one line, why not.
    """
    if len(data) % _SECTOR:
        msg = f"{path}: a qcow2 image has whole sectors of {_SECTOR} bytes; save as raw"
        raise Refused(msg)
    settings: list[str] = []
    header = Qcow2Header.read(like)
    if header is not None:
        if header.nb_snapshots:
            msg = (
                f"{path} holds {header.nb_snapshots} internal snapshots, which saving would "
                "lose; delete them with qemu-img snapshot, or save under another name"
            )
            raise Refused(msg)
        version = "1.1" if header.version >= 3 else "0.10"
        size = 1 << header.cluster_bits
        settings = ["-o", f"compat={version},cluster_size={size}"]
    return _converted(path, data, "written", ["-f", "raw", "-O", "qcow2", *settings])


def _converted(path: str, contents: bytes, done_to_it: str, options: list[str]) -> bytes:
    program = shutil.which("qemu-img")
    if program is None:
        msg = f"{path} is a qcow2 image; it can be {done_to_it} only by qemu-img, which is missing "
        raise Refused(msg + "(Debian: qemu-utils)")
    with tempfile.TemporaryDirectory(prefix="ovmfgui-") as folder:
        # qemu-img gets a copy under a name of ours: no option, protocol prefix or lock in the way.
        source, target = Path(folder) / "source", Path(folder) / "target"
        try:
            source.write_bytes(contents)
            done = subprocess.run(
                [program, "convert", *options, str(source), str(target)],
                capture_output=True,
                text=True,
                timeout=QEMU_IMG_SECONDS,
                check=False,
            )
            if done.returncode == 0:
                return target.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            msg = f"{path} could not be {done_to_it}: qemu-img gave no answer "
            raise Refused(msg + f"({type(error).__name__})") from error
    words = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    msg = f"{path} could not be {done_to_it} by qemu-img: {words}"
    raise Refused(msg)


def refuse_what_is_not_plain(path: str, stored: bytes, limit: int) -> None:
    """Refuse an image that is not whole in itself, by the header at the start of ``stored``.

    Raises:
        Refused: it names other files, is encrypted, or holds more than ``limit`` bytes.
    """
    header = Qcow2Header.read(stored)
    if header is None:
        msg = f"{path} is a qcow2 image that ends within its header"
        raise Refused(msg)
    external = header.version >= 3 and header.incompatible_features & EXTERNAL_DATA
    if header.backing_file_offset or external:
        what = "a backing file" if header.backing_file_offset else "an external data file"
        msg = (
            f"{path} is a qcow2 image with {what}, which is not followed; "
            "make it whole first: qemu-img convert -O raw"
        )
        raise Refused(msg)
    if header.crypt_method:
        msg = f"{path} is an encrypted qcow2 image; decrypt it first with qemu-img convert"
        raise Refused(msg)
    if header.size > limit:
        msg = f"{path} holds {header.size:,} bytes; no flash chip is larger than {limit:,}"
        raise Refused(msg)
