"""qcow2 images, through qemu-img: the format belongs to QEMU, and QEMU reads it best."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from construct import Bytes, Int32ub, Int64ub, Struct

from ovmfgui.refusal import Refused

# QEMU docs/interop/qcow2.txt, the header; big-endian.
_HEADER = Struct(
    "magic" / Bytes(4),
    "version" / Int32ub,
    "backing_file_offset" / Int64ub,
    "backing_file_size" / Int32ub,
    "cluster_bits" / Int32ub,
    "size" / Int64ub,
    "crypt_method" / Int32ub,
    "l1_size" / Int32ub,
    "l1_table_offset" / Int64ub,
    "refcount_table_offset" / Int64ub,
    "refcount_table_clusters" / Int32ub,
    "nb_snapshots" / Int32ub,
    "snapshots_offset" / Int64ub,
    "incompatible_features" / Int64ub,
)
_EXTERNAL_DATA_FILE = 1 << 2
_SECONDS = 20


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
    _refuse_what_is_not_plain(path, stored, limit)
    program = shutil.which("qemu-img")
    if program is None:
        msg = f"{path} is a qcow2 image; reading it takes qemu-img (Debian: qemu-utils)"
        raise Refused(msg)
    with tempfile.TemporaryDirectory(prefix="ovmfgui-") as folder:
        # qemu-img gets a copy under a name of ours: no option, protocol prefix or lock in the way.
        source, target = Path(folder) / "image.qcow2", Path(folder) / "image.raw"
        source.write_bytes(stored)
        command = [program, "convert", "-f", "qcow2", "-O", "raw", str(source), str(target)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            msg = f"{path} could not be read: qemu-img gave no answer ({type(error).__name__})"
            raise Refused(msg) from error
        if done.returncode or not target.is_file():
            words = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            msg = f"{path} could not be read by qemu-img: {words}"
            raise Refused(msg)
        return target.read_bytes()


def _refuse_what_is_not_plain(path: str, stored: bytes, limit: int) -> None:
    if len(stored) < _HEADER.sizeof():
        msg = f"{path} is a qcow2 image that ends within its header"
        raise Refused(msg)
    header = _HEADER.parse(stored)
    external = header["version"] >= 3 and header["incompatible_features"] & _EXTERNAL_DATA_FILE
    if header["backing_file_offset"] or external:
        what = "a backing file" if header["backing_file_offset"] else "an external data file"
        msg = (
            f"{path} is a qcow2 image with {what}, which is not followed; "
            "make it whole first: qemu-img convert -O raw"
        )
        raise Refused(msg)
    if header["crypt_method"]:
        msg = f"{path} is an encrypted qcow2 image; decrypt it first with qemu-img convert"
        raise Refused(msg)
    if header["size"] > limit:
        msg = f"{path} holds {header['size']:,} bytes; no flash chip is larger than {limit:,}"
        raise Refused(msg)
