import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instruction_bytes import follow, halves, words

from ovmfgui.layout.witnesses.code.operations import (
    Add,
    Branch,
    Call,
    Compare,
    Copy,
    Forget,
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
from ovmfgui.layout.witnesses.code.riscv import RISCV, operations
from ovmfgui.layout.witnesses.code.riscv_compressed import operations as compressed
from ovmfgui.layout.witnesses.code.values import Making
from ovmfgui.span import Span

SP, S0, A0, A1, A2, A3, A4 = 2, 8, 10, 11, 12, 13, 14


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (0x000C0637, (Put(A2, 0xC0000),)),  # lui a2, 0xc0
        (0x84000637, (Put(A2, 0x84000000 - (1 << 32)),)),  # lui a2, 0x84000: the sign goes up
        (0x65F60613, (Add(A2, Register(A2), Number(0x65F)),)),  # addi a2, a2, 0x65f
        (0x03055683, (Load(A3, A0, 48, 2),)),  # lhu a3, 48(a0)
        (0x02053583, (Load(A1, A0, 32, 8),)),  # ld a1, 32(a0)
        (0xFCA43C23, (Store(A0, S0, -40, 8),)),  # sd a0, -40(s0)
        (0x40D706BB, (Subtract(A3, Register(A4), Register(A3)),)),  # subw a3, a4, a3
        (0x0015851B, (Add(A0, Register(A1), Number(1)),)),  # addiw a0, a1, 1
        (0x00C5C533, (Compare(Register(A1), Register(A2)), Forget(A0))),  # xor a0, a1, a2
        (0x00C5B533, (Compare(Register(A1), Register(A2)), Forget(A0))),  # sltu a0, a1, a2
        (0x02051513, (Shift(A0, A0, 32),)),  # slli a0, a0, 32
        (0x02055513, (Shift(A0, A0, -32),)),  # srli a0, a0, 32
        (0x0FF5F513, (Copy(A0, A1),)),  # andi a0, a1, 255
        (0x00002517, (Point(A0, 0x3000),)),  # auipc a0, 0x2
        (0x010000EF, (Call(),)),  # jal ra, .+16
        (0x0100006F, (Jump(0x1010),)),  # j .+16
        (0x00050067, (Jump(None),)),  # jr a0
        # beq a0, a1, .-4
        (0xFEB50EE3, (Compare(Register(A0), Register(A1)), Branch(0xFFC))),
        # bne a1, a2, .+0x1a
        (0x00C59D63, (Compare(Register(A1), Register(A2)), Branch(0x101A))),
    ],
)
def test_an_instruction_means_what_its_mnemonic_says(word, expected):
    assert operations(word, 0x1000) == expected


@pytest.mark.parametrize(
    ("half", "expected"),
    [
        (0x0808, (Add(A0, Register(SP), Number(16)),)),  # c.addi4spn a0, sp, 16
        (0x550C, (Load(A1, A0, 40, 4),)),  # c.lw a1, 40(a0)
        (0x710C, (Load(A1, A0, 32, 8),)),  # c.ld a1, 32(a0)
        (0xC1C8, (Store(A0, A1, 4, 4),)),  # c.sw a0, 4(a1)
        (0xE588, (Store(A0, A1, 8, 8),)),  # c.sd a0, 8(a1)
        (0x0001, ()),  # c.nop
        (0x157D, (Add(A0, Register(A0), Number(-1)),)),  # c.addi a0, -1
        (0x2501, (Copy(A0, A0),)),  # c.addiw a0, 0
        (0x5575, (Put(A0, -3),)),  # c.li a0, -3
        (0x7139, (Add(SP, Register(SP), Number(-64)),)),  # c.addi16sp sp, -64
        (0x657D, (Put(A0, 0x1F000),)),  # c.lui a0, 0x1f
        (0x7505, (Put(A0, -0x1F000),)),  # c.lui a0, 0xfffe1
        (0x9101, (Shift(A0, A0, -32),)),  # c.srli a0, 32
        (0x1502, (Shift(A0, A0, 32),)),  # c.slli a0, 32
        (0x890D, (Forget(A0),)),  # c.andi a0, 3
        (0x8D0D, (Subtract(A0, Register(A0), Register(A1)),)),  # c.sub a0, a1
        (0x8D2D, (Compare(Register(A0), Register(A1)), Forget(A0))),  # c.xor a0, a1
        (0x8D4D, (Or(A0, Register(A0), Register(A1)),)),  # c.or a0, a1
        (0x8D6D, (Forget(A0),)),  # c.and a0, a1
        (0x9D0D, (Subtract(A0, Register(A0), Register(A1)),)),  # c.subw a0, a1
        (0x9D2D, (Add(A0, Register(A0), Register(A1)),)),  # c.addw a0, a1
        (0xA021, (Jump(0x1008),)),  # c.j .+8
        (0xBFE5, (Jump(0xFF8),)),  # c.j .-8
        (0xC501, (Branch(0x1008),)),  # c.beqz a0, .+8
        (0xFD6D, (Branch(0xFFA),)),  # c.bnez a0, .-6
        (0x4512, (Load(A0, SP, 4, 4),)),  # c.lwsp a0, 4(sp)
        (0x7522, (Load(A0, SP, 40, 8),)),  # c.ldsp a0, 40(sp)
        (0xC22A, (Store(A0, SP, 4, 4),)),  # c.swsp a0, 4(sp)
        (0xF42A, (Store(A0, SP, 40, 8),)),  # c.sdsp a0, 40(sp)
        (0x8082, (Jump(None),)),  # c.jr ra
        (0x852E, (Copy(A0, A1),)),  # c.mv a0, a1
        (0x9582, (Call(),)),  # c.jalr a1
        (0x952E, (Add(A0, Register(A0), Register(A1)),)),  # c.add a0, a1
    ],
)
def test_a_compressed_instruction_means_what_its_mnemonic_says(half, expected):
    assert compressed(half, 0x1000) == expected


def test_long_and_short_instructions_follow_one_another():
    # c.lw a1, 40(a0); lui a2, 0x48564; c.jr ra
    code = halves(0x550C) + words(0x48564637) + halves(0x8082)
    assert [(s.offset, s.size) for s in RISCV.decode(code, Span(0, 8))] == [(0, 2), (2, 4), (6, 2)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, (1 << 31) - 1 - 0x800), st.integers(1, 31))
def test_any_constant_of_two_instructions_is_put_together(number, register):
    # lui r, high; addi r, r, low, whose sign the higher part makes good
    upper = (number + 0x800) & 0xFFFFF000
    low = (number - upper) & 0xFFF
    code = words(upper | register << 7 | 0x37, low << 20 | register << 15 | register << 7 | 0x13)
    made = [item.constant for item in follow(RISCV, code) if isinstance(item, Making)]
    assert made[-1].number == number


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_followed_without_a_word(data):
    end = 0
    for each in RISCV.decode(data, Span(0, len(data))):
        assert each.offset == end
        end = each.offset + each.size
    assert len(data) - end < 4
    follow(RISCV, data)
