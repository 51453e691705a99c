import struct
from dataclasses import replace
from uuid import UUID

import pytest
from debian_firmware import (
    AAVMF,
    CODE_2M,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    CODE_IA32,
    UNIFIED_2M,
    X86_CODE,
)
from synthetic_images import code_image, memory_file, vars_image

from ovmfgui.flash.executable import Executable
from ovmfgui.flash.image import Architecture
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.structures import NV_DATA
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.fit import judge
from ovmfgui.layout.modules import (
    EMU_FVB,
    FVB_RUNTIME,
    FVB_STANDALONE_MM,
    PLATFORM_PEI,
    VIRT_MM,
    VIRT_NOR_FLASH,
    CodeImage,
    Module,
)
from ovmfgui.layout.pairing import Pairing
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.layout.verdict import Evidence, Fit
from ovmfgui.layout.witnesses.x86_constants import hear_variable_size
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.structures import AUTHENTICATED
from ovmfgui.span import Span

CODE_ARM = AAVMF / "AAVMF32_CODE.fd"

SMALL = Layout(
    0x20000, 0x1000, 0xE000, 0xE000, 0x1000, 0xF000, 0x1000, 0x10000, 0x10000, AUTHENTICATED
)
LARGE = Layout(
    0x84000, 0x1000, 0x40000, 0x40000, 0x1000, 0x41000, 0x1000, 0x42000, 0x42000, AUTHENTICATED
)
ARM = Layout(0xC0000, None, 0x40000, None, 0, 0x40000, 0x40000, 0x80000, 0x40000, AUTHENTICATED)


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("path", "layout"),
    [
        (CODE_2M, SMALL),
        (UNIFIED_2M, SMALL),
        (CODE_4M, LARGE),
        (CODE_4M_SECBOOT, LARGE),
        (CODE_IA32, LARGE),
        (CODE_AA64, ARM),
        (CODE_ARM, ARM),
    ],
)
def test_debians_firmware_tells_every_constant(path, layout):
    expects = expectation(open_image([path]))
    assert expects is not None
    assert expects.layout == layout
    assert expects.findings == ()


@pytest.mark.firmware
@pytest.mark.parametrize("path", X86_CODE, ids=lambda path: path.name)
def test_evidence_points_at_bytes_that_say_what_it_claims(path):
    image = open_image([path])
    expects = expectation(image)
    assert expects is not None
    placed = [item for item in expects.evidence if item.place is not None]
    assert placed
    for item in placed:
        said = image.bytes_at(item.place)
        assert claim(item) in (said, None), item


def claim(item: Evidence) -> bytes | None:
    """The bytes by which a constant is told directly; None where it is derived."""
    if isinstance(item.value, UUID):
        return item.value.bytes_le
    direct = ("flash driver's", "TDVF", "size 0x")
    if item.source.startswith(direct):
        return item.value.to_bytes(item.place.span.size, "little")
    return None


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("path", "fact", "instructions"),
    [
        # cmp x0, #0xc0, lsl #12; mov x0, #0xc0000
        (CODE_AA64, "fv_length", ["1f0043f1", "8001a0d2"]),
        # mov w0, #0x40000; mov w1, #0x40000
        (CODE_AA64, "variable_size", ["8000a052", "8100a052"]),
        # sub.w r3, r3, #0xc0000; mov.w r2, #0xc0000
        (CODE_ARM, "fv_length", ["a3f54023", "4ff44022"]),
        # rsb r3, r3, #0x40000, twice
        (CODE_ARM, "variable_size", ["c3f58023", "c3f58023"]),
    ],
)
def test_arms_sizes_are_told_by_the_bytes_of_instructions(path, fact, instructions):
    image = open_image([path])
    expects = expectation(image)
    assert expects is not None
    places = [item.place for item in expects.evidence if item.fact == fact]
    assert [image.bytes_at(place).hex() for place in places] == instructions


@pytest.mark.firmware
@pytest.mark.parametrize("path", [*X86_CODE, CODE_AA64, CODE_ARM], ids=lambda path: path.name)
def test_debians_firmware_is_built_without_assertions(path):
    expects = expectation(open_image([path]))
    assert expects is not None
    assert expects.debug is False


@pytest.mark.firmware
def test_secure_boot_builds_have_no_store_to_fall_back_to():
    plain, secure = (expectation(open_image([p])) for p in (CODE_4M, CODE_4M_SECBOOT))
    assert plain is not None
    assert secure is not None
    assert (plain.smm, plain.has_emu_variable_fvb) == (False, True)
    assert (secure.smm, secure.has_emu_variable_fvb) == (True, False)


@pytest.mark.parametrize("build", BUILDS)
def test_what_went_into_a_synthetic_build_is_read_out_again(build):
    expects = expectation(code_image(build))
    assert expects is not None
    assert expects.layout == BUILDS[build].layout
    assert expects.smm == BUILDS[build].smm
    assert expects.findings == ()


def test_a_store_alone_expects_nothing():
    assert expectation(vars_image("4m")) is None


def test_code_without_a_readable_module_is_unknown_with_a_reason():
    package = synthetic_package("4m")
    # The packed volume's bytes gone, nothing tells what this CODE expects.
    code = package.code[:0x100] + bytes(0x40000) + package.code[0x40100:]
    expects = expectation(image_of([memory_file(code)]))
    assert expects is not None
    assert expects.layout == Layout()
    assert "no flash driver" in expects.reason
    assert [e.heuristic for e in expects.evidence] == [True]


