"""The decoders of instructions against capstone, on the code of real firmware and on variations.

What may go wrong unseen is a register that an instruction changes and the decoder does not: its old
value would be taken for the new one. So all that capstone sees written has to be among what the
operations write, and what they load, make and jump to has to be what capstone says.
"""

import random
import struct
from pathlib import Path

import capstone
import pytest
from capstone import arm, arm64, riscv

from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.layout.modules import code_image
from ovmfgui.layout.witnesses.code import operations as do
from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.code.riscv import RISCV
from ovmfgui.layout.witnesses.code.thumb import THUMB
from ovmfgui.span import Span

SAMPLE = 30_000
AAVMF = Path("/usr/share/AAVMF/AAVMF_CODE.fd")
AAVMF32 = Path("/usr/share/AAVMF/AAVMF32_CODE.fd")
OPENSBI = Path("/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin")
A64_SIZES = {"b": 1, "h": 2, "sb": 1, "sh": 2, "sw": 4}


def code_of(path):
    """The bytes of all executable sections of an image."""
    code = code_image(image_of([read_file(str(path))]))
    return [section.of(m.data) for m in code.modules for section in m.executable.code]


def varied(found, seed):
    """A sample of real instructions, and as many with one bit changed."""
    chance = random.Random(seed)
    real = chance.sample(sorted(found), min(SAMPLE, len(found)))
    changed = []
    for raw in real:
        bit = chance.randrange(8 * len(raw))
        changed.append((int.from_bytes(raw, "little") ^ 1 << bit).to_bytes(len(raw), "little"))
    return real + changed


def operations(processor, raw):
    """What our decoder makes of one instruction."""
    data = raw + bytes(4)
    (step, *_) = processor.decode(data, Span(0, len(raw)))
    return step.size, step.operations


def written(processor, found):
    """The registers that operations change."""
    targets = set()
    for operation in found:
        if isinstance(operation, do.Call):
            targets |= processor.volatile
        elif not isinstance(operation, do.Branch | do.Jump) and hasattr(operation, "target"):
            targets.add(operation.target)
    return targets - {processor.zero}


def told(found):
    """The registers of which operations say what they become."""
    return {
        operation.target
        for operation in found
        if hasattr(operation, "target")
        and not isinstance(operation, do.Forget | do.Branch | do.Jump)
    }


def goals(found):
    """Where operations say that control may go."""
    return {o.target for o in found if isinstance(o, do.Branch | do.Jump)} - {None}


def wide(number):
    """As 64 bits without a sign."""
    return number & (1 << 64) - 1


class Oracle:
    """capstone for one processor."""

    def __init__(self, kind, mode, registers, misreads):
        self.engine = capstone.Cs(kind, mode)
        self.engine.detail = True
        self.registers = registers
        self.misreads = misreads

    def read(self, raw):
        """The instruction, or None where capstone knows none of that size."""
        found = next(self.engine.disasm(raw, 0, 1), None)
        return found if found is not None and found.size == len(raw) else None

    def name(self, register):
        return self.registers.get(self.engine.reg_name(register))

    def written(self, found):
        """The general registers it changes; None where capstone is known to be wrong about it."""
        if found.mnemonic.split(".")[0] in self.misreads:
            return None
        _read, changed = found.regs_access()
        return {self.name(r) for r in changed} - {None}


def a64_registers():
    names = {f"{kind}{n}": n for kind in "xw" for n in range(31)}
    return names | {"fp": 29, "lr": 30, "sp": 31, "wsp": 31}


# The first operand of comparisons counts as written there, the target of ADDS and its like does
# not.
A64_ORACLE = Oracle(
    capstone.CS_ARCH_ARM64,
    capstone.CS_MODE_LITTLE_ENDIAN,
    a64_registers(),
    {"cmp", "cmn", "tst", "adds", "subs", "negs", "ands", "bics"},
)


