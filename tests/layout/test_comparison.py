from uuid import UUID

import pytest
from debian_firmware import CODE_2M, CODE_4M, VARS_2M, VARS_4M_MS
from synthetic_images import memory_file, pair_image

from ovmfgui.flash.opening import image_of
from ovmfgui.layout.comparison import compare
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor

VENDOR = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")


def test_an_image_is_the_same_as_itself():
    one = inspect(pair_image("4m", "4m"))
    found = compare(one, one)
    assert found.same
    assert not any(row.differs for row in found.constants)
    assert found.variables == ()


def test_differing_constants_come_first_and_moved_regions_are_marked():
    found = compare(
        inspect(pair_image("4m", "4m")), inspect(pair_image("4m-shifted", "4m-shifted"))
    )
    differing = [row.fact for row in found.constants if row.differs]
    assert differing == [row.fact for row in found.constants[: len(differing)]]
    assert "variable_size" in differing
    assert "fv_length" not in differing
    moved = {row.name for row in found.regions if row.moved}
    assert moved == {"variable region", "event log", "FTW working block", "FTW spare area"}


def test_variables_and_bytes_of_two_stores():
    old = synthetic_package("2m").vars
    new = Editor(old).set_variable("Timeout", VENDOR, b"\5\0", 7).after
    found = compare(*(inspect(image_of([memory_file(data)])) for data in (old, new)))
    assert [(v.record.name, v.kind) for v in found.variables] == [("Timeout", "only-second")]
    assert found.files[0].differing == sum(a != b for a, b in zip(old, new, strict=True))
    assert found.files[0].runs[0].start == 0x64


@pytest.mark.firmware
def test_debians_two_builds():
    sides = ([CODE_4M, VARS_4M_MS], [CODE_2M, VARS_2M])
    found = compare(*(inspect(open_image(paths)) for paths in sides))
    rows = {row.name: row for row in found.regions}
    assert rows["event log"].first.span.start == 0x40000
    assert rows["event log"].second.span.start == 0xE000
    assert {v.kind for v in found.variables} == {"only-first"}
