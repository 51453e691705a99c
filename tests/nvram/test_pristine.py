import pytest
from debian_firmware import UNIFIED_2M, VARS_2M, VARS_4M
from stores import LAYOUT_AAVMF, pristine
from tiling import assert_tiles_span

from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.regions import nv_volume_region


@pytest.mark.firmware
@pytest.mark.parametrize(("layout", "template"), [("2M", VARS_2M), ("4M", VARS_4M)])
def test_a_pristine_volume_is_the_template_that_the_firmware_build_made(layout, template):
    assert pristine(layout) == template.read_bytes()


@pytest.mark.firmware
def test_a_unified_image_starts_with_a_pristine_volume():
    assert UNIFIED_2M.read_bytes().startswith(pristine("2M"))


@pytest.mark.parametrize(
    ("layout", "checksum", "crc"),
    [("2M", 0xF919, 0x642CAF2C), ("4M", 0xB8AF, 0x642CAF2C), ("AAVMF", 0x0928, 0x86C6E75B)],
)
def test_checksums_are_those_of_the_firmware_builds(layout, checksum, crc):
    data = pristine(layout)
    store = read_store(data)
    assert int.from_bytes(data[0x32:0x34], "little") == checksum
    assert {f.name: f.value for f in store.ftw.fields}["Crc"] == crc
    assert store.ftw.header_ok
    assert store.findings == ()
    assert store.gauge.free == store.gauge.total
    assert_tiles_span(nv_volume_region(store, data))


def test_parts_that_overlap_are_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="overlap"):
        pristine_volume(**LAYOUT_AAVMF | {"ftw_working_offset": 0x30000})
