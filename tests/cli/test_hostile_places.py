"""Commands that walk folders and open what they find, given what nobody would give them.

Each ends by itself, in one line where it can do nothing; what waits for ever (a pipe without a
writer, a device without an end, a file of /proc that tells what comes next) is never waited for.
"""

import os
import subprocess
from pathlib import Path

import pytest

from ovmfgui.cli.main import main
from ovmfgui.flash.source import head_of
from ovmfgui.layout.demo import demo_files
from ovmfgui.machine.folder import looked_through

KINDS = ("pipe", "zero", "loop", "huge.fd", "huge.deb", "huge.json", "bomb.json", "cut.deb", "gone")


@pytest.fixture
def places(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "loop").symlink_to("loop")
    for name in ("huge.fd", "huge.deb", "huge.json"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(8 << 30)  # sparse
    (tmp_path / "bomb.json").write_text("[" * 100_000)
    (tmp_path / "cut.deb").write_bytes(b"!<arch>\ndebian-binary   0           0     0     100644")
    for name, file in zip(("CODE.fd", "VARS.fd"), demo_files(), strict=True):
        (tmp_path / name).write_bytes(file.data)
    return tmp_path


def commands(place, folder):
    pair, page = f"{folder / 'CODE.fd'},{folder / 'VARS.fd'}", str(folder / "page.html")
    yield "gate", "--old", pair, place
    yield "gate", "--old", place, pair
    yield "measure", place
    yield "preflight", place, place
    yield "preflight", "--fleet", place
    yield "report", "-o", page, place
    yield "secureboot", place
    yield "secureboot", str(folder / "VARS.fd"), "--efi", place
    yield "matrix", place
    yield "matrix", "--from", place, "--to", place
    yield "collect", "-o", str(folder / "collected"), place
    yield "hook", "--root", place


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_use_is_refused_in_one_line(kind, places, capsys):
    for command in commands(str(places / kind), places):
        status = main(list(command))
        said = capsys.readouterr().err
        assert (status, said.count("\n")) == (2, 1), (command, said)
        assert "Traceback" not in said


def test_a_folder_of_them_is_looked_through(places):
    (places / "below").mkdir()
    (places / "below" / "up").symlink_to("..")
    os.mkfifo(places / "below" / "VARS.fd")
    (places / "nothing.xml").touch()
    found = looked_through(places)
    assert {Path(path).name for path in found.images} >= {"CODE.fd", "VARS.fd"}
    assert found.definitions == ()
    reasons = {Path(each.path).name: each.reason for each in found.passed_over}
    assert reasons["pipe"] == "is no regular file"
    assert reasons["up"] == "is a link to a folder and was not followed"
    assert reasons["nothing.xml"] == "is empty"


def test_a_pipe_is_not_waited_for(places):
    for end in (False, True):
        with pytest.raises(OSError, match="no regular file"):
            head_of(places / "pipe", 64, end=end)


def test_files_that_tell_what_comes_next_are_not_opened():
    # /proc says of all its files that they are empty; kmsg would be waited for, and taken away.
    assert looked_through("/proc/sys/vm").images == ()
    reasons = {each.reason for each in looked_through("/proc/sys/vm").passed_over}
    assert reasons == {"is empty"}


def test_loaders_are_not_looked_for_in_endless_folders(places, capsys):
    deep = places / "deep" / "/".join("d" * 200)
    deep.mkdir(parents=True)
    (deep / "x.efi").touch()
    assert main(["secureboot", str(places / "VARS.fd"), "--efi", str(places / "deep")]) == 2
    assert "holds more than 16 levels; name the folder that holds EFI" in capsys.readouterr().err


def test_a_disk_that_names_another_file_is_not_followed(places, capsys):
    disk = places / "disk.qcow2"
    make = ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw"]
    subprocess.run([*make, "-b", places / "CODE.fd", disk], check=True)
    assert main(["secureboot", str(places / "VARS.fd"), "--efi", str(disk)]) == 2
    assert "a backing file, which is not followed" in capsys.readouterr().err