def module(guid: UUID, name: str, data: bytes = b"", kind: str = "DXE driver") -> Module:
    executable = Executable("PE32", 0x8664, 0, (), Span(0, len(data)), in_place=True)
    return Module(guid, name, kind, data, 0, executable)


def expecting(monkeypatch, *modules: Module, architecture: Architecture = Architecture.X64):
    """What is expected by a CODE image of these modules alone."""
    image = code_image("4m")
    code = CodeImage(image, architecture, 0x37C000, False, modules)
    monkeypatch.setattr("ovmfgui.layout.expects.code_image", lambda _image: code)
    expects = expectation(image)
    assert expects is not None
    return expects


def flash_template(length: int) -> bytes:
    """FvLength and the header that the flash driver compares with (FvbInfo.c)."""
    return b"".join(
        (
            bytes(16),
            NV_DATA.bytes_le,
            struct.pack("<QII", length, 0x4856465F, 0x40C36),
            struct.pack("<HHHBB", 0x48, 0, 0, 0, 2),
            struct.pack("<IIII", length // 0x1000, 0x1000, 0, 0),
        )
    )


def test_a_flash_driver_under_another_guid_and_name_is_known_by_its_template(monkeypatch):
    stranger = module(UUID(int=1), "Flash", flash_template(0x84000), "MM module")
    expects = expecting(monkeypatch, stranger)
    assert expects.layout.fv_length == 0x84000
    assert expects.layout.block_size == 0x1000
    assert expects.smm


def test_a_driver_in_standalone_mm_has_no_store_to_fall_back_to(monkeypatch):
    driver = module(FVB_STANDALONE_MM, "FvbServicesStandaloneMm", flash_template(0x84000))
    assert expecting(monkeypatch, driver).smm


def test_a_drivers_other_guid_does_not_hide_it(monkeypatch):
    driver = module(UUID(int=2), "FvbServicesRuntimeDxe", flash_template(0x20000))
    expects = expecting(monkeypatch, driver)
    assert expects.layout.fv_length == 0x20000
    assert not expects.smm


def test_variables_that_qemu_keeps_are_in_no_store(monkeypatch):
    expects = expecting(monkeypatch, module(VIRT_MM, "VirtMmCommunication"))
    assert expects.layout == Layout()
    assert "uefi-vars" in expects.reason
    assert [finding.id for finding in expects.findings] == ["variables-in-qemu"]


def test_firmware_that_keeps_variables_in_memory_says_so(monkeypatch):
    expects = expecting(monkeypatch, module(EMU_FVB, "EmuVariableFvbRuntimeDxe"))
    assert "in memory" in expects.reason


def test_code_that_shows_no_known_pattern_names_the_architecture(monkeypatch):
    driver = module(VIRT_NOR_FLASH, "VirtNorFlashDxe", bytes(64))
    expects = expecting(monkeypatch, driver, architecture=Architecture.RISCV64)
    assert "riscv64" in expects.reason


@pytest.mark.parametrize(
    ("data", "debug"),
    [(b"\0ASSERT_EFI_ERROR (Status = %r)\n\0", True), (b"nothing of the kind", False)],
)
def test_a_debug_build_is_known_by_what_its_assertions_print(monkeypatch, data, debug):
    driver = module(FVB_RUNTIME, "FvbServicesRuntimeDxe", data)
    assert expecting(monkeypatch, driver).debug is debug


def test_whether_assertions_are_in_is_unknown_without_a_driver_to_ask(monkeypatch):
    stranger = module(UUID(int=3), "Shell", b"ASSERT_EFI_ERROR (Status = %r)")
    assert expecting(monkeypatch, stranger).debug is None


def test_witnesses_that_disagree_are_a_finding(monkeypatch):
    from ovmfgui.layout import expects as asked
    from ovmfgui.layout.witness import Witness

    def liar(_code, _known):
        yield Evidence("fv_length", 0x12000, "a liar", None)

    monkeypatch.setattr(asked, "WITNESSES", (*asked.WITNESSES, Witness("liar", liar, "")))
    expects = expectation(code_image("4m"))
    assert expects is not None
    assert expects.layout.fv_length == 0x84000
    assert [f.id for f in expects.findings] == ["witnesses-disagree"]
    assert "a liar" in expects.findings[0].text
    assert expects.disputed == ("fv_length",)
    made = synthetic_package("4m")
    pair = Pairing(expects, Architecture.X64, len(made.code), made.vars, 1, code_data=made.code)
    verdict = judge(pair)
    assert verdict.fit is Fit.UNKNOWN
    assert "its witnesses disagree about FvLength" in verdict.summary


def test_a_constant_found_by_chance_does_not_contradict_one_that_is_told():
    """PlatformPei of Debian 13 holds 0x38000 by chance, nine blocks below the working block."""
    data = b"\xb8" + (0x38000).to_bytes(4, "little") + bytes(8)
    span = Span(0, len(data))
    executable = Executable("PE32", 0x8664, 0, (span,), span, in_place=True)
    platform = Module(PLATFORM_PEI, "PlatformPei", "PEI module", data, 0, executable)
    code = CodeImage(code_image("4m"), Architecture.X64, 0x37C000, False, (platform,))
    told = Layout(variable_size=0x40000, ftw_working_offset=0x41000, block_size=0x1000)
    assert list(hear_variable_size(code, told)) == []
    untold = replace(told, variable_size=None)
    assert [each.value for each in hear_variable_size(code, untold)] == [0x38000]
