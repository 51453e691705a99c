"""What is done to a store outside a migration, with real firmware in the guest."""

from __future__ import annotations

import pytest
from played import scenario

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.playing import GuestKind, play

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.boots,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("live-guests"),
]

FRAME = """
[packages.split]
code = "/usr/share/OVMF/OVMF_CODE_4M.fd"
vars = "/usr/share/OVMF/OVMF_VARS_4M.fd"
records = "old"
[packages.unified]
unified = "/usr/share/ovmf/OVMF.fd"
[hosts.a]
packages = ["split", "unified"]
[hosts.b]
packages = ["split"]
"""
GUID = '\nguid="4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"'
SET, GET = f'set-variable name="X" text="{{}}"{GUID}', f'get name="X"{GUID}'


def real(*actions):
    replay = play(scenario(*actions, frame=FRAME), guest=GuestKind.REAL)
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    return replay


def test_a_guest_in_a_snapshot_and_in_a_save_file_lives_on():
    replay = real(
        'define host="a" package="split"\nqcow2=true',
        "start",
        SET.format("one"),
        "snapshot",
        SET.format("two"),
        "revert",
        GET,
        "save",
        "restore",
        SET.format("three"),
        "power-off",
        "start",
        GET,
    )
    assert [s.text for s in replay.steps if s.action == "get"] == [
        "The guest reads X: “one”.",
        "The guest reads X: “three”.",
    ]
    assert replay.well


def test_a_rom_machine_boots_and_forgets():
    replay = real('define host="a" package="unified"\nrom=true', "start", SET.format("one"),
                  GET, "power-off", "start")  # fmt: skip
    assert (replay.outcome, replay.well) == (Outcome.BOOTS_VOLATILE, False)
    assert "no longer finds 1 variable that it had saved: X" in replay.steps[-1].consequence


def test_a_stateless_domain_takes_its_variables_along_and_forgets_them_at_power_off():
    replay = real('define host="a" package="split"\nstateless=true', "start", SET.format("one"),
                  'migrate to="b"', GET, "power-off", 'start host="b"')  # fmt: skip
    assert (replay.outcome, replay.well) == (Outcome.BOOTS_VOLATILE, True)
