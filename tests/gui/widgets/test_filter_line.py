"""A pattern in a filter line of the window, right and wrong."""

import pytest


@pytest.mark.parametrize(("view", "what"), [("variables", "table"), ("structure", "tree")])
def test_a_pattern_filters_and_a_wrong_one_is_told_below(qtbot, demo_window, view, what):
    shown = demo_window.pages.bring_up(view)
    model = getattr(shown, what).model()
    line, every = shown.filter, model.rowCount()
    line.setText("/^nothing is called so$/")
    assert model.rowCount() == 0
    line.setText("/^nothing (/")
    assert model.rowCount() == every
    qtbot.waitUntil(lambda: not line.note.isHidden())
    assert "missing closing parenthesis" in line.note.text()
    line.setText("")
    qtbot.waitUntil(line.note.isHidden)
    assert model.rowCount() == every
