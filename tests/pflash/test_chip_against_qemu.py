"""The emulated chip against the real device: every answer, every byte, migrations in between."""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from qemu_device import Board, QemuDevice, arm_virt, q35

from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import PagedArray, Pages
from ovmfgui.pflash.generation import GENERATIONS
from ovmfgui.pflash.geometry import VIRT, X86, Geometry

if TYPE_CHECKING:
    from pathlib import Path

    from ovmfgui.pflash.generation import Generation

pytestmark = pytest.mark.firmware

OPERATIONS = 20_000
LETTER = {1: "b", 2: "w", 4: "l", 8: "q"}
COMMANDS = (0x00, 0x10, 0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xD0, 0xE8, 0xF0, 0xFF)
ODD = (0x01, 0x28, 0x33, 0xAA, 0x7F)


def generation_of(qemu: str) -> Generation:
    """The generation of the installed QEMU."""
    words = subprocess.run([qemu, "--version"], capture_output=True, text=True, check=True)
    version = tuple(int(part) for part in words.stdout.split()[3].split(".")[:3])
    name = "10.0" if version >= (10,) else "7.2" if version >= (7, 2, 9) else "7.2.0"
    return next(generation for generation in GENERATIONS if generation.name == name)


@dataclass
class Pair:
    """Both chips of a machine in the model, with the file behind the writable one."""

    board: Board
    geometry: Geometry
    generation: Generation
    code: bytes
    store: bytes
    chips: tuple[Cfi01, Cfi01] = field(init=False)

    def __post_init__(self) -> None:
        self.file = PagedArray(Pages.of(self.store))
        self.chips = (
            Cfi01(Pages.of(self.code), self.geometry, self.generation, read_only=True),
            Cfi01(Pages.of(self.store), self.geometry, self.generation, backing=self.file),
        )

    def arrive_from(self, other: Pair) -> None:
        """A migration; the machine then runs, which is a change of run state."""
        for mine, theirs in zip(self.chips, other.chips, strict=True):
            mine.load(theirs.array.snapshot(), theirs.state())
            mine.run_state_changed()


class Operations:
    """Random bus accesses; whole commands often enough to get deep, broken ones in between."""

    def __init__(self, source: random.Random, geometry: Geometry) -> None:
        self.random = source
        self.geometry = geometry
        self.narrow = (1, 1, 1, 2, 4) if geometry.bank_width == 1 else (1, 2, 4, 4, 4)

    def some(self, sizes: tuple[int, int], count: int):
        """At least ``count`` accesses: (chip, offset, width, value or None for a read)."""
        accesses = []
        while len(accesses) < count:
            chip = self.random.random() < 0.8
            kind = self.random.choice((self.stray, self.program, self.erase, self.buffer))
            accesses += [(int(chip), *access) for access in kind(sizes[chip])]
        return accesses

    def place(self, size: int) -> int:
        """An offset, most often close to a boundary of a block or of a write buffer."""
        near = self.random.randrange(0, size, self.geometry.write_block)
        return (near + self.random.randrange(-8, 40)) % (size - 8)

    def width(self) -> int:
        """Bytes of an access."""
        return self.random.choice((*self.narrow, 8))

    def value(self) -> int:
        """A value whose low byte is a command as a rule."""
        low = self.random.choice((*COMMANDS, *ODD, self.random.randrange(256)))
        return low | self.random.getrandbits(56) << 8 if self.random.random() < 0.2 else low

    def read(self, size: int):
        """A read anywhere, or in the query table."""
        offset = self.random.randrange(0x160) if self.random.random() < 0.4 else self.place(size)
        return (offset, self.width(), None)

    def stray(self, size: int):
        """Any value at any place."""
        for _ in range(self.random.randrange(1, 6)):
            yield (self.place(size), self.width(), self.value())
            yield self.read(size)

    def program(self, size: int):
        """A run of programs as firmware makes it."""
        offset = self.place(size - 64)
        for i in range(self.random.randrange(1, 12)):
            width = self.random.choice(self.narrow)
            yield (offset + i * width, 1, self.random.choice((0x10, 0x40)))
            yield (offset + i * width, width, self.random.getrandbits(8 * width))
        yield self.read(size)
        if self.random.random() < 0.7:
            yield (offset, 1, 0xFF)

    def erase(self, size: int):
        """An erase, confirmed or not."""
        offset = self.place(size)
        yield (offset, 1, 0x20)
        yield self.read(size)
        yield (offset, 1, self.random.choice((0xD0, 0xD0, 0xFF, 0x70)))
        yield self.read(size)

    def buffer(self, size: int):
        """A write to buffer, at times ending early or leaving its block."""
        offset = self.place(size - 0x100)
        count = self.random.choice((0, 1, 3, 15, self.random.randrange(40)))
        width = self.random.choice(self.narrow)
        if self.random.random() < 0.6:
            yield (offset, 1, 0x50)
        yield (offset, 1, 0xE8)
        yield self.read(size)
        yield (offset + self.random.choice((0, 0, 0, 0x80)), 1, count)
        for i in range(count + 1 if self.random.random() < 0.85 else count):
            yield (offset + i * width, width, self.random.getrandbits(8 * width))
        yield self.read(size)
        yield (offset, 1, self.random.choice((0xD0, 0xD0, 0xD0, 0xFF)))
        yield self.read(size)


