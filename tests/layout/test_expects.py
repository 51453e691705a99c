from uuid import UUID

import pytest
from debian_firmware import (
    CODE_2M,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    CODE_IA32,
    UNIFIED_2M,
    X86_CODE,
)
from synthetic_images import code_image, memory_file, vars_image

from ovmfgui.flash.opening import image_of, open_image
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.layout.verdict import Evidence
from ovmfgui.nvram.structures import AUTHENTICATED

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
def test_secure_boot_builds_have_no_store_to_fall_back_to():
    plain, secure = (expectation(open_image([p])) for p in (CODE_4M, CODE_4M_SECBOOT))
    assert plain is not None
    assert secure is not None
    assert (plain.smm, plain.emulates) == (False, True)
    assert (secure.smm, secure.emulates) == (True, False)


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


def test_witnesses_that_disagree_are_a_finding(monkeypatch):
    from ovmfgui.layout import expects as module
    from ovmfgui.layout.witness import Witness

    def liar(_code, _known):
        yield Evidence("fv_length", 0x12000, "a liar", None)

    monkeypatch.setattr(module, "WITNESSES", (*module.WITNESSES, Witness("liar", liar, "")))
    expects = expectation(code_image("4m"))
    assert expects is not None
    assert expects.layout.fv_length == 0x84000
    assert [f.id for f in expects.findings] == ["witnesses-disagree"]
    assert "a liar" in expects.findings[0].text
