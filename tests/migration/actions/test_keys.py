"""Secure Boot in a scenario: keys of a domain that is off, loaders that start or are denied."""

import pytest

from ovmfgui.migration.engine.playing import play
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.shipped import find
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

BEGIN = """
title = "Keys"
[packages.ovmf]
synthetic = "4m"
[hosts.alpha]
packages = ["ovmf"]
[[actions]]
do = "define"
host = "alpha"
"""


def played(*actions):
    tables = "".join(
        "[[actions]]\n" + "".join(f'{key} = "{value}"\n' for key, value in action.items())
        for action in actions
    )
    return play(parse(BEGIN + tables, "keys"))


def enrol(profile):
    return {"do": "enrol-keys", "profile": profile}


def loader(name):
    return {"do": "try-loader", "signed_by": name}


@pytest.mark.parametrize(
    ("profile", "signer", "starts"),
    [
        ("microsoft-2011", "ms-uefi-2011", True),
        ("microsoft-2011", "ms-uefi-2023", False),
        ("microsoft-2023", "ms-uefi-2011", False),
        ("microsoft-2023", "ms-uefi-2023", True),
        ("microsoft-2011+2023", "ms-uefi-2011", True),
        ("microsoft-2011+2023", "ms-uefi-2023", True),
        ("microsoft-2023", "debian-2016", False),
    ],
)
def test_a_loader_starts_where_db_vouches_for_it(profile, signer, starts):
    assert played(enrol(profile), loader(signer)).steps[-1].ok is starts


def test_in_setup_mode_everything_starts():
    step = played(loader("ms-uefi-2023")).steps[-1]
    assert step.ok
    assert "setup mode" in step.text


def test_keys_go_into_the_file_and_no_variable_goes():
    replay = played(
        {"do": "start"},
        {"do": "set-variable", "name": "PlatformLang", "text": "en"},
        {"do": "power-off"},
        enrol("microsoft-2023"),
        {"do": "relaunch"},
        {"do": "get", "name": "PlatformLang"},
    )
    assert replay.steps[-1].ok
    host = replay.steps[-1].snapshot.hosts[0]
    file = next(each for each in host.files if each.path.endswith("vm1_VARS.fd"))
    names = {record.name for record in read_store(file.contents.tobytes()).live}
    assert {"PK", "KEK", "db", "PlatformLang"} <= names


def test_what_updates_will_meet_is_said():
    old = played(enrol("microsoft-2011")).steps[-1]
    assert "leaves setup mode" in old.consequence
    assert "are refused: KEK lacks their signer" in old.consequence
    new = played(enrol("microsoft-2011"), enrol("microsoft-2011+2023")).steps[-1]
    assert new.consequence == "Updates of dbx that are signed from 2026 on are taken."


@pytest.mark.parametrize(
    ("actions", "why"),
    [
        ([{"do": "start"}, enrol("microsoft-2023")], "power it off before keys are written"),
        ([enrol("nobody")], "known are microsoft-2023"),
        ([loader("nobody")], "there is no certificate 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused(actions, why):
    with pytest.raises(Refused, match=why):
        played(*actions)


def test_the_lesson_from_2011_to_2023():
    replay = play(load(find("2011-to-2023")))
    assert replay.outcome == "boots"
    assert [question.answer for question in questions_of(replay)] == [
        "It starts",
        "It does not start",
        "It starts",
        "It starts",
    ]
    assert not replay.unmet
