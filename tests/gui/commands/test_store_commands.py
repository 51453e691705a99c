"""Recovery into a new file, files changed on disk, packed stores, and a store without room."""

import lzma
import os
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_file
from ovmfgui.gui.dialogs import leaving
from ovmfgui.gui.dialogs.compacting import edit_variables
from ovmfgui.gui.dialogs.variable import VariableDialog
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.vendors import GLOBAL


def opened(qtbot, window, *paths):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open([str(path) for path in paths])
    window.pages.bring_up("variables")
    return window.pages.tabs.view("variables")


def set_timeout(document, seconds):
    value = seconds.to_bytes(2, "little")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, value))


@pytest.fixture
def damaged(tmp_path):
    """The demo's store with a wrong checksum in its volume's header."""
    data = bytearray(demo_files()[1].data)
    data[0x32] ^= 0xFF
    path = tmp_path / "damaged.fd"
    path.write_bytes(data)
    return path


@pytest.fixture
def half_written(tmp_path):
    """The demo's store while firmware compacts it: the spare area holds the new one."""
    compaction = Editor(demo_files()[1].data).compact()
    path = tmp_path / "half.fd"
    for stage in compaction.stages():
        ftw = read_store(stage).ftw
        if ftw is not None and ftw.pending == "spare-complete":
            path.write_bytes(stage)
            return path
    pytest.fail("no stage has a write pending")


def choose_file(monkeypatch, path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(path), ""))


def test_a_damaged_store_is_shown_with_an_offer_and_recovered(
    monkeypatch, qtbot, window, damaged, tmp_path
):
    view = opened(qtbot, window, damaged)
    before, target = damaged.read_bytes(), tmp_path / "sound.fd"
    assert view.offer.isVisible()
    assert "checksum" in view.offer.text.text()
    assert not view.secure_boot.enrol.isEnabled()
    choose_file(monkeypatch, target)
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        view.offer.offers[0].click()
    assert damaged.read_bytes() == before
    assert window.document.image.files[0].path == str(target)
    assert window.document.read_only_because == ""
    assert not view.offer.isVisible()
    assert window.document.store.find("Boot0000") is not None
    assert "4 variables" in window.pages.message.text.text()
    assert "damaged.fd is as it was" in window.pages.message.text.text()


def test_a_pending_ftw_write_is_explained_and_finished_into_a_new_file(
    monkeypatch, qtbot, window, half_written, tmp_path
):
    view = opened(qtbot, window, half_written)
    assert "FTW write is half done" in view.offer.text.text()
    assert not window.actions_of["new-variable"].isEnabled()
    choose_file(monkeypatch, tmp_path / "finished.fd")
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.actions_of["recover-store"].trigger()
    assert "FTW spare area" in window.pages.message.text.text()
    live = {record.key: record.data for record in window.document.store.live}
    assert live == {r.key: r.data for r in read_store(demo_files()[1].data).live}
    assert window.actions_of["new-variable"].isEnabled()


def test_recovery_never_writes_over_a_file(monkeypatch, qtbot, window, damaged):
    opened(qtbot, window, damaged)
    before = damaged.read_bytes()
    choose_file(monkeypatch, damaged)
    with qtbot.waitSignal(window.workbench.refused, timeout=20_000) as refused:
        window.actions_of["recover-store"].trigger()
    assert "exists already" in refused.args[0]
    assert damaged.read_bytes() == before


def test_a_blank_template_is_formatted_into_a_new_file(monkeypatch, qtbot, window, tmp_path):
    blank = tmp_path / "blank.fd"
    blank.write_bytes(bytes(0x84000))
    view = opened(qtbot, window, blank)
    assert view.format.isVisible()
    assert "Format" in view.format.text()
    choose_file(monkeypatch, tmp_path / "formatted.fd")
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        view.format.click()
    assert "store is empty" in view._no_rows.text()
    assert view._no_rows.isVisible()
    assert window.document.read_only_because == ""
    assert not window.actions_of["recover-store"].isEnabled()


def test_a_file_changed_on_disk_is_told_of_and_reloaded(qtbot, window, demo_paths):
    opened(qtbot, window, *demo_paths)
    store = Path(demo_paths[1])
    data = bytearray(store.read_bytes())
    data[window.document.store.find("Timeout").data_span.start] = 9
    message = window.pages.message
    store.write_bytes(data)
    qtbot.waitUntil(message.isVisible, timeout=10_000)
    assert "guest_VARS.fd was changed on disk" in message.text.text()
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        message.offers[0].click()
    assert window.document.store.find("Timeout").data[0] == 9
    assert not message.isVisible()