def line(base: int, offset: int, width: int, value: int | None) -> str:
    """An access in qtest's words."""
    if value is None:
        return f"read{LETTER[width]} 0x{base + offset:x}"
    mask = (1 << (8 * width)) - 1
    return f"write{LETTER[width]} 0x{base + offset:x} 0x{value & mask:x}"


def apply(pair: Pair, accesses) -> list[int | None]:
    """What the emulated chips answer; None for a write."""
    answers: list[int | None] = []
    for chip, offset, width, value in accesses:
        if value is None:
            answers.append(pair.chips[chip].read(offset, width))
        else:
            pair.chips[chip].write(offset, value, width)
            answers.append(None)
    return answers


def differences(device: QemuDevice, pair: Pair, accesses) -> list[str]:
    """Accesses that the device and the model answer differently."""
    bases = (device.board.code_base, device.board.vars_base)
    asked = [line(bases[chip], offset, width, value) for chip, offset, width, value in accesses]
    answered = device.run(asked)
    return [
        f"{number}: {command}: device {theirs}, model {ours:#x}"
        for number, (command, theirs, ours) in enumerate(
            zip(asked, answered, apply(pair, accesses), strict=True)
        )
        if ours is not None and int(theirs, 0) != ours
    ]


def dump(device: QemuDevice, base: int, size: int) -> bytes:
    """A chip's array, read once the chip is back to reading it."""
    parts = device.run([f"writeb 0x{base:x} 0xff", f"writeb 0x{base:x} 0xff"])
    assert parts == ["", ""]
    answers = device.run([f"read 0x{base + at:x} 0x10000" for at in range(0, size, 0x10000)])
    return b"".join(bytes.fromhex(answer[2:]) for answer in answers)[:size]


def conduct(board: Board, geometry: Geometry, folder: Path, seed: int, legs: int) -> list[str]:
    """Random operations in ``legs`` legs with a migration, mid-command as often as not, between."""
    source = random.Random(seed)
    operations = Operations(source, geometry)
    sizes = (board.code_size, board.vars_size)
    generation = generation_of(board.qemu)
    found: list[str] = []
    device, pair = None, None
    try:
        for leg in range(legs):
            code = board.idle_code(bytes((0x30 + leg, 0x91)))
            store = source.randbytes(0x10000) * (board.vars_size // 0x10000)
            store += bytes(board.vars_size - len(store))
            (folder / f"code{leg}").write_bytes(code)
            (folder / f"vars{leg}").write_bytes(store)
            after = QemuDevice(
                board, folder / f"code{leg}", folder / f"vars{leg}", incoming=device is not None
            )
            arrived = Pair(board, geometry, generation, code, store)
            if device is not None and pair is not None:
                device.migrate_to(after)
                arrived.arrive_from(pair)
                device.close()
            device, pair = after, arrived
            found += differences(device, pair, operations.some(sizes, OPERATIONS // legs))
            if leg % 2:
                device.reset()
                for chip in pair.chips:
                    chip.reset()
                found += differences(device, pair, operations.some(sizes, 40))
        assert device is not None
        assert pair is not None
        found += final_differences(device, pair, folder / f"vars{legs - 1}")
    finally:
        if device is not None:
            device.close()
    return found


def final_differences(device: QemuDevice, pair: Pair, path: Path) -> list[str]:
    """Arrays and file at the end."""
    board = device.board
    found = []
    # 0xFF does not end every command at once (a write to buffer takes it as data): count it down.
    for chip, base in zip(pair.chips, (board.code_base, board.vars_base), strict=True):
        ending = [(0, 1, 0xFF)] * (chip.counter + 4 if chip.wcycle == 2 else 3)
        which = int(base == board.vars_base)
        found += differences(device, pair, [(which, *access) for access in ending])
        assert chip.state().idle
        # 64 MiB through qtest's hex take seconds; there the file, compared below, has to do.
        if (
            chip.size < 0x1000000
            and dump(device, base, chip.size) != chip.array.snapshot().tobytes()
        ):
            found.append(f"the array of chip {which} differs")
    if path.read_bytes() != pair.file.snapshot().tobytes():
        found.append("the file differs")
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_every_answer_of_the_x86_chips_and_their_final_contents_are_the_devices_own(
    tmp_path: Path, seed: int
):
    board = q35(0x1E0000, 0x20000) if seed == 1 else q35(0x37C000, 0x84000)
    assert conduct(board, X86, tmp_path, seed, legs=6) == []


def test_the_arm_virt_chips_with_their_wide_bus_answer_as_the_device_does(tmp_path: Path):
    assert conduct(arm_virt(), VIRT, tmp_path, seed=3, legs=2) == []
