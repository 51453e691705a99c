from uuid import UUID

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_AA64, CODE_IA32, VARS_4M_MS, VARS_AA64_MS
from synthetic_images import code_image, memory_file

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.conversion import convert
from ovmfgui.layout.fit import check
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.layout.verdict import Fit
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused

VENDOR = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
STORED = Attributes.NV | Attributes.BS | Attributes.RT


def with_variables(data: bytes, count: int, size: int = 40) -> bytes:
    for number in range(count):
        edit = Editor(data).set_variable(f"Var{number}", VENDOR, bytes([number]) * size, STORED)
        data = edit.after
    return data


def values(data: bytes):
    return {r.key: (r.data, r.attributes, r.timestamp) for r in read_store(data).live}


@pytest.mark.parametrize("source", ["2m", "4m", "4m-shifted"])
@pytest.mark.parametrize("target", BUILDS)
def test_every_variable_is_carried_into_a_store_that_fits(source, target):
    old = with_variables(synthetic_package(source).vars, 20)
    old = Editor(old).delete_variable("Var3", VENDOR).after
    made = convert(read_store(old), old, code_image(target))
    assert values(made.data) == values(old)
    assert len(made.carried) == 19
    assert made.dropped == ("1 record that is superseded, deleted or torn",)
    verdict = check(code_image(target), image_of([memory_file(made.data)]))
    assert verdict.fit is Fit.FITS


def test_what_does_not_fit_is_refused_with_numbers():
    old = with_variables(synthetic_package("4m").vars, 10, 8000)
    with pytest.raises(Refused, match=r"10 variables take [\d,]+ bytes, the new store has room"):
        convert(read_store(old), old, code_image("2m"))


def test_a_variable_beyond_the_new_firmwares_limit_is_carried_with_a_warning():
    old = with_variables(synthetic_package("4m").vars, 1, 0x3000)
    made = convert(read_store(old), old, code_image("2m"))
    assert len(made.carried) == 1
    assert "cannot change it" in made.warnings[0]


def test_a_store_is_no_code():
    old = synthetic_package("4m").vars
    with pytest.raises(Refused, match="holds no CODE"):
        convert(read_store(old), old, image_of([memory_file(old)]))


@pytest.mark.firmware
@pytest.mark.parametrize("code", [CODE_2M, CODE_4M, CODE_IA32, CODE_AA64], ids=lambda p: p.name)
@pytest.mark.parametrize("source", [VARS_4M_MS, VARS_AA64_MS], ids=lambda p: p.name)
def test_debians_stores_for_debians_firmware(code, source):
    old = source.read_bytes()
    image = open_image([code])
    made = convert(read_store(old), old, image)
    assert values(made.data) == values(old)
    assert check(image, image_of([memory_file(made.data)])).fit is Fit.FITS
