"""preflight and collect, as commands."""

import json
from xml.etree import ElementTree

import pytest
from made_hosts import NVRAM, collected, domain, package, store_of

from ovmfgui.cli.main import main

WEB = f"{NVRAM}/web_VARS.fd"


@pytest.fixture
def hosts(tmp_path):
    domains = [domain("web"), domain("mail", state="shut off")]
    collected(tmp_path / "a", package("4m") | {WEB: store_of("4m")}, domains)
    guests = [each.definition for each in domains]
    for build in ("4m-next", "2m"):
        collected(tmp_path / build, package(build), guests=guests)
    return tmp_path


def run(capsys, *arguments):
    status = main([*map(str, arguments)])
    return status, capsys.readouterr()


def test_json(capsys, hosts):
    status, said = run(capsys, "preflight", hosts / "a", hosts / "2m", "web", "--json")
    assert status == 1
    out = json.loads(said.out)
    assert (out["schema"], out["a"], out["b"]) == (1, str(hosts / "a"), str(hosts / "2m"))
    (row,) = out["domains"]
    assert (row["name"], row["state"], row["live"]) == ("web", "running", "refused")
    assert "system.flash0" in row["live_reason"]
    assert (row["next_power_on"], row["offline_move"]) == ("no-boot", "boots")
    assert row["store"]["path"] == WEB
    assert row["store"]["size"] == len(store_of("4m"))
    assert {"id", "severity", "text", "file", "offset"} == set(row["findings"][0])
    assert out["totals"]["domains"] == out["totals"]["not_well"] == 1
    assert out["totals"]["next_power_on"] == {"no-boot": 1}


def test_all_well_in_words(capsys, hosts):
    status, said = run(capsys, "preflight", hosts / "a", hosts / "4m-next")
    assert status == 0
    assert "✔ accepted" in said.out
    assert "2 domains: 2 well, 0 not" in said.out
    assert said.err == ""


def test_reasons_and_advice_in_words(capsys, hosts):
    status, said = run(capsys, "preflight", hosts / "a", hosts / "2m")
    assert status == 1
    assert "Size mismatch" in said.out
    assert "→ " in said.out


def test_junit(capsys, hosts, tmp_path):
    file = tmp_path / "out.xml"
    run(capsys, "preflight", hosts / "a", hosts / "2m", "--junit", file)
    suite = ElementTree.parse(file).getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert "Size mismatch" in suite.find("testcase[@name='web']/failure").text


def test_unknown_domain_and_folder(capsys, hosts):
    status, said = run(capsys, "preflight", hosts / "a", hosts / "2m", "nobody")
    assert status == 2
    assert "no domain nobody" in said.err
    status, said = run(capsys, "preflight", hosts / "a", hosts / "nowhere")
    assert status == 2
    assert len(said.err.splitlines()) == 1


def test_collect_from_a_tree_of_files(capsys, tmp_path):
    files = package("4m") | {WEB: store_of("4m"), "/etc/libvirt/qemu/web.xml": domain("web").live}
    for path, data in files.items():
        target = tmp_path / "root" / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    arguments = ("collect", tmp_path / "root", "-o", tmp_path / "out")
    status, said = run(capsys, *arguments, "--json", "--no-stores")
    assert status == 0
    out = json.loads(said.out)
    assert out["domains"] == [{"name": "web", "state": "shut off"}]
    assert out["not_collected"] == []
    assert (tmp_path / "out" / WEB.lstrip("/")).is_file()
    # A tree knows no machine types: what is not known is never counted as agreement.
    status, said = run(capsys, "preflight", tmp_path / "out", tmp_path / "root", "--json")
    row = json.loads(said.out)["domains"][0]
    assert (status, row["live"], row["next_power_on"]) == (1, "unknown", "boots")


def test_uri_that_does_not_answer(capsys, tmp_path):
    uri = f"qemu+unix:///system?socket={tmp_path}/none"
    status, said = run(capsys, "collect", uri, "-o", tmp_path / "out")
    assert status == 2
    first, last = said.err.splitlines()
    assert "read-write" in first
    assert last.startswith("ovmfgui: qemu+unix")
    assert not (tmp_path / "out").exists()
