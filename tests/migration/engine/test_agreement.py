"""Every shipped scenario on the model and on real QEMU: bit for bit the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ovmfgui.migration.engine.agreement import agreement
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.engine.playing import Engine, play
from ovmfgui.migration.engine.qemu import QemuPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.shipped import shipped
from ovmfgui.migration.simulation.boot_verdict import LayoutJudge

# One worker for all: each has several QEMU processes, and the judge reads a CODE image once.
pytestmark = [pytest.mark.firmware, pytest.mark.xdist_group("two-engines")]

MIDDLE = """
[packages.p]
synthetic = "2m"
[hosts.a]
packages = ["p"]
[hosts.b]
packages = ["p"]
[[actions]]
do = "define"
host = "a"
[[actions]]
do = "start"
"""


@pytest.fixture(scope="module")
def judge():
    return LayoutJudge()


def both(text: str, judge):
    replay = play(parse(MIDDLE + text, "test"), Engine.BOTH, judge=judge)
    assert replay.agreement is not None
    return replay


@pytest.mark.parametrize("path", shipped(), ids=lambda p: p.stem)
def test_the_engines_agree_about_a_shipped_scenario(path, judge):
    scenario = load(path)
    replay = play(scenario, Engine.BOTH, judge=judge)
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    assert replay.agreement.checked > 8 * len(replay.steps) - 8
    assert replay.outcome is scenario.expect


@pytest.mark.parametrize("stop", [1, 2, 3, 99, 140])
@pytest.mark.parametrize("ending", ["continue", "quit"])
def test_the_engines_agree_about_a_write_that_arrives_paused(stop: int, ending: str, judge):
    text = f"""
[[actions]]
do = "set-variable"
name = "Y"
text = "value"
stop_after = {stop}
[[actions]]
do = "migrate"
to = "b"
paused = true
[[actions]]
do = "{ending}"
"""
    assert both(text, judge).agreement.differences == ()


def test_the_engines_agree_about_pauses_resets_and_a_missing_chip(judge):
    text = """
[[actions]]
do = "set-variable"
name = "Y"
text = "value"
stop_after = 60
[[actions]]
do = "pause"
[[actions]]
do = "continue"
[[actions]]
do = "migrate"
to = "b"
without_store = true
[[actions]]
do = "finish-write"
[[actions]]
do = "delete-variable"
name = "Y"
[[actions]]
do = "reset"
[[actions]]
do = "pause"
[[actions]]
do = "migrate"
to = "b"
[[actions]]
do = "continue"
[[actions]]
do = "power-loss"
host = "b"
[[actions]]
do = "relaunch"
host = "b"
"""
    replay = both(text, judge)
    assert replay.agreement.differences == ()
    refused = next(step for step in replay.steps if "Unknown ramblock" in step.qemu)
    assert 'Unknown ramblock "system.flash1", cannot accept migration' in refused.qemu


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_the_engines_agree_about_where_a_link_is_cut(percent: int, judge):
    text = f'[[actions]]\ndo = "migrate"\nto = "b"\ncut_at = {percent}\n'
    replay = both(text, judge)
    assert replay.agreement.differences == ()
    assert "load of migration failed: Input/output error" in replay.steps[-2].qemu


def test_a_difference_is_seen_and_named(judge):
    write = '[[actions]]\ndo = "set-variable"\nname = "Y"\ntext = "{}"\n'
    with QemuPlatform() as platform:
        real = run(parse(MIDDLE + write.format("value"), "test"), platform, judge=judge)
    model = run(parse(MIDDLE + write.format("Value"), "test"), ModelPlatform(), judge=judge)
    differences = agreement(model, real).differences
    named = ("b: ", "a: file /var/lib/libvirt/qemu/nvram/vm1_VARS.fd", "a: system.flash1 of vm1")
    assert [any(name in line for line in differences) for name in named] == [False, True, True]
    assert all(line.startswith("step 3 (Set Y)") for line in differences)
    shorter = replace(model, steps=model.steps[:-1])
    assert "steps: 3 in the model, 4 with QEMU" in agreement(shorter, real).differences
