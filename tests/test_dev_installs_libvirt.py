"""The part of ./dev that installs libvirt, with programs of Debian's that install nothing."""

import re
import subprocess
from pathlib import Path

import pytest

DEV = Path(__file__).parent.parent / "dev"
WANTED = re.search(r"LIBVIRT_PACKAGES=\((.*?)\)", DEV.read_text())[1]

APT = """#!/bin/sh
echo "$*" >>"$FAKE/calls"
case "$*" in *install*) [ ! -e "$FAKE/fails" ] ;; esac
"""
QUERY = """#!/bin/sh
[ -e "$FAKE/there" ] && echo installed
"""
ID = """#!/bin/sh
cat "$FAKE/user"
"""
SUDO = """#!/bin/sh
[ -e "$FAKE/sudo-allowed" ] || exit 1
shift
exec "$@"
"""


@pytest.fixture
def fake(tmp_path):
    for name, text in (("apt-get", APT), ("dpkg-query", QUERY), ("id", ID), ("sudo", SUDO)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "user").write_text("0")
    return tmp_path


def called(fake, wanted):
    """The functions of the script without what it does with them, and then the one."""
    functions = DEV.read_text().partition("\nverb=")[0]
    script = fake / "dev"
    script.write_text(f"{functions}\nlibvirt\necho went on\n")
    return subprocess.run(
        ["bash", script],
        env={"PATH": f"{fake}:/usr/bin:/bin", "FAKE": str(fake), "LIBVIRT": wanted,
             "TMPDIR": str(fake)},
        capture_output=True,
        text=True,
    )  # fmt: skip


def calls(fake):
    path = fake / "calls"
    return path.read_text().splitlines() if path.exists() else []


def test_it_is_installed_where_it_is_asked_for(fake):
    done = called(fake, "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("went on\n")
    assert "libvirt-daemon-system" in WANTED
    assert calls(fake) == ["update -q", f"install -yq --no-install-recommends {WANTED}"]


def test_nothing_is_done_where_it_is_there_or_was_not_asked_for(fake):
    assert called(fake, "").returncode == 0
    (fake / "there").touch()
    assert called(fake, "1").returncode == 0
    assert calls(fake) == []


def test_what_was_asked_for_and_cannot_be_had_ends_it(fake):
    """Tests that are skipped all the same would make a run of CI green for nothing."""
    (fake / "fails").touch()
    done = called(fake, "1")
    assert done.returncode == 2
    assert f"could not install {WANTED}" in done.stderr
    assert "went on" not in done.stdout


def test_without_root(fake):
    (fake / "user").write_text("1000")
    done = called(fake, "1")
    assert done.returncode == 2
    assert f"sudo apt-get install --no-install-recommends {WANTED}" in done.stderr
    (fake / "sudo-allowed").touch()
    done = called(fake, "1")
    assert done.returncode == 0
    assert "want root, and are skipped" in done.stdout
    assert len(calls(fake)) == 2
