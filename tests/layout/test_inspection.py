from pathlib import Path

import pytest
from debian_firmware import AAVMF, CODE_4M, OVMF, UNIFIED_2M, VARS_4M_MS
from synthetic_images import pair_image
from tiling import assert_tiles

from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.layout.fit import check
from ovmfgui.layout.inspection import (
    inspect,
    inspect_files,
    inspect_machine,
    with_secure_boot,
    with_store_bytes,
)
from ovmfgui.layout.report_markdown import report_markdown
from ovmfgui.machine.addresses import firmware_address, store_address
from ovmfgui.machine.opening import open_image, open_machine

STORES = [*sorted(OVMF.glob("*VARS*.fd")), *sorted(AAVMF.glob("AAVMF_VARS*.fd")), UNIFIED_2M]


@pytest.mark.firmware
@pytest.mark.parametrize("path", STORES, ids=lambda path: path.name)
def test_the_map_with_the_store_in_it_still_tiles(path):
    inspection = inspect(open_image([path]))
    assert_tiles(inspection.image, inspection.map)


@pytest.mark.firmware
def test_a_real_pair_has_everything():
    inspection = inspect(open_image([VARS_4M_MS, CODE_4M]))
    assert_tiles(inspection.image, inspection.map)
    assert inspection.expects is not None
    assert inspection.expects.layout == inspection.provides
    assert inspection.verdict is not None
    variables = {r.name: r for r in of_kind(inspection.map, Kind.VARIABLE)}
    assert {"PK", "KEK", "db", "dbx"} <= set(variables)
    assert variables["PK"].address == 0xFFC00000 + variables["PK"].span.start
    kinds = {r.kind for root in inspection.map for r in root.walk()}
    assert {Kind.EVENT_LOG, Kind.FTW_WORKING, Kind.FTW_SPARE, Kind.RESET_VECTOR} <= kinds


def test_a_finding_is_told_once():
    inspection = inspect(pair_image("4m", "2m"))
    keys = [(f.id, f.place) for f in inspection.findings]
    assert len(keys) == len(set(keys))


DOMAINS = Path(__file__).parents[1] / "data" / "domains"


@pytest.mark.firmware
@pytest.mark.parametrize("name", ["swapped", "unified-and-vars", "rom", "i440-secboot"])
def test_the_map_has_the_chips_where_the_machine_has_them(name):
    opened = open_machine([DOMAINS / f"{name}.xml"])
    assert opened is not None
    shown = inspect_machine(opened)
    assert_tiles(shown.image, shown.map)
    for space in {region.place.space for region in shown.map}:
        (first, *_) = [region for region in shown.map if region.place.space == space]
        file = shown.image.files[space]
        assert opened.firmware is not None
        assert opened.firmware.file is not None
        is_first = file.path == opened.firmware.file.path
        where = firmware_address(opened) if is_first else store_address(opened)
        assert first.address == where
        if is_first:
            assert where == (4 << 30) - file.size


@pytest.mark.firmware
def test_what_check_tells_of_secure_boot_stands_in_the_window_each_once():
    found = inspect_files([CODE_4M, VARS_4M_MS], lambda *_step: None)
    plain = inspect(found.image)
    checked = check(open_image([CODE_4M]), open_image([VARS_4M_MS])).findings
    # Whether a running guest may come here is asked of hosts.
    secure_boot = [each for each in checked if each not in plain.findings][:-1]
    assert [each.id for each in secure_boot].count("certificate-ended") > 1
    assert [each for each in found.findings if each not in plain.findings] == secure_boot
    assert with_secure_boot(found).findings == found.findings
    empty = (OVMF / "OVMF_VARS_4M.fd").read_bytes()
    edited = with_store_bytes(found, 1, empty)
    ids = {each.id for each in edited.findings}
    assert "setup-mode" in ids
    assert "certificate-ended" not in ids
    text = report_markdown(found)
    for each in secure_boot:
        assert text.count(each.text) <= 1
