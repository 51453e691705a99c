"""Editing a scenario beside its replay."""

import tomllib

import pytest
from debian_firmware import CODE_4M, VARS_4M
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QMessageBox, QSpinBox

from ovmfgui.gui.dialogs import leaving
from ovmfgui.gui.views.migration.lesson_export import write_lesson
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.actions import ACTIONS
from ovmfgui.migration.scenario.draft import Draft, complaint, draft_of, headline
from ovmfgui.migration.scenario.file import load
from ovmfgui.migration.scenario.shipped import find, shipped


@pytest.fixture(scope="module")
def story():
    return play(find("demo"), lambda *_: None)


@pytest.fixture
def view(qtbot, workbench, story):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.resize(1100, 760)
    view.show()
    view.set_prepared(story)
    view.bar.edit_button.click()
    return view


@pytest.fixture
def editor(view):
    return view.side.editor


def does(editor):
    return [table["do"] for table in editor.draft.actions]


def run(qtbot, view):
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.side.editor.run_button.click()


def test_the_actions_stand_in_order_and_follow_the_steps(view, editor):
    assert editor.list.count() == len(view.replay.scenario.actions)
    assert editor.list.item(0).text() == "1. define, on Host A, domain vm1"
    view.player.to_last()
    assert editor.row == editor.list.count() - 1
    view.player.to_first()
    view.player.step_forward()
    assert editor.row == 0


def test_an_action_is_added_changed_and_played(qtbot, view, editor):
    editor.list.setCurrentRow(1)
    editor.add("set-variable")
    assert editor.row == 2
    fields = editor.form.fields
    for name, text in (("name", "Mine"), ("text", "hello")):
        fields[name].setText(text)
        fields[name].editingFinished.emit()
    assert editor.draft.actions[2] == {"do": "set-variable", "name": "Mine", "text": "hello"}
    assert "not played" in editor.words.text()
    run(qtbot, view)
    assert any("Mine" in step.title for step in view.replay.steps)
    assert editor.words.isHidden()
    assert not editor.changed


def test_what_is_wrong_is_said_at_the_action(qtbot, view, editor, document, workbench):
    refused = []
    workbench.refused.connect(refused.append)
    steps = len(view.player)
    editor.shift(1, 0)
    editor.run_button.click()
    qtbot.waitUntil(lambda: not document.tasks.tasks, timeout=20_000)
    assert editor.words.text().partition("Action ")[2].startswith("1: ")
    assert editor.row == 0
    assert editor.list.item(0).text().startswith("1. ✖ start")
    assert refused == []
    assert len(view.player) == steps
    editor.undo()
    assert editor.words.isHidden()
    assert not editor.changed


