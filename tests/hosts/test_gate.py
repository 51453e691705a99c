"""Debian's own package against a copy of itself, and against what a packager can do to it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from edited_packages import (
    CODE,
    DESCRIPTORS,
    ENROLLED,
    PLAIN,
    SECBOOT,
    SHARE,
    edit,
    failed,
    put,
    smm_dropped,
)
from made_hosts import domain_xml
from stores import real_store

from ovmfgui.cli.main import main
from ovmfgui.hosts.gate import gate, gate_between
from ovmfgui.hosts.package import opened_package
from ovmfgui.hosts.package_reading import read_package
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Outcome

pytestmark = pytest.mark.firmware


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
