import dataclasses
import struct
from uuid import UUID

import pytest
from synthetic_images import code_image

from ovmfgui.flash.executable import Executable
from ovmfgui.flash.image import Architecture
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.modules import (
    FTW_SMM,
    FVB_SMM,
    PLATFORM_PEI,
    VARIABLE_SMM,
    CodeImage,
    Module,
)
from ovmfgui.layout.witnesses.x86_constants import (
    hear_flash_base,
    hear_ftw_addresses,
    hear_store_length,
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


EIGHT = Layout(fv_length=0x108000, block_size=0x1000)
EIGHT_CODE = (8 << 20) - 0x108000
CALLS = b"\xb9\x02\x00\x00\x90\xff\x10"  # mov ecx, 0x90000002; call [rax]
WORKING, SPARE = b"\x48\xc7\xc1\x00\x30\x88\xff", b"\xba\x00\x40\x88\xff"


def ftw(machine_code: bytes) -> CodeImage:
    """An 8 MiB build: region 0x80000, log 0x3000, working block 0x1000, spare area 0x84000."""
    span = Span(0, len(machine_code))
    executable = Executable("PE32", 0x8664, 0, (span,), span, in_place=True)
    driver = Module(FTW_SMM, "FaultTolerantWriteSmm", "MM module", machine_code, 0, executable)
    return CodeImage(code_image("4m"), Architecture.X64, EIGHT_CODE, False, (driver,))


@pytest.mark.parametrize(
    "machine_code",
    [
        CALLS + WORKING + SPARE + b"\xb8\x00\x10\x00\x00\xb8\x00\x40\x08\x00",
        CALLS + WORKING + SPARE,
        CALLS + CALLS + SPARE + b"\x90" * 8 + WORKING + CALLS,
    ],
    ids=["sizes", "immediates", "other order"],
)
def test_bytes_that_look_like_an_address_hide_no_real_ones(machine_code):
    found = told(hear_ftw_addresses, ftw(machine_code), EIGHT)
    assert found == {"ftw_working_offset": [0x83000], "ftw_spare_offset": [0x84000]}


@pytest.mark.parametrize("size", [0x40000, 0x41000])
def test_the_variable_region_ends_where_a_constant_says(size):
    # With an event log of one block before the working block, and without.
    known = Layout(fv_length=0x84000, block_size=0x1000, ftw_working_offset=0x41000)
    image = code(module(PLATFORM_PEI, size))
    assert told(hear_variable_size, image, known) == {"variable_size": [size]}


def test_an_event_log_of_several_blocks_is_recognised():
    known = dataclasses.replace(EIGHT, ftw_working_offset=0x83000)
    image = dataclasses.replace(code(module(PLATFORM_PEI, 0x80000)), chip_size=EIGHT_CODE)
    assert told(hear_variable_size, image, known) == {"variable_size": [0x80000]}
    image = code(driver(NOPS + b"\xb8\x00\x00\x08\x00" + LOADS[0] + NOPS))
    assert told(hear_store_length, image, known) == {"variable_size": [0x80000]}
    both = code(module(PLATFORM_PEI, 0x80000, 0x81000))
    assert told(hear_variable_size, both, known) == {}


def test_a_module_that_holds_both_sizes_tells_nothing():
    known = Layout(fv_length=0x84000, block_size=0x1000, ftw_working_offset=0x41000)
    assert told(hear_variable_size, code(module(PLATFORM_PEI, 0x40000, 0x41000)), known) == {}


KNOWN = Layout(fv_length=0x84000, block_size=0x1000, ftw_working_offset=0x41000)
MOV_EAX_40000 = b"\xb8\x00\x00\x04\x00"  # mov eax, 0x40000
MOV_EAX_41000 = b"\xb8\x00\x10\x04\x00"  # mov eax, 0x41000
LOADS = [
    b"\x0f\xb7\x53\x30",  # movzx edx, word ptr [rbx + 0x30]
    b"\x41\x0f\xb7\x54\x24\x30",  # movzx edx, word ptr [r12 + 0x30]
]
OTHER_LOAD = b"\x0f\xb7\x53\x34"  # movzx edx, word ptr [rbx + 0x34]
NOPS = bytes([0x90]) * 16


def driver(machine_code: bytes) -> Module:
    span = Span(0, len(machine_code))
    executable = Executable("PE32", 0x8664, 0, (span,), span, in_place=True)
    return Module(VARIABLE_SMM, "VariableSmm", "MM module", machine_code, 0, executable)


@pytest.mark.parametrize("load", LOADS)
def test_the_store_is_the_variable_region_less_header_length(load):
    image = code(driver(NOPS + MOV_EAX_40000 + load + NOPS))
    assert told(hear_store_length, image, KNOWN) == {"variable_size": [0x40000]}
    image = code(driver(NOPS + load + MOV_EAX_41000 + NOPS))
    assert told(hear_store_length, image, KNOWN) == {"variable_size": [0x41000]}


@pytest.mark.parametrize(
    "machine_code",
    [
        MOV_EAX_40000 + NOPS + LOADS[0],  # too far apart to belong together
        MOV_EAX_40000 + OTHER_LOAD,
        MOV_EAX_40000 + LOADS[0] + NOPS + MOV_EAX_41000 + LOADS[0],  # two ways
    ],
)
def test_a_constant_that_has_nothing_to_do_with_header_length_tells_nothing(machine_code):
    assert told(hear_store_length, code(driver(machine_code)), KNOWN) == {}