def test_keys_move_and_remove(qtbot, editor):
    before = does(editor)
    editor.list.setCurrentRow(1)
    qtbot.keyClick(editor.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert does(editor) == [before[0], before[2], before[1], *before[3:]]
    assert editor.row == 2
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert does(editor) == before
    qtbot.keyClick(editor.list, Qt.Key.Key_Delete)
    assert does(editor) == [before[0], *before[2:]]
    editor.undo_button.click()
    assert does(editor) == before


@pytest.mark.parametrize(("at", "below", "order"), [(2, True, (1, 2, 0)), (0, False, (0, 1, 2))])
def test_dragging_moves(editor, at, below, order):
    before = does(editor)
    editor.list.setCurrentRow(0)
    rect = editor.list.visualItemRect(editor.list.item(at))
    point = rect.bottomLeft() if below else rect.topLeft()
    data = editor.list.model().mimeData([editor.list.model().index(0, 0)])
    event = QDropEvent(
        QPointF(point + QPoint(5, 0)),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    editor.list.dropEvent(event)
    assert does(editor)[:3] == [before[n] for n in order]
    assert does(editor)[3:] == before[3:]
    assert editor.list.count() == len(before)


def test_looking_at_every_action_changes_nothing(editor):
    for row in range(editor.list.count()):
        editor.list.setCurrentRow(row)
        for field in editor.form.fields.values():
            if isinstance(field, QLineEdit):
                field.editingFinished.emit()
    assert not editor.changed


@pytest.mark.parametrize("do", list(ACTIONS))
def test_every_action_has_a_form_with_a_field_for_each_parameter(editor, do):
    editor.add(do)
    names = [parameter.name for parameter in ACTIONS[do].parameters]
    assert list(editor.form.fields) == [*names, "question", "lesson"]
    for parameter in ACTIONS[do].parameters:
        field = editor.form.fields[parameter.name]
        assert isinstance(field, QCheckBox | QComboBox | QLineEdit | QSpinBox)
        assert parameter.summary in field.toolTip()


def test_fields_of_all_kinds_are_written_as_toml_has_them(editor):
    editor.list.setCurrentRow(editor.list.count() - 1)
    editor.add("set-variable")
    fields = editor.form.fields
    fields["size"].setValue(12)
    fields["attributes"].setText("NV, BS")
    fields["slowly"].setChecked(True)
    fields["lesson"].setPlainText("one\n---\ntwo")
    table = editor.form.table()
    assert table["size"] == 12
    assert table["attributes"] == ["NV", "BS"]
    assert table["slowly"] is True
    assert table["lesson"] == ["one", "two"]
    assert "guid" not in table


def test_what_is_saved_can_be_read_and_played(view, editor, tmp_path):
    editor.remove(editor.list.count() - 1)
    path = tmp_path / "mine.toml"
    said = []
    editor.saved.connect(said.append)
    editor.files.write(editor.draft, str(path))
    scenario = load(path)
    assert [action.do for action in scenario.actions] == does(editor)
    assert scenario.title == view.replay.scenario.title
    assert "mine.toml" in said[0]


def test_a_place_that_cannot_be_written_is_told(editor, tmp_path):
    said = []
    editor.refused.connect(said.append)
    editor.files.write(editor.draft, str(tmp_path / "missing" / "mine.toml"))
    assert "cannot be written" in said[0]


def test_another_scenario_takes_the_place_of_the_first(view, editor):
    view.set_prepared(play(find("cut-link"), lambda *_: None))
    assert editor.draft.name == "cut-link"
    assert editor.list.count() == len(view.replay.scenario.actions)


def test_playing_the_file_again_does_not_take_the_changes_for_played(qtbot, view, editor):
    editor.remove(0)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.bar.chosen.emit(view.bar.path)
    assert editor.changed
    assert len(view.replay.scenario.actions) == len(editor.draft.actions) + 1


def test_changes_are_kept_while_another_scenario_is_looked_at(view, editor, story):
    editor.remove(0)
    changed = editor.draft
    view.set_prepared(play(find("cut-link"), lambda *_: None))
    assert not editor.changed
    view.set_prepared(story)
    assert editor.draft == changed
    assert editor.changed
    editor.undo()
    assert not editor.changed


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in shipped()])
def test_a_draft_says_what_its_file_says(path):
    draft = draft_of(str(path))
    assert tomllib.loads(draft.text()) == tomllib.loads(path.read_text(encoding="utf-8"))
    for table in draft.actions:
        assert headline(table).startswith(table["do"].replace("-", " "))


BROKEN = """
title = "Broken"
[packages.ovmf]
synthetic = "4m"
[hosts.alpha]
packages = ["ovmf"]
[[actions]]
do = "define"
host = "alpha"
domain = "vm1"
[[actions]]
do = "migrate"
to = "nowhere"
"""


def opened(qtbot, workbench, text, tmp_path):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.show()
    path = tmp_path / "broken.toml"
    path.write_text(text)
    with qtbot.waitSignal(view.playing.ended, timeout=20_000):
        view.playing.scenario(path)
    return view


def test_a_broken_scenario_opens_at_the_action_that_is_wrong(qtbot, workbench, tmp_path):
    view = opened(qtbot, workbench, BROKEN, tmp_path)
    editor = view.side.editor
    assert view.replay is None
    assert "Action 2" in editor.words.text()
    assert "nowhere" in editor.words.text()
    assert editor.row == 1
    editor.remove(1)
    editor.add("start")
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        editor.run_button.click()
    assert [step.action for step in view.replay.steps] == ["", "define", "start"]
    assert editor.words.isHidden()


@pytest.mark.parametrize("text", ["no toml at all", BROKEN.replace('"4m"', '"9m"')])
def test_what_is_wrong_elsewhere_is_a_line_in_the_window(qtbot, workbench, tmp_path, text):
    refused = []
    workbench.refused.connect(refused.append)
    view = opened(qtbot, workbench, text, tmp_path)
    assert "broken.toml" in refused[0]
    assert view.side.editor is None


