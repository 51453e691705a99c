"""What real firmware did, on record: a boot of the same QEMU, firmware and bytes is not made again.

A boot takes 10 to 25 s of a core and comes out alike each time. Its outcome is kept in data/boots
under a digest of all that goes into it; where any of that is another one (a firmware package, QEMU,
a byte of a store) there is no record and it is booted. One in eight is booted all the same, so that
records cannot grow old unnoticed; with BOOTS=all every one is, and BOOTS=record writes them anew.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import os
import subprocess
from base64 import b85decode, b85encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FOLDER = Path(__file__).parent / "data" / "boots"
MODES = ("", "all", "record")
_BOOTED_ALL_THE_SAME = 8
"""One of so many, by its digest."""
_CHOSEN = 4

Record = dict[str, Any]


def on_record(inputs: Iterable[str | bytes], boot: Callable[[], Record]) -> Record:
    """What a boot did: from its record where there is one, else by booting.

    Args:
        inputs: all that decides how it comes out, QEMU's version and digests of files among it.
        boot: makes the boot; what it gives is text, numbers, bytes and lists of those.
    """
    mode = os.environ.get("BOOTS", "")
    if mode not in MODES:
        msg = f"BOOTS is {mode!r}; nothing, all or record is what it may be"
        raise ValueError(msg)
    key = _key(inputs)
    path = FOLDER / f"{key}.json.xz"
    if mode == "record":
        record = boot()
        FOLDER.mkdir(exist_ok=True)
        path.write_bytes(lzma.compress(json.dumps(_packed(record)).encode(), preset=9))
        return record
    if mode == "all" or not path.exists() or int(key[:8], 16) % _BOOTED_ALL_THE_SAME == _CHOSEN:
        return boot()
    return _unpacked(json.loads(lzma.decompress(path.read_bytes())))


def _key(inputs: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for each in inputs:
        data = each.encode() if isinstance(each, str) else each
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:24]


def _packed(value: Any) -> Any:
    match value:
        case bytes():
            return {"bytes": b85encode(value).decode()}
        case dict():
            return {name: _packed(each) for name, each in value.items()}
        case list() | tuple():
            return [_packed(each) for each in value]
        case _:
            return value


def _unpacked(value: Any) -> Any:
    match value:
        case {"bytes": text}:
            return b85decode(text)
        case dict():
            return {name: _unpacked(each) for name, each in value.items()}
        case list():
            return [_unpacked(each) for each in value]
        case _:
            return value


@cache
def version_of(program: str) -> str:
    """What a QEMU calls itself."""
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout


@cache
def digest_of(path: Path) -> str:
    """SHA-256 of a file that no test writes to."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changes(before: bytes, after: bytes) -> Record:
    """The runs of bytes in which a file differs from what it was; all of it at another length."""
    if len(before) != len(after):
        return {"whole": after}
    runs: list[list[Any]] = []
    step = 64
    for at in range(0, len(after), step):
        if before[at : at + step] != (part := after[at : at + step]):
            if runs and runs[-1][0] + len(runs[-1][1]) == at:
                runs[-1][1] += part
            else:
                runs.append([at, part])
    return {"runs": runs}


def changed(before: bytes, record: Record) -> bytes:
    """What a file became, from ``changes``."""
    if "whole" in record:
        return bytes(record["whole"])
    after = bytearray(before)
    for at, part in record["runs"]:
        after[at : at + len(part)] = part
    return bytes(after)
