import struct
from uuid import UUID

import pytest
from synthetic_images import code_image

from ovmfgui.flash.executable import Executable
from ovmfgui.flash.image import Architecture
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.modules import FTW_SMM, FVB_SMM, PLATFORM_PEI, CodeImage, Module
from ovmfgui.layout.witnesses.x86_constants import (
    hear_flash_base,
    hear_ftw_addresses,
    hear_variable_size,
)
from ovmfgui.span import Span

LARGE = Layout(fv_length=0x84000, block_size=0x1000)
CODE_SIZE = 0x37C000


def module(guid: UUID, *constants: int, data: tuple[int, ...] = ()) -> Module:
    """A driver with these constants in its code, and others in a section of data."""
    code = b"".join(b"\xb8" + struct.pack("<I", number) for number in constants)  # mov eax, imm32
    whole = code + b"".join(struct.pack("<I", number) for number in data)
    spans = (Span(0, len(code)),)
    executable = Executable("PE32", 0x8664, 0, spans, Span(0, len(whole)), in_place=True)
    return Module(guid, "Driver", "MM module", whole, 0, executable)


def code(*modules: Module) -> CodeImage:
    return CodeImage(code_image("4m"), Architecture.X64, CODE_SIZE, False, modules)


def told(witness, image: CodeImage, known: Layout = LARGE) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for item in witness(image, known):
        found.setdefault(item.fact, []).append(item.value)
    return found


def test_the_stores_address_confirms_its_length():
    image = code(module(FVB_SMM, 0xFFC00000))
    assert told(hear_flash_base, image) == {"fv_length": [0x84000]}
    assert told(hear_flash_base, code(module(FVB_SMM, 0xFFC01000))) == {}


def test_two_addresses_inside_the_store_are_working_block_and_spare_area():
    image = code(module(FTW_SMM, 0xFFC42000, 0xFFC41000, 0xFFC84000))
    expected = {"ftw_working_offset": [0x41000], "ftw_spare_offset": [0x42000]}
    assert told(hear_ftw_addresses, image) == expected


def test_they_are_found_in_a_section_of_read_only_data_too():
    image = code(module(FTW_SMM, 7, data=(0xFFC31000, 0xFFC32000)))
    expected = {"ftw_working_offset": [0x31000], "ftw_spare_offset": [0x32000]}
    assert told(hear_ftw_addresses, image) == expected


@pytest.mark.parametrize("addresses", [(0xFFC41000,), (0xFFC41000, 0xFFC42000, 0xFFC50000)])
def test_any_other_number_of_addresses_tells_nothing(addresses):
    assert told(hear_ftw_addresses, code(module(FTW_SMM, *addresses))) == {}


@pytest.mark.parametrize("size", [0x40000, 0x41000])
def test_the_variable_region_ends_where_a_constant_says(size):
    # With an event log of one block before the working block, and without.
    known = Layout(fv_length=0x84000, block_size=0x1000, ftw_working_offset=0x41000)
    image = code(module(PLATFORM_PEI, size))
    assert told(hear_variable_size, image, known) == {"variable_size": [size]}


def test_a_module_that_holds_both_sizes_tells_nothing():
    known = Layout(fv_length=0x84000, block_size=0x1000, ftw_working_offset=0x41000)
    assert told(hear_variable_size, code(module(PLATFORM_PEI, 0x40000, 0x41000)), known) == {}
