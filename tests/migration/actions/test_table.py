"""What the scenario language names and what is carried out are the same actions."""

from __future__ import annotations

from ovmfgui.migration.actions.table import PERFORM
from ovmfgui.migration.scenario.actions import ACTIONS


def test_every_action_that_a_scenario_can_name_is_carried_out_and_no_other():
    assert list(PERFORM) == list(ACTIONS)
