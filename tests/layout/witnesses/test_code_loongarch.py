import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instruction_bytes import follow, words

from ovmfgui.layout.witnesses.code.loongarch import LOONGARCH, operations
from ovmfgui.layout.witnesses.code.operations import (
    Add,
    Branch,
    Call,
    Compare,
    Copy,
    Forget,
    Insert,
    Jump,
    Load,
    Number,
    Or,
    Point,
    Put,
    Register,
    Shift,
    Store,
    Subtract,
)
from ovmfgui.layout.witnesses.code.values import Making
from ovmfgui.span import Span

FP, A0, A1, A2, A3, A4 = 22, 4, 5, 6, 7, 8


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x2880A085, (Load(A1, A0, 40, 4),)),  # ld.w a1, a0, 40
        (0x28C08085, (Load(A1, A0, 32, 8),)),  # ld.d a1, a0, 32
        (0x2A40C087, (Load(A3, A0, 48, 2),)),  # ld.hu a3, a0, 48
        (0x260020A4, (Load(A0, A1, 32, 8),)),  # ldptr.d a0, a1, 32
        (0x250040A4, (Store(A0, A1, 64, 4),)),  # stptr.w a0, a1, 64
        (0x29FF62C4, (Store(A0, FP, -40, 8),)),  # st.d a0, fp, -40
        (0x298160A4, (Store(A0, A1, 0x58, 4),)),  # st.w a0, a1, 0x58
        (0x14001806, (Put(A2, 0xC0000),)),  # lu12i.w a2, 0xc0
        (0x03997CC6, (Or(A2, Register(A2), Number(0x65F)),)),  # ori a2, a2, 0x65f
        (0x162468A4, (Insert(A0, 0x12345, 32, 32),)),  # lu32i.d a0, 0x12345
        (0x03048C84, (Insert(A0, 0x123, 52, 12),)),  # lu52i.d a0, a0, 0x123
        (0x02BFF0A4, (Add(A0, Register(A1), Number(-4)),)),  # addi.w a0, a1, -4
        (0x02C01404, (Put(A0, 5),)),  # li.d a0, 5
        (0x001500A4, (Copy(A0, A1),)),  # move a0, a1
        (0x001518A4, (Or(A0, Register(A1), Register(A2)),)),  # or a0, a1, a2
        (0x001598A4, (Compare(Register(A1), Register(A2)), Forget(A0))),  # xor a0, a1, a2
        (0x001298A4, (Compare(Register(A1), Register(A2)), Forget(A0))),  # sltu a0, a1, a2
        (0x001098A4, (Add(A0, Register(A1), Register(A2)),)),  # add.d a0, a1, a2
        (0x00111D07, (Subtract(A3, Register(A4), Register(A3)),)),  # sub.w a3, a4, a3
        (0x00418084, (Shift(A0, A0, 32),)),  # slli.d a0, a0, 32
        (0x00458084, (Shift(A0, A0, -32),)),  # srli.d a0, a0, 32
        (0x004080A4, (Copy(A0, A1),)),  # slli.w a0, a1, 0
        (0x00DF00A4, (Copy(A0, A1),)),  # bstrpick.d a0, a1, 31, 0
        (0x000058A4, (Copy(A0, A1),)),  # ext.w.h a0, a1
        (0x0343FCA4, (Copy(A0, A1),)),  # andi a0, a1, 255
        (0x1A000044, (Point(A0, 0x3000),)),  # pcalau12i a0, 2
        (0x1C000044, (Point(A0, 0x3010),)),  # pcaddu12i a0, 2
        (0x18000044, (Point(A0, 0x1018),)),  # pcaddi a0, 2
        # bne a1, a2, .+28
        (0x5C001CA6, (Compare(Register(A1), Register(A2)), Branch(0x102C))),
        (0x43FFB89F, (Branch(0xFC8),)),  # beqz a0, .-72
        (0x53FFB7FF, (Jump(0xFC4),)),  # b .-76
        (0x57FFB3FF, (Call(),)),  # bl .-80
        (0x4C000081, (Call(),)),  # jirl ra, a0, 0
        (0x4C000020, (Jump(None),)),  # jr ra
    ],
)
def test_an_instruction_means_what_its_mnemonic_says(word, expected):
    assert operations(word, 0x1010) == expected


@settings(max_examples=40, deadline=None)
@given(st.integers(0, (1 << 31) - 1), st.integers(1, 31))
def test_any_constant_of_two_instructions_is_put_together(number, register):
    # lu12i.w r, high; ori r, r, low
    code = words(
        0x14000000 | (number >> 12) << 5 | register,
        0x03800000 | (number & 0xFFF) << 10 | register << 5 | register,
    )
    made = [item.constant for item in follow(LOONGARCH, code) if isinstance(item, Making)]
    assert made[-1].number == number


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_followed_without_a_word(data):
    steps = list(LOONGARCH.decode(data, Span(0, len(data))))
    assert [step.offset for step in steps] == list(range(0, len(data) // 4 * 4, 4))
    follow(LOONGARCH, data)
