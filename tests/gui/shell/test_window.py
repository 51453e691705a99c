import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox

from ovmfgui.gui.app import install_hook
from ovmfgui.gui.dialogs import leaving
from ovmfgui.gui.document.opened import Content
from ovmfgui.gui.document.settings import THEME
from ovmfgui.gui.shell.screenshots import settle
from ovmfgui.gui.shell.window import Window
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.span import Place, Span


def edit_timeout(window, seconds):
    document = window.document
    value = seconds.to_bytes(2, "little")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, value))


def answer(monkeypatch, button):
    asked = []

    def ask(text, _owner, **_more):
        asked.append(text)
        return button

    monkeypatch.setattr(leaving, "ask_about_edits", ask)
    return asked


def test_with_nothing_open_the_first_page_is_in_front(window):
    assert window.pages.stack.currentWidget() is window.pages.welcome
    assert window.windowTitle() == "ovmfgui[*]"
    assert not window.badge.isVisible()


def test_one_selection_runs_through_views_and_panes(demo_window):
    window, document = demo_window, demo_window.document
    views = {name: window.pages.tabs.view(name) for name in ("variables", "structure", "hex")}
    window.pages.bring_up("hex")
    record = document.store.find("Timeout")
    document.select(Place(1, record.span))
    variables, structure, hexes = views.values()
    # A view that is hidden catches up as it is shown.
    for name in views:
        window.pages.bring_up(name)
    assert variables.table.currentIndex().data() == "Timeout"
    assert structure.tree.currentIndex().data() == "Timeout"
    assert hexes.space == 1
    assert hexes.grid.selection == record.span
    assert window.details.name.text() == "Timeout"
    assert f"0x{record.span.start:06X}" in window.statusBar().where.text()


def test_a_row_of_the_tree_selects_everywhere(demo_window):
    structure = demo_window.pages.tabs.view("structure")
    variables = demo_window.pages.tabs.view("variables")
    demo_window.pages.bring_up("structure")
    path = demo_window.document.path_at(Place(1, demo_window.document.store.find("BootOrder").span))
    index = structure.model.index_of(path)
    structure.tree.setCurrentIndex(index)
    demo_window.pages.bring_up("variables")
    assert variables.table.currentIndex().data() == "BootOrder"
    assert demo_window.document.selection == path[-1].place


def test_a_field_in_details_selects_its_bytes_and_keeps_the_record(demo_window):
    document, details = demo_window.document, demo_window.details
    record = document.store.find("Timeout")
    document.select(Place(1, record.span))
    state = next(i for i, f in enumerate(details.model.rows) if f.name == "State")
    details.fields.setCurrentIndex(details.model.index(state, 0))
    assert document.selection == Place(1, details.model.rows[state].span)
    assert details.name.text() == "Timeout"
    assert demo_window.pages.tabs.view("variables").table.currentIndex().data() == "Timeout"


def test_a_finding_selects_its_bytes(demo_window):
    findings = demo_window.findings
    demo_window.actions_of["next-finding"].trigger()
    assert demo_window.document.selection == findings.findings[0].place


def test_selections_go_back_and_forward(demo_window):
    document, actions = demo_window.document, demo_window.actions_of
    places = [Place(1, Span(start, 1)) for start in (0, 16, 32)]
    for place in places:
        document.select(place)
    assert not actions["forward"].isEnabled()
    actions["back"].trigger()
    actions["back"].trigger()
    assert document.selection == places[0]
    assert not actions["back"].isEnabled()
    actions["forward"].trigger()
    assert document.selection == places[1]
    document.select(places[0])
    assert not actions["forward"].isEnabled()


def test_up_and_down_walk_through_the_regions(demo_window):
    document, actions = demo_window.document, demo_window.actions_of
    document.select(Place(1, document.store.find("Timeout").span))
    actions["parent"].trigger()
    assert document.path_at(document.selection)[-1].kind == "variable-store"
    actions["child"].trigger()
    assert document.path_at(document.selection)[-1].kind == "header"


