from instruction_bytes import follow, words

from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.code.follower import observe
from ovmfgui.layout.witnesses.code.values import (
    Comparison,
    Constant,
    Difference,
    Loaded,
    Making,
    Storing,
    Sum,
)
from ovmfgui.span import Span

MOV_X1_40000 = 0xD2A00081  # mov x1, #0x40000
MOV_X1_80000 = 0xD2A00101  # mov x1, #0x80000
CMP_X0_X1 = 0xEB01001F  # cmp x0, x1
RET = 0xD65F03C0


def comparisons(code: bytes) -> list[Comparison]:
    return [item for item in follow(A64, code) if isinstance(item, Comparison)]


def test_a_constant_is_followed_to_where_it_is_compared():
    (comparison,) = comparisons(words(MOV_X1_40000, CMP_X0_X1))
    assert comparison.right == Constant(0x40000, Span(0, 0))
    assert comparison.right.span == Span(0, 4)


def test_a_field_is_known_by_what_it_is_loaded_through():
    # ldr x2, [x0, #8]; ldr x3, [x2, #32]; ldr x4, [x0, #8]; ldr x5, [x4, #32]; cmp x3, x5
    code = words(0xF9400402, 0xF9401043, 0xF9400404, 0xF9401085, 0xEB05007F)
    (comparison,) = comparisons(code)
    assert comparison.left == comparison.right
    assert isinstance(comparison.left, Loaded)
    assert comparison.left.offset == 32


def test_where_paths_meet_only_what_they_agree_about_is_known():
    # cbz x0, 2f; mov x1, #0x40000; b 3f; 2: mov x1, #0x80000; 3: cmp x0, x1
    apart = words(0xB4000060, MOV_X1_40000, 0x14000002, MOV_X1_80000, CMP_X0_X1)
    (comparison,) = comparisons(apart)
    assert not isinstance(comparison.right, Constant)
    agreed = words(0xB4000060, MOV_X1_40000, 0x14000002, MOV_X1_40000, CMP_X0_X1)
    (comparison,) = comparisons(agreed)
    assert isinstance(comparison.right, Constant)


def test_behind_a_return_nothing_is_known():
    (comparison,) = comparisons(words(MOV_X1_40000, RET, CMP_X0_X1))
    assert not isinstance(comparison.right, Constant)


def test_behind_a_jump_that_is_known_which_was_known_where_it_was_taken():
    # mov x1, #0x40000; cbz x0, 4f; mov x1, #0x80000; ret; 4: cmp x0, x1
    code = words(MOV_X1_40000, 0xB4000060, MOV_X1_80000, RET, CMP_X0_X1)
    (comparison,) = comparisons(code)
    assert comparison.right == Constant(0x40000, Span(0, 0))


def test_a_subroutine_leaves_what_it_has_to_preserve():
    # mov x1, #0x40000; mov x19, x1; bl; cmp x0, x1; cmp x0, x19
    code = words(MOV_X1_40000, 0xAA0103F3, 0x94000000, CMP_X0_X1, 0xEB13001F)
    volatile, preserved = comparisons(code)
    assert not isinstance(volatile.right, Constant)
    assert isinstance(preserved.right, Constant)


def test_a_constant_is_followed_over_the_stack():
    # mov x1, #0x40000; str x1, [sp, #40]; mov x1, x2; ldr x3, [sp, #40]; cmp x0, x3
    code = words(MOV_X1_40000, 0xF90017E1, 0xAA0203E1, 0xF94017E3, 0xEB03001F)
    (comparison,) = comparisons(code)
    assert comparison.right == Constant(0x40000, Span(0, 0))


def test_a_variable_whose_address_a_subroutine_got_is_unknown_afterwards():
    # mov x1, #0x40000; str x1, [sp, #40]; add x0, sp, #40; bl; ldr x3, [sp, #40]; cmp x0, x3
    code = words(MOV_X1_40000, 0xF90017E1, 0x9100A3E0, 0x94000000, 0xF94017E3, 0xEB03001F)
    (comparison,) = comparisons(code)
    assert not isinstance(comparison.right, Constant)


def test_read_only_data_is_constant():
    # adrp x1, this page; ldr w1, [x1, #12]; cmp w0, w1; and the data
    code = words(0x90000001, 0xB9400C21, 0x6B01001F, 0x40000)
    (comparison,) = comparisons(code)
    assert comparison.right == Constant(0x40000, Span(0, 0))
    assert comparison.right.span == Span(12, 4)


def test_data_that_can_be_written_is_not():
    code = words(0x90000001, 0xB9400C21, 0x6B01001F, 0x40000)
    observed = observe(A64, code, [Span(0, 12)])
    (comparison,) = [item for item in observed if isinstance(item, Comparison)]
    assert isinstance(comparison.right, Loaded)


def test_a_constant_that_is_added_up_counts_from_the_first_base():
    # add x1, x0, #0x40000; add x2, x1, #0x40000; cmp x2, x3
    (comparison,) = comparisons(words(0x91410001, 0x91410022, 0xEB03005F))
    assert isinstance(comparison.left, Sum)
    assert comparison.left.number == 0x80000


def test_an_extension_leaves_the_value_what_it_is():
    # ldrh w1, [x0, #48]; lsl x1, x1, #48; lsr x1, x1, #48; mov x2, #0x40000; sub x2, x2, x1
    code = words(0x79406001, 0xD3503C21, 0xD370FC21, 0xD2A00082, 0xCB010042)
    (difference,) = [item for item in follow(A64, code) if isinstance(item, Difference)]
    assert isinstance(difference.right, Loaded)
    assert (difference.right.offset, difference.right.size) == (48, 2)


def test_what_is_stored_is_told_with_its_place():
    # mov x0, #0xc0000; str x0, [x20, #32]
    observed = follow(A64, words(0xD2A00180, 0xF9001280))
    (storing,) = [item for item in observed if isinstance(item, Storing)]
    assert (storing.offset, storing.size) == (32, 8)
    assert storing.value == Constant(0xC0000, Span(0, 0))


def test_instructions_that_lie_apart_are_no_one_place():
    # mov w0, #0x4000; five times nop; movk w0, #8, lsl #16
    code = words(0x52880000, *[0xD503201F] * 5, 0x72A00100)
    made = [item.constant for item in follow(A64, code) if isinstance(item, Making)]
    assert made[-1].number == 0x84000
    assert made[-1].span == Span(24, 4)


def test_a_store_into_a_part_of_a_slot_makes_it_unknown():
    # str x1, [sp, #8]; str w0, [sp, #12]; ldr x2, [sp, #8]; cmp x0, x2
    code = words(MOV_X1_40000, 0xF90007E1, 0xB9000FE0, 0xF94007E2, 0xEB02001F)
    (comparison,) = comparisons(code)
    assert not isinstance(comparison.right, Constant)


def test_a_load_of_more_than_was_stored_is_unknown():
    # str w1, [sp, #8]; ldr x2, [sp, #8]; cmp x0, x2
    (comparison,) = comparisons(words(MOV_X1_40000, 0xB9000BE1, 0xF94007E2, 0xEB02001F))
    assert not isinstance(comparison.right, Constant)


def test_a_vector_stored_over_a_slot_makes_it_unknown():
    # str x1, [sp, #24]; str q0, [sp, #16]; ldr x2, [sp, #24]; cmp x0, x2
    code = words(MOV_X1_40000, 0xF9000FE1, 0x3D8007E0, 0xF9400FE2, 0xEB02001F)
    (comparison,) = comparisons(code)
    assert not isinstance(comparison.right, Constant)