@pytest.fixture(scope="module")
def a64_words():
    words = {
        section[at : at + 4] for section in code_of(AAVMF) for at in range(0, len(section) - 3, 4)
    }
    chance = random.Random(64)
    memory = [
        struct.pack("<I", chance.getrandbits(32) & ~0x0A000000 | 0x08000000) for _ in range(SAMPLE)
    ]
    return varied(words, 1) + memory


VECTORS = {"b": 1, "h": 2, "s": 4, "d": 8, "q": 16}


def pair(found):
    """Whether it moves two registers."""
    return found.mnemonic in ("stp", "stnp")


def a64_access(found, raw):
    """The size of what a load or store moves, by its mnemonic."""
    kind = found.mnemonic.removeprefix("ld").removeprefix("st").lstrip("utrp")
    return A64_SIZES.get(kind, 8 if found.reg_name(found.operands[0].reg)[0] in "xfl" else 4)


def check_a64(operation, found, raw, what):
    """One operation against what capstone says of its instruction."""
    numbers = [o.imm for o in found.operands if o.type == arm64.ARM64_OP_IMM]
    memory = [o.mem for o in found.operands if o.type == arm64.ARM64_OP_MEM]
    match operation:
        case do.Load() | do.Store():
            assert memory, what
            assert A64_ORACLE.name(memory[0].base) == operation.base, what
            assert operation.size == a64_access(found, raw), what
        case do.Overwrite():
            assert A64_ORACLE.name(memory[0].base) == operation.base, what
            registers = [o.reg for o in found.operands if o.type == arm64.ARM64_OP_REG]
            sizes = [VECTORS[found.reg_name(r)[0]] for r in registers[: 1 + pair(found)]]
            assert operation.size == sum(sizes), what
            if found.op_str.endswith("]"):
                assert operation.offset == memory[0].disp, what
        case do.Put() if found.mnemonic == "mov":
            mask = (1 << (64 if raw[3] >> 7 else 32)) - 1
            assert (numbers[0] ^ operation.number) & mask == 0, what
        case do.Point() | do.Literal():
            assert [wide(n) for n in numbers] == [wide(operation.offset)], what


@pytest.mark.firmware
def test_a64(a64_words):
    checked = 0
    for raw in a64_words:
        found = A64_ORACLE.read(raw)
        if found is None:
            continue
        checked += 1
        _size, ours = operations(A64, raw)
        what = f"{raw.hex()} {found.mnemonic} {found.op_str}: {ours}"
        theirs = A64_ORACLE.written(found)
        if theirs is not None:
            assert theirs <= written(A64, ours), what
            assert told(ours) - {A64.zero} <= theirs, what
        numbers = [o.imm for o in found.operands if o.type == arm64.ARM64_OP_IMM]
        if capstone.CS_GRP_JUMP in found.groups and numbers and found.mnemonic != "bl":
            assert {wide(goal) for goal in goals(ours)} == {wide(numbers[-1])}, what
        for operation in ours:
            check_a64(operation, found, raw, what)
    assert checked > SAMPLE


ARM_NAMES = {f"r{n}": n for n in range(13)} | {"sb": 9, "sl": 10, "fp": 11, "ip": 12}
# What STRBT stores counts as written, the base that STM moves on does not.
THUMB_ORACLE = Oracle(
    capstone.CS_ARCH_ARM,
    capstone.CS_MODE_THUMB | capstone.CS_MODE_V8,
    ARM_NAMES | {"sp": 13, "lr": 14},
    {"strbt", "strht", "strt", "stmdb", "stm"},
)
PC = 15


def thumb_instructions(section):
    """The instructions of a section, as their first halves tell their sizes."""
    at = 0
    while at + 4 <= len(section):
        size = 4 if section[at + 1] >> 3 in (0b11101, 0b11110, 0b11111) else 2
        yield section[at : at + size]
        at += size