def test_go_to_selects_what_is_typed_and_refuses_what_is_not_there(qtbot, demo_window):
    demo_window.actions_of["goto"].trigger()
    qtbot.keyClicks(demo_window.goto, "BootOrder")
    qtbot.keyClick(demo_window.goto, Qt.Key.Key_Return)
    record = demo_window.document.store.find("BootOrder")
    assert demo_window.document.selection == Place(1, record.span)
    demo_window.goto.setText("nowhere at all")
    qtbot.keyClick(demo_window.goto, Qt.Key.Key_Return)
    assert demo_window.pages.message.isVisible()
    assert "nowhere at all" in demo_window.pages.message.text.text()


def test_filter_goes_to_the_view_in_front(demo_window):
    for name, line in (("variables", "filter"), ("structure", "filter")):
        demo_window.pages.bring_up(name)
        demo_window.actions_of["filter"].trigger()
        assert getattr(demo_window.pages.tabs.view(name), line).hasFocus()
    demo_window.pages.bring_up("hex")
    demo_window.actions_of["filter"].trigger()
    assert demo_window.pages.tabs.view("hex").find_bar.isVisible()


def test_half_a_pair_says_what_is_missing(qtbot, window):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.document.open_made("CODE", lambda: demo_files()[:1])
    assert window.badge.text() == "no VARS yet"
    assert not window.badge.isEnabled()
    assert window.sources.half.text() == "Add the VARS file…"
    assert window.actions_of["open-half"].isEnabled()


def test_a_refusal_is_a_line_in_the_window(qtbot, window, tmp_path):
    wrong = tmp_path / "empty.fd"
    wrong.touch()
    with qtbot.waitSignal(window.workbench.refused):
        window.commands.files.open([str(wrong)])
    assert window.pages.message.isVisible()
    assert str(wrong) in window.pages.message.text.text()
    qtbot.waitUntil(lambda: window.pages.stack.currentWidget() is window.pages.welcome)


def test_a_scenario_that_is_opened_is_played(qtbot, window):
    from ovmfgui.resources import resource_path

    window.commands.files.open([str(resource_path("scenarios/demo.toml"))])
    view = window.pages.tabs.view("migration")
    qtbot.waitUntil(lambda: view.replay is not None, timeout=30_000)
    assert window.pages.front.id == "migration"
    window.actions_of["next-step"].trigger()
    assert window.pages.tabs.view("migration").step.n == 1
    window.actions_of["last-step"].trigger()
    window.actions_of["previous-step"].trigger()
    steps = window.pages.tabs.view("migration").replay.steps
    assert window.pages.tabs.view("migration").step.n == len(steps) - 2


def test_a_long_path_does_not_widen_the_window(qtbot, window, tmp_path):
    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    file = deep / f"{'long' * 20}.fd"
    file.touch()
    before = window.minimumSizeHint().width()
    window.settings.remember((str(file), str(file)))
    going = threading.Event()

    def work(report):
        while True:
            report(0, 1, f"reading {file}")
            going.set()

    task = window.document.tasks.start("Reading", work, lambda _: None)
    assert going.wait(5)
    qtbot.waitUntil(window.statusBar().bar.isVisible)
    task.cancel()
    assert window.minimumSizeHint().width() <= max(before, 1000)


def test_a_wide_view_takes_the_room_of_the_panes_and_gives_it_back(demo_window):
    panes = ("sources", "details", "findings")
    shown = [getattr(demo_window, name).isVisible() for name in panes]
    demo_window.pages.bring_up("migration")
    assert not any(getattr(demo_window, name).isVisible() for name in panes)
    demo_window.pages.bring_up("map")
    assert [getattr(demo_window, name).isVisible() for name in panes] == shown


