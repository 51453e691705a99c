import fcntl
import os
import signal
import struct
import subprocess
import sys

import pytest

from ovmfgui.cli.main import main
from ovmfgui.flash.source import read_regular
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram import saved, saving, temporary
from ovmfgui.nvram.file_lock import holder
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
    real = os.open

    def denied(path, flags, *mode):
        if flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *mode)

    monkeypatch.setattr(temporary.os, "open", denied)
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


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_save_that_is_ended_leaves_nothing_or_the_next_one_removes_it(file, ended_by):
    script = f"""
import os, signal, sys
if {int(ended_by)} != signal.SIGKILL:
    signal.signal({int(ended_by)}, signal.SIG_DFL)  # under nohup a hang-up is ignored
from ovmfgui.nvram import saving
os.fsync = lambda _descriptor: os.kill(os.getpid(), {int(ended_by)})
saving.save({str(file)!r}, b"new" * 400, expected={OLD!r})
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == -ended_by
    assert file.read_bytes() == OLD
    if ended_by != signal.SIGKILL:
        assert names(file.parent) == ["guest_VARS.fd"]
    else:
        assert len(names(file.parent)) == 2
    save(file, NEW, expected=OLD)
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak"]


def test_what_another_save_is_writing_is_left_to_it(file):
    with temporary.temporary(file.parent, file.name) as (path, _descriptor):
        save(file, NEW, expected=OLD)
        assert path.exists()
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak"]


def test_a_name_of_the_greatest_length_can_be_saved(tmp_path):
    path = tmp_path / ("é" * 125 + ".")
    path.write_bytes(OLD)
    save(path, NEW, expected=OLD)
    assert path.read_bytes() == NEW
    assert len(names(tmp_path)) == 2


def test_a_folder_in_the_backups_place_is_named_and_nothing_is_left(file):
    file.with_name("guest_VARS.fd.bak").mkdir()
    with pytest.raises(Refused, match=r"guest_VARS\.fd\.bak is a folder"):
        save(file, NEW, expected=OLD)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["guest_VARS.fd", "guest_VARS.fd.bak"]


LOCKS = (
    (fcntl.F_RDLCK, 101, 1, "in use by a running virtual machine"),
    (fcntl.F_RDLCK, 201, 1, "in use by a running virtual machine"),
    (fcntl.F_WRLCK, 100, 200, "another ovmfgui"),
    (fcntl.F_WRLCK, 0, 1, "libvirt"),
    (fcntl.F_WRLCK, 0, 0, "another program"),
)


@pytest.mark.parametrize(("kind", "start", "size", "words"), LOCKS)
def test_who_holds_a_file_is_told_when_it_is_saved_and_when_it_is_read(
    file, kind, start, size, words
):
    assert holder(file) is None
    with file.open("r+b") as held:
        wanted = struct.pack("@hhqqi0q", kind, os.SEEK_SET, start, size, 0)
        fcntl.fcntl(held, fcntl.F_OFD_SETLK, wanted)
        with pytest.raises(Refused, match=words):
            save(file, NEW, expected=OLD)
        assert words.removeprefix("in use by ") in str(holder(file))
    assert file.read_bytes() == OLD


def test_a_store_that_a_machine_holds_is_said_when_it_is_read(tmp_path, capsys):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(synthetic_package("2m").vars)
    with path.open("r+b") as held:
        wanted = struct.pack("@hhqqi0q", fcntl.F_RDLCK, os.SEEK_SET, 101, 1, 0)
        fcntl.fcntl(held, fcntl.F_OFD_SETLK, wanted)
        code = tmp_path / "CODE.fd"
        code.write_bytes(synthetic_package("2m").code)
        for command in (["vars", "list"], ["inspect"], ["check", str(code)]):
            assert main([*command, str(path)]) == 0
            told = " ".join(capsys.readouterr().out.split())
            assert "in use by a running virtual machine" in told
    assert main(["vars", "list", str(path)]) == 0
    assert "in use" not in capsys.readouterr().out


def test_another_name_of_the_file_is_told(file, capsys):
    other = file.with_name("other.fd")
    other.hardlink_to(file)
    saved.other_names.clear()
    save(file, NEW, expected=OLD)
    assert other.read_bytes() == OLD
    (told,) = saved.told_of_other_names()
    assert told.startswith(f"{file} had another name (hard links)")
    assert list(saved.told_of_other_names()) == []


def test_saving_works_where_the_system_has_less(file, monkeypatch):
    for name in ("listxattr", "fchown", "fchmod", "O_CLOEXEC", "O_NONBLOCK", "O_DIRECTORY"):
        monkeypatch.delattr(os, name)
    for name in ("pread", "pwrite"):
        monkeypatch.delattr(os, name)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert save(file, NEW, expected=OLD).read_bytes() == OLD
    assert file.read_bytes() == NEW
    create(file.with_name("created.fd"), NEW)
    assert read_regular(file) == NEW
