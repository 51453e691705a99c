import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instruction_bytes import follow, halves

from ovmfgui.layout.witnesses.code.operations import (
    Add,
    Branch,
    Call,
    Compare,
    Copy,
    Forget,
    Insert,
    Jump,
    Literal,
    Load,
    Number,
    Or,
    Put,
    Register,
    Shift,
    Store,
    Subtract,
)
from ovmfgui.layout.witnesses.code.thumb import THUMB
from ovmfgui.layout.witnesses.code.thumb_wide import expand
from ovmfgui.layout.witnesses.code.values import Making
from ovmfgui.span import Span

R0, R1, R2, SP = Register(0), Register(1), Register(2), Register(13)


def step(*parts: int, at: int = 0x1000):
    """The one instruction that these halves are, at an address."""
    code = bytes(at) + halves(*parts)
    (only,) = THUMB.decode(code, Span(at, 2 * len(parts)))
    assert only.size == 2 * len(parts)
    return only.operations


@pytest.mark.parametrize(
    ("half", "expected"),
    [
        (0x6A81, (Load(1, 0, 40, 4),)),  # ldr r1, [r0, #40]
        (0x8E03, (Load(3, 0, 48, 2),)),  # ldrh r3, [r0, #48]
        (0x9004, (Store(0, 13, 16, 4),)),  # str r0, [sp, #16]
        (0x4291, (Compare(R1, R2),)),  # cmp r1, r2
        (0x431A, (Or(2, R2, Register(3)),)),  # orrs r2, r3
        (0x2005, (Put(0, 5),)),  # movs r0, #5
        (0xDF00, (Call(),)),  # svc #0
        (0xA802, (Add(0, SP, Number(8)),)),  # add r0, sp, #8
        (0x1888, (Add(0, R1, R2),)),  # adds r0, r1, r2
        (0x3804, (Subtract(0, R0, Number(4)),)),  # subs r0, #4
        (0xB288, (Copy(0, 1),)),  # uxth r0, r1
        (0x4688, (Copy(8, 1),)),  # mov r8, r1
        (0x00C8, (Shift(0, 1, 3),)),  # lsls r0, r1, #3
        (0x08C8, (Shift(0, 1, -3),)),  # lsrs r0, r1, #3
        (0x5888, (Forget(0),)),  # ldr r0, [r1, r2]
        (0xB530, (Subtract(13, SP, Number(12)),)),  # push {r4, r5, lr}
        (0x4770, (Jump(None),)),  # bx lr
        (0x4798, (Call(),)),  # blx r3
        (0xB110, (Branch(0x1008),)),  # cbz r0, .+8
        (0xD108, (Branch(0x1014),)),  # bne .+0x14
        (0xE002, (Jump(0x1008),)),  # b .+8
        (0x4802, (Literal(0, 0x100C, 4),)),  # ldr r0, [pc, #8]
    ],
)
def test_a_narrow_instruction_means_what_its_mnemonic_says(half, expected):
    assert step(half) == expected


