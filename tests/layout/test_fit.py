import dataclasses
from itertools import product

import pytest
from debian_firmware import (
    CODE_2M,
    CODE_2M_SECBOOT,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    CODE_IA32,
    UNIFIED_2M,
    VARS_2M,
    VARS_2M_MS,
    VARS_4M,
    VARS_4M_MS,
    VARS_AA64_BLANK,
    VARS_AA64_MS,
    VARS_IA32,
)
from synthetic_images import code_image, judged, memory_file

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.fit import check, check_image, judge
from ovmfgui.layout.pairing import Pairing
from ovmfgui.layout.rules import RULES
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

BAD = Fit.INCOMPATIBLE


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("code", "store", "fit", "outcome"),
    [
        (CODE_4M, VARS_4M, Fit.FITS, Outcome.BOOTS),
        (CODE_4M, VARS_4M_MS, Fit.FITS, Outcome.BOOTS),
        (CODE_4M_SECBOOT, VARS_4M_MS, Fit.FITS, Outcome.BOOTS),
        (CODE_IA32, VARS_IA32, Fit.FITS, Outcome.BOOTS),
        (CODE_2M, VARS_2M, Fit.FITS, Outcome.BOOTS),
        (CODE_2M_SECBOOT, VARS_2M_MS, Fit.FITS, Outcome.BOOTS),
        (CODE_4M, VARS_2M, BAD, Outcome.BOOTS_VOLATILE),
        (CODE_4M_SECBOOT, VARS_2M, BAD, Outcome.NO_BOOT),
        (CODE_2M, VARS_4M, BAD, Outcome.NO_BOOT),
        (CODE_AA64, VARS_AA64_BLANK, Fit.FITS, Outcome.BOOTS_INITIALISES),
        (CODE_AA64, VARS_AA64_MS, Fit.FITS, Outcome.BOOTS),
        (CODE_AA64, VARS_4M, BAD, Outcome.REFUSED_BY_QEMU),
        (CODE_4M, VARS_AA64_MS, BAD, Outcome.REFUSED_BY_QEMU),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_debians_pairs(code, store, fit, outcome):
    verdict = check(open_image([code]), open_image([store]))
    assert (verdict.fit, verdict.outcome) == (fit, outcome)
    assert verdict.summary.endswith(".")


@pytest.mark.firmware
def test_a_unified_image_is_judged_on_its_own():
    verdict = check_image(open_image([UNIFIED_2M]))
    assert (verdict.fit, verdict.outcome) == (Fit.FITS, Outcome.BOOTS)


@pytest.mark.parametrize(("code", "store"), list(product(BUILDS, BUILDS)))
def test_synthetic_builds_fit_exactly_where_their_layouts_are_equal(code, store):
    verdict = judged(code, synthetic_package(store).vars)
    assert (verdict.fit is Fit.FITS) == (BUILDS[code].layout == BUILDS[store].layout)


def changed(build: str, offset: int, new: bytes) -> bytes:
    data = bytearray(synthetic_package(build).vars)
    data[offset : offset + len(new)] = new
    return bytes(data)


def with_checksum(data: bytes) -> bytes:
    fixed = bytearray(data)
    fixed[0x32:0x34] = b"\0\0"
    total = sum(int.from_bytes(fixed[i : i + 2], "little") for i in range(0, 0x48, 2))
    fixed[0x32:0x34] = (-total & 0xFFFF).to_bytes(2, "little")
    return bytes(fixed)


@pytest.mark.parametrize(
    ("store", "rule", "outcome"),
    [
        (changed("4m", 0x32, b"\0\0"), "volume-rebuilt", Outcome.NO_BOOT),
        (changed("4m", 0x28, b"XXXX"), "volume-rebuilt", Outcome.NO_BOOT),
        (with_checksum(changed("4m", 0x20, b"\x00\x00\x02")), "volume-rebuilt", Outcome.NO_BOOT),
        (with_checksum(changed("4m", 0x10, b"\xaa" * 16)), "other-file-system", Outcome.NO_BOOT),
        (changed("4m", 0x48, b"\xff" * 28), "no-store-header", Outcome.NO_BOOT),
        (changed("4m", 0x48 + 20, b"\x00"), "no-store-header", Outcome.NO_BOOT),
        (changed("4m", 0x41000, bytes(32)), "ftw-heals", Outcome.BOOTS),
        (bytes(0x84000), "no-flash-seen-volatile", Outcome.BOOTS_VOLATILE),
        (b"\x50" * 0x84000, "no-flash-seen-volatile", Outcome.BOOTS_VOLATILE),
        (b"\x70" * 0x84000, "no-flash-seen-volatile", Outcome.BOOTS_VOLATILE),
        (b"\0\x50\x70\0" * 0x21000, "no-flash-seen-volatile", Outcome.BOOTS_VOLATILE),
        (b"\xff" * 0x84000, "volume-rebuilt", Outcome.NO_BOOT),
        (synthetic_package("2m").vars.ljust(0x84000, b"\xff"), "volume-rebuilt", Outcome.NO_BOOT),
        (
            synthetic_package("4m").vars + bytes(0x7C000 * 16),
            "qemu-refuses-size",
            Outcome.REFUSED_BY_QEMU,
        ),
        (synthetic_package("4m-shifted").vars, "other-boundaries", Outcome.BOOTS_CORRUPTING),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_damaged_stores(store, rule, outcome):
    verdict = judged("4m", store)
    assert verdict.findings[0].id == rule
    assert verdict.outcome is outcome


def judged_by(code_path, store: bytes, **flags):
    """The verdict of a real CODE with some of what was read of it told otherwise."""
    code = open_image([code_path])
    expects = expectation(code)
    assert expects is not None
    altered = dataclasses.replace(expects, **flags)
    return judge(Pairing(altered, code.architecture, code.files[0].size, store, 1))


@pytest.mark.firmware
def test_a_debug_build_halts_where_a_release_build_corrupts():
    store = synthetic_package("4m-shifted").vars
    assert judged_by(CODE_4M, store).outcome is Outcome.BOOTS_CORRUPTING
    verdict = judged_by(CODE_4M, store, debug=True)
    assert (verdict.outcome, verdict.fit) == (Outcome.NO_BOOT, BAD)


@pytest.mark.firmware
def test_smm_dies_of_a_store_with_a_larger_region():
    store = pristine(0x50000)
    assert judged_by(CODE_4M_SECBOOT, store).outcome is Outcome.NO_BOOT
    assert judged_by(CODE_4M_SECBOOT, pristine(0x30000)).outcome is Outcome.BOOTS_CORRUPTING
    # Debian 12's boots, Debian 13's does not: what a release build does cannot be told.
    verdict = judged_by(CODE_4M, store)
    assert (verdict.fit, verdict.outcome) == (BAD, Outcome.UNKNOWN)


def pristine(variable_size: int) -> bytes:
    return pristine_volume(
        fv_length=0x84000,
        block_size=0x1000,
        variable_size=variable_size,
        ftw_working_offset=variable_size + 0x1000,
        ftw_working_size=0x1000,
        ftw_spare_offset=variable_size + 0x2000,
    )


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("field", "value", "lenient", "since_2024"),
    [
        (0x28, b"\xff\xff\xff\x7f", Outcome.NO_BOOT, Outcome.WIPED),
        (0x24, None, Outcome.BOOTS, Outcome.WIPED),
        (0x02, b"\0", Outcome.BOOTS, Outcome.WIPED),
    ],
    ids=["record beyond the store", "odd name", "impossible state"],
)
def test_arm_firmware_walks_the_records_since_2024(field, value, lenient, since_2024):
    data = bytearray(VARS_AA64_MS.read_bytes())
    victim = read_store(bytes(data)).live[3]
    # One byte less, while the next record stays where it is.
    value = value or (victim.name_span.size - 1).to_bytes(4, "little")
    assert victim.data_span.end % 4 != 1
    start = victim.span.start + field
    data[start : start + len(value)] = value
    assert judged_by(CODE_AA64, bytes(data)).outcome is lenient
    assert judged_by(CODE_AA64, bytes(data), validates_records=True).outcome is since_2024


def test_a_size_that_is_no_multiple_of_a_page_is_refused_in_qemus_words():
    verdict = judged("4m", synthetic_package("4m").vars + bytes(100))
    assert verdict.outcome is Outcome.REFUSED_BY_QEMU
    assert "system firmware block device pflash1 has invalid size 541184" in verdict.summary


@pytest.mark.parametrize(("more", "refused"), [(-0x1000, False), (0, False), (0x1000, True)])
def test_x86_machines_have_8_mib_of_flash_and_no_page_more(more, refused):
    """QEMU hw/i386/pc_sysfw.c, max_fw_size: 8 MiB of both chips together."""
    package = synthetic_package("4m")
    room = (8 << 20) - len(package.code) - len(package.vars) + more
    verdict = judged("4m", package.vars + b"\xff" * room)
    assert (verdict.outcome is Outcome.REFUSED_BY_QEMU) == refused
    assert ("8388608" in verdict.summary) == refused


def test_each_difference_names_both_values():
    verdict = judged("4m", synthetic_package("2m").vars)
    by_fact = {d.fact: d for d in verdict.differences}
    assert (by_fact["fv_length"].expected, by_fact["fv_length"].provided) == (0x84000, 0x20000)
    assert "528 KiB" in by_fact["fv_length"].text
    assert "128 KiB" in by_fact["fv_length"].text


def test_a_truncated_store_is_refused():
    with pytest.raises(Refused, match="is cut off"):
        judged("4m", synthetic_package("4m").vars[:0x8000])


def test_the_wrong_way_round_is_refused():
    code = code_image("4m")
    store = image_of([memory_file(synthetic_package("4m").vars)])
    with pytest.raises(Refused, match="no CODE image"):
        check(store, code)
    with pytest.raises(Refused, match="no variable store"):
        check(code, code)


def test_rules_have_ids_of_their_own_and_the_last_one_always_applies():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert RULES[-1].id == "agrees"
    assert all(dataclasses.asdict(rule)["fit"] in Fit for rule in RULES)
