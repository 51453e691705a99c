"""Notes on bytes: made, seen, found again after a restart, and taken away."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ovmfgui.flash.notes import SIGNS, Note
from ovmfgui.gui.dialogs.note import NoteDialog
from ovmfgui.gui.document.settings import Settings
from ovmfgui.gui.look import theme
from ovmfgui.gui.shell.window import Window
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.span import Place, Span


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "VARS.fd"
    path.write_bytes(synthetic_package("4m").vars)
    return path


def opened(qtbot, tmp_path, store) -> Window:
    window = Window(Settings(tmp_path / "config" / "settings.ini"))
    qtbot.addWidget(window)
    window.show()
    window.document.open([str(store)])
    qtbot.waitUntil(lambda: window.document.image is not None)
    return window


@pytest.fixture
def window(qtbot, tmp_path, store):
    made = opened(qtbot, tmp_path, store)
    yield made
    made.document.tasks.shutdown()


def dialog() -> NoteDialog:
    tops = QApplication.topLevelWidgets()
    return next(w for w in tops if isinstance(w, NoteDialog) and w.isVisible())


def noted(qtbot, window, span, name, sign=1) -> None:
    window.document.select(Place(0, span))
    window.actions_of["note"].trigger()
    asked = dialog()
    asked.name.setText(name)
    asked.sign.setCurrentIndex(sign)
    asked.text.setPlainText("two\nlines")
    asked.accept()
    qtbot.waitUntil(lambda: any(note.name == name for _s, note in window.workbench.notes.all))


def test_a_note_is_seen_in_list_grid_and_minimap(qtbot, window):
    view = window.workbench.show("hex")
    before = view.grid.grab().toImage()
    noted(qtbot, window, Span(0x48, 16), "look here")
    assert view.grid.notes_at(0x50) == (f"{SIGNS[1]} look here",)
    assert "look here" in view.grid.description(0x50)
    assert view.grid.grab().toImage() != before
    # Away from the frame of what is in sight.
    view.grid.verticalScrollBar().setValue(view.grid.verticalScrollBar().maximum())
    colour = theme.note_colour(1, window.palette()).rgb()
    drawn = view.minimap.grab().toImage()
    assert any(drawn.pixelColor(x, 0).rgb() == colour for x in range(drawn.width())) or any(
        drawn.pixelColor(x, 1).rgb() == colour for x in range(drawn.width())
    )
    window.document.select(None)
    table = window.notes.table
    table.setCurrentIndex(window.notes.model.index(0, 0))
    assert window.document.selection == Place(0, Span(0x48, 16))


def test_notes_survive_a_restart_and_lie_beside_the_settings(qtbot, tmp_path, store, window):
    noted(qtbot, window, Span(0x64, 4), "first record")
    assert sorted(path.name for path in store.parent.iterdir()) == ["VARS.fd", "config"]
    # Another program writes to the file: the note stays at its offset.
    data = bytearray(store.read_bytes())
    data[0x64] ^= 0xFF
    store.write_bytes(bytes(data))
    again = opened(qtbot, tmp_path, store)
    assert again.workbench.notes.of(0) == (Note(Span(0x64, 4), "first record", "two\nlines", 1),)
    again.document.tasks.shutdown()


def test_a_note_is_changed_and_taken_away(qtbot, window):
    noted(qtbot, window, Span(0, 8), "one")
    noted(qtbot, window, Span(16, 8), "two")
    table = window.notes.table
    table.setCurrentIndex(window.notes.model.index(0, 0))
    window.notes.edit()
    asked = dialog()
    assert asked.name.text() == "one"
    asked.name.setText("")
    assert not asked._ok.isEnabled()
    asked.name.setText("another")
    asked.accept()
    assert [note.name for note in window.workbench.notes.of(0)] == ["another", "two"]
    table.setCurrentIndex(window.notes.model.index(1, 0))
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert [note.name for note in window.workbench.notes.of(0)] == ["another"]


def test_notes_go_out_and_come_in_as_json(qtbot, tmp_path, window):
    noted(qtbot, window, Span(0, 8), "one")
    target = tmp_path / "notes.json"
    window.workbench.notes.export_to(0, str(target))
    said = json.loads(Path(target).read_text("utf-8"))
    assert said["notes"][0]["sign"] == SIGNS[1]
    said["notes"].append({"offset": 32, "size": 2, "name": "<b>new</b>", "sign": SIGNS[0]})
    target.write_text(json.dumps(said), "utf-8")
    window.notes.take_over(0, str(target))
    assert [note.name for note in window.workbench.notes.of(0)] == ["one", "<b>new</b>"]


def test_what_lies_in_no_file_takes_no_notes(qtbot, demo_window):
    demo_window.document.select(Place(0, Span(0, 4)))
    heard = []
    demo_window.workbench.refused.connect(heard.append)
    demo_window.actions_of["note"].trigger()
    assert heard == ["Only bytes of a file can be noted: these were unpacked, or made in memory."]
    assert demo_window.workbench.notes.all == ()


def test_the_map_bears_the_sign_and_says_the_name(qtbot, window):
    view = window.workbench.show("map")
    before = view.map.grab().toImage()
    window.workbench.notes.add(0, Note(Span(0x40010, 4), "the log", "", 3))
    assert view.map.grab().toImage() != before
    told = [row.name for row in view.map.spoken_rows()]
    assert any("event log" in name and f"{SIGNS[3]} the log" in name for name in told)
