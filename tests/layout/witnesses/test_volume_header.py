import pytest
from instruction_bytes import VALIDATES, follow, words

from ovmfgui.layout.witnesses.code.a64 import A64
from ovmfgui.layout.witnesses.volume_header import (
    fv_lengths,
    headers,
    spare_offsets,
    variable_sizes,
    working_sizes,
)


@pytest.mark.parametrize("architecture", VALIDATES)
def test_what_a_header_is_held_to_is_told(architecture):
    processor, code = VALIDATES[architecture]
    observed = follow(processor, code)
    of = headers(observed)
    assert len(of) == 1
    lengths, sizes = list(fv_lengths(observed, of)), list(variable_sizes(observed, of))
    assert [told.number for told in lengths] == [0xC0000]
    assert [told.number for told in sizes] == [0x40000]


@pytest.mark.parametrize("architecture", VALIDATES)
def test_the_bytes_that_tell_a_size_are_those_that_change_it(architecture):
    processor, code = VALIDATES[architecture]
    observed = follow(processor, code)
    (told,) = fv_lengths(observed, headers(observed))
    span = told.span
    other = code[: span.start] + bytes(span.size) + code[span.end :]
    observed = follow(processor, other)
    assert 0xC0000 not in [told.number for told in fv_lengths(observed, headers(observed))]


def test_a_comparison_at_the_same_offset_of_something_else_tells_nothing():
    # The same without the signature: another structure may have a field at 0x20.
    processor, code = VALIDATES["aarch64"]
    observed = follow(processor, code[20:])
    assert headers(observed) == set()
    assert list(fv_lengths(observed, headers(observed))) == []
    assert list(variable_sizes(observed, headers(observed))) == []


def test_a_header_that_is_made_tells_too():
    code = words(
        0xD2A00180,  # mov x0, #0xc0000
        0xF9001280,  # str x0, [x20, #32]
        0xD288CBE0,  # mov x0, #0x465f
        0xF2A90AC0,  # movk x0, #0x4856, lsl #16
        0xF2C1C6C0,  # movk x0, #0xe36, lsl #32: the attributes
        0xF9001680,  # str x0, [x20, #40]
        0x529FF700,  # mov w0, #0xffb8
        0x72A00060,  # movk w0, #3, lsl #16
        0xB9005A80,  # str w0, [x20, #88]: Size of the store behind the header
    )
    observed = follow(A64, code)
    of = headers(observed)
    assert [told.number for told in fv_lengths(observed, of)] == [0xC0000]
    assert [told.number for told in variable_sizes(observed, of)] == [0x40000]


def test_a_size_may_be_compared_with_header_length_added():
    code = words(
        0xB9402801,  # ldr w1, [x0, #40]
        0x5288CBE2,  # mov w2, #0x465f
        0x72A90AC2,  # movk w2, #0x4856, lsl #16
        0x6B02003F,  # cmp w1, w2
        0x79406003,  # ldrh w3, [x0, #48]
        0xB94010A4,  # ldr w4, [x5, #16]
        0x0B040063,  # add w3, w3, w4
        0x7141007F,  # cmp w3, #0x40, lsl #12
    )
    observed = follow(A64, code)
    assert [told.number for told in variable_sizes(observed, headers(observed))] == [0x40000]


ADJOIN = (
    0x91420001,  # add x1, x0, #0x80, lsl #12
    0xEB02003F,  # cmp x1, x2
)


def test_regions_that_have_to_adjoin_tell_the_working_size():
    code = words(*ADJOIN, 0x91410041, 0xEB03003F)  # add x1, x2, #0x40, lsl #12; cmp x1, x3
    assert [t.number for t in working_sizes(follow(A64, code), 0x80000)] == [0x40000]


def test_the_second_may_be_counted_from_the_first_base():
    code = words(*ADJOIN, 0x91430001, 0xEB03003F)  # add x1, x0, #0xc0, lsl #12; cmp x1, x3
    assert [t.number for t in working_sizes(follow(A64, code), 0x80000)] == [0x40000]


def test_sums_that_have_nothing_to_do_with_each_other_tell_nothing():
    code = words(*ADJOIN, 0x91410081, 0xEB03003F)  # add x1, x4, #0x40, lsl #12; cmp x1, x3
    assert list(working_sizes(follow(A64, code), 0x80000)) == []
    assert list(working_sizes(follow(A64, code), 0x90000)) == []


def test_addresses_counted_up_from_a_bank_tell_the_spare_area():
    # add w1, w28, #0x80, lsl #12; add w1, w28, #0xc0, lsl #12
    observed = follow(A64, words(0x11420381, 0x11430381))
    assert [told.number for told in spare_offsets(observed, 0x80000)] == [0xC0000]
    assert list(spare_offsets(observed, 0x40000)) == []
