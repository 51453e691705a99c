import pytest
from synthetic_images import pair_image

from ovmfgui.layout.foreign import foreign_findings
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.reading import read_store

LARGE, SMALL = synthetic_package("4m").vars, synthetic_package("2m").vars


def marked(*pieces: tuple[int, bytes]) -> bytes:
    data = bytearray(LARGE)
    for offset, new in pieces:
        data[offset : offset + len(new)] = new
    return bytes(data)


def after_a_start_with_2m_code() -> bytes:
    """The hundred bytes that a 2M build writes into a 4M store before it dies."""
    return marked((0x64000, SMALL[:0x48]), (0x73000, SMALL[0xF000:0xF020]))


def findings(data: bytes):
    return foreign_findings(read_store(data), data)


@pytest.mark.parametrize("build", ["2m", "4m", "4m-shifted"])
def test_a_pristine_store_has_nothing_foreign_in_it(build):
    assert findings(synthetic_package(build).vars) == ()


def test_an_earlier_start_with_2m_code_is_recognised():
    found = findings(after_a_start_with_2m_code())
    assert [(f.id, f.place.span.start) for f in found] == [
        ("foreign-volume", 0x64000),
        ("foreign-ftw", 0x73000),
    ]
    assert all("variables are whole" in f.text for f in found)


def test_the_copy_of_the_volume_in_the_spare_area_is_its_own():
    assert findings(marked((0x42000, LARGE[:0x48]))) == ()


def test_a_second_working_block_among_the_variables_is_recognised():
    shifted = synthetic_package("4m-shifted").vars
    found = findings(marked((0x31000, shifted[0x31000:0x31020])))
    assert [f.id for f in found] == ["foreign-ftw"]
    assert "free space" in found[0].text


def test_the_inspection_of_a_pair_tells_it():
    from synthetic_images import memory_file

    from ovmfgui.flash.opening import image_of

    files = [
        memory_file(synthetic_package("4m").code),
        memory_file(after_a_start_with_2m_code()),
    ]
    ids = {f.id for f in inspect(image_of(files)).findings}
    assert {"foreign-volume", "foreign-ftw", "agrees"} <= ids
    assert "foreign-volume" not in {f.id for f in inspect(pair_image("4m", "4m")).findings}
