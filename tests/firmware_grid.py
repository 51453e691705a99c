"""Chips as a person may have padded, joined or swapped them, booted and watched.

What matters is whether the firmware gets to its shell and whether it changes the store's file; a
boot ends as soon as both are certain.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from boot_records import Record, changed, changes, digest_of, on_record, version_of
from guest_run import run_guest

from ovmfgui.migration.engine.firmware_words import DEAD, PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SHELL = PROMPT.rstrip()
"""Escape sequences of the terminal may stand in front of the blank."""
_QUIET = 15.0
"""Seconds of QEMU's own processor time, whatever else the machine is doing: firmware that printed
nothing by then never ran (measured: the first line comes within 5 s of it)."""
_MOST = 60.0
"""The same for a boot that neither gets to the shell nor says why."""
_WALL = 240.0
_PATH = re.compile(r"/[^,=\s]+")
_TICKS = os.sysconf("SC_CLK_TCK")
_Q35 = ("-accel", "tcg", "-cpu", "qemu64", "-m", "256")


@dataclass(frozen=True)
class Seen:
    """What a boot did.

    Attributes:
        shell: whether the firmware got to its shell.
        stores: the bytes of each writable file afterwards, in the order given.
        serial: what was printed.
        complaint: QEMU's own words.
    """

    shell: bool
    stores: tuple[bytes, ...]
    serial: str
    complaint: str


def watch(*chips: tuple[bytes, str], smm: bool = False, more: tuple[str, ...] = ()) -> Seen:
    """Boot x86 firmware with flash chips, each its bytes and the options of its drive.

    Args:
        chips: bytes and options (``readonly=on``, ``size=…``) of unit 0, unit 1.
        smm: q35 with SMM and flash that only SMM may write.
        more: further arguments of QEMU (``-bios`` with ``{0}`` for the first file).
    """
    with tempfile.TemporaryDirectory(prefix="firmware-grid-") as name:
        folder = Path(name)
        files = [folder / f"chip{index}" for index in range(len(chips))]
        drives: list[str] = []
        for unit, (file, (data, options)) in enumerate(zip(files, chips, strict=True)):
            file.write_bytes(data)
            if options != "no drive":
                tail = f",{options}" if options else ""
                drives += ["-drive", f"if=pflash,format=raw,unit={unit},file={file}{tail}"]
        secure = ("-global", "driver=cfi.pflash01,property=secure,value=on") if smm else ()
        arguments = [
            *("-machine", f"q35,smm={'on' if smm else 'off'}"),
            *_Q35,
            *secure,
            *drives,
            *(word.format(*files) for word in more),
        ]
        return watch_command("qemu-system-x86_64", arguments, files, folder)


def watch_command(
    program: str,
    arguments: Sequence[str],
    files: Sequence[Path],
    folder: Path,
    most: float = _MOST,
) -> Seen:
    """Start a command line of QEMU's.

    Args:
        program: QEMU's name.
        arguments: beside those that ``run_guest`` gives.
        files: those whose bytes are told afterwards.
        folder: for QEMU's sockets and what it prints.
        most: seconds of QEMU's processor time for firmware that prints something.
    """
    before = [file.read_bytes() for file in files]

    def boot() -> Record:
        certain = partial(_certain, time.monotonic(), most)
        text, complaint = run_guest(program, arguments, folder, certain, settle=1.0)
        stores = [changes(b, f.read_bytes()) for b, f in zip(before, files, strict=True)]
        return {"serial": text, "complaint": complaint, "stores": stores}

    inputs = (version_of(program), *_without_places(arguments, files, folder), *before)
    seen = on_record(inputs, boot)
    stores = tuple(changed(b, each) for b, each in zip(before, seen["stores"], strict=True))
    return Seen(_SHELL in seen["serial"], stores, seen["serial"], seen["complaint"])


def _without_places(arguments: Sequence[str], files: Sequence[Path], folder: Path) -> Iterator[str]:
    """The arguments with the digests of the files that they name, wherever these lie."""
    for word in arguments:
        named = word
        for index, file in enumerate(files):
            named = named.replace(str(file), f"{{{index}}}")
        named = named.replace(str(folder), "{folder}")
        yield named
        for path in map(Path, _PATH.findall(named)):
            if path.is_file():
                yield digest_of(path)


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _certain(begun: float, most: float, pid: int, text: str) -> bool:
    spent = _processor_seconds(pid)
    late = spent > (most if text.strip() else _QUIET) or time.monotonic() - begun > _WALL
    return late or _SHELL in text or any(words in text for words in (*DEAD, "ASSERT"))
