import pytest
from debian_firmware import (
    AAVMF,
    CODE_2M,
    CODE_2M_SECBOOT,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    CODE_IA32,
    UNIFIED_2M,
    VARS_4M,
)
from stores import VENDOR, pristine

from ovmfgui.cli.main import main
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.layout import limits
from ovmfgui.layout.limits import variable_limits
from ovmfgui.layout.modules import code_image
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.limits import OVMF_4M, SMALL, limits_of
from ovmfgui.nvram.reading import read_store

BUILDS = [
    (CODE_2M, SMALL),
    (CODE_2M_SECBOOT, SMALL),
    (UNIFIED_2M, SMALL),
    (CODE_4M, OVMF_4M),
    (CODE_4M_SECBOOT, OVMF_4M),
    (CODE_IA32, OVMF_4M),
    (CODE_AA64, SMALL),
]


@pytest.mark.firmware
@pytest.mark.parametrize(("path", "expected"), BUILDS, ids=lambda each: str(each)[-24:])
def test_code_tells_the_largest_variables_of_its_build(path, expected):
    assert variable_limits(open_image([path])) == expected


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("path", "driver"),
    [
        (CODE_4M, "VariableRuntimeDxe"),
        (CODE_IA32, "VariableSmm"),
        (CODE_AA64, "VariableRuntimeDxe"),
    ],
)
def test_no_other_of_a_hundred_modules_says_anything_of_the_kind(path, driver):
    found = code_image(open_image([path]))
    assert len(found.modules) > 100
    said = [
        module.name
        for module in found.modules
        for span in module.executable.code
        for _limits in limits._READERS[module.executable.architecture](span.of(module.data))
    ]
    assert said == [driver]


@pytest.mark.firmware
def test_code_that_is_not_read_here_claims_nothing():
    assert variable_limits(open_image([AAVMF / "AAVMF32_CODE.fd"])) is None
    assert variable_limits(open_image([VARS_4M])) is None


def test_firmware_without_a_variable_driver_claims_nothing():
    code = synthetic_package("4m").code
    image = image_of([FlashFile("CODE.fd", code, Format.RAW, Role.CODE)])
    assert variable_limits(image) is None


SPACES = b"".join(b"\x48\x89\xab" + (0x90 + 8 * n).to_bytes(4, "little") for n in range(3))


def x64(slot, value, base=3):
    return (
        bytes([0x48, 0xC7, 0x80 | base]) + slot.to_bytes(4, "little") + value.to_bytes(4, "little")
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (SPACES + x64(0xC0, 0x2000) + x64(0xC8, 0x2800), [(0x2000, 0x2800)]),
        (SPACES + x64(0xC0, 0x2000) + b"\x90" * 30 + x64(0xC8, 0x2800), [(0x2000, 0x2800)]),
        (SPACES + x64(0xC0, 0x2000) + b"\x90" * 60 + x64(0xC8, 0x2800), []),
        (SPACES + x64(0xC0, 0x2000) + x64(0xD0, 0x2800), []),
        (SPACES + x64(0xC0, 0x2000) + x64(0xC8, 0x2800, base=6), []),
        (SPACES + x64(0xC0, 0x2001) + x64(0xC8, 0x2800), []),
        (SPACES + x64(0xC0, 0) + x64(0xC8, 0x2800), []),
        (SPACES[:14] + x64(0xC0, 0x2000) + x64(0xC8, 0x2800), []),
        (SPACES + b"\x90" * 300 + x64(0xC0, 0x2000) + x64(0xC8, 0x2800), []),
        (x64(0xC0, 0x2000) + x64(0xC8, 0x2800), []),
    ],
)
def test_two_constants_side_by_side_count_only_where_the_sizes_of_the_space_come_before(code, said):
    assert list(limits._x64(code)) == said


def a64(*words):
    return b"".join(word.to_bytes(4, "little") for word in words)


# STP X23, X23, [X10, #0x90]; STR X23, [X10, #0xA0]; MOVZ X0, #0x2000; STR X0, [X10, #0xC0]; ...
ARM_SPACES = (0xA9095D57, 0xF9005157)
ARM_LIMITS = (0xD2840000, 0xF9006140, 0xD2850000, 0xF9006540)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*ARM_SPACES, *ARM_LIMITS), [(0x2000, 0x2800)]),
        # A MOVK in between makes another, longer constant of it.
        ((*ARM_SPACES, *ARM_LIMITS[:3], 0xF2A00020, ARM_LIMITS[3]), []),
        ((ARM_SPACES[0], *ARM_LIMITS), []),
        (ARM_LIMITS, []),
    ],
)
def test_arm_code_is_read_by_the_same_rule(words, said):
    assert list(limits._a64(a64(*words))) == said


@pytest.mark.firmware
def test_a_variable_is_held_to_what_the_given_code_takes(tmp_path, capsys):
    path = tmp_path / "VARS.fd"
    path.write_bytes(pristine("4M"))
    value = tmp_path / "value"
    value.write_bytes(bytes(0x2001))
    arguments = ["vars", "set", str(path), "A", "--guid", str(VENDOR), "--file", str(value)]
    assert limits_of(read_store(pristine("4M"))) == OVMF_4M
    assert main([*arguments, "--for", str(CODE_2M)]) == 2
    assert "8,132" in capsys.readouterr().err
    assert main([*arguments, "--for", str(VARS_4M)]) == 2
    assert "no CODE" in capsys.readouterr().err
    assert main([*arguments, "--for", str(AAVMF / "AAVMF32_CODE.fd")]) == 0
    assert "does not tell" in capsys.readouterr().err