def test_complaints_are_located():
    draft = Draft("/a/b.toml", {"actions": [{"do": "start"}, {"do": "migrate"}]})
    assert complaint(draft, "/a/b.toml, action 2 (migrate): no, this") == (1, "no, this")
    assert complaint(draft, "/a/b.toml, action 2: what") == (1, "what")
    assert complaint(draft, "/a/b.toml, host x: what") == (None, "host x: what")
    assert complaint(draft, "/a/b.toml: what") == (None, "what")
    assert complaint(draft, "/a/b.toml, action 9 (start): no") == (None, "action 9 (start): no")
    assert complaint(draft, "/c.toml, action 1: no") == (None, "/c.toml, action 1: no")


def test_a_new_scenario_begins_with_two_hosts_and_the_editor(qtbot, window):
    view = window.workbench.show_view(MigrationView)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        window.actions_of["new-scenario"].trigger()
    editor = view.side.editor
    assert does(editor) == ["define", "start"]
    assert view.bar.edit_button.isChecked()
    assert view.side.currentWidget() is editor
    editor.list.setCurrentRow(1)
    editor.add("migrate")
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        editor.run_button.click()
    assert view.replay.steps[-1].title == "The guest runs, the store is dumped"


def names(editor):
    return [draft.name for draft in editor.unsaved]


def test_a_changed_scenario_is_a_changed_document(qtbot, window, monkeypatch, tmp_path):
    """Marked in the title, Sources and the status bar, saved by its key, asked about as it goes."""
    asked = []
    answers = []
    monkeypatch.setattr(
        leaving,
        "ask_about_edits",
        lambda what, _owner, review=True: asked.append((what, review)) or answers.pop(0),
    )
    view = window.workbench.show_view(MigrationView)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        window.actions_of["new-scenario"].trigger()
    editor, document = view.side.editor, window.document
    qtbot.waitUntil(lambda: document.played is not None)
    assert not window.isWindowModified()
    assert not window.actions_of["save"].isEnabled()
    editor.add("power-off")
    assert window.isWindowModified()
    assert window.sources.tree.topLevelItem(0).child(0).text(0).startswith("● ")
    undo = window.actions_of["undo"]
    undo.trigger()
    assert not window.isWindowModified()
    assert not undo.isEnabled()
    editor.add("power-off")
    assert undo.isEnabled()
    # One that is left for another is not forgotten.
    first = document.front
    view.playing.scenario(find("same-package"))
    qtbot.waitUntil(lambda: document.front is not first, timeout=20_000)
    assert not window.isWindowModified()
    assert not undo.isEnabled()
    assert names(editor) == ["new-scenario"]
    answers.append(QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert asked.pop() == (
        "Save the changes of the scenario new-scenario? They are only in this window so far.",
        False,
    )
    # The question is about what is seen; Ctrl+S asks for a file once.
    assert document.front is first
    target = tmp_path / "mine.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    window.actions_of["save"].trigger()
    assert not window.isWindowModified()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: pytest.fail("asked"))
    editor.add("pause")
    window.actions_of["save"].trigger()
    assert target.read_text().count("[[actions]]") == len(editor.draft.actions)
    # Closed without it, it is as it was saved.
    editor.add("quit")
    answers.append(QMessageBox.StandardButton.Discard)
    window.actions_of["close"].trigger()
    assert first not in document.all_open
    assert names(editor) == []
    assert window.close()


def test_closing_asks_about_a_scenario_that_cannot_be_played(qtbot, window, monkeypatch, tmp_path):
    asked = []
    answers = iter([False, True])
    monkeypatch.setattr(
        leaving, "ask_to_lose", lambda what, _owner: asked.append(what) or next(answers)
    )
    path = tmp_path / "broken.toml"
    path.write_text(find("same-package").read_text().replace('do = "migrate"', 'do = "fly"'))
    view = window.workbench.show_view(MigrationView)
    view.playing.scenario(path)
    qtbot.waitUntil(lambda: view.side.editor is not None, timeout=20_000)
    view.side.editor.remove(0)
    assert window.document.all_open == ()
    assert not window.close()
    assert asked == ["the scenario broken"]
    assert window.close()


def test_looking_at_hosts_firmware_and_story_changes_nothing(editor):
    before = editor.draft
    for page in (editor.hosts, editor.packages):
        for row in range(page.list.count()):
            page.list.setCurrentRow(row)
            assert page.form.table() == page.form._before
    assert editor.story.table() == dict(before.document)
    assert editor.draft == before


