"""What is noticed about a scenario as it is written."""

from ovmfgui.dataclass import replace
from ovmfgui.finding import Severity
from ovmfgui.migration.remarks import remarks
from tests.played import BEGIN, play


def test_what_takes_no_part_is_named_and_what_was_asked_for_in_vain_comes_first():
    replay = play(*BEGIN)
    found = remarks(replace(replay, unmet=("X was asked for and not found.",)))
    assert found[0].text == "X was asked for and not found."
    assert found[0].severity is Severity.WARNING
    assert [each.id for each in found[1:]] == ["idle-host", "idle-firmware"]
    assert "'b'" in found[1].text
    assert "'small'" in found[2].text


def test_a_scenario_in_which_all_take_part_has_none():
    replay = play(*BEGIN, 'migrate to="b"', 'upgrade-package host="a" package="small"')
    assert remarks(replay) == ()
