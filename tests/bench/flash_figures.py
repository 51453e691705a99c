"""How the emulated chip, traces, timelines and recordings compare with the real thing."""

from __future__ import annotations

import lzma
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from measure import Figures, run_once, side_by_side

from ovmfgui.migration.engine.live import LiveMachine, LivePlatform
from ovmfgui.migration.engine.qemu import QemuPlatform
from ovmfgui.migration.engine.qemu_machine import QemuMachine
from ovmfgui.migration.scenario.host import Host, Storage
from ovmfgui.migration.simulation.machine import ChipPlan
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.generation import QEMU_7_2

DATA = Path(__file__).parents[1] / "data"
OVMF = Path("/usr/share/OVMF")
PROGRAM = str(Path(sys.executable).with_name("ovmfgui"))
HOST = Host("bench", "bench", QEMU_7_2, (), Storage.OWN)
MIB = 1 << 20
GUEST = 2048 * MIB
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


@dataclass(frozen=True)
class Figure:
    """Ours against a peer's, and what is asked: at most, or at least, that ratio."""

    name: str
    ours: float
    peer: float
    unit: str
    limit: float
    at_least: bool = False

    def show(self) -> None:
        ratio = self.ours / self.peer
        good = ratio >= self.limit if self.at_least else ratio <= self.limit
        asked = "at least" if self.at_least else "at most"
        print(self.name)
        print(
            f"  {self.ours:12,.3f} {self.unit:<6} {self.peer:12,.3f} {self.unit:<6} "
            f"ratio {ratio:.3f}  {asked} {self.limit}  {'within' if good else 'MISSED'}"
        )


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


def chip_speed() -> Figure:
    """Operations a second: the emulated chip with its file, and the real one over qtest."""
    store = Pages.filled(0x20000, 0xFF)
    work = operations(60_000)
    chip = Cfi01(store, backing=PagedArray(store))
    began = time.perf_counter()
    for offset, value in work:
        chip.write(offset, value)
    ours = len(work) / (time.perf_counter() - began)
    with QemuPlatform() as platform:
        plans = [
            ChipPlan(
                "system.flash0", "/c", _placed(platform, "/c", Pages.filled(0x1E0000)), True, ""
            ),
            ChipPlan("system.flash1", "/v", _placed(platform, "/v", store), False, ""),
        ]
        machine = platform.launch(HOST, "bench", plans, RunState.RUNNING)
        assert not isinstance(machine, str), machine
        base = machine.chips[1].address
        assert isinstance(machine, QemuMachine)
        began = time.perf_counter()
        # Many to a message, which is the fastest that the protocol goes.
        machine.qtest.write((base + offset, value, 1) for offset, value in work[:20_000])
        peer = 20_000 / (time.perf_counter() - began)
        assert machine.chips[1].device.state().cmd in (0x10, 0x20, 0)
    return Figure("chip: bus writes, emulated / real over qtest", ours, peer, "1/s", 20, True)


def _placed(platform: QemuPlatform, path: str, contents: Pages):
    return platform.place(HOST, path, contents, shared=False)


def trace_speed(folder: Path, runs: int) -> Figure:
    """The trace of a first boot replayed, and a first boot up to the shell."""
    log = folder / "trace.log"
    log.write_bytes(lzma.decompress((DATA / "ovmf-4m-first-boot.trace.xz").read_bytes()))
    vars_file = str(OVMF / "OVMF_VARS_4M.fd")
    command = (PROGRAM, "trace", str(log), "--vars", vars_file)
    ours = min(run_once(command).seconds for _ in range(runs))
    with LivePlatform() as platform:
        began = time.perf_counter()
        plans = [
            ChipPlan("system.flash0", "/c", _from(platform, "/c", "OVMF_CODE_4M.fd"), True, ""),
            ChipPlan("system.flash1", "/v", _from(platform, "/v", "OVMF_VARS_4M.fd"), False, ""),
        ]
        machine = platform.launch(HOST, "bench", plans, RunState.RUNNING)
        assert not isinstance(machine, str), machine
        assert isinstance(machine, LiveMachine)
        machine.guest = machine.come_up()
        assert machine.guest.has_shell
        peer = time.perf_counter() - began
    return Figure("trace of a first boot: replayed / the boot itself", ours, peer, "s", 0.2)


def _from(platform: QemuPlatform, path: str, name: str):
    return _placed(platform, path, Pages.of((OVMF / name).read_bytes()))


def timeline_memory() -> Figure:
    """1,000 steps of a chip of 64 MiB that is full of random bytes."""
    code = _TIMELINE.format(size=CHIP)
    ours = float(subprocess.check_output([sys.executable, "-c", code, "timeline"], text=True))
    return Figure(
        "timeline: 1,000 steps over a 64 MiB chip / the chip", ours, CHIP / MIB, "MiB", 2.0
    )


def write_stream(path: Path) -> None:
    """A stream of a 2 GiB guest whose memory does not compress, flash chips in it."""

    def be(size: int, value: int) -> bytes:
        return value.to_bytes(size, "big")

    def name(text: str) -> bytes:
        return bytes((len(text),)) + text.encode()

    blocks = {"pc.ram": GUEST, "system.flash0": 0x37C000, "system.flash1": 0x84000}
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


def stream_speed(folder: Path, runs: int) -> tuple[Figure, Figures]:
    """A recorded guest read, and the same file through cat, both from a warm cache."""
    path = folder / "guest.stream"
    write_stream(path)
    try:
        ours, peer = side_by_side(
            (PROGRAM, "stream", str(path)), ("sh", "-c", f"cat {path} >/dev/null"), min(runs, 3)
        )
    finally:
        path.unlink()
    figure = Figure("stream of a 2 GiB guest: read / cat", ours.seconds, peer.seconds, "s", 3.0)
    return figure, ours


def show_all(runs: int) -> None:
    """Measure and print everything."""
    chip_speed().show()
    with tempfile.TemporaryDirectory(prefix="ovmfgui-bench-") as name:
        trace_speed(Path(name), runs).show()
        timeline_memory().show()
        figure, ours = stream_speed(Path(name), runs)
        figure.show()
        verdict = "within" if ours.mib < 200 else "OVER"
        print(f"  peak memory  {ours.mib:8.0f} MiB   limit 200  {verdict}")


if __name__ == "__main__":
    show_all(3)
