"""What views and commands are handed, and that they are handed nothing else."""

import ast
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

import ovmfgui.gui
from ovmfgui.finding import Severity
from ovmfgui.gui.actions.view_table import VIEWS, spec_of
from ovmfgui.gui.views.compare.view import CompareView
from ovmfgui.gui.views.hex.view import HexView
from ovmfgui.gui.workbench import Message
from ovmfgui.refusal import Refused

GUI = Path(ovmfgui.gui.__file__).parent
UNDER_A_WORKBENCH = ("commands", "views", "panes", "dialogs")


def refuse(_report):
    msg = "no such file"
    raise Refused(msg)


def test_what_a_task_refuses_is_told_by_the_workbench(qtbot, workbench):
    with qtbot.waitSignal(workbench.refused) as told:
        workbench.tasks.start("refuse", refuse, lambda _: None)
    assert told.args == ["no such file"]


def test_what_the_document_has_to_say_is_told_by_the_workbench(qtbot, workbench):
    with qtbot.waitSignal(workbench.told) as told:
        workbench.document.notice.emit("Saved.")
    assert told.args == ["Saved."]


def test_what_is_told_stands_in_the_status_bar_and_refusals_above_the_views(demo_window):
    demo_window.workbench.tell("Done.")
    assert demo_window.statusBar().currentMessage() == "Done."
    demo_window.workbench.refuse(Refused("it is gone"))
    assert demo_window.pages.message.text.text() == "it is gone"


def test_a_message_waits_for_an_answer(demo_window):
    answers = []
    offers = (("Reload", lambda: answers.append("reload")),)
    demo_window.workbench.announce(Message("It changed.", Severity.INFO, offers=offers))
    bar = demo_window.pages.message
    assert bar.waits
    bar.offers[0].click()
    assert answers == ["reload"]
    assert not bar.isVisible()


def test_a_view_is_shown_by_its_id_or_its_class(demo_window):
    assert isinstance(demo_window.workbench.show("hex"), HexView)
    assert demo_window.pages.front.id == "hex"
    view = demo_window.workbench.show_view(CompareView)
    assert demo_window.pages.front.id == "compare"
    assert demo_window.workbench.show("compare") is view


def test_the_table_knows_each_view_by_its_class(demo_window):
    for spec in VIEWS:
        assert spec_of(type(demo_window.workbench.show(spec.id))) is spec


def test_a_dialog_goes_when_it_is_closed(qtbot, workbench):
    dialog = QDialog(workbench.owner)
    workbench.open_dialog(dialog)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()


@pytest.mark.parametrize("package", UNDER_A_WORKBENCH)
def test_nothing_under_a_workbench_looks_others_up_by_a_string(package):
    """Neither an attribute by its name nor a widget or an action by its object name."""
    found = []
    for path in (GUI / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            name = node.func.attr if isinstance(node.func, ast.Attribute) else name
            if name in ("getattr", "cast", "objectName"):
                found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []
