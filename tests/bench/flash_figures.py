"""The emulated chip, traces, timelines and recordings, against the least that there is to do."""

from __future__ import annotations

import lzma
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from contests import OURS, OVMF
from growth import slope
from measure import Program, Runner
from result import Result, Row

from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray, Pages

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[1] / "data"
MIB = 1 << 20
GUESTS = (128, 512, 2048, 4096)
"""MiB of memory of the guests whose streams are read."""
CHIP = 64 * MIB

_TIMELINE = """
import os, sys
from ovmfgui.pflash.contents import PagedArray, Pages
def peak():
    # Not ru_maxrss: that begins with what the process had before it became this one.
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
before = peak()
size = {size}
if sys.argv[1] == "timeline":
    # Piece by piece, as a file is read: no second copy stands beside the pages.
    array = PagedArray(Pages.filled(size, 0xFF))
    for at in range(0, size, 1 << 20):
        array.write(at, os.urandom(1 << 20))
    steps = [array.snapshot()]
    for step in range(1000):
        for at in range(60):
            array.write_byte((step * 8191 + at * 2) % size, step & 0xFF)
        steps.append(array.snapshot())
else:
    whole = os.urandom(size)
print(peak() - before)
"""


def operations(number: int) -> list[tuple[int, int]]:
    """Bus writes as firmware makes them: byte programs in runs, an erase now and then."""
    rng = random.Random(6)
    found: list[tuple[int, int]] = []
    while len(found) < number:
        start = rng.randrange(0x1F000)
        if rng.random() < 0.02:
            found += [(start, 0x20), (start, 0xD0)]
            continue
        for at in range(start, start + rng.randrange(1, 200)):
            found += [(at, 0x10), (at, rng.randrange(256))]
        found.append((start, 0xFF))
    return found[:number]


def chip_speed() -> Row:
    """Bus writes a second: the emulated chip with its file, and a loop of calls that do nothing.

    Real QEMU over qtest's socket takes a hundred times as long, which tells of the socket.
    """
    store = Pages.filled(0x20000, 0xFF)
    work = operations(60_000)
    chip = Cfi01(store, backing=PagedArray(store))

    def nothing(_offset: int, _value: int) -> None:
        return None

    def rate(write: Callable[[int, int], object]) -> float:
        began = time.thread_time()
        for offset, value in work:
            write(offset, value)
        return len(work) / (time.thread_time() - began)

    return Row("chip, bus writes / empty calls", rate(chip.write), rate(nothing), "1/s", 0.06, True)


def trace_speed(runner: Runner, folder: Path, runs: int) -> Row:
    """The trace of a first boot replayed, and its lines read and looked at."""
    log = folder / "trace.log"
    log.write_bytes(lzma.decompress((DATA / "ovmf-4m-first-boot.trace.xz").read_bytes()) * 4)
    vars_file = str(OVMF / "OVMF_VARS_4M.fd")
    ours = Program((*OURS, "trace", str(log), "--vars", vars_file), "bus writes")
    code = (
        "import re, sys; event = re.compile(r'pflash_io_write (\\S+): offset:0x([0-9a-f]+)'); "
        "print(sum(1 for line in open(sys.argv[1]) if event.search(line)))"
    )
    peer = Program((sys.executable, "-c", code, str(log)), r"^\d+")
    least, other = runner.side_by_side(ours, peer, min(runs, 3))
    return Row("trace replayed / its lines matched: CPU", least.cpu, other.cpu, "s", 13)


def timeline_memory() -> Row:
    """1,000 steps of a chip of 64 MiB that is full of random bytes."""
    code = _TIMELINE.format(size=CHIP)
    ours = float(subprocess.check_output([sys.executable, "-c", code, "timeline"], text=True))
    return Row("timeline of 1,000 steps over 64 MiB / the chip", ours, CHIP / MIB, "MiB", 2.0)


def write_stream(path: Path, guest: int) -> None:
    """A stream of a guest whose memory does not compress, flash chips in it."""

    def be(size: int, value: int) -> bytes:
        return value.to_bytes(size, "big")

    def name(text: str) -> bytes:
        return bytes((len(text),)) + text.encode()

    blocks = {"pc.ram": guest, "system.flash0": 0x37C000, "system.flash1": 0x84000}
    pages = os.urandom(256 * 4096)
    with path.open("wb") as file:
        file.write(b"QEVM" + be(4, 3) + b"\x07" + be(4, 10) + b"pc-q35-7.2")
        file.write(b"\x01" + be(4, 2) + name("ram") + be(4, 0) + be(4, 4))
        file.write(be(8, sum(blocks.values()) | 4))
        for block, size in blocks.items():
            file.write(name(block) + be(8, size))
        file.write(be(8, 0x10) + b"\x7e" + be(4, 2) + b"\x03" + be(4, 2))
        for block, size in blocks.items():
            file.write(be(8, 0x08) + name(block) + pages[:4096])
            for first in range(1, size >> 12, 256):
                numbers = range(first, min(first + 256, size >> 12))
                file.write(
                    b"".join(
                        be(8, page << 12 | 0x28)
                        + pages[(page & 255) << 12 : ((page & 255) + 1) << 12]
                        for page in numbers
                    )
                )
        file.write(be(8, 0x10) + b"\x7e" + be(4, 2) + b"\x00")


def streams(runner: Runner, folder: Path, result: Result) -> None:
    """Recorded guests read, and the same files through cat, both from a warm cache."""
    values: list[float] = []
    for mib in GUESTS:
        path = folder / "guest.stream"
        write_stream(path, mib * MIB)
        ours = Program((*OURS, "stream", str(path)), "system.flash1")
        cat = Program(("sh", "-c", f"cat {path} | wc -c"), r"^\d{8,}")
        least, peer = runner.side_by_side(ours, cat, min(result.runs, 3))
        path.unlink()
        values.append(least.cpu)
    name = f"stream of a {GUESTS[-1] >> 10} GiB guest"
    result.add(Row(f"{name} / cat: CPU", least.cpu, peer.cpu, "s", 3.0))
    result.add(Row(f"{name}: memory", least.mib, None, "MiB", 200))
    result.add(Row(f"{name}, slope", slope(GUESTS, values), None, "", 1.2))


def run_flash(runner: Runner, folder: Path, result: Result) -> None:
    """Measure everything."""
    result.add(chip_speed())
    result.add(trace_speed(runner, folder, result.runs))
    result.add(timeline_memory())
    streams(runner, folder, result)
