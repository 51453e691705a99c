"""A replay is well where all that was asked for and declared came."""

from __future__ import annotations

import pytest
from played import BEGIN, FRAME, play, scenario

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run


def test_a_variable_that_is_asked_for_and_not_there_is_not_well():
    replay = play(*BEGIN, 'get name="Y"')
    assert (replay.outcome, replay.well) == (Outcome.BOOTS, False)
    assert replay.unmet == ("Y was asked for and not found.",)
    assert replay.outcome_text.endswith("Y was asked for and not found.")


def test_a_variable_that_the_guest_deleted_is_rightly_not_found():
    replay = play(*BEGIN, 'delete-variable name="X"', 'get name="X"')
    assert replay.well
    assert replay.steps[-1].ok
    again = play(*BEGIN, 'delete-variable name="X"', BEGIN[-1], 'get name="X"')
    assert again.well
    assert "“hello”" in again.steps[-1].text


def test_a_variable_that_came_back_with_an_old_value_is_not_well():
    """B keeps its old store: what arrived is never written there."""
    frame = FRAME.replace('["next"]', '["old"]')
    replay = play(
        'define host="a"',
        'define host="b"',
        'start host="a"',
        'set-variable name="X" text="one"',
        "power-off",
        'relaunch host="b"',
        'get name="X"',
        frame=frame,
    )
    assert not replay.well
    assert "X was asked for and not found." in replay.unmet


def test_a_variable_that_does_not_fit_is_unmet():
    replay = play('define host="a"', "start", 'set-variable name="Big" size=300000')
    assert replay.outcome is Outcome.BOOTS
    assert not replay.well
    assert len(replay.unmet) == 1
    assert replay.unmet[0].startswith("Set Big was asked for and not done: ")


@pytest.mark.parametrize("declared", ["no-boot", "boots-volatile", "boots-initialises"])
def test_a_declared_outcome_that_does_not_come_is_not_well(declared: str):
    story = scenario(*BEGIN, frame=f'outcome = "{declared}"\n{FRAME}')
    replay = run(story, ModelPlatform())
    assert (replay.outcome, replay.well) == (Outcome.BOOTS, False)
    assert replay.unmet == (f"The scenario declares {declared}; what came is boots.",)


def test_a_scenario_in_which_nothing_starts_is_not_what_it_declares():
    replay = run(scenario('define host="a"', frame=f'outcome = "boots"\n{FRAME}'), ModelPlatform())
    assert (replay.outcome, replay.well) == (Outcome.UNKNOWN, False)
    assert replay.unmet


def test_what_came_after_the_last_power_on_is_told_first():
    """The store was empty at that power-on, and is not at the end."""
    replay = play(*BEGIN[:-1], 'set-variable name="Z" text="late"', 'get name="Z"')
    decisive = next(step for step in reversed(replay.steps) if step.outcome is not None)
    assert replay.outcome_text.startswith(f"{replay.steps[-1].text} The last power-on, step ")
    assert f"step {decisive.n}: {decisive.verdict.summary}" in replay.outcome_text
    ended = play(*BEGIN[:-1])
    if ended.steps[-1].outcome is not None:
        assert "The last power-on" not in ended.outcome_text