def test_popping_the_program_counter_returns():
    # pop {r4, r5, pc}
    assert step(0xBD30) == (Forget(4), Forget(5), Add(13, SP, Number(12)), Jump(None))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0xF244, 0x625F, (Put(2, 0x465F),)),  # movw r2, #0x465f
        (0xF6C4, 0x0256, (Insert(2, 0x4856, 16, 16),)),  # movt r2, #0x4856
        (0xF44F, 0x2080, (Put(0, 0x40000),)),  # mov.w r0, #0x40000
        (0xF06F, 0x0004, (Put(0, 0xFFFFFFFB),)),  # mvn r0, #4
        (0xF85D, 0xFB04, (Add(13, Register(13), Number(4)), Jump(None))),  # ldr pc, [sp], #4
        (0xF942, 0x070D, (Forget(2),)),  # vst1.8 {d16}, [r2]!
        (0xECB2, 0x0B02, (Forget(0), Forget(2))),  # vldmia r2!, {d0}
        (0xF5B1, 0x2F40, (Compare(R1, Number(0xC0000)),)),  # cmp.w r1, #0xc0000
        (0xF5A2, 0x2240, (Subtract(2, R2, Number(0xC0000)),)),  # sub.w r2, r2, #0xc0000
        # rsb r3, r3, #0x40000
        (0xF5C3, 0x2380, (Subtract(3, Number(0x40000), Register(3)),)),
        (0xF501, 0x2080, (Add(0, R1, Number(0x40000)),)),  # add.w r0, r1, #0x40000
        (0xF201, 0x1023, (Add(0, R1, Number(0x123)),)),  # addw r0, r1, #0x123
        (0xF2A1, 0x1023, (Subtract(0, R1, Number(0x123)),)),  # subw r0, r1, #0x123
        (0xF3C1, 0x000F, (Copy(0, 1),)),  # ubfx r0, r1, #0, #16
        (0xE9D0, 0x2308, (Load(2, 0, 32, 4), Load(3, 0, 36, 4))),  # ldrd r2, r3, [r0, #32]
        (0xE9C4, 0x0108, (Store(0, 4, 32, 4), Store(1, 4, 36, 4))),  # strd r0, r1, [r4, #32]
        (0xF8D1, 0x0120, (Load(0, 1, 0x120, 4),)),  # ldr.w r0, [r1, #0x120]
        (0xF851, 0x0C04, (Load(0, 1, -4, 4),)),  # ldr r0, [r1, #-4]
        # str r0, [r1], #4
        (0xF841, 0x0B04, (Store(0, 1, 0, 4), Add(1, R1, Number(4)))),
        (0xF8DF, 0x0008, (Literal(0, 0x100C, 4),)),  # ldr.w r0, [pc, #8]
        (0xF000, 0xF802, (Call(),)),  # bl .+8
        (0xF000, 0xB802, (Jump(0x1008),)),  # b.w .+8
        (0xF000, 0x8002, (Branch(0x1008),)),  # beq.w .+8
        (0xE8DF, 0xF000, (Jump(None),)),  # tbb [pc, r0]
    ],
)
def test_a_wide_instruction_means_what_its_mnemonic_says(first, second, expected):
    assert step(first, second) == expected


def test_popping_high_registers_returns_too():
    # pop.w {r4, r8, pc}
    done = step(0xE8BD, 0x8110)
    assert done == (Forget(4), Forget(8), Add(13, SP, Number(12)), Jump(None))


@pytest.mark.parametrize(
    ("immediate", "expected"),
    [
        (0x0AB, 0xAB),
        (0x1AB, 0x00AB00AB),
        (0x2AB, 0xAB00AB00),
        (0x3AB, 0xABABABAB),
        (0x480, 0x40000000),
        (0xF80, 0x100),
    ],
)
def test_modified_immediates_expand(immediate, expected):
    # The last two: 0x80 rotated right by 9 and by 31.
    assert expand(immediate) == expected


def test_what_is_under_a_condition_is_not_known_afterwards():
    # itt eq; moveq r0, #1; bxeq lr; mov r1, r0
    code = halves(0xBF04, 0x2001, 0x4770, 0x4601)
    done = [step.operations for step in THUMB.decode(code, Span(0, len(code)))]
    assert done == [(), (Forget(0),), (), (Copy(1, 0),)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, 12))
def test_any_constant_of_two_instructions_is_put_together(number, register):
    # movw r, #low; movt r, #high
    parts: list[int] = []
    for opcode, half in ((0xF240, number & 0xFFFF), (0xF2C0, number >> 16)):
        parts.append(opcode | half >> 12 | (half >> 11 & 1) << 10)
        parts.append((half >> 8 & 7) << 12 | register << 8 | half & 0xFF)
    made = [i.constant for i in follow(THUMB, halves(*parts)) if isinstance(i, Making)]
    assert made[-1].number == number
    assert made[-1].span == Span(0, 8)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_followed_without_a_word(data):
    end = 0
    for each in THUMB.decode(data, Span(0, len(data))):
        assert each.offset == end
        end = each.offset + each.size
    assert len(data) - end < 4
    follow(THUMB, data)
