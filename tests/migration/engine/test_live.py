"""Debian's firmware itself in real QEMU: what comes of it is what the model says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT, VARS_2M, VARS_4M

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.live import observed
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.engine.playing import GuestKind, play
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.shipped import find
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

BOOTS = [
    pytest.mark.firmware,
    pytest.mark.boots,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("live-guests"),
]
GUID = "5f0c8a52-1d3a-4a53-9d2e-6f6d66677569"


def package(name: str, code: object, store: object) -> str:
    return f'[packages.{name}]\ncode = "{code}"\nvars = "{store}"\nrecords = "old"\n'


def scenario(packages: str, *actions: str, here: str = "one", there: str = "one"):
    """``actions`` as ``do key=value ...``, values in quotes where they are text."""
    hosts = f'[hosts.a]\npackages = ["{here}"]\n[hosts.b]\npackages = ["{there}"]\n'
    text = packages + hosts
    for action in actions:
        do, *arguments = action.split(" ")
        text += f'[[actions]]\ndo = "{do}"\n' + "".join(f"{a}\n" for a in arguments)
    return parse(text, "test")


def watched(played):
    replay = play(played, guest=GuestKind.REAL)
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    assert replay.agreement.checked
    return replay


def outcomes(replay) -> list[Outcome]:
    return [step.outcome for step in replay.steps if step.outcome is not None]


class TestFirmwareItself:
    pytestmark = BOOTS

    def test_a_guest_goes_over_to_the_same_code_and_starts_there_with_what_it_saved(self):
        replay = watched(
            scenario(
                package("one", CODE_4M, VARS_4M),
                'define host="a"',
                "start",
                f'set-variable name="Kept" guid="{GUID}" data="0123ab"',
                'migrate to="b"',
                f'set-variable name="Later" guid="{GUID}" text="after"',
                "power-off",
                'relaunch host="b"',
                f'get name="Kept" guid="{GUID}"',
                f'get name="Later" guid="{GUID}"',
            )
        )
        assert outcomes(replay) == [Outcome.BOOTS, Outcome.BOOTS]
        assert replay.well
        assert replay.steps[-2].text == "The guest reads Kept: 3 bytes, 01 23 ab."
        assert replay.steps[-1].text == "The guest reads Later: “after”."

    def test_a_guest_goes_on_with_its_code_on_a_host_with_other_code_of_the_same_size(self):
        packages = package("one", CODE_4M, VARS_4M) + package("two", CODE_4M_SECBOOT, VARS_4M)
        replay = watched(
            scenario(
                packages,
                'define host="a"',
                "start",
                'migrate to="b"',
                "reset",
                f'set-variable name="Kept" guid="{GUID}" data="01"',
                "power-off",
                'relaunch host="b"',
                there="two",
            )
        )
        assert outcomes(replay) == [Outcome.BOOTS] * 3
        reset = next(step for step in replay.steps if step.action == "reset")
        code = reset.snapshot.host("b").guest("vm1").chip("system.flash0")
        assert code.contents.tobytes() == CODE_4M.read_bytes()
        again = replay.steps[-1].snapshot.host("b").guest("vm1").chip("system.flash0")
        assert again.contents.tobytes() == CODE_4M_SECBOOT.read_bytes()

    def test_debians_4m_firmware_to_a_host_with_its_2m_firmware(self):
        replay = watched(load(find("debian-4m-to-2m")))
        assert replay.outcome is Outcome.BOOTS_VOLATILE
        assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in replay.steps[4].qemu

    @pytest.mark.parametrize(
        ("code", "damage"),
        [
            (CODE_2M, lambda: VARS_4M.read_bytes()),
            (CODE_2M, lambda: VARS_2M.read_bytes().replace(b"_FVH", b"\0\0\0\0")),
            (CODE_4M, lambda: b"\xff" * 0x84000),
        ],
        ids=["2M CODE on a 4M store", "no volume header", "an erased store"],
    )
    def test_a_volume_that_is_not_accepted_is_rebuilt_to_the_same_bytes(
        self, code: Path, damage, tmp_path: Path
    ):
        path = tmp_path / "vars.fd"
        path.write_bytes(damage())
        played = scenario(package("one", code, path), 'define host="a"', "start")
        replay = watched(played)
        assert replay.outcome is Outcome.NO_BOOT
        left, right = (
            next(pages for key, pages in s.snapshot.objects() if key.name.endswith("vm1_VARS.fd"))
            for s in (replay.steps[-1], run(played, ModelPlatform()).steps[-1])
        )
        assert left.changed_since(right) == ()
        assert left.tobytes() != path.read_bytes()


def test_what_a_power_on_came_to_is_seen_by_the_store_and_the_console():
    store, other = Pages.of(b"\x01" * 0x2000), Pages.of(b"\x02" * 0x2000)
    blank = Pages.filled(0x2000, 0xFF)
    assert observed(True, store, other) is Outcome.BOOTS
    assert observed(True, store, store) is Outcome.BOOTS_VOLATILE
    assert observed(True, blank, other) is Outcome.BOOTS_INITIALISES
    assert observed(False, store, other) is Outcome.NO_BOOT
    assert observed(False, blank, blank) is Outcome.NO_BOOT


def test_a_synthetic_image_is_no_firmware_to_run():
    with pytest.raises(Refused, match="synthetic image, and no firmware to run"):
        play(load(find("demo")), guest=GuestKind.REAL)