def test_sources_stays_beside_a_wide_view_where_there_is_something_to_go_to(demo_window, demo):
    window = demo_window
    window.resize(1280, 800)
    window.pages.bring_up("matrix")
    assert not window.sources.isVisible()
    window.document.show(Content(demo, names=("/nowhere",)))
    window.pages.bring_up("matrix")
    assert window.sources.isVisible()
    assert not window.details.isVisible()
    window.resize(1024, 600)
    assert not window.sources.isVisible()
    window.resize(1280, 800)
    assert window.sources.isVisible()
    window.document.close()
    window.pages.bring_up("matrix")
    assert not window.sources.isVisible()


def test_a_view_that_is_hidden_takes_no_room_of_the_panes(demo_window):
    window = demo_window
    window.resize(1024, 600)
    window._docks.fit_sides(window.width())
    QApplication.processEvents()
    before = window.sources.width()
    for view in ("migration", "map", "secure-boot", "hex", "migration", "map"):
        window.pages.bring_up(view)
        QApplication.processEvents()
    assert window.sources.width() == before >= 136
    assert window.pages.tabs.minimumSizeHint().width() < 500


def test_what_the_lowest_panes_say_is_whole(demo_window):
    window = demo_window
    window.resize(1280, 800)
    for size in (800, 600):
        window.resize(1280 if size == 800 else 1024, size)
        window._docks.bring_up("History")
        QApplication.processEvents()
        label = window.history.empty
        assert label.isVisible()
        assert label.height() >= label.heightForWidth(label.width())


def test_edits_mark_the_window_and_undo_takes_them_back(demo_window):
    actions = demo_window.actions_of
    assert not actions["undo"].isEnabled()
    edit_timeout(demo_window, 30)
    assert demo_window.isWindowModified()
    assert actions["save"].isEnabled()
    assert "changed" in demo_window.statusBar().changed.text()
    actions["undo"].trigger()
    assert not demo_window.isWindowModified()
    actions["redo"].trigger()
    assert demo_window.isWindowModified()


def test_deleting_a_variable_strikes_it(demo_window):
    document, variables = demo_window.document, demo_window.pages.tabs.view("variables")
    document.select(Place(1, document.store.find("Timeout").span))
    demo_window.actions_of["delete-variable"].trigger()
    assert document.store.find("Timeout") is None
    struck = [row.record.name for row in variables.model.rows if row.change == "old"]
    assert struck == ["Timeout"]
    assert not demo_window.actions_of["delete-variable"].isEnabled()


@pytest.mark.parametrize(
    ("button", "closes"),
    [
        (QMessageBox.StandardButton.Cancel, False),
        (QMessageBox.StandardButton.Discard, True),
    ],
)
def test_unsaved_edits_are_asked_about(monkeypatch, qtbot, demo_window, button, closes):
    asked = answer(monkeypatch, button)
    edit_timeout(demo_window, 30)
    demo_window.close()
    assert len(asked) == 1
    assert demo_window.document.modified != closes
    if closes:
        qtbot.waitUntil(lambda: not demo_window.isVisible())
    else:
        assert demo_window.isVisible()


def test_saving_when_asked_writes_and_then_closes(monkeypatch, qtbot, window, demo_paths):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(demo_paths)
    edit_timeout(window, 30)
    after = window.document.image.spaces[1].data
    answer(monkeypatch, QMessageBox.StandardButton.Save)
    window.actions_of["quit"].trigger()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert Path(demo_paths[1]).read_bytes() == after


def test_another_file_is_opened_beside_and_asks_nothing(
    monkeypatch, qtbot, demo_window, demo_paths
):
    asked = answer(monkeypatch, QMessageBox.StandardButton.Cancel)
    edit_timeout(demo_window, 30)
    before = demo_window.document.front
    with qtbot.waitSignal(demo_window.document.presented, timeout=20_000):
        demo_window.commands.files.open(demo_paths)
    assert asked == []
    assert not demo_window.document.modified
    assert not demo_window.isWindowModified()
    demo_window.actions_of["previous-document"].trigger()
    assert demo_window.document.front is before
    assert demo_window.isWindowModified()
    demo_window.document.undo_stack.undo()
    assert not demo_window.isWindowModified()


