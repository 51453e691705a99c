"""A medium that is not looked at to its end: it is told, and what is not known does not start."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from debian_firmware import VARS_4M_MS

from ovmfgui.nvram import vendors
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused
from ovmfgui.trust import boot_chain, fat, medium, partitions
from ovmfgui.trust.boot_chain import chains_of, loaders_on, overall
from ovmfgui.trust.medium import opened_volumes
from ovmfgui.trust.overview import overview

pytestmark = pytest.mark.firmware

SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
GRUB = Path("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")
MIB = 1 << 20
TODAY = date(2026, 11, 27)


@pytest.fixture
def tree(tmp_path):
    def made(files):
        for name, file in files.items():
            path = tmp_path / "tree" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, path)
        return tmp_path / "tree"

    return made


def answered(path, entry=""):
    """What decides, and what was not looked at, with a boot entry that names a file."""
    variables = {record.key: record.data for record in read_store(VARS_4M_MS.read_bytes()).live}
    if entry:
        node = b"\x04\x04" + (4 + 2 * len(entry) + 2).to_bytes(2, "little")
        node += entry.encode("utf-16-le") + b"\0\0" + b"\x7f\xff\x04\0"
        head = (1).to_bytes(4, "little") + len(node).to_bytes(2, "little")
        option = head + "Own\0".encode("utf-16-le") + node
        variables[vendors.GLOBAL, "Boot0007"] = option
        variables[vendors.GLOBAL, "BootOrder"] = b"\7\0"
    seen = overview(variables, authenticated=True, room=None, today=TODAY)
    loaders = loaders_on(str(path))
    return overall(chains_of(loaders, seen), loaders, seen), loaders.unread


def test_a_loader_behind_the_last_that_is_looked_at_is_not_known(tree, monkeypatch):
    top = tree({"EFI/BOOT/BOOTX64.EFI": SHIM, "EFI/BOOT/grubx64.efi": GRUB, "EFI/z/a.efi": GRUB})
    monkeypatch.setattr(boot_chain, "MOST_LOADERS", 3)
    assert answered(top)[0].starts is True
    decides, unread = answered(top, "\\EFI\\z\\a.efi")
    assert (decides.starts, decides.entry, unread) == (False, "Boot0007", ())
    monkeypatch.setattr(boot_chain, "MOST_LOADERS", 2)
    assert answered(top)[0].starts is True
    decides, unread = answered(top, "\\EFI\\z\\a.efi")
    assert decides.starts is None
    assert decides.why == "not known: Boot0007 names /EFI/z/a.efi, which was not looked at"
    assert len(unread) == 1
    # What shim starts is one of those that were not looked at.
    monkeypatch.setattr(boot_chain, "MOST_LOADERS", 1)
    decides, unread = answered(top)
    assert decides.starts is None
    assert decides.why.endswith("shim starts grubx64.efi beside it, which was not looked at")
    assert unread[0].startswith("/EFI/BOOT/grubx64.efi and whatever follows")


def test_kernels_behind_the_last_that_is_looked_at_are_not_refused(tree, monkeypatch, tmp_path):
    bare = tmp_path / "bare.efi"
    subprocess.run(["sbattach", "--remove", shutil.copy(GRUB, bare)], check=True)
    loaders = {"EFI/BOOT/BOOTX64.EFI": SHIM, "EFI/BOOT/grubx64.efi": GRUB}
    top = tree({**loaders, "boot/vmlinuz-1": bare, "boot/vmlinuz-2": bare})
    monkeypatch.setattr(boot_chain, "MOST_KERNELS", 2)
    decides, unread = answered(top)
    assert (decides.starts, unread) == (False, ())
    monkeypatch.setattr(boot_chain, "MOST_KERNELS", 1)
    decides, unread = answered(top)
    assert decides.starts is None
    assert decides.why.endswith("and other kernels were not looked at")
    assert unread[0].startswith("/boot/vmlinuz-2 and whatever follows")


def test_folders_that_hold_too_much_are_refused(tree, monkeypatch):
    top = tree({"EFI/BOOT/BOOTX64.EFI": SHIM})
    for name, most, words in (("VOLUME_FILES", 3, "2 files"), ("ISO_LEVELS", 2, "1 levels")):
        with monkeypatch.context() as patched:
            patched.setattr(medium, f"MOST_{name}", most)
            with opened_volumes(str(top)) as volumes:
                assert volumes[0].unread == ()
            patched.setattr(medium, f"MOST_{name}", most - 1)
            with pytest.raises(Refused, match=words), opened_volumes(str(top)):
                pass


@pytest.fixture
def esp(tree, tmp_path):
    """A file system of 12 MiB, whose last file lies behind its first 6 MiB."""
    top = tree({"EFI/BOOT/BOOTX64.EFI": SHIM, "EFI/BOOT/grubx64.efi": GRUB})
    image, filler = tmp_path / "esp.img", tmp_path / "filler"
    for file, size in ((image, 12 * MIB), (filler, 4 * MIB)):
        with file.open("wb") as made:
            made.truncate(size)
    subprocess.run(["mkfs.vfat", image], check=True, capture_output=True)
    copies = ((top / "EFI", ""), (filler, "/filler"), (SHIM, "/EFI/late.efi"))
    for file, name in copies:
        subprocess.run(["mcopy", "-s", "-i", image, file, f"::{name}"], check=True)
    return image


def test_files_of_a_fat_file_system_behind_the_last(esp, monkeypatch):
    monkeypatch.setattr(fat, "MOST_VOLUME_FILES", 4)
    with opened_volumes(str(esp)) as (volume,):
        assert (volume.unread, volume.cut) == ((), frozenset())
    monkeypatch.setattr(fat, "MOST_VOLUME_FILES", 3)
    with opened_volumes(str(esp)) as (volume,):
        # Those of \EFI are kept.
        assert volume.unread == ("FAT holds more than 3 files",)
        assert volume.find("/filler") is None
        assert volume.cut == {""}


def test_what_lies_behind_the_part_of_a_packed_disk_that_is_read(esp, monkeypatch, tmp_path):
    packed = tmp_path / "esp.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", esp, packed]
    subprocess.run(convert, check=True, capture_output=True)
    monkeypatch.setattr(fat, "MOST_ESP", 12 * MIB)
    with opened_volumes(str(packed)) as (volume,):
        assert volume.unread == ()
        assert volume.read("/EFI/late.efi") == SHIM.read_bytes()
    monkeypatch.setattr(fat, "MOST_ESP", 6 * MIB)
    with opened_volumes(str(packed)) as (volume,):
        assert volume.unread == ("FAT: what lies behind its first 6 MiB",)
        assert volume.read("/EFI/BOOT/BOOTX64.EFI") == SHIM.read_bytes()
        with pytest.raises(Refused, match=r"/EFI/late\.efi is not read whole"):
            volume.read("/EFI/late.efi")
    assert answered(packed)[0].starts is None


def test_entries_of_a_partition_table_behind_the_last(esp, monkeypatch, tmp_path):
    disk = tmp_path / "gpt.img"
    header = b"EFI PART" + bytes(64) + (2).to_bytes(8, "little")
    header += (8).to_bytes(4, "little") + (128).to_bytes(4, "little")
    system = bytes.fromhex("28732ac11ff8d211ba4b00a0c93ec93b")
    entry = system + bytes(16) + (2048).to_bytes(8, "little") + (2048).to_bytes(8, "little")
    head = bytearray(MIB)
    head[512 : 512 + len(header)] = header
    head[1024 + 128 : 1024 + 128 + len(entry)] = entry
    disk.write_bytes(head + esp.read_bytes())
    monkeypatch.setattr(partitions, "MOST_PARTITIONS", 8)
    with opened_volumes(str(disk)) as (volume,):
        assert volume.unread == ()
    monkeypatch.setattr(partitions, "MOST_PARTITIONS", 7)
    with opened_volumes(str(disk)) as (volume,):
        assert volume.unread == ("entries of the partition table behind 7 of 8",)
    monkeypatch.setattr(partitions, "MOST_PARTITIONS", 1)
    told = "not looked at: entries of the partition table behind 1 of 8"
    with pytest.raises(Refused, match=told), opened_volumes(str(disk)):
        pass
