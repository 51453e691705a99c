"""``ovmfgui replay``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from ovmfgui.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def test_the_steps_are_told_and_the_status_is_0_where_all_is_well(capsys):
    assert main(["replay", "same-package"]) == 0
    out = capsys.readouterr().out
    assert "The guest runs, the store is dumped" in out
    assert out.splitlines()[-2].startswith("Outcome: boots (well).")


def test_qemus_words_are_indented_and_the_status_is_1(capsys):
    assert main(["replay", "4m-to-2m"]) == 1
    out = capsys.readouterr().out
    assert (
        "\n          qemu-system-x86_64: Size mismatch: system.flash0: 0x37c000 != 0x1e0000: "
        "Invalid argument\n"
    ) in out


@pytest.mark.parametrize(
    ("scenario", "status", "outcome"),
    [
        ("bios-machine", 1, "refused-by-qemu"),
        ("copied-while-running", 1, "boots"),
        ("disk-only-snapshot", 1, "boots"),
        ("internal-snapshot", 0, "boots"),
        ("offline-move", 1, "boots"),
        ("offline-move-carried", 0, "boots"),
        ("offline-move-no-template", 1, "refused-by-qemu"),
        ("old-save-file", 1, "boots"),
        ("reset-under-managed-save", 1, "boots"),
        ("save-and-other-size", 0, "boots"),
        ("save-and-restore", 0, "boots"),
        ("save-file-carried", 0, "boots"),
        ("save-file-of-newer-libvirt", 1, "refused-by-qemu"),
        ("snapshot-of-raw-store", 1, "boots"),
        ("stateless", 0, "boots-volatile"),
        ("undefine-and-define", 0, "boots"),
    ],
)
def test_a_tale_of_a_lost_variable_is_not_well_and_a_kept_one_is(capsys, scenario, status, outcome):
    assert main(["replay", scenario, "--json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert (document["outcome"], document["well"]) == (outcome, status == 0)


def test_json_has_steps_checkpoints_and_outcome(capsys):
    assert main(["replay", "mid-write", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["scenario"], document["engine"]) == ("mid-write", "model")
    assert (document["outcome"], document["agreement"]) == ("boots", None)
    assert [step["n"] for step in document["steps"]] == list(range(1, len(document["steps"]) + 1))
    assert {"n", "action", "host", "text", "ok"} <= set(document["steps"][0])
    mid_write = [point for point in document["checkpoints"] if point["wcycle"] == 1]
    assert mid_write[0]["cmd"] == 0x10
    assert len(mid_write[0]["vars_sha256"]) == 64


def test_the_shipped_scenarios_are_listed(capsys):
    assert main(["replay", "--list"]) == 0
    assert "4m-to-2m" in capsys.readouterr().out
    assert main(["replay", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["scenarios"]
    assert set(listed[0]) == {"name", "title", "summary", "teaches", "minutes", "questions"}


def test_what_a_scenario_can_do_is_listed(capsys):
    assert main(["replay", "--actions"]) == 0
    out = capsys.readouterr().out
    assert "migrate: live migration to another host\n" in out
    assert "    to (a host's name, required): the destination\n" in out
    assert main(["replay", "--actions", "--json"]) == 0
    actions = {a["name"]: a for a in json.loads(capsys.readouterr().out)["actions"]}
    assert {p["name"] for p in actions["finish-write"]["parameters"]} == {"domain"}


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["/no/such/file.toml"]])
def test_an_unusable_scenario_gets_one_line_and_status_2(arguments, capsys):
    assert main(["replay", *arguments]) == 2
    error = capsys.readouterr().err
    assert error.startswith("ovmfgui: ")
    assert error.count("\n") == 1


def test_a_scenario_of_ones_own_is_played_and_its_mistakes_are_told(tmp_path: Path, capsys):
    path = tmp_path / "mine.toml"
    text = '[packages.p]\nsynthetic = "2m"\n[hosts.a]\npackages = ["p"]\n'
    path.write_text(text + '[[actions]]\ndo = "define"\nhost = "a"\n[[actions]]\ndo = "start"\n')
    assert main(["replay", str(path)]) == 0
    path.write_text(text + '[[actions]]\ndo = "start"\n')
    assert main(["replay", str(path)]) == 2
    assert f"{path}, action 1 (start): a domain has to be named" in capsys.readouterr().err


def test_an_engine_that_is_not_known_is_refused(capsys):
    assert main(["replay", "demo", "--engine", "bochs"]) == 2
    assert "invalid Engine value: 'bochs'" in capsys.readouterr().err


def test_without_qemu_one_line_says_what_to_install(capsys, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    assert main(["replay", "demo", "--engine", "qemu"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "qemu-system-x86_64 is not installed" in error
    assert "apt install qemu-system-x86" in error
    assert main(["replay", "mid-write"]) == 0


@pytest.mark.firmware
def test_both_engines_are_compared(capsys):
    assert main(["replay", "mid-write", "--engine", "both", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["engine"] == "both"
    assert document["agreement"]["checked"] > 100
    assert document["agreement"]["differences"] == []
    assert main(["replay", "mid-write", "--engine", "both"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("points: equal.")


def test_a_real_guest_needs_real_firmware(capsys):
    assert main(["replay", "demo", "--guest", "real"]) == 2
    error = capsys.readouterr().err
    assert "synthetic image, and no firmware to run" in error
    assert error.count("\n") == 1


def test_what_was_asked_for_and_did_not_come_is_told_with_status_1(tmp_path: Path, capsys):
    path = tmp_path / "own.toml"
    path.write_text(
        'outcome = "boots"\n[packages.one]\nsynthetic = "4m"\n[hosts.a]\npackages = ["one"]\n'
        '[[actions]]\ndo = "define"\nhost = "a"\n[[actions]]\ndo = "start"\n'
        '[[actions]]\ndo = "get"\nname = "Missing"\n'
    )
    assert main(["replay", str(path)]) == 1
    out = capsys.readouterr().out
    assert "Outcome: boots (not well)." in out
    assert "Missing was asked for and not found." in out
    assert main(["replay", str(path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["well"], document["unmet"]) == (
        False,
        ["Missing was asked for and not found."],
    )
    path.write_text(
        path.read_text().replace('"boots"', '"wiped"').split('[[actions]]\ndo = "get"')[0]
    )
    assert main(["replay", str(path)]) == 1
    assert "declares wiped; what came is boots" in " ".join(capsys.readouterr().out.split())
