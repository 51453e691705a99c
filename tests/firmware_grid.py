"""Chips as a person may have padded, joined or swapped them, booted and watched.

What matters is whether the firmware gets to its shell and whether it changes the store's file; a
boot ends as soon as both are certain.
"""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_SHELL = "Shell>"
_DEAD = ("Exception Type", "ASSERT", "CPU Apic ID")
_QUIET = 15.0
"""Seconds of QEMU's own processor time, whatever else the machine is doing: firmware that printed
nothing by then never ran (measured: the first line comes within 5 s of it)."""
_MOST = 60.0
"""The same for a boot that neither gets to the shell nor says why."""
_WALL = 240.0
_TICKS = os.sysconf("SC_CLK_TCK")
_Q35 = ("-accel", "tcg", "-cpu", "qemu64", "-m", "256", "-nodefaults", "-display", "none")


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
        serial = folder / "serial"
        secure = ("-global", "driver=cfi.pflash01,property=secure,value=on") if smm else ()
        command = [
            "qemu-system-x86_64",
            *("-machine", f"q35,smm={'on' if smm else 'off'}"),
            *_Q35,
            *secure,
            *("-net", "none", "-no-reboot", "-serial", f"file:{serial}"),
            *drives,
            *(word.format(*files) for word in more),
        ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as qemu:
            text = _until_certain(qemu, serial)
            assert qemu.stderr is not None
            complaint = qemu.stderr.read()
        return Seen(_SHELL in text, tuple(f.read_bytes() for f in files), text, complaint)


def _processor_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _until_certain(qemu: subprocess.Popen[str], serial: Path) -> str:
    begun = time.monotonic()
    text = ""
    while qemu.poll() is None:
        time.sleep(0.3)
        text = serial.read_text("latin-1") if serial.exists() else ""
        spent = _processor_seconds(qemu.pid)
        over = spent > (_MOST if text.strip() else _QUIET) or time.monotonic() - begun > _WALL
        if over or _SHELL in text or any(words in text for words in _DEAD):
            # Writes that the firmware has begun reach the file before QEMU ends.
            time.sleep(1.0)
            qemu.kill()
            qemu.wait()
    return text
