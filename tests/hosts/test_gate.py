"""Debian's own package against a copy of itself, and against what a packager can do to it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from made_hosts import domain_xml
from stores import real_store

from ovmfgui.cli.main import main
from ovmfgui.hosts.gate import gate, gate_between
from ovmfgui.hosts.package import opened_package
from ovmfgui.hosts.package_reading import read_package
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Outcome
from ovmfgui.refusal import Refused

pytestmark = pytest.mark.firmware
SHARE, DESCRIPTORS = "usr/share/OVMF", "usr/share/qemu/firmware"
CODE, SECBOOT = f"{SHARE}/OVMF_CODE_4M.fd", f"{SHARE}/OVMF_CODE_4M.secboot.fd"
ENROLLED = f"{DESCRIPTORS}/40-edk2-x86_64-secure-enrolled.json"
PLAIN = f"{DESCRIPTORS}/60-edk2-x86_64.json"


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """The files of the installed package, as the package has them, links as links."""
    tree = tmp_path_factory.mktemp("old")
    listed = subprocess.run(["dpkg", "-L", "ovmf"], capture_output=True, text=True, check=True)
    for path in listed.stdout.split():
        if Path(path).is_symlink() or Path(path).is_file():
            target = tree / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)
    return tree


@pytest.fixture
def new(old, tmp_path):
    """A copy of it that takes no room; what is written goes to a file of its own."""
    shutil.copytree(old, tmp_path / "new", symlinks=True, copy_function=_linked)
    return tmp_path / "new"


def _linked(source, target):
    if Path(source).is_symlink():
        Path(target).symlink_to(Path(source).readlink())
    else:
        os.link(source, target)


@pytest.fixture(scope="module")
def held(old):
    """Holds a tree against the old package, which is read once, as is CODE that stays the same."""
    known = {}
    with opened_package(str(old)) as package:
        here = read_package(package, known)

    def against_old(new, stores=None):
        with opened_package(str(new)) as package:
            return gate_between(here, read_package(package, dict(known)), stores)

    return against_old


def put(tree, name, data):
    (tree / name).unlink(missing_ok=True)
    (tree / name).write_bytes(data)


def edit(tree, name, change):
    content = json.loads((tree / name).read_text())
    change(content)
    put(tree, name, json.dumps(content).encode())


def failed(found):
    return {
        (case.kind, finding.id)
        for case in found.cases
        for finding in case.findings
        if not case.well and finding.severity == "error"
    }


def test_a_copy_is_well(old, new):
    found = gate(str(new), str(old))
    assert found.well
    assert not found.passed_over
    templates = [case for case in found.cases if case.kind == "template"]
    assert len({case.name.partition(" with ")[0] for case in templates}) == 4
    assert len({case.name.partition(" with ")[2] for case in templates}) == 5
    assert all(case.outcome is Outcome.BOOTS for case in templates)
    assert sum(case.kind == "path" for case in found.cases) == 14
    assert sum(case.kind == "descriptor" for case in found.cases) == 3


def missing_code(tree):
    (tree / CODE).unlink()


def missing_link(tree):
    (tree / f"{SHARE}/OVMF_CODE_4M.ms.fd").unlink()


def missing_template(tree):
    (tree / f"{SHARE}/OVMF_VARS.ms.fd").unlink()


def missing_unified(tree):
    (tree / "usr/share/ovmf/OVMF.fd").unlink()


def other_size(tree):
    put(tree, CODE, (tree / f"{SHARE}/OVMF_CODE.fd").read_bytes())


def template_of_other_size(tree):
    put(tree, f"{SHARE}/OVMF_VARS_4M.fd", (tree / f"{SHARE}/OVMF_VARS.fd").read_bytes())


def layout_changed(tree):
    put(tree, CODE, synthetic_package("4m-shifted").code)


def smm_dropped(tree):
    put(tree, SECBOOT, (tree / CODE).read_bytes())


def smm_needed(tree):
    put(tree, CODE, (tree / SECBOOT).read_bytes())


def link_elsewhere(tree):
    (tree / f"{SHARE}/OVMF_CODE_4M.ms.fd").unlink()
    (tree / f"{SHARE}/OVMF_CODE_4M.ms.fd").symlink_to("OVMF_CODE_4M.fd")


def absolute_link(tree):
    """To a file of this machine, which the package does not have."""
    (tree / f"{SHARE}/OVMF_CODE_4M.ms.fd").unlink()
    (tree / f"{SHARE}/OVMF_CODE_4M.ms.fd").symlink_to("/usr/share/AAVMF/AAVMF_CODE.fd")


def damaged(tree):
    put(tree, CODE, b"\xff" * (tree / CODE).stat().st_size)


def cut_off(tree):
    put(
        tree,
        f"{SHARE}/OVMF_VARS_4M.ms.fd",
        (tree / f"{SHARE}/OVMF_VARS_4M.ms.fd").read_bytes()[:-4096],
    )


def keys_gone(tree):
    put(tree, f"{SHARE}/OVMF_VARS_4M.ms.fd", (tree / f"{SHARE}/OVMF_VARS_4M.fd").read_bytes())


def keys_come(tree):
    put(tree, f"{SHARE}/OVMF_VARS_4M.fd", (tree / f"{SHARE}/OVMF_VARS_4M.ms.fd").read_bytes())


def descriptor_gone(tree):
    (tree / PLAIN).unlink()


def needs_smm(tree):
    edit(tree, PLAIN, lambda d: d["features"].append("requires-smm"))


def board_gone(tree):
    edit(tree, PLAIN, lambda d: d["targets"][0]["machines"].remove("pc-i440fx-*"))


def mapped_otherwise(tree):
    edit(tree, PLAIN, lambda d: d["mapping"].update(mode="stateless"))


def names_nothing(tree):
    edit(
        tree, PLAIN, lambda d: d["mapping"]["executable"].update(filename="/usr/share/OVMF/NEW.fd")
    )


@pytest.mark.parametrize(
    ("breaks", "expected"),
    [
        (missing_code, {("path", "code-missing")}),
        (missing_link, {("path", "code-missing")}),
        (missing_template, {("path", "template-missing")}),
        (missing_unified, {("path", "image-missing")}),
        (other_size, {("path", "size-changed"), ("template", "live-refused")}),
        (template_of_other_size, {("path", "size-changed"), ("template", "live-refused")}),
        (layout_changed, {("template", "region-larger")}),
        (smm_dropped, {("template", "lost")}),
        (smm_needed, {("template", "lost")}),
        (link_elsewhere, {("path", "link-elsewhere"), ("template", "lost")}),
        (absolute_link, {("path", "code-missing"), ("unread", "unread")}),
        (damaged, {("path", "code-missing")}),
        (cut_off, {("path", "template-missing"), ("unread", "unread")}),
        (keys_gone, {("path", "keys-lost")}),
        (keys_come, {("path", "keys-gained")}),
        (descriptor_gone, {("descriptor", "descriptor-missing")}),
        (needs_smm, {("descriptor", "feature-gained")}),
        (board_gone, {("descriptor", "target-lost")}),
        (mapped_otherwise, {("descriptor", "mapping-changed")}),
        (names_nothing, {("descriptor", "descriptor-file-missing")}),
    ],
)  # fmt: skip
def test_what_is_broken_is_found(held, new, breaks, expected):
    breaks(new)
    found = held(new)
    assert not found.well
    assert expected <= failed(found), failed(found)


@pytest.mark.parametrize(
    "feature",
    ["acpi-s3", "amd-sev", "enrolled-keys", "requires-smm", "secure-boot", "verbose-dynamic"],
)
def test_every_feature_is_kept(held, new, feature):
    edit(new, ENROLLED, lambda d: d["features"].remove(feature))
    found = held(new)
    assert failed(found) == {("descriptor", "feature-lost")}
    (case,) = [case for case in found.cases if not case.well]
    assert feature in case.findings[0].text


def test_what_is_new_is_no_loss(held, new):
    put(new, f"{SHARE}/OVMF_CODE_4M.extra.fd", (new / CODE).read_bytes())
    edit(new, PLAIN, lambda d: d["features"].append("amd-sev-es"))
    (new / PLAIN).rename(new / f"{DESCRIPTORS}/61-edk2-x86_64.json")
    found = held(new)
    assert found.well
    told = {f.id for case in found.cases for f in case.findings}
    assert {"feature-gained", "descriptor-renamed"} <= told


def built(tree, path):
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: nobody <n@example.org>\n"
        "Description: firmware\n"
    )
    subprocess.run(["dpkg-deb", "-b", "-Zgzip", "-z1", tree, path], check=True, capture_output=True)
    shutil.rmtree(control)
    return str(path)


def test_packages_of_every_form(old, new, tmp_path):
    before = built(new, tmp_path / "old.deb")
    assert gate(str(new), before).well
    assert gate(before, "ovmf").well
    assert gate(str(new / SHARE), str(old / SHARE)).well
    within = gate(str(new / SHARE), before)
    assert failed(within) == {("path", "image-missing")}
    smm_dropped(new)
    after = built(new, tmp_path / "new.deb")
    found = gate(after, before)
    assert ("template", "lost") in failed(found)
    assert str(tmp_path / "new.deb/usr/share/OVMF") in next(c.path for c in found.cases)


def test_a_pair(old, new):
    def pair(tree):
        return f"{tree / SHARE}/OVMF_CODE_4M.fd,{tree / SHARE}/OVMF_VARS_4M.fd"

    assert gate(pair(new), pair(old)).well
    assert gate(pair(new), str(old)).well
    (new / CODE).rename(new / f"{SHARE}/BUILD.fd")
    other = pair(new).replace("OVMF_CODE_4M", "BUILD")
    assert gate(other, pair(old)).well
    backwards = ",".join(reversed(other.split(",")))
    assert gate(backwards, pair(old)).well
    put(new, f"{SHARE}/BUILD.fd", (old / f"{SHARE}/OVMF_CODE.fd").read_bytes())
    assert ("template", "live-refused") in failed(gate(other, pair(old)))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.deb", b"!<arch>\ndebian-binary   1"),
        ("empty.deb", b""),
        ("plain.txt", b"a text"),
    ],
)
def test_what_is_no_package_is_refused(old, tmp_path, name, data, capsys):
    (tmp_path / name).write_bytes(data)
    assert main(["gate", str(tmp_path / name), "--old", str(old)]) == 2
    assert main(["gate", str(old), "--old", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count(name) >= 2


def test_nothing_old_is_refused(old, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="no image"):
        gate(str(old), str(tmp_path / "empty"))
    assert not gate(str(tmp_path / "empty"), str(old)).well
    for name in ("no-such-package", "/nowhere/at/all", "/", "a,b"):
        with pytest.raises(Refused):
            gate(str(old), name)


def test_a_cut_deb_is_refused(new, tmp_path):
    path = built(new, tmp_path / "whole.deb")
    data = Path(path).read_bytes()
    (tmp_path / "cut.deb").write_bytes(data[: len(data) // 2])
    with pytest.raises(Refused, match="cannot be unpacked"):
        gate(path, str(tmp_path / "cut.deb"))


def test_a_deb_writes_nothing_outside_of_its_folder(new, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (new / "usr/share/out").symlink_to(outside)
    first = built(new, tmp_path / "first.deb")
    assert gate(first, first).well
    # A tar that goes through the link that it has brought along.
    from ovmfgui.hosts.debian_package import _write_members

    tar = tmp_path / "evil.tar"
    script = (
        f"ln -s {outside} link; tar cf {tar} link; rm link; mkdir link; echo x > link/f; "
        f"tar rf {tar} link/f"
    )
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    from ovmfgui.machine.host_tree import HostTree

    (tmp_path / "into").mkdir()
    with tar.open("rb") as stream:
        _write_members("evil", stream, HostTree(str(tmp_path / "into")))
    assert not list(outside.iterdir())


def test_stores_that_have_lived(held, old, new, tmp_path, capsys):
    stores = tmp_path / "stores"
    stores.mkdir()
    (stores / "guest_VARS.fd").write_bytes(real_store("ovmf-4m-lived"))
    (stores / "arm_VARS.fd").write_bytes(real_store("aavmf-lived"))
    found = held(new, str(stores))
    assert found.well
    assert [Path(each.path).name for each in found.passed_over] == ["arm_VARS.fd"]
    lived = [case for case in found.cases if case.kind == "store"]
    assert {case.path.rpartition("/")[2] for case in lived} == {
        "OVMF_CODE_4M.fd", "OVMF_CODE_4M.secboot.fd",
    }  # fmt: skip
    layout_changed(new)
    assert ("store", "region-larger") in failed(held(new, str(stores)))
    # Its domain names the other CODE, which stays as it was.
    xml = domain_xml("guest", f"/{SECBOOT}", store=str(stores / "guest_VARS.fd"))
    (stores / "guest.xml").write_bytes(xml)
    named = held(new, str(stores))
    assert [c.path.rpartition("/")[2] for c in named.cases if c.kind == "store"] == [
        "OVMF_CODE_4M.secboot.fd"
    ]
    xml = domain_xml("guest", "/usr/share/other/CODE.fd", store=str(stores / "guest_VARS.fd"))
    (stores / "guest.xml").write_bytes(xml)
    other = held(new, str(stores))
    assert not [case for case in other.cases if case.kind == "store"]
    assert any("names CODE which" in each.reason for each in other.passed_over)
    assert main(["gate", str(new), "--old", str(old), "--stores", str(tmp_path / "none")]) == 2
    assert "no folder" in capsys.readouterr().err


def test_a_store_that_was_cut_off_is_no_agreement(held, old, tmp_path):
    stores = tmp_path / "stores"
    stores.mkdir()
    (stores / "guest_VARS.fd").write_bytes(real_store("ovmf-4m-lived")[:-4096])
    assert failed(held(old, str(stores))) == {("unread", "unread")}


def test_command(old, new, tmp_path, capsys):
    junit, sarif = tmp_path / "gate.xml", tmp_path / "gate.sarif"
    command = ["gate", str(new), "--old", str(old), "--junit", str(junit), "--sarif", str(sarif)]
    assert main(command) == 0
    assert "3 of 3 descriptors kept" in capsys.readouterr().out
    assert 'failures="0"' in junit.read_text()
    assert json.loads(sarif.read_text())["runs"][0]["results"] == []
    missing_code(new)
    assert main(command) == 1
    assert "has no CODE under" in capsys.readouterr().out
    assert "<failure" in junit.read_text()
    run = json.loads(sarif.read_text())["runs"][0]
    result = next(each for each in run["results"] if each["ruleId"] == "code-missing")
    assert result["level"] == "error"
    where = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert where == f"file://{old}/{CODE}"
    assert {"id": "code-missing"} in run["tool"]["driver"]["rules"]
    assert main([*command, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["totals"]["well"] < said["totals"]["cases"]
    assert main([*command[:4], "--junit", str(tmp_path / "no/such/folder.xml")]) == 2


def test_the_recipe_for_autopkgtest_runs(old, tmp_path):
    import sys

    from ovmfgui.resources import resource_path

    program = tmp_path / "ovmfgui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ovmfgui "$@"\n')
    program.chmod(0o755)
    env = {"OLD_PACKAGE": str(old), "AUTOPKGTEST_ARTIFACTS": str(tmp_path), "OVMFGUI": str(program)}
    done = subprocess.run(
        [resource_path("gate/stores-survive")], env={**os.environ, **env}, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "gate.xml").is_file()
    assert (tmp_path / "gate.sarif").is_file()
