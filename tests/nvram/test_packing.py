import json
import lzma
import shutil
import subprocess

import pytest
from stores import VENDOR, pristine, values

from ovmfgui.cli.main import main
from ovmfgui.flash import qcow2_layers
from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_file
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.packing import create_flash, format_for, packed, save_flash
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

EDITED = Editor(pristine()).set_variable("A", VENDOR, b"new").after


def qemu_img(*arguments):
    done = subprocess.run(["qemu-img", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def qcow2(tmp_path):
    """A qcow2 store as nobody makes by default: an old version, small clusters."""
    raw, path = tmp_path / "raw.fd", tmp_path / "guest_VARS.qcow2"
    raw.write_bytes(pristine())
    options = "compat=0.10,cluster_size=4096"
    qemu_img("convert", "-f", "raw", "-O", "qcow2", "-o", options, raw, path)
    raw.unlink()
    path.chmod(0o640)
    return path


def contents(path, folder):
    """What QEMU itself finds in an image."""
    raw = folder / "contents.fd"
    qemu_img("convert", "-f", "qcow2", "-O", "raw", path, raw)
    return raw.read_bytes()


def names(folder):
    return sorted(each.name for each in folder.iterdir())


def test_the_format_of_a_new_file_is_told_by_its_name():
    names = {"a.fd": Format.RAW, "a.fd.xz": Format.XZ, "a.QCOW2": Format.QCOW2, "xz": Format.RAW}
    assert {name: format_for(name) for name in names} == names


@pytest.mark.parametrize("name", ["v.fd", "v.fd.xz", "v.qcow2"])
def test_what_is_created_reads_back(tmp_path, name):
    create_flash(tmp_path / name, EDITED)
    file = read_file(tmp_path / name)
    assert (file.data, file.format) == (EDITED, format_for(name))
    with pytest.raises(Refused, match="exists already"):
        create_flash(tmp_path / name, EDITED)
    assert names(tmp_path) == [name]


def test_a_qcow2_store_is_saved_as_what_it_was(qcow2, tmp_path):
    before = qcow2.read_bytes()
    backup = save_flash(read_file(qcow2), EDITED)
    assert contents(qcow2, tmp_path) == EDITED
    info = json.loads(qemu_img("info", "--output=json", qcow2))
    assert info["cluster-size"] == 4096
    assert info["format-specific"]["data"]["compat"] == "0.10"
    assert info["virtual-size"] == len(EDITED)
    assert qcow2.stat().st_mode & 0o7777 == 0o640
    assert backup.read_bytes() == before
    qemu_img("check", qcow2)
    assert save_flash(read_file(qcow2), pristine(), backup=False) is None
    assert backup.read_bytes() == before


@pytest.mark.parametrize("name", ["guest.fd.xz", "guest.fd", "guest.qcow2"])
def test_a_file_that_another_program_changed_is_left_alone(tmp_path, name):
    path = tmp_path / name
    create_flash(path, pristine())
    opened = read_file(path)
    path.write_bytes(packed(EDITED, opened.format))
    changed = path.read_bytes()
    with pytest.raises(Refused, match="changed by another program"):
        save_flash(opened, Editor(pristine()).set_variable("B", VENDOR, b"x").after)
    assert path.read_bytes() == changed
    assert names(tmp_path) == [name]


def test_a_packed_file_packed_anew_with_the_same_contents_is_no_other_file(tmp_path):
    path = tmp_path / "guest.fd.xz"
    create_flash(path, pristine())
    opened = read_file(path)
    path.write_bytes(lzma.compress(pristine(), preset=6))
    save_flash(opened, EDITED)
    assert read_file(path).data == EDITED


def test_snapshots_in_a_qcow2_store_are_not_thrown_away(qcow2):
    qemu_img("snapshot", "-c", "before", qcow2)
    opened, before = read_file(qcow2), qcow2.read_bytes()
    with pytest.raises(Refused, match="1 internal snapshots"):
        save_flash(opened, EDITED)
    assert qcow2.read_bytes() == before


def test_without_qemu_img_nothing_is_written_and_the_package_is_named(qcow2, tmp_path, monkeypatch):
    opened, before = read_file(qcow2), qcow2.read_bytes()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Refused, match="qemu-utils") as refusal:
        save_flash(opened, EDITED)
    assert "\n" not in str(refusal.value)
    with pytest.raises(Refused, match="qemu-utils"):
        create_flash(tmp_path / "new.qcow2", EDITED)
    assert qcow2.read_bytes() == before
    assert names(tmp_path) == [qcow2.name]


def test_a_qemu_img_that_fails_leaves_the_file_alone(qcow2, tmp_path, monkeypatch):
    program = tmp_path / "qemu-img"
    program.write_text("#!/bin/sh\necho 'qemu-img: no such luck' >&2\nexit 1\n")
    program.chmod(0o755)
    opened, before = read_file(qcow2), qcow2.read_bytes()
    monkeypatch.setattr(shutil, "which", lambda _name: str(program))
    with pytest.raises(Refused, match="no such luck"):
        packed(EDITED, opened.format, path=qcow2, like=before)
    assert qcow2.read_bytes() == before


def test_half_a_sector_is_no_qcow2_image():
    with pytest.raises(Refused, match="512"):
        packed(b"x" * 700, Format.QCOW2, path="v.qcow2")


def test_a_qcow2_store_is_edited_on_the_command_line(qcow2, tmp_path, capsys):
    guid = ["--guid", str(VENDOR)]
    assert main(["vars", "set", str(qcow2), "A", *guid, "--text", "in place"]) == 0
    assert values(read_store(contents(qcow2, tmp_path))) == {(VENDOR, "A"): b"in place"}
    raw = tmp_path / "raw.fd"
    assert main(["vars", "set", str(qcow2), "A", *guid, "--text", "raw", "-o", str(raw)]) == 0
    assert values(read_store(raw.read_bytes())) == {(VENDOR, "A"): b"raw"}
    assert values(read_store(contents(qcow2, tmp_path))) == {(VENDOR, "A"): b"in place"}
    assert capsys.readouterr().err == ""


def test_a_disk_that_is_too_large_to_look_through_is_refused(qcow2, monkeypatch):
    assert read_file(qcow2).data == pristine()
    monkeypatch.setattr(qcow2_layers, "MOST_CLUSTERED", len(pristine()) - 1)
    with pytest.raises(Refused, match="more than is looked through"):
        read_file(qcow2)