def test_a_file_that_another_takes_the_place_of_is_noticed(qtbot, window, demo_paths, tmp_path):
    opened(qtbot, window, *demo_paths)
    other = tmp_path / "other"
    other.write_bytes(Path(demo_paths[1]).read_bytes())
    other.replace(demo_paths[1])
    os.utime(demo_paths[1], (1, 1))
    qtbot.waitUntil(window.pages.message.isVisible, timeout=10_000)
    window.pages.message.hide()
    Path(demo_paths[1]).unlink()
    qtbot.waitUntil(window.pages.message.isVisible, timeout=10_000)
    assert "gone from the disk" in window.pages.message.text.text()


def test_the_question_stays_while_something_is_edited(qtbot, window, demo_paths):
    opened(qtbot, window, *demo_paths)
    set_timeout(window.document, 8)
    os.utime(demo_paths[1], (1, 1))
    window.commands.store.watch.look()
    message = window.pages.message
    assert "Save as keeps them" in message.text.text()
    set_timeout(window.document, 9)
    assert message.isVisible()


def test_saving_over_another_programs_bytes_leaves_the_ways_out(
    monkeypatch, qtbot, window, demo_paths, tmp_path
):
    opened(qtbot, window, *demo_paths)
    set_timeout(window.document, 8)
    theirs = Path(demo_paths[1]).read_bytes()[:-1] + b"\x5a"
    Path(demo_paths[1]).write_bytes(theirs)
    message = window.pages.message
    qtbot.waitUntil(message.isVisible, timeout=10_000)
    words = ["Reload", "Save as…", "Keep what is shown"]
    for _again in range(2):
        assert [button.text() for button in message.offers] == words
        with qtbot.waitSignal(window.document.save_refused, timeout=10_000):
            window.actions_of["save"].trigger()
        assert message.waits
    message.offers[2].click()
    assert not message.isVisible()
    with qtbot.waitSignal(window.document.save_refused, timeout=10_000):
        window.actions_of["save"].trigger()
    assert [button.text() for button in message.offers] == words
    choose_file(monkeypatch, tmp_path / "mine.fd")
    with qtbot.waitSignal(window.document.on_disk, timeout=10_000):
        message.offers[1].click()
    assert Path(demo_paths[1]).read_bytes() == theirs
    assert (tmp_path / "mine.fd").read_bytes() == window.document.image.files[1].data
    assert not window.document.modified
    assert "mine.fd" in window.windowTitle()


def test_what_only_tells_does_not_take_a_question_away(qtbot, window, demo_paths):
    opened(qtbot, window, *demo_paths)
    os.utime(demo_paths[1], (1, 1))
    window.commands.store.watch.look()
    message = window.pages.message
    question = message.text.text()
    window.workbench.refuse("nothing of the kind")
    assert message.text.text() == "nothing of the kind"
    message.close_button.click()
    assert message.text.text() == question
    assert [button.text() for button in message.offers] == ["Reload", "Keep what is shown"]


def test_what_was_refused_goes_with_the_next_thing_that_is_done(demo_window):
    window, message = demo_window, demo_window.pages.message
    for go_on in (
        lambda: window.actions_of["next-finding"].trigger(),
        lambda: window.pages.bring_up("structure"),
    ):
        window.workbench.refuse("Nothing here is called so.")
        assert message.isVisible()
        go_on()
        assert not message.isVisible()


def test_the_question_counts_what_is_not_on_disk(qtbot, window, demo_paths, monkeypatch):
    opened(qtbot, window, *demo_paths)
    document, asked = window.document, []
    for seconds in (7, 8):
        set_timeout(document, seconds)
    with qtbot.waitSignal(document.on_disk, timeout=10_000):
        document.save()
    set_timeout(document, 9)
    monkeypatch.setattr(leaving, "ask_about_edits", lambda text, *_, **_kw: asked.append(text))
    window.actions_of["close"].trigger()
    assert "1 edit is" in asked[0]


def test_what_is_kept_is_not_asked_about_again(qtbot, window, demo_paths):
    opened(qtbot, window, *demo_paths)
    watch, message = window.commands.store.watch, window.pages.message
    os.utime(demo_paths[1], (1, 1))
    watch.look()
    message.offers[1].click()
    assert not message.isVisible()
    os.utime(demo_paths[1], (2, 2))
    watch.look()
    assert not message.isVisible()
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.document.open(demo_paths, instead=True)
    os.utime(demo_paths[1], (3, 3))
    watch.look()
    assert message.isVisible()


def test_its_own_saving_is_no_change_by_another(qtbot, window, demo_paths):
    opened(qtbot, window, *demo_paths)
    told = []
    window.commands.store.watch.changed.connect(told.append)
    set_timeout(window.document, 8)
    with qtbot.waitSignal(window.workbench.told):
        window.document.save()
    window.commands.store.watch.look()
    qtbot.wait(500)
    assert told == []


