import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instruction_bytes import follow, words

from ovmfgui.layout.witnesses.code.a64 import A64, bit_mask, operations
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
    Point,
    Put,
    Register,
    Shift,
    Store,
    Subtract,
)
from ovmfgui.layout.witnesses.code.values import Making
from ovmfgui.span import Span

ZERO = 32


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x92800000, (Put(0, (1 << 64) - 1),)),  # mov x0, #-1
        (0x52A00184, (Put(4, 0xC0000),)),  # mov w4, #0xc0000
        (0x72A90AC2, (Insert(2, 0x4856, 16, 16),)),  # movk w2, #0x4856, lsl #16
        (0xB2741BE0, (Put(0, 0x7F000),)),  # mov x0, #0x7f000
        (0x12003C21, (Copy(1, 1),)),  # and w1, w1, #0xffff
        (0x53003C41, (Copy(1, 2),)),  # uxth w1, w2
        (0x93407C41, (Copy(1, 2),)),  # sxtw x1, w2
        (0xD374CC41, (Shift(1, 2, 12),)),  # lsl x1, x2, #12
        (0xD34CFC41, (Shift(1, 2, -12),)),  # lsr x1, x2, #12
        (0xAA0203E1, (Copy(1, 2),)),  # mov x1, x2
        (0xAA1F03E1, (Copy(1, ZERO),)),  # mov x1, xzr
        (0x91410041, (Add(1, Register(2), Number(0x40000)),)),  # add x1, x2, #0x40, lsl #12
        (0xEB030041, (Subtract(1, Register(2), Register(3)),)),  # subs x1, x2, x3
        (0x6B02003F, (Compare(Register(1), Register(2)),)),  # cmp w1, w2
        (0xF143003F, (Compare(Register(1), Number(0xC0000)),)),  # cmp x1, #0xc0, lsl #12
        (0xEB21201F, (Compare(Register(0), Register(1)),)),  # cmp x0, w1, uxth
        (0xFA410000, (Compare(Register(0), Register(1)),)),  # ccmp x0, x1, #0, eq
        (0xF9401001, (Load(1, 0, 0x20, 8),)),  # ldr x1, [x0, #32]
        (0x79406003, (Load(3, 0, 0x30, 2),)),  # ldrh w3, [x0, #48]
        (0xF9001280, (Store(0, 20, 0x20, 8),)),  # str x0, [x20, #32]
        (0xA9410440, (Load(0, 2, 16, 8), Load(1, 2, 24, 8))),  # ldp x0, x1, [x2, #16]
        (0xB85FC001, (Load(1, 0, -4, 4),)),  # ldur w1, [x0, #-4]
        (0x9A820020, (Forget(0),)),  # csel x0, x1, x2, eq
        (0xF9800020, ()),  # prfm pldl1keep, [x1]
        (0xF8A26820, ()),  # prfm pldl1keep, [x1, x2]
        (0xC8007C41, (Forget(0),)),  # stxr w0, x1, [x2]
        (0x08207C82, (Forget(0), Forget(1))),  # casp w0, w1, w2, w3, [x4]
        (0xC8A07C41, (Forget(0),)),  # cas x0, x1, [x2]
        (0xC87F0841, (Forget(1), Forget(2))),  # ldxp x1, x2, [x2]
        (0xD4000003, (Call(),)),  # smc #0
        (0x94000002, (Call(),)),  # bl .+8
        (0xD63F0100, (Call(),)),  # blr x8
        (0xD65F03C0, (Jump(None),)),  # ret
    ],
)
def test_an_instruction_means_what_its_mnemonic_says(word, expected):
    assert operations(word, 0x1000) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        # stp x29, x30, [sp, #-32]!
        (
            0xA9BE7BFD,
            (Add(31, Register(31), Number(-32)), Store(29, 31, 0, 8), Store(30, 31, 8, 8)),
        ),
        # str x1, [x0], #8
        (0xF8008401, (Store(1, 0, 0, 8), Add(0, Register(0), Number(8)))),
        # ldr x1, [x0, #8]!
        (0xF8408C01, (Add(0, Register(0), Number(8)), Load(1, 0, 0, 8))),
    ],
)
def test_a_transfer_that_moves_its_base_does_so_in_order(word, expected):
    assert operations(word, 0) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x540000E1, Branch(0x101C)),  # b.ne .+0x1c
        (0xB4000040, Branch(0x1008)),  # cbz x0, .+8
        (0x36180040, Branch(0x1008)),  # tbz w0, #3, .+8
        (0x14000002, Jump(0x1008)),  # b .+8
        (0x17FFFFFE, Jump(0xFF8)),  # b .-8
        (0x58000043, Literal(3, 0x1008, 8)),  # ldr x3, .+8
        (0xB0000000, Point(0, 0x2000)),  # adrp x0, the next page
        (0x10000040, Point(0, 0x1008)),  # adr x0, .+8
    ],
)
def test_distances_count_from_the_instruction(word, expected):
    assert operations(word, 0x1000) == (expected,)


def test_a_pair_that_overwrites_its_base_reads_both_before():
    # ldp x2, x1, [x2]
    assert operations(0xA9400442, 0) == (Load(1, 2, 8, 8), Load(2, 2, 0, 8))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x320003E0, 0x1),  # mov w0, #1 as a bit mask
        (0xB200F3E0, 0x5555555555555555),
        (0x3200C3E0, 0x01010101),
        (0xB2400FE0, 0xF),
        (0xB24083E0, 0x1FFFFFFFF),
    ],
)
def test_bit_masks_repeat_and_rotate(word, expected):
    assert bit_mask(word) == expected


@pytest.mark.parametrize(
    ("inverted", "length"),
    [(0, 0b111111), (0, 0b111110), (1, 0b111111), (0, 0b011111), (0, 0b111101), (1, 0b000000)],
)
def test_bit_masks_that_are_undefined_tell_nothing(inverted, length):
    """Of 32-bit registers: an element of no bits fell, in CODE as in any bytes taken for it."""
    word = 0x320003E0 | inverted << 22 | length << 10
    assert bit_mask(word) is None
    assert operations(word, 0) == (Forget(0),)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, (1 << 32) - 1), st.integers(0, 28))
def test_any_constant_of_two_instructions_is_put_together(number, register):
    # movz w, #low; movk w, #high, lsl #16
    code = words(
        0x52800000 | (number & 0xFFFF) << 5 | register,
        0x72A00000 | (number >> 16) << 5 | register,
    )
    made = [item.constant for item in follow(A64, code) if isinstance(item, Making)]
    assert made[-1].number == number
    assert made[-1].span == Span(0, 8)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_followed_without_a_word(data):
    steps = list(A64.decode(data, Span(0, len(data))))
    assert [step.offset for step in steps] == list(range(0, len(data) // 4 * 4, 4))
    follow(A64, data)
