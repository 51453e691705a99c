"""What a scenario says of a domain's machine decides where firmware keeps its variables in SMM."""

import pytest
from debian_firmware import CODE_4M_SECBOOT, VARS_4M
from played import BEGIN, FRAME, scenario

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.simulation.boot_verdict import LayoutJudge
from ovmfgui.refusal import Refused

SMM = FRAME.replace('synthetic = "4m"\n', f'code = "{CODE_4M_SECBOOT}"\nvars = "{VARS_4M}"\n', 1)


@pytest.fixture(scope="module")
def judge():
    """Reads the image once for all."""
    return LayoutJudge()


def played(said, frame, judge):
    actions = [f'define host="a"{said}', "start"]
    return run(scenario(*actions, frame=frame), ModelPlatform(), judge=judge)


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        ("", Outcome.BOOTS, ""),
        ('\nmachine="q35"', Outcome.BOOTS, ""),
        ('\nmachine="pc"', Outcome.NO_BOOT, "pc has no SMM"),
        ('\nmachine="i440fx"', Outcome.NO_BOOT, "pc has no SMM"),
        ("\nno_smm=true", Outcome.NO_BOOT, "SMM is switched off"),
    ],
)
def test_a_build_with_smm_boots_where_there_is_smm(said, outcome, words, judge):
    replay = played(said, SMM, judge)
    assert replay.outcome is outcome
    if outcome is Outcome.NO_BOOT:
        assert words in replay.outcome_text
        assert "Its machine is " in replay.steps[1].text


@pytest.mark.parametrize("said", ['\nmachine="pc"', "\nno_smm=true"])
def test_other_builds_ask_for_none(said, judge):
    assert played(said, FRAME, judge).outcome is Outcome.BOOTS


def test_what_there_is_not_is_refused(judge):
    with pytest.raises(Refused, match="q35 and pc are played"):
        played('\nmachine="microvm"', FRAME, judge)


def test_the_machine_goes_along_with_the_domain(judge):
    actions = (f'{BEGIN[0]}\nmachine="pc"', *BEGIN[1:], 'migrate to="b"')
    replay = run(scenario(*actions, frame=FRAME), ModelPlatform(), judge=judge)
    assert replay.outcome is Outcome.BOOTS
