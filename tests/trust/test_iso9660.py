"""ISO 9660 images of a real tool, and whose folders lead back to themselves or never end."""

import lzma
from pathlib import Path

import pytest
from synthetic_iso import SECTOR, folder_record, iso_image

from ovmfgui.refusal import Refused
from ovmfgui.trust import iso9660
from ovmfgui.trust.fat import is_fat
from ovmfgui.trust.iso9660 import efi_image, is_iso9660, iso_volume
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
    why = "the records of all folders have more than 2 KiB"
    assert found.unread == (f"ISO 9660: the folder /A: {why}",)
    monkeypatch.setattr(iso9660, "MOST_ISO_FOLDERS", 2 * SECTOR)
    assert iso_volume(disk(image)).unread == ()


def test_folders_below_the_deepest_are_told(disk, monkeypatch):
    monkeypatch.setattr(iso9660, "MOST_ISO_LEVELS", 1)
    found = iso_volume(disk(iso_image({"A/B/C": b"xyz", "D": b"1"}, None)))
    assert found.files == ("/D",)
    assert found.unread == ("ISO 9660: /A/B lies more than 1 levels deep",)
    monkeypatch.setattr(iso9660, "MOST_ISO_LEVELS", 2)
    assert iso_volume(disk(iso_image({"A/B/C": b"xyz", "D": b"1"}, None))).unread == ()


def test_folders_behind_too_many_files_are_told(disk, monkeypatch):
    image = disk(iso_image({"A/B": b"x", "C": b"y"}, None))
    monkeypatch.setattr(iso9660, "MOST_VOLUME_FILES", 1)
    found = iso_volume(image)
    assert found.files == ("/C",)
    assert found.unread == ("ISO 9660: the folder /A: there are more than 1 files",)
    monkeypatch.setattr(iso9660, "MOST_VOLUME_FILES", 2)
    assert iso_volume(image).unread == ()


def test_a_folder_larger_than_any_is_told(disk, monkeypatch):
    image = disk(iso_image({"C": b"y"}, None))
    monkeypatch.setattr(iso9660, "MOST_ISO_FOLDER", 80)
    found = iso_volume(image)
    assert found.unread == ("ISO 9660: the folder / is larger than any that is read",)
    assert found.cut == {""}
    monkeypatch.setattr(iso9660, "MOST_ISO_FOLDER", SECTOR)
    assert iso_volume(image).unread == ()


REAL = Path(__file__).parents[1] / "data/media/xorriso.iso.xz"
# The first sector and bytes by path, as isoinfo -l tells them; versions are left out.
LISTED = {
    "/A/B/C/D/DEEP.TXT": (71, 4),
    "/BOOT/BOOT.CAT": (38, 2048),
    "/BOOT/GRUB/EFI.IMG": (39, 65536),
    "/BOOT/GRUB/X86_64_E/A_NAME_T.MOD": (72, 3),
    "/EFI/BOOT/BOOTX64.EFI": (73, 8),
    "/EFI/DEBIAN/SHIMX64.EFI": (74, 9),
    "/LINK": (37, 0),
    **{f"/POOL/PACKAG{n:02}.DEB": (75 + n, len(str(n))) for n in range(30)},
    "/README": (37, 0),
    "/TWO_SECT.BIN": (105, 3000),
}
KNOWN = {
    "/A/B/C/D/DEEP.TXT": b"deep",
    "/BOOT/GRUB/X86_64_E/A_NAME_T.MOD": b"mod",
    "/EFI/BOOT/BOOTX64.EFI": b"MZ first",
    "/EFI/DEBIAN/SHIMX64.EFI": b"MZ second",
    "/LINK": b"",
    **{f"/POOL/PACKAG{n:02}.DEB": str(n).encode() for n in range(30)},
    "/README": b"",
    "/TWO_SECT.BIN": b"\xa5" * 3000,
}


def test_an_image_of_xorriso_is_read_as_isoinfo_lists_it(disk):
    data = lzma.decompress(REAL.read_bytes())
    image = disk(data)
    assert is_iso9660(image)
    found = iso_volume(image)
    assert found.files == tuple(sorted(LISTED))
    assert found.unread == ()
    for path, (sector, size) in LISTED.items():
        assert found.read(path) == data[sector * SECTOR :][:size], path
    assert {path: found.read(path) for path in KNOWN} == KNOWN
    # Boot image 1, no emulation, of the platform EFI: xorriso -report_el_torito.
    assert efi_image(image) == 39 * SECTOR
    assert is_fat(image, 39 * SECTOR)


def test_a_file_in_several_parts_is_not_taken_for_its_last(disk):
    image = bytearray(iso_image({"C": b"xyz", "D": b"1"}, None))
    # ECMA-119, 9.1.6: the flags lie seven bytes before the length of the name.
    at = image.index(b"\3C;1")
    image[at - 7] |= 0x80
    found = iso_volume(disk(bytes(image)))
    assert found.read("/D") == b"1"
    with pytest.raises(Refused, match="several parts"):
        found.read("/C")


@pytest.mark.parametrize("kept", [7, 38, 157, 181, 190])
def test_a_volume_descriptor_that_is_cut_off_holds_no_file(disk, kept):
    image = iso_image({"A": b"x"}, None)[: 16 * SECTOR + kept]
    assert iso_volume(disk(image)).files == ()
