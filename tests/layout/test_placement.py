"""Where the store lies, and cures that lose nothing."""

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT, VARS_2M_MS, VARS_4M, VARS_4M_MS
from synthetic_images import memory_file

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.nvram.locating import nv_volumes, store_offset
from ovmfgui.nvram.reading import read_store

pytestmark = pytest.mark.firmware


def judged(code: bytes, store: bytes) -> Verdict:
    return check_image(image_of([memory_file(code, "CODE"), memory_file(store, "VARS")]))


@pytest.mark.parametrize(
    ("code", "store"), [(CODE_4M, VARS_4M_MS), (CODE_4M_SECBOOT, VARS_4M_MS), (CODE_2M, VARS_2M_MS)]
)
@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_padding_behind_a_store_is_cut_never_replaced_by_the_template(code, store, fill):
    data = store.read_bytes()
    verdict = judged(code.read_bytes(), data.ljust(2 << 20, fill))
    assert verdict.fit is Fit.INCOMPATIBLE
    assert f"truncate -s {len(data)}" in verdict.advice
    assert f"size={len(data)}" in verdict.advice
    assert "template" not in verdict.advice
    assert "variables stay whole" in verdict.advice


@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
def test_padding_in_front_of_a_store_moves_it_where_code_looks(fill):
    data = VARS_4M_MS.read_bytes()
    verdict = judged(CODE_4M.read_bytes(), data.rjust(1 << 20, fill))
    assert (verdict.fit, verdict.outcome) == (Fit.FITS, Outcome.BOOTS)
    assert "31 variables" in verdict.summary


def test_of_two_stores_the_one_that_ends_with_the_file_counts():
    plain, full = VARS_4M.read_bytes(), VARS_4M_MS.read_bytes()
    for both, count in ((plain + full, 31), (full + plain, 0)):
        assert store_offset(both) == len(plain)
        store = read_store(both)
        assert len(store.live) == count
        notes = [f for f in store.findings if f.id == "store-not-used"]
        assert [f.place.span.start for f in notes] == [0]


def test_a_unified_image_padded_in_front_is_read_where_its_store_lies():
    unified = VARS_4M_MS.read_bytes() + CODE_4M.read_bytes()
    data = unified.rjust(6 << 20, b"\xff")
    assert store_offset(data) == len(data) - len(unified)
    verdict = check_image(image_of([memory_file(data, "UNIFIED")]))
    assert (verdict.fit, verdict.outcome) == (Fit.FITS, Outcome.BOOTS)


def test_a_store_elsewhere_is_named_with_the_way_to_it():
    data = bytes(0x20000) + VARS_4M_MS.read_bytes() + bytes(0x1000)
    (found,) = read_store(data).findings
    assert found.id == "store-elsewhere"
    assert "0x20000" in found.text
    assert "tail -c +131073 FILE | head -c 540672" in found.text


def test_the_copy_in_a_spare_area_is_no_store_of_its_own():
    data = VARS_4M_MS.read_bytes()
    spare = bytearray(data)
    spare[0x42000 : 0x42000 + 0x40000] = data[:0x40000]
    assert [each.offset for each in nv_volumes(bytes(spare) + bytes(1 << 20))] == [0]
