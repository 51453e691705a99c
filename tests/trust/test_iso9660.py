"""ISO 9660 images whose folders lead back to themselves, or are more than anybody reads."""

import pytest
from synthetic_iso import SECTOR, folder_record, iso_image

from ovmfgui.trust import iso9660
from ovmfgui.trust.iso9660 import iso_volume
from ovmfgui.trust.raw_disk import RawDisk

ROOT, FOLDER = 20, 21
"""The sectors in which ``iso_image`` lays the root and the first folder below it."""


@pytest.fixture
def disk(tmp_path):
    def made(data):
        path = tmp_path / "disk.iso"
        path.write_bytes(data)
        return RawDisk(str(path), len(data), str(tmp_path), packed=False)

    return made


def leading_to(sector, image, *, number=40):
    """The image with a folder B/ whose entries are all folders, in that sector."""
    records = b"".join(folder_record(f"F{index}", sector) for index in range(number))
    assert len(records) <= SECTOR
    at = FOLDER * SECTOR
    return image[:at] + records.ljust(SECTOR, b"\0") + image[at + SECTOR :]


def test_files_below_folders(disk):
    found = iso_volume(disk(iso_image({"A/B/C": b"xyz", "D": b"1"}, None)))
    assert found.files == ("/A/B/C", "/D")
    assert found.read("/A/B/C") == b"xyz"


@pytest.mark.parametrize("sector", [ROOT, FOLDER])
def test_folders_that_hold_themselves_are_looked_into_once(disk, sector):
    # 40 folders, each of which is the one that they lie in, are 40 to the 16th.
    image = leading_to(sector, iso_image({"A/B": b"x", "C": b"y"}, None))
    assert iso_volume(disk(image)).files == ("/C",)


def test_records_of_all_folders_have_a_limit_together(disk, monkeypatch):
    image = iso_image({"A/B": b"x", "C": b"y"}, None)
    monkeypatch.setattr(iso9660, "MOST_ISO_FOLDERS", SECTOR)
    found = iso_volume(disk(image))
    assert found.files == ("/C",)
    assert found.unread == ("ISO 9660: the folder /A",)


def test_folders_below_the_deepest_are_told(disk, monkeypatch):
    monkeypatch.setattr(iso9660, "MOST_ISO_LEVELS", 1)
    found = iso_volume(disk(iso_image({"A/B/C": b"xyz", "D": b"1"}, None)))
    assert found.files == ("/D",)
    assert found.unread == ("ISO 9660: /A/B lies more than 1 levels deep",)
