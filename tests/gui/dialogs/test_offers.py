"""The question which of several images is meant."""

import pytest
from PySide6.QtCore import Qt

from ovmfgui.gui.dialogs.offers import OffersDialog
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.sorting_out import sort_out
from ovmfgui.progress import silent


@pytest.fixture
def folder(tmp_path):
    for build in ("2m", "4m"):
        made = synthetic_package(build)
        (tmp_path / f"CODE-{build}.fd").write_bytes(made.code)
        (tmp_path / f"VARS-{build}.fd").write_bytes(made.vars)
    return tmp_path


@pytest.fixture
def dialog(qtbot, folder):
    dialog = OffersDialog(sort_out([str(folder)], silent))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_one_row_opens_two_compare_and_all_go_to_the_matrix(qtbot, dialog, folder):
    assert dialog.open_button.isEnabled()
    assert not dialog.compare_button.isEnabled()
    assert dialog.compare_button.toolTip() == "Select two to compare them"
    dialog.list.item(1).setSelected(True)
    assert not dialog.open_button.isEnabled()
    with qtbot.waitSignal(dialog.compare_wanted) as asked:
        qtbot.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    assert asked.args == [(str(folder / "CODE-2m.fd"),), (str(folder / "CODE-4m.fd"),)]


def test_all_of_them_are_judged(qtbot, dialog):
    with qtbot.waitSignal(dialog.matrix_wanted) as asked:
        qtbot.mouseClick(dialog.matrix_button, Qt.MouseButton.LeftButton)
    assert len(asked.args[0]) == 4


def dialog_of(qtbot, window):
    qtbot.waitUntil(lambda: window.findChild(OffersDialog) is not None)
    return window.findChild(OffersDialog)


def test_two_dropped_stores_are_compared_in_the_window(qtbot, window, folder):
    window.commands.files.open_dropped([str(folder / "VARS-2m.fd"), str(folder / "VARS-4m.fd")])
    dialog = dialog_of(qtbot, window)
    assert dialog.compare_button.isDefault()
    qtbot.mouseClick(dialog.compare_button, Qt.MouseButton.LeftButton)
    view = window.pages.tabs.view("compare")
    qtbot.waitUntil(lambda: view.comparison is not None)
    assert window.document.image.files[0].path.endswith("VARS-2m.fd")
    assert view.other.image.files[0].path.endswith("VARS-4m.fd")
    assert window.pages.tabs.current_id == "compare"


def test_a_dropped_folder_can_go_to_the_matrix(qtbot, window, folder):
    window.commands.files.open_dropped([str(folder)])
    qtbot.mouseClick(dialog_of(qtbot, window).matrix_button, Qt.MouseButton.LeftButton)
    view = window.pages.tabs.view("matrix")
    qtbot.waitUntil(lambda: view.board is not None)
    assert window.pages.tabs.current_id == "matrix"
    view.reasons.open_wanted.emit((str(folder / "CODE-4m.fd"), str(folder / "VARS-4m.fd")))
    qtbot.waitUntil(lambda: window.document.verdict is not None)


def test_a_dropped_pair_is_opened_without_a_question(qtbot, window, folder):
    window.commands.files.open_dropped([str(folder / "VARS-4m.fd"), str(folder / "CODE-4m.fd")])
    qtbot.waitUntil(lambda: window.document.verdict is not None)
    assert window.findChild(OffersDialog) is None


def test_differences_are_stepped_through_from_any_view(qtbot, demo_window):
    from ovmfgui.flash.opening import image_of
    from ovmfgui.layout.demo import other_demo_files
    from ovmfgui.layout.inspection import inspect

    assert not demo_window.actions_of["next-difference"].isEnabled()
    view = demo_window.pages.tabs.view("compare")
    view.compare_with(inspect(image_of(other_demo_files())))
    action = demo_window.actions_of["next-difference"]
    qtbot.waitUntil(action.isEnabled)
    demo_window.pages.bring_up("hex")
    action.trigger()
    first = demo_window.document.selection
    assert first is not None
    action.trigger()
    assert demo_window.document.selection.span.start > first.span.start
