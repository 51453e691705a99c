"""Another reader's structure of every installed image, compared whole."""

import re
import shutil
import subprocess
from collections import Counter

import pytest
from debian_firmware import AAVMF, OVMF, UNIFIED_2M

from ovmfgui.flash.region import Kind
from ovmfgui.machine.opening import open_image

# Links lead to the same images, blank templates have no structure.
IMAGES = [
    path
    for path in [*sorted(OVMF.glob("*.fd")), *sorted(AAVMF.glob("*.fd")), UNIFIED_2M]
    if not path.is_symlink() and path.name not in ("AAVMF_VARS.fd", "AAVMF32_VARS.fd")
]
KINDS = {
    Kind.VOLUME: "Volume",
    Kind.NV_VOLUME: "Volume",
    Kind.FILE: "File",
    Kind.PAD_FILE: "File",
    Kind.SECTION: "Section",
}
GUID = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")


def theirs(report: str) -> Counter:
    """(type, GUID, size) of what the report lists; it names no GUID for pad files."""
    found: Counter = Counter()
    for line in report.splitlines()[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        if cells[0] in KINDS.values():
            guid = GUID.search(cells[5])
            found[cells[0], guid.group().lower() if guid else "", int(cells[3], 16)] += 1
    return found


def ours(path) -> Counter:
    found: Counter = Counter()
    for root in open_image([path]).map:
        for region in root.walk():
            if region.kind in KINDS:
                named = region.guid is not None and region.kind is not Kind.PAD_FILE
                guid = str(region.guid) if named else ""
                found[KINDS[region.kind], guid, region.span.size] += 1
    return found


@pytest.mark.firmware
@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.name)
def test_volumes_files_and_sections_are_the_same(tmp_path, path):
    copy = tmp_path / path.name
    shutil.copyfile(path, copy)
    subprocess.run(["UEFIExtract", copy, "report"], capture_output=True, check=False)
    listed = theirs((tmp_path / f"{path.name}.report.txt").read_text())
    assert listed
    assert ours(path) == listed
