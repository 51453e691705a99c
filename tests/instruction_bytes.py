"""Hand-assembled code, and following it."""

import struct

from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.code.follower import observe
from ovmfgui.layout.witnesses.code.loongarch import LOONGARCH
from ovmfgui.layout.witnesses.code.riscv import RISCV
from ovmfgui.layout.witnesses.code.thumb import THUMB
from ovmfgui.span import Span


def words(*values: int) -> bytes:
    """Instructions of four bytes."""
    return struct.pack(f"<{len(values)}I", *values)


def halves(*values: int) -> bytes:
    """Instructions of two bytes, and the halves of longer ones."""
    return struct.pack(f"<{len(values)}H", *values)


def follow(processor, code: bytes):
    """What is observed in an image that is nothing but code."""
    return observe(processor, code, [Span(0, len(code))])


# What ValidateFvHeader does, with the header's address in the first argument's register: compare
# the signature at 0x28 with "_FVH" and FvLength at 0x20 with 0xC0000, and take HeaderLength at 0x30
# from 0x40000.
VALIDATES = {
    "aarch64": (
        A64,
        words(
            0xB9402801,  # ldr w1, [x0, #40]
            0x5288CBE2,  # mov w2, #0x465f
            0x72A90AC2,  # movk w2, #0x4856, lsl #16
            0x6B02003F,  # cmp w1, w2
            0x540000E1,  # b.ne 1f
            0xF9401001,  # ldr x1, [x0, #32]
            0xF143003F,  # cmp x1, #0xc0, lsl #12
            0x54000081,  # b.ne 1f
            0x79406003,  # ldrh w3, [x0, #48]
            0x52A00084,  # mov w4, #0x40000
            0x4B030083,  # sub w3, w4, w3
            0xD65F03C0,  # 1: ret
        ),
    ),
    "arm": (
        THUMB,
        halves(
            0x6A81,  # ldr r1, [r0, #40]
            *(0xF244, 0x625F),  # movw r2, #0x465f
            *(0xF6C4, 0x0256),  # movt r2, #0x4856
            0x4291,  # cmp r1, r2
            0xD108,  # bne 1f
            *(0xE9D0, 0x2308),  # ldrd r2, r3, [r0, #32]
            *(0xF5A2, 0x2240),  # sub.w r2, r2, #0xc0000
            0x431A,  # orrs r2, r3
            0xD102,  # bne 1f
            0x8E03,  # ldrh r3, [r0, #48]
            *(0xF5C3, 0x2380),  # rsb r3, r3, #0x40000
            0x4770,  # 1: bx lr
        ),
    ),
    "riscv64": (
        RISCV,
        halves(0x550C)  # c.lw a1, 40(a0)
        + words(
            0x48564637,  # lui a2, 0x48564
            0x65F60613,  # addi a2, a2, 0x65f
            0x00C59D63,  # bne a1, a2, 1f
        )
        + halves(0x710C)  # c.ld a1, 32(a0)
        + words(
            0x000C0637,  # lui a2, 0xc0
            0x00C59863,  # bne a1, a2, 1f
            0x03055683,  # lhu a3, 48(a0)
            0x00040737,  # lui a4, 0x40
            0x40D706BB,  # subw a3, a4, a3
        )
        + halves(0x8082),  # 1: c.jr ra
    ),
    "loongarch64": (
        LOONGARCH,
        words(
            0x2880A085,  # ld.w a1, a0, 40
            0x1490AC86,  # lu12i.w a2, 0x48564
            0x03997CC6,  # ori a2, a2, 0x65f
            0x5C001CA6,  # bne a1, a2, 1f
            0x28C08085,  # ld.d a1, a0, 32
            0x14001806,  # lu12i.w a2, 0xc0
            0x5C0010A6,  # bne a1, a2, 1f
            0x2A40C087,  # ld.hu a3, a0, 48
            0x14000808,  # lu12i.w a4, 0x40
            0x00111D07,  # sub.w a3, a4, a3
            0x4C000020,  # 1: jr ra
        ),
    ),
}
