"""The hook where names, XML, its folders and its streams are not what anybody meant."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_hosts import domain_xml

from ovmfgui.cli.main import main
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.hosts.hook_judging import Operation, objection
from ovmfgui.hosts.hook_script import Policy, hook_path, install, installed_policy, script
from ovmfgui.hosts.kept_codes import KeptCodes, contents_key
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.synthetic import synthetic_package


@pytest.fixture
def ruined(tmp_path):
    """XML of a domain whose store its CODE would overwrite."""
    made = synthetic_package("4m")
    (tmp_path / "CODE.fd").write_bytes(made.code)
    (tmp_path / "VARS.fd").write_bytes(synthetic_package("4m-shifted").vars)
    return domain_xml("vm", f"{tmp_path}/CODE.fd", None, f"{tmp_path}/VARS.fd")


def called(path, xml, *arguments, **more):
    return subprocess.run([path, *arguments], input=xml, capture_output=True, timeout=60, **more)


@pytest.fixture
def hook(tmp_path):
    """The hook with its marks in a folder of its own."""
    path = tmp_path / "hook"
    text = script(Policy.REFUSE)
    assert text.count("=/run/ovmfgui/coming\n") == 1
    path.write_text(text.replace("=/run/ovmfgui/coming", f"={tmp_path}/coming"))
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", [".", "..", "-h", "a b", "*", "x" * 251, "x" * 300])
def test_a_name_stops_nothing(hook, ruined, name):
    for operation in ("restore begin -", "release end -"):
        done = called(hook, ruined, name, *operation.split())
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    done = called(hook, ruined, name, "prepare", "begin", "-")
    assert done.returncode == 1
    assert b"overwrite variables" in done.stderr


@pytest.mark.parametrize("name", [".", "..", "vm", "x" * 251])
def test_what_comes_is_noted_under_every_name(hook, ruined, name):
    assert called(hook, ruined, name, "restore", "begin", "-").returncode == 0
    assert called(hook, ruined, name, "prepare", "begin", "-").returncode == 0
    assert called(hook, ruined, name, "prepare", "begin", "-").returncode == 1


def test_where_nothing_can_be_noted_the_domain_goes_on(hook, ruined, tmp_path):
    (tmp_path / "coming").write_bytes(b"")
    for operation in ("restore", "migrate"):
        done = called(hook, ruined, "vm", operation, "begin", "-")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def judging(xml, *arguments, **more):
    command = [sys.executable, "-m", "ovmfgui.cli.hook_judging", *arguments]
    return subprocess.run(command, input=xml, capture_output=True, timeout=60, **more)


def test_closed_streams(ruined):
    """Nothing goes to standard output, which libvirt takes for XML."""
    done = judging(ruined, "refuse", "vm", "prepare", preexec_fn=lambda: os.close(2))
    assert (done.returncode, done.stdout) == (10, b"")
    done = judging(None, "refuse", "vm", "prepare", preexec_fn=lambda: os.close(0))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "ovmfgui.cli.hook_judging", "refuse", "vm", "prepare"]
        assert subprocess.run(command, input=ruined, stderr=full).returncode == 10


def test_a_name_that_is_no_text_changes_no_answer(ruined):
    done = judging(ruined, "refuse", b"\xff\xfe\x1b[31m", "prepare")
    assert done.returncode == 10
    assert b"\x1b" not in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_xml_without_end_goes_on_at_once():
    for xml in (b"<domain>" + b"<a/>" * (1 << 21), b"<domain>" + b"<a>" * 1_000_000):
        done = judging(xml, "refuse", "vm", "prepare")
        assert done.returncode == 0
        assert done.stderr.count(b"\n") <= 1


@pytest.mark.parametrize("path", ["/dev/zero", "/", "/proc/self/mem", "relative", "fifo", "vast"])
def test_files_that_are_none(tmp_path, ruined, path):
    os.mkfifo(tmp_path / "fifo")
    with (tmp_path / "vast").open("wb") as vast:
        vast.truncate(1 << 40)
    path = str(tmp_path / path) if path in ("fifo", "vast") else path
    for code, store in ((path, f"{tmp_path}/VARS.fd"), (f"{tmp_path}/CODE.fd", path)):
        xml = domain_xml("vm", code, None, store)
        assert objection(Operation.PREPARE, "vm", xml, kept=None).why == ""


@pytest.mark.parametrize("kind", ["file", "link to nothing", "folder of a file"])
def test_a_cache_that_is_none_changes_no_answer(tmp_path, ruined, kind):
    kept = tmp_path / "kept"
    if kind == "link to nothing":
        kept.symlink_to(tmp_path / "nothing")
    else:
        kept.write_bytes(b"")
    said = objection(
        Operation.PREPARE,
        "vm",
        ruined,
        kept=str(kept / "codes" if kind == "folder of a file" else kept),
    )
    assert "overwrite variables" in said.why


def test_a_full_disk_keeps_nothing_of_what_was_begun(tmp_path, ruined, monkeypatch):
    file = read_file(tmp_path / "CODE.fd")
    image = image_of([file])

    def full(path, text, _encoding):
        path.write_bytes(text[:7].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    kept = tmp_path / "kept"
    KeptCodes(str(kept)).put(contents_key(file.data), image, expectation(image))
    assert list(kept.iterdir()) == []


def test_a_tree_whose_links_lead_out_of_it(tmp_path):
    """Of a guest's disk, say: what is written as root stays in the tree."""
    outside, root = tmp_path / "outside", tmp_path / "root"
    for folder in (outside, root / "etc/libvirt"):
        folder.mkdir(parents=True)
    (root / "etc/libvirt/hooks").symlink_to(outside)
    path = install(str(root), Policy.WARN)
    assert root in path.parents
    assert list(outside.iterdir()) == []
    assert installed_policy(str(root)) is Policy.WARN


def test_a_link_where_the_hook_is_begun(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("whole")
    path = hook_path(str(tmp_path))
    path.parent.mkdir(parents=True)
    path.parent.with_name(".ovmfgui-hook").symlink_to(victim)
    install(str(tmp_path), Policy.REFUSE)
    assert victim.read_text() == "whole"
    assert installed_policy(str(tmp_path)) is Policy.REFUSE


@pytest.mark.parametrize("what", ["fifo", "folder", "begun"])
def test_something_else_has_its_name(tmp_path, capsys, what):
    path = hook_path(str(tmp_path))
    path.parent.mkdir(parents=True)
    if what == "fifo":
        os.mkfifo(path)
    else:
        (path if what == "folder" else path.parent.with_name(".ovmfgui-hook")).mkdir()
    assert main(["hook", "--install", "--root", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(path) in line


@pytest.mark.parametrize("root", ["", "missing", "file"])
def test_a_root_that_is_no_folder(tmp_path, capsys, monkeypatch, root):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    assert main(["hook", "--install", "--root", root]) == 2
    assert "is no folder" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
