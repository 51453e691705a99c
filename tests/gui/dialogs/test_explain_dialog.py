"""Messages that are pasted into the window, and lessons that leave it."""

import pytest

from ovmfgui.flash.image import Role
from ovmfgui.gui.dialogs.explain import ExplainDialog, explanations_html, opened_of
from ovmfgui.gui.views.migration.lesson_export import write_lesson
from ovmfgui.migration.explain import explaining
from ovmfgui.migration.explain.explaining import explain
from ovmfgui.migration.scenario.shipped import find

MISMATCH = (
    "qemu-system-x86_64: Length mismatch: system.flash0: 0x37c000 in != 0x1e0000: Invalid argument"
)


def dialog_of(window) -> ExplainDialog:
    window.actions_of["explain-error"].trigger()
    return window.findChild(ExplainDialog)


def test_a_pasted_message_is_explained_with_proof_from_what_is_open(qtbot, demo_window):
    dialog = dialog_of(demo_window)
    dialog.message.setPlainText(f"Nov 24 host libvirtd: {MISMATCH}")
    qtbot.waitUntil(lambda: "Cure" in dialog.told.toPlainText(), timeout=20_000)
    told = dialog.told.toPlainText()
    for word in ("Cause", "Proof", "OVMF_CODE_4M.fd has just this size"):
        assert word in told
    dialog.message.setPlainText("")
    qtbot.waitUntil(lambda: dialog.told.toPlainText() == "", timeout=20_000)
    dialog.reject()
    qtbot.waitUntil(lambda: not demo_window.document.tasks.tasks, timeout=20_000)


def test_what_was_not_looked_at_is_said(qtbot, window, monkeypatch):
    monkeypatch.setattr(explaining, "MOST_FOUND", 1)
    dialog = dialog_of(window)
    dialog.message.setPlainText(MISMATCH)
    qtbot.waitUntil(lambda: "Cure" in dialog.told.toPlainText(), timeout=20_000)
    assert dialog.told.toPlainText().startswith("Only the first 1 messages were looked at.")
    dialog.reject()
    qtbot.waitUntil(lambda: not window.document.tasks.tasks, timeout=20_000)


def test_what_is_not_known_says_what_to_do(qtbot, window):
    dialog = dialog_of(window)
    dialog.message.setPlainText("the cat sat on the mat")
    qtbot.waitUntil(lambda: "explain --list" in dialog.told.toPlainText(), timeout=20_000)
    dialog.reject()
    qtbot.waitUntil(lambda: not window.document.tasks.tasks, timeout=20_000)


def test_a_dialog_that_is_closed_while_it_looks_is_gone(qtbot, demo_window):
    dialog = dialog_of(demo_window)
    dialog.message.setPlainText(MISMATCH)
    dialog._start()
    dialog.reject()
    qtbot.waitUntil(lambda: not demo_window.document.tasks.tasks, timeout=20_000)
    qtbot.waitUntil(lambda: demo_window.findChild(ExplainDialog) is None, timeout=5_000)


def test_the_opened_files_are_told_apart(demo):
    opened = opened_of(demo.image.files)
    assert opened.code.role is Role.CODE
    assert opened.store.role is Role.VARS
    assert opened_of(()).files == ()


def test_pasted_text_is_shown_as_it_is():
    found = explain("<b>x</b> " + MISMATCH)
    assert "&lt;b&gt;" in explanations_html(found, "#888888")


# Lessons


@pytest.fixture
def migration(qtbot, window):
    view = window.workbench.show("migration")
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        window.commands.migration.play(find("same-package"))
    return view


def test_a_lesson_is_exported_as_one_page(qtbot, window, migration, tmp_path):
    path = tmp_path / "lesson.html"
    replay = migration.replay
    with qtbot.waitSignal(window.workbench.told, timeout=20_000) as notice:
        write_lesson(window.workbench, replay, str(path))
    page = path.read_text(encoding="utf-8")
    assert str(path) in notice.args[0]
    assert page.count("<svg") == len(replay.steps)
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_a_page_that_cannot_be_written_is_told(qtbot, window, migration, tmp_path):
    with qtbot.waitSignal(window.workbench.refused, timeout=20_000) as refused:
        write_lesson(window.workbench, migration.replay, str(tmp_path / "missing" / "x.html"))
    assert "cannot be written" in refused.args[0]


def test_export_edit_and_activity_need_a_scenario(qtbot, window):
    names = ("export-lesson", "edit-scenario", "show-activity")
    assert not any(window.actions_of[name].isEnabled() for name in names)
    view = window.workbench.show("migration")
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        window.commands.migration.play(find("same-package"))
    assert all(window.actions_of[name].isEnabled() for name in names)
    window.actions_of["edit-scenario"].trigger()
    assert view.side.editor.isVisible()
