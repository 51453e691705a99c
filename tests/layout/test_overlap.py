from uuid import UUID

from synthetic_images import judged

from ovmfgui.layout.overlap import regions
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store

VENDOR = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")


def test_the_regions_of_a_layout_tile_its_volume():
    for build in BUILDS.values():
        position = 0
        for _name, span in regions(build.layout):
            assert span.start == position
            position = span.end
        assert position == build.layout.fv_length


def test_other_boundaries_show_what_runs_into_what():
    found = judged("4m", synthetic_package("4m-shifted").vars).overlaps
    assert [(o.expected, o.provided, o.span.start, o.span.size) for o in found] == [
        ("variable region", "event log", 0x30000, 0x1000),
        ("variable region", "FTW working block", 0x31000, 0x1000),
        ("variable region", "FTW spare area", 0x32000, 0xE000),
        ("event log", "FTW spare area", 0x40000, 0x1000),
        ("FTW working block", "FTW spare area", 0x41000, 0x1000),
    ]


def test_live_data_in_an_overlap_is_counted():
    data = synthetic_package("4m").vars
    for number in range(7):
        data = Editor(data).set_variable(f"Big{number}", VENDOR, bytes(32_000), 7).after
    verdict = judged("4m-shifted", data)
    live = sum(overlap.live for overlap in verdict.overlaps)
    beyond = sum(
        max(0, record.span.end - max(record.span.start, 0x30000))
        for record in read_store(data).live
        if record.span.end > 0x30000
    )
    assert live == beyond > 0
    assert f"{live:,} bytes of live variables" in verdict.summary


def test_equal_layouts_do_not_overlap():
    assert judged("4m", synthetic_package("4m").vars).overlaps == ()