def test_a_packed_store_is_edited_and_saved_as_what_it_was(qtbot, window, tmp_path):
    path = tmp_path / "vars.fd.xz"
    path.write_bytes(lzma.compress(demo_files()[1].data))
    opened(qtbot, window, path)
    assert window.document.read_only_because == ""
    set_timeout(window.document, 8)
    for seconds in (8, 9):
        set_timeout(window.document, seconds)
        with qtbot.waitSignal(window.workbench.told, timeout=20_000) as notice:
            window.document.save()
    assert "Saved" in notice.args[0]
    file = read_file(path)
    assert file.format is Format.XZ
    assert file.data == window.document.image.spaces[0].data
    assert not window.document.modified


def fill(document):
    """Leave less room than a variable of 400 bytes needs, and dead bytes enough for one."""
    size = 20_000
    while document.store.gauge.free > 600:
        size = min(size, document.store.gauge.free - 200)
        name = f"Fill{document.undo_stack.count()}"
        document.edit(document.editor().set_variable(name, GLOBAL, b"f" * size))
    document.edit(document.editor().delete_variable("Fill0", GLOBAL))


def test_without_room_the_dialog_offers_to_compact_with_figures(demo_window):
    document = demo_window.document
    fill(document)
    dead = document.store.gauge.dead
    demo_window.actions_of["new-variable"].trigger()
    dialog = demo_window.findChild(VariableDialog)
    dialog.name.setText("Big")
    dialog.value.hex.setPlainText("AB" * 2000)
    assert "no room" in dialog.message.text()
    assert f"{dead:,} bytes" in dialog.message.text()
    ok = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert ok.text() == "Compact and write"
    ok.click()
    assert document.store.find("Big").data == b"\xab" * 2000
    assert document.store.gauge.dead == 0
    document.undo_stack.undo()
    assert document.store.gauge.dead == dead


@pytest.mark.parametrize(
    ("button", "done"),
    [(QMessageBox.StandardButton.Yes, True), (QMessageBox.StandardButton.No, False)],
)
def test_other_edits_ask_before_they_compact(monkeypatch, demo_window, button, done):
    document = demo_window.document
    fill(document)
    asked = []

    def question(*arguments):
        asked.append(arguments[2])
        return button

    monkeypatch.setattr(QMessageBox, "question", question)
    steps, dead = document.undo_stack.count(), document.store.gauge.dead
    value = b"x" * 2000
    assert (
        edit_variables(
            demo_window.workbench, lambda editor: editor.set_variable("Big", GLOBAL, value)
        )
        is done
    )
    assert f"drops {dead:,} bytes" in asked[0]
    assert document.undo_stack.count() - steps == int(done)


def test_compacting_is_a_step_that_can_be_undone(demo_window):
    document = demo_window.document
    dead = document.store.gauge.dead
    assert dead
    demo_window.actions_of["compact-store"].trigger()
    assert document.store.gauge.dead == 0
    document.undo_stack.undo()
    assert document.store.gauge.dead == dead


@pytest.mark.parametrize("name", ["all.json", "all.dmpstore"])
def test_variables_go_out_into_a_file_and_come_back_as_one_step(qtbot, demo_window, tmp_path, name):
    document, commands = demo_window.document, demo_window.commands.variables.exchange
    before = {record.key: record.data for record in document.store.live}
    path = str(tmp_path / name)
    commands.export_to(path)
    set_timeout(document, 77)
    document.edit(document.editor().delete_variable("PlatformLang", GLOBAL))
    steps = document.undo_stack.count()
    commands.import_from(path)
    qtbot.waitUntil(lambda: document.undo_stack.count() > steps)
    assert {record.key: record.data for record in document.store.live} == before
    assert document.undo_stack.count() == steps + 1
    assert "2 variables" in document.undo_stack.undoText()


def test_a_file_of_variables_is_read_in_a_task(qtbot, demo_window, tmp_path, monkeypatch):
    """One of many volumes took 0.4 s of the window's own time to be told from variables."""
    readers = []

    def read(_name, _contents):
        readers.append(threading.current_thread())
        return ()

    monkeypatch.setattr("ovmfgui.nvram.exchange_formats.read_variables", read)
    path = tmp_path / "some.json"
    path.write_text("{}")
    demo_window.commands.variables.exchange.import_from(str(path))
    qtbot.waitUntil(lambda: bool(readers) and not demo_window.workbench.tasks.tasks)
    assert threading.main_thread() not in readers


def test_what_holds_no_variables_is_refused_by_name(qtbot, demo_window, tmp_path):
    path = tmp_path / "letter.json"
    path.write_text("{}")
    with qtbot.waitSignal(demo_window.workbench.refused) as refused:
        demo_window.commands.variables.exchange.import_from(str(path))
    assert "letter.json" in refused.args[0]
    with qtbot.waitSignal(demo_window.workbench.refused) as refused:
        demo_window.commands.variables.exchange.export_to(str(path))
    assert "exists already" in refused.args[0]
