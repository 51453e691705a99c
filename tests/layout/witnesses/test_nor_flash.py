from uuid import UUID

import pytest
from instruction_bytes import VALIDATES, words
from synthetic_images import code_image

from ovmfgui.flash.executable import Executable
from ovmfgui.flash.image import Architecture
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.modules import FTW_DXE, VIRT_NOR_FLASH, CodeImage, Module
from ovmfgui.layout.witnesses.nor_flash import hear_flash_driver, hear_ftw_driver
from ovmfgui.span import Place, Span

MACHINES = {"aarch64": 0xAA64, "arm": 0x01C2, "riscv64": 0x5064, "loongarch64": 0x6264}
KNOWN = Layout(fv_length=0x1C0000, variable_size=0x80000)
BEFORE = 0x100


def module(guid: UUID, machine: str, code: bytes, in_place: bool = True) -> Module:
    """A driver that lies somewhere inside its space."""
    whole, span = bytes(BEFORE) + code, Span(BEFORE, len(code))
    executable = Executable("PE32", MACHINES[machine], 0, (span,), span, in_place)
    return Module(guid, "Driver", "DXE driver", whole, 1, executable)


def image_of_module(driver: Module, machine: str) -> CodeImage:
    architecture = Architecture(machine)
    return CodeImage(code_image("4m"), architecture, 64 << 20, False, (driver,))


@pytest.mark.parametrize("machine", VALIDATES)
def test_the_flash_driver_tells_the_volume_and_the_variable_region(machine):
    driver = module(VIRT_NOR_FLASH, machine, VALIDATES[machine][1])
    evidence = list(hear_flash_driver(image_of_module(driver, machine), Layout()))
    assert [(item.fact, item.value) for item in evidence] == [
        ("fv_length", 0xC0000),
        ("variable_size", 0x40000),
    ]
    for item in evidence:
        assert item.place.space == 1
        assert driver.span.covers(item.place.span)


def test_a_length_that_is_no_whole_number_of_pages_is_none():
    code = VALIDATES["aarch64"][1].replace(
        words(0xF143003F),  # cmp x1, #0xc0, lsl #12
        words(0xF103003F),  # cmp x1, #0xc0
    )
    driver = module(VIRT_NOR_FLASH, "aarch64", code)
    assert list(hear_flash_driver(image_of_module(driver, "aarch64"), Layout())) == []


def test_code_of_another_processor_is_not_asked():
    driver = module(VIRT_NOR_FLASH, "aarch64", VALIDATES["aarch64"][1])
    assert list(hear_flash_driver(image_of_module(driver, "riscv64"), Layout())) == []


def test_an_image_whose_sections_move_when_loaded_is_not_asked():
    driver = module(VIRT_NOR_FLASH, "aarch64", VALIDATES["aarch64"][1], in_place=False)
    assert list(hear_flash_driver(image_of_module(driver, "aarch64"), Layout())) == []


def facts(code: bytes, known: Layout = KNOWN) -> dict[str, int]:
    image = image_of_module(module(FTW_DXE, "aarch64", code), "aarch64")
    return {item.fact: item.value for item in hear_ftw_driver(image, known)}


TOLD = {
    "ftw_working_offset": 0x80000,
    "ftw_working_size": 0x40000,
    "ftw_spare_offset": 0xC0000,
    "ftw_spare_size": 0x100000,
}


def test_fixed_addresses_tell_working_block_and_spare_area():
    # mov w0, #0x4080000; mov w0, #0x40c0000
    assert facts(words(0x52A08100, 0x52A08180)) == TOLD


def test_sizes_that_fill_the_volume_tell_them_too():
    # mov w0, #0x40000; mov w0, #0x100000
    code = words(0x52A00080, 0x52A00200)
    assert facts(code) == TOLD
    image = image_of_module(module(FTW_DXE, "aarch64", code), "aarch64")
    places = {item.place for item in hear_ftw_driver(image, KNOWN)}
    assert places == {Place(1, Span(BEFORE, 4)), Place(1, Span(BEFORE + 4, 4))}


def test_sizes_that_leave_a_gap_tell_nothing():
    # mov w0, #0x40000; mov w0, #0x90000
    assert facts(words(0x52A00080, 0x52A00120)) == {}


def test_sizes_that_fit_two_ways_tell_nothing():
    # A volume of 0x100000 with a variable region of 0x40000: 0x40000 + 0x80000 either way round.
    known = Layout(fv_length=0x100000, variable_size=0x40000)
    # mov w0, #0x40000; mov w0, #0x80000
    assert facts(words(0x52A00080, 0x52A00100), known) == {}


def test_a_spare_area_smaller_than_the_variable_region_is_none():
    # mov w0, #0x100000; mov w0, #0x40000, in a volume with a variable region of 0x80000
    told = facts(words(0x52A00200, 0x52A00080))
    assert told["ftw_spare_size"] == 0x100000
