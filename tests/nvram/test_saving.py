import fcntl
import os
import struct

import pytest

from ovmfgui.nvram import saving
from ovmfgui.nvram.saving import create, save
from ovmfgui.refusal import Refused

OLD, NEW = b"old contents" * 100, b"new contents" * 100


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(OLD)
    path.chmod(0o640)
    return path


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_the_new_contents_take_the_place_of_the_old_and_the_old_are_kept(file):
    backup = save(file, NEW, expected=OLD)
    assert file.read_bytes() == NEW
    assert backup.read_bytes() == OLD
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak"]
    assert file.stat().st_mode & 0o7777 == 0o640
    assert file.stat().st_ino != backup.stat().st_ino


def test_the_backup_is_what_was_there_before_the_session(file):
    save(file, NEW, expected=OLD)
    assert save(file, OLD + NEW, expected=NEW, backup=False) is None
    backup = file.with_name("guest_VARS.fd.bak")
    assert backup.read_bytes() == OLD
    save(file, NEW, expected=OLD + NEW)
    assert backup.read_bytes() == OLD + NEW
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak"]


def test_where_no_hard_links_can_be_made_the_backup_is_a_copy(file, monkeypatch):
    def no_links(*_arguments):
        raise PermissionError(1, "no hard links here")

    monkeypatch.setattr(saving.os, "link", no_links)
    assert save(file, NEW, expected=OLD).read_bytes() == OLD
    create(file.with_name("new.fd"), NEW)
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak", "new.fd"]


def test_of_a_symlink_the_target_is_replaced(file, tmp_path):
    link = tmp_path / "link.fd"
    link.symlink_to(file.name)
    save(link, NEW, expected=OLD)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert (tmp_path / "guest_VARS.fd.bak").read_bytes() == OLD


def test_the_owner_stays(file):
    # Only root can give a file away; for anyone else this holds all the same.
    if os.geteuid() == 0:
        os.chown(file, 64055, 64055)
    before = file.stat()
    save(file, NEW, expected=OLD)
    after = file.stat()
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_runs_of_zeros_become_holes(file):
    data = bytes(1 << 20) + NEW + bytes(3 << 20)
    save(file, data, expected=OLD)
    assert file.read_bytes() == data
    assert file.stat().st_blocks * 512 < 1 << 20


def test_a_file_changed_by_another_program_is_left_alone(file):
    with pytest.raises(Refused, match="changed by another program"):
        save(file, NEW, expected=OLD + b"x")
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["guest_VARS.fd"]


@pytest.mark.parametrize("lock", [fcntl.F_RDLCK, fcntl.F_WRLCK])
def test_a_file_that_qemu_holds_is_left_alone(file, lock):
    # QEMU holds a lock on byte 100 + n for a permission that it has on an image.
    with file.open("r+b") as held:
        wanted = struct.pack("@hhqqi0q", lock, os.SEEK_SET, 101, 1, 0)
        fcntl.fcntl(held, fcntl.F_OFD_SETLK, wanted)
        with pytest.raises(Refused, match="in use by a running virtual machine"):
            save(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD
    save(file, NEW, expected=OLD)


def test_a_file_marked_read_only_is_left_alone(file):
    file.chmod(0o444)
    with pytest.raises(Refused, match=r"read-only|may not be written"):
        save(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD


def test_a_file_that_is_gone_is_not_made_anew(file):
    file.unlink()
    with pytest.raises(Refused, match="gone"):
        save(file, NEW, expected=OLD)
    assert names(file.parent) == []


@pytest.mark.parametrize("call", ["pwrite", "fsync", "ftruncate", "fchmod"])
def test_an_error_of_the_system_leaves_the_file_as_it_was(file, monkeypatch, call):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving.os, call, full)
    with pytest.raises(Refused, match=r"is as it was: No space left on device"):
        save(file, NEW, expected=OLD)
    monkeypatch.undo()
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["guest_VARS.fd"]


def test_a_folder_that_may_not_be_written_is_said(file, monkeypatch):
    def denied(**_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(saving.tempfile, "mkstemp", denied)
    with pytest.raises(Refused, match="needs a new file there"):
        save(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD


def test_creating_never_replaces(file):
    with pytest.raises(Refused, match="exists already"):
        create(file, NEW)
    assert file.read_bytes() == OLD
    new = file.with_name("new.fd")
    create(new, NEW)
    assert new.read_bytes() == NEW
    assert names(file.parent) == ["guest_VARS.fd", "new.fd"]
    with pytest.raises(Refused):
        create(file.parent / "nowhere" / "new.fd", NEW)
