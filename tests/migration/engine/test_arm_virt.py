"""Scenarios on Arm's virt: the model and real QEMU agree, and firmware itself does as they say."""

from __future__ import annotations

import pytest
from played import scenario

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.engine.playing import Engine, GuestKind, play
from ovmfgui.migration.replay import run
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("arm-virt"),
]

FRAME = """
[packages.arm]
code = "/usr/share/AAVMF/AAVMF_CODE.fd"
vars = "/usr/share/AAVMF/AAVMF_VARS.fd"
records = "old"
[hosts.a]
packages = ["arm"]
[hosts.b]
packages = ["arm"]
"""
GUID = '\nguid="4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"'
SET, GET = f'set-variable name="X" text="{{}}"{GUID}', f'get name="X"{GUID}'
QCOW2 = "/var/lib/libvirt/qemu/nvram/vm1_VARS.qcow2"
KEPT = (
    'define host="a"\nqcow2=true',
    "start",
    SET.format("one"),
    SET.format("two") + "\nstop_after=20",
    "snapshot",
    "finish-write",
    "revert",
    "finish-write",
    "save",
    "restore",
    GET,
)


def test_the_model_formats_a_blank_store_and_fills_buffers():
    replay = run(scenario(*KEPT, frame=FRAME), ModelPlatform())
    started = replay.steps[2]
    assert started.outcome is Outcome.BOOTS_INITIALISES
    chips = started.snapshot.host("a").guest("vm1").chips
    assert [(c.name, c.address) for c in chips] == [("virt.flash0", 0), ("virt.flash1", 64 << 20)]
    store = read_store(started.snapshot.host("a").file(QCOW2).contents.read(0, 0xC0000))
    assert (store.live, store.findings) == ((), ())
    held = replay.steps[4]
    command = held.snapshot.host("a").guest("vm1").chip("virt.flash1").command
    assert (command.wcycle, command.cmd, command.buffer is not None) == (2, 0xE8, True)
    assert "goes to the file as a whole" in held.consequence
    assert replay.steps[-1].text == "The guest reads X: “two”."
    assert replay.well


def test_the_engines_agree_about_buffers_snapshots_and_save_files():
    replay = play(scenario(*KEPT, frame=FRAME), Engine.BOTH)
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    assert replay.agreement.checked > 10 * len(replay.steps)


@pytest.mark.parametrize("flag", ["rom", "stateless"])
def test_what_is_not_played_there_is_refused(flag: str):
    with pytest.raises(Refused, match=f"{flag} is played on x86 machines alone"):
        run(scenario(f'define host="a"\n{flag}=true', frame=FRAME), ModelPlatform())
    with pytest.raises(Refused, match="both chips whatever is declared"):
        run(
            scenario('define host="a"', "start", 'migrate to="b" without_store=true', frame=FRAME),
            ModelPlatform(),
        )


def test_firmware_for_32_bits_is_not_run():
    small = FRAME.replace("AAVMF_", "AAVMF32_")
    with pytest.raises(Refused, match="the package arm is for 32-bit Arm"):
        play(scenario('define host="a"', "start", frame=small), guest=GuestKind.REAL)


@pytest.mark.boots
def test_real_firmware_is_migrated_and_starts_again():
    replay = play(
        scenario('define host="a"', "start", SET.format("one"), 'migrate to="b"',
                 SET.format("two"), "power-off", 'relaunch host="b"', GET, frame=FRAME),
        guest=GuestKind.REAL,
    )  # fmt: skip
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    assert replay.steps[-1].text == "The guest reads X: “two”."
    assert replay.well