def test_a_lesson_of_ones_own_from_nothing_to_the_page(qtbot, window, tmp_path):
    """Hosts, firmware, actions, question and text, tried and exported, all in the window."""
    view = window.workbench.show_view(MigrationView)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        window.actions_of["new-scenario"].trigger()
    editor = view.side.editor
    editor.packages.add({"synthetic": "2m"})
    editor.packages.name.setText("small")
    editor.packages.name.editingFinished.emit()
    assert set(editor.draft.document["packages"]) == {"ovmf", "next", "small"}
    editor.hosts.add_button.click()
    assert [editor.hosts.list.item(n).text() for n in range(3)] == ["Host A", "Host B", "Host C"]
    boxes = editor.hosts.form.fields["packages"].findChildren(QCheckBox)
    assert [box.text() for box in boxes] == ["OVMF 4M", "OVMF 4M, next release", "small"]
    boxes[0].click()
    boxes[2].click()
    third = editor.hosts.chosen
    assert editor.draft.document["hosts"][third]["packages"] == ["small"]
    editor.story.fields["title"].setText("Mine")
    editor.story.fields["title"].editingFinished.emit()
    editor.list.setCurrentRow(1)
    editor.add("migrate")
    to = editor.form.fields["to"]
    assert [to.itemText(n) for n in range(3)] == ["Host A", "Host B", "Host C"]
    to.setCurrentIndex(2)
    to.activated.emit(2)
    for name, text in (("question", "Will it go well?"),):
        editor.form.fields[name].setText(text)
        editor.form.fields[name].editingFinished.emit()
    lesson = editor.form.fields["lesson"]
    lesson.setPlainText("Other sizes.")
    lesson.left.emit()
    # Another name of the host is its name in the actions too.
    editor.hosts.name.setText("gamma")
    editor.hosts.name.editingFinished.emit()
    assert editor.draft.actions[2]["to"] == "gamma"
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        editor.run_button.click()
    assert view.replay.scenario.title == "Mine"
    (question,) = questions_of(view.replay)
    assert question.answer == "It does not go well"
    page = tmp_path / "lesson.html"
    with qtbot.waitSignal(window.workbench.told, timeout=20_000):
        write_lesson(window.workbench, view.replay, str(page))
    assert "Will it go well?" in page.read_text()
    editor.files.write(editor.draft, str(tmp_path / "mine.toml"))
    assert load(tmp_path / "mine.toml").hosts[2].name == "gamma"


def test_what_is_removed_comes_back_with_undo_and_is_missed_where_it_is_named(qtbot, view, editor):
    before = editor.draft
    editor.hosts.list.setCurrentRow(1)
    name = editor.hosts.chosen
    assert "actions name it" in editor.hosts.remove_button.toolTip()
    editor.hosts.remove_button.click()
    assert name not in editor.draft.document["hosts"]
    editor.pages.setCurrentIndex(1)
    editor.run_button.click()
    qtbot.waitUntil(lambda: "there is no host" in editor.words.text(), timeout=20_000)
    assert editor.pages.currentIndex() == 0  # the action that names it
    editor.undo_button.click()
    assert editor.draft == before
    assert editor.hosts.list.count() == len(before.document["hosts"])


def test_comments_that_are_not_kept_are_told(view, editor, tmp_path):
    path = tmp_path / "noted.toml"
    path.write_text(find("same-package").read_text() + "\n# a note\n")
    assert editor.begin(str(path))
    assert "comments" not in editor.words.text()
    editor.add("pause")
    assert "The file's comments are not kept in what is saved." in editor.words.text()


@pytest.mark.firmware
def test_a_scenario_begins_with_the_pair_that_is_open(qtbot, window):
    paths = (str(CODE_4M), str(VARS_4M))
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(paths)
    view = window.workbench.show_view(MigrationView)
    with qtbot.waitSignal(view.replay_changed, timeout=60_000):
        window.actions_of["scenario-of-open"].trigger()
    editor = view.side.editor
    assert editor.draft.document["packages"]["own"] == {
        "title": CODE_4M.name,
        "code": paths[0],
        "vars": paths[1],
    }
    assert view.side.currentWidget() is editor
    assert names(editor) == [f"{CODE_4M.stem}-{VARS_4M.stem}"]
    assert [host.title for host in view.replay.scenario.hosts] == ["Host A", "Host B"]


def test_what_lies_in_no_file_begins_no_scenario(qtbot, demo_window):
    with qtbot.waitSignal(demo_window.workbench.refused, timeout=5_000) as told:
        demo_window.commands.migration.scenario_of_open()
    assert "lies in no file" in told.args[0]
