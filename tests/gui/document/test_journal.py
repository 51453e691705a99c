"""Unsaved edits outlive a program that ends without being asked, and nothing else does."""

import json
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from ovmfgui.gui.document.journal import Journal, left_behind
from ovmfgui.refusal import Refused

GUID = UUID("12345678-9abc-4def-8123-456789abcdef")


@pytest.fixture
def journal(opened, tmp_path):
    made = Journal(opened, tmp_path / "journal")
    yield made
    made.path.unlink(missing_ok=True)


def edit(document, value=b"en\0"):
    document.edit(document.editor().set_variable("Example", GUID, value, 7))


def dead_pid():
    """Of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def as_if_left(journal):
    """The journal as another process would have left it."""
    said = json.loads(journal.path.read_text())
    said["pid"] = dead_pid()
    left = journal.path.with_name("left.json")
    left.write_text(json.dumps(said))
    return left


def test_there_is_a_journal_only_while_there_is_something_to_lose(qtbot, opened, journal):
    assert not journal.path.exists()
    edit(opened)
    qtbot.waitUntil(journal.path.exists)
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    opened.undo_stack.undo()
    qtbot.waitUntil(lambda: not journal.path.exists())
    opened.undo_stack.redo()
    qtbot.waitUntil(journal.path.exists)
    opened.save()
    qtbot.waitUntil(lambda: not opened.modified)
    qtbot.waitUntil(lambda: not journal.path.exists())


def test_closing_throws_the_journal_away(qtbot, opened, journal):
    edit(opened)
    journal.write()
    opened.close()
    assert not journal.path.exists()


def test_edits_come_back_whole_as_one_edit(opened, journal):
    store = opened.store_file
    before = opened.image.spaces[store].data
    edit(opened, b"one")
    edit(opened, b"two" * 40)
    journal.write()
    edited = opened.image.spaces[store].data
    as_if_left(journal)
    (left,) = left_behind(journal.path.parent)
    assert left.edits == 2
    assert left.paths == tuple(file.path for file in opened.image.files)
    assert left.edit_of(before).after == edited
    assert left.edit_of(before).before == before


def test_a_journal_of_a_program_that_runs_is_its_own(opened, journal):
    edit(opened)
    journal.write()
    assert journal.path.exists()
    assert left_behind(journal.path.parent) == ()


def test_edits_do_not_go_into_another_file(opened, journal):
    before = opened.image.spaces[opened.store_file].data
    edit(opened)
    journal.write()
    as_if_left(journal)
    (left,) = left_behind(journal.path.parent)
    with pytest.raises(Refused, match="do not fit it any more"):
        left.edit_of(before[:-1] + b"\0")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "pid": "x"}'])
def test_what_is_no_journal_is_passed_over(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    assert left_behind(tmp_path) == ()
    assert left_behind(tmp_path / "none") == ()


def test_a_folder_that_cannot_be_made_keeps_nothing_and_says_nothing(opened, tmp_path):
    (tmp_path / "file").write_text("")
    made = Journal(opened, tmp_path / "file" / "journal")
    edit(opened)
    made.write()
    assert not made.path.exists()


def test_what_lies_in_no_file_has_no_journal(document, tmp_path):
    made = Journal(document, tmp_path)
    edit(document)
    made.write()
    assert list(Path(tmp_path).iterdir()) == []
