import pytest
from PySide6.QtCore import QItemSelectionModel

from ovmfgui.flash.opening import image_of
from ovmfgui.gui.document.opened import Content
from ovmfgui.gui.views.compare.view import CompareView
from ovmfgui.layout.demo import demo_files, other_demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.vendors import GLOBAL


def set_timeout(document, seconds):
    document.edit(document.editor().set_variable("Timeout", GLOBAL, bytes([seconds, 0])))


@pytest.fixture
def view(qtbot, workbench, document):
    """A with a time-out of 42 seconds, and beside it, open too, the same pair as it was."""
    first = document.front
    document.show(Content(inspect(image_of(demo_files())), made="the same"))
    second = document.front
    document.bring_to_front(first)
    set_timeout(document, 42)
    view = CompareView(workbench)
    qtbot.addWidget(view)
    view.resize(1000, 560)
    view.show()
    view.compare_with_opened(second)
    qtbot.waitUntil(lambda: view.comparison is not None)
    return view


def choose(view, *names):
    page = view.variables
    page.table.clearSelection()
    for number, row in enumerate(page.model.rows):
        if row.record.name in names:
            index = page.filtered.mapFromSource(page.model.index(number, 0))
            flags = (
                QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            )
            page.table.selectionModel().setCurrentIndex(index, flags)


def timeout(opened):
    return opened.store.find("Timeout").data[0]


def test_a_variable_of_a_is_taken_over_into_b_and_that_can_be_undone(qtbot, view, workbench):
    document, beside = workbench.document, view._beside
    old = timeout(beside)
    choose(view, "Timeout")
    workbench.actions.update()
    assert workbench.actions["take-over-from-a"].isEnabled()
    workbench.actions["take-over-from-a"].trigger()
    assert [task.title for task in workbench.tasks.tasks] == ["Taking over 1 variable from A"]
    qtbot.waitUntil(lambda: not workbench.tasks.tasks)
    assert (timeout(document.front), timeout(beside)) == (42, 42)
    assert beside.undo_stack.undoText() == "Take over 1 variable from A"
    qtbot.waitUntil(lambda: not view.comparison.variables)
    beside.undo_stack.undo()
    assert timeout(beside) == old


def test_a_variable_of_b_is_taken_over_into_a(qtbot, view, workbench):
    document = workbench.document
    choose(view, "Timeout")
    workbench.actions.update()
    workbench.actions["take-over-from-b"].trigger()
    qtbot.waitUntil(lambda: not workbench.tasks.tasks)
    assert timeout(document.front) == timeout(view._beside)
    assert document.undo_stack.undoText() == "Take over 1 variable from B"
    document.undo_stack.undo()
    assert timeout(document.front) == 42


def test_without_a_row_or_without_b_open_the_actions_say_what_they_need(qtbot, view, workbench):
    view.variables.table.clearSelection()
    workbench.actions.update()
    assert not workbench.actions["take-over-from-b"].isEnabled()
    view.compare_with(inspect(image_of(other_demo_files())))
    qtbot.waitUntil(lambda: len(view.comparison.variables) > 1)
    choose(view, *[row.record.name for row in view.comparison.variables])
    workbench.actions.update()
    assert workbench.actions["take-over-from-b"].isEnabled()
    assert not workbench.actions["take-over-from-a"].isEnabled()
    assert "Swap opens it" in workbench.actions["take-over-from-a"].toolTip()


def test_both_values_stand_below_the_table(view):
    choose(view, "Timeout")
    first, second = view.variables.values
    assert first.title.text() == "A: Timeout"
    assert "42 seconds" in [field.note for field in first.model.rows]
    assert second.title.text() == "B: Timeout"


def test_what_was_edited_meanwhile_is_not_overwritten(qtbot, view, workbench):
    document = workbench.document
    choose(view, "Timeout")
    workbench.actions.update()
    with qtbot.waitSignal(workbench.refused) as refused:
        workbench.actions["take-over-from-b"].trigger()
        set_timeout(document, 7)
    assert "changed meanwhile" in refused.args[0]
    assert timeout(document.front) == 7