@pytest.mark.firmware
def test_thumb():
    real = {raw for section in code_of(AAVMF32) for raw in thumb_instructions(section)}
    checked = 0
    for raw in varied(real, 2):
        found = THUMB_ORACLE.read(raw)
        if found is None:
            continue
        checked += 1
        size, ours = operations(THUMB, raw)
        what = f"{raw.hex()} {found.mnemonic} {found.op_str}: {ours}"
        assert size == len(raw), what
        theirs = THUMB_ORACLE.written(found)
        if theirs is not None:
            assert theirs <= written(THUMB, ours), what
            assert told(ours) - {PC} <= theirs, what
        numbers = [o.imm for o in found.operands if o.type == arm.ARM_OP_IMM]
        memory = [o.mem for o in found.operands if o.type == arm.ARM_OP_MEM]
        if capstone.CS_GRP_JUMP in found.groups and numbers and not found.mnemonic.startswith("bl"):
            assert {wide(goal) for goal in goals(ours)} == {wide(numbers[-1])}, what
        for operation in ours:
            match operation:
                case do.Load() | do.Store():
                    assert memory, what
                    assert THUMB_ORACLE.name(memory[0].base) == operation.base, what
                case do.Put() if found.mnemonic in ("mov", "mov.w", "movs", "movw"):
                    assert [n & 0xFFFFFFFF for n in numbers[-1:]] == [operation.number], what
    assert checked > SAMPLE


RISCV_NAMES = ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"]
RISCV_NAMES += [f"a{n}" for n in range(8)] + [f"s{n}" for n in range(2, 12)]
RISCV_NAMES += [f"t{n}" for n in range(3, 7)]
RISCV_ORACLE = Oracle(
    capstone.CS_ARCH_RISCV,
    capstone.CS_MODE_RISCV64 | capstone.CS_MODE_RISCVC,
    {name: number for number, name in enumerate(RISCV_NAMES)},
    set(),
)
# capstone does not tell what RISC-V's instructions write: their first operand, but for these.
RISCV_WRITE_NOTHING = frozenset(
    """sb sh sw sd c.sw c.sd c.swsp c.sdsp ecall ebreak fence sfence.vma csrw csrs csrc
    beq bne blt bge bltu bgeu beqz bnez blez bgez bltz bgtz c.beqz c.bnez
    j jr c.j c.jr ret c.jalr jalr jal call""".split()  # noqa: SIM905
)


def riscv_written(found):
    """The general registers that an instruction changes."""
    if found.mnemonic in RISCV_WRITE_NOTHING or not found.operands:
        return set()
    first = found.operands[0]
    if first.type != riscv.RISCV_OP_REG:
        return set()
    return {RISCV_ORACLE.name(first.reg)} - {None, 0}


def riscv_place(found):
    """Base and distance; compressed instructions have them as two operands."""
    last, before = found.operands[-1], found.operands[-2]
    if last.type == riscv.RISCV_OP_MEM:
        return RISCV_ORACLE.name(last.mem.base), last.mem.disp
    return RISCV_ORACLE.name(last.reg), before.imm


@pytest.mark.firmware
def test_riscv():
    data = OPENSBI.read_bytes()
    real, at = set(), 0
    while at + 4 <= len(data):
        size = 4 if data[at] & 3 == 3 else 2
        real.add(data[at : at + size])
        at += size
    checked = 0
    for raw in varied(real, 3):
        found = RISCV_ORACLE.read(raw)
        if found is None:
            continue
        checked += 1
        size, ours = operations(RISCV, raw)
        what = f"{raw.hex()} {found.mnemonic} {found.op_str}: {ours}"
        assert size == len(raw), what
        theirs = riscv_written(found)
        assert theirs <= written(RISCV, ours), what
        assert told(ours) - {0} <= theirs, what
        numbers = [o.imm for o in found.operands if o.type == riscv.RISCV_OP_IMM]
        if capstone.CS_GRP_BRANCH_RELATIVE in found.groups and goals(ours):
            assert {wide(goal) for goal in goals(ours)} == {wide(numbers[-1])}, what
        for operation in ours:
            match operation:
                case do.Load() | do.Store():
                    assert riscv_place(found) == (operation.base, operation.offset), what
    assert checked > 1000