def test_layout_and_view_are_remembered(qtbot, window, settings):
    window.pages.bring_up("structure")
    window.findings.parent().close()
    window.close()
    again = Window(settings)
    qtbot.addWidget(again)
    assert again.pages.tabs.current_id == "structure"
    again.pages.bring_up("map")
    again.show()
    assert not again.findings.isVisible()
    again.reset_layout()
    assert not again.findings.parent().isHidden()
    again.close()


def test_colours_change_at_once_and_are_remembered(qapp, demo_window):
    from ovmfgui.gui.look import theme

    demo_window.actions_of["theme-dark"].trigger()
    assert theme.is_dark(QGuiApplication.palette())
    assert demo_window.settings.get(THEME) == "dark"
    demo_window.actions_of["theme-light"].trigger()
    assert not theme.is_dark(QGuiApplication.palette())


def test_bytes_offset_and_report_can_be_copied(demo_window):
    document, clipboard = demo_window.document, QGuiApplication.clipboard()
    document.select(Place(1, Span(0x28, 4)))
    demo_window.actions_of["copy-bytes"].trigger()
    assert clipboard.text() == "5f 46 56 48"
    demo_window.actions_of["copy-offset"].trigger()
    assert clipboard.text() == "0x28"
    demo_window.actions_of["copy-report"].trigger()
    assert "verdict: fits" in clipboard.text()
    assert document.image.files[0].sha256 in clipboard.text()


def test_the_unexpected_is_one_line_with_details(monkeypatch, capsys, demo_window):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    install_hook(demo_window)
    error = ZeroDivisionError("by nothing")
    sys.excepthook(ZeroDivisionError, error, None)
    message = demo_window.pages.message
    assert message.isVisible()
    assert "by nothing" in message.text.text()
    message.copy.click()
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize("view_id", ["variables", "structure", "hex", "map"])
def test_shift_f10_opens_the_context_menu_and_moves_nothing(demo_window, view_id):
    window = demo_window
    window.activateWindow()
    window.commands.migration.play_lesson()
    settle(window.workbench)
    migration = window.pages.tabs.view("migration")
    migration.show_step(3)
    window.actions_of["previous-document"].trigger()
    window.document.select(Place(1, window.document.store.find("Timeout").span))
    window.pages.bring_up(view_id).setFocus()
    tab_to_content = {"variables": "table", "structure": "tree", "hex": "grid", "map": "map"}
    view = window.pages.tabs.view(view_id)
    getattr(view, tab_to_content[view_id]).setFocus()
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F10, shift)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()
    assert window.document.front is window.document.all_open[0]
    for step in ("next-step", "previous-step"):
        assert not window.actions_of[step].isEnabled()
        window.actions_of[step].trigger()
    window.actions_of["next-document"].trigger()
    assert migration.player.current == 3
    window.pages.bring_up("migration")
    window.actions_of["next-step"].trigger()
    assert migration.player.current == 4


def test_no_tab_is_out_of_sight(demo_window):
    tabs = demo_window.pages.tabs
    for wide in (1900, 1280, 1024, 1900):
        demo_window.resize(wide, 700)
        QApplication.processEvents()
        assert tabs.tabBar().sizeHint().width() <= tabs.width()
        assert tabs.tabIcon(0).isNull() is (wide < 1300)


def test_the_findings_take_no_more_room_than_they_need(demo_window, qtbot):
    window = demo_window
    window.resize(1280, 800)
    window.document.present(window.document.inspection)
    findings = window.findings
    needed = max(findings.wanted_height(), findings.minimumSizeHint().height())
    qtbot.waitUntil(lambda: findings.height() <= needed + 4)
    assert window.findings.table.viewport().height() >= window.findings.table.rowHeight(0)
