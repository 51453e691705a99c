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
    return Journal(opened, tmp_path / "journal")


@pytest.fixture
def kept(opened, journal):
    """Where the edits of what is in front are kept."""
    return journal.path_of(opened.front)


def edit(document, value=b"en\0"):
    document.edit(document.editor().set_variable("Example", GUID, value, 7))


def dead_pid():
    """Of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def as_if_left(kept):
    """The journal as another process would have left it."""
    said = json.loads(kept.read_text())
    said["pid"] = dead_pid()
    left = kept.with_name("left.json")
    left.write_text(json.dumps(said))
    return left


def test_there_is_a_journal_only_while_there_is_something_to_lose(qtbot, opened, journal, kept):
    assert not kept.exists()
    edit(opened)
    qtbot.waitUntil(kept.exists)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    opened.undo_stack.undo()
    qtbot.waitUntil(lambda: not kept.exists())
    opened.undo_stack.redo()
    qtbot.waitUntil(kept.exists)
    opened.save()
    qtbot.waitUntil(lambda: not opened.modified)
    qtbot.waitUntil(lambda: not kept.exists())


def test_closing_throws_the_journal_away(qtbot, opened, journal, kept):
    edit(opened)
    journal.write()
    opened.close()
    assert not kept.exists()


def test_edits_come_back_whole_as_one_edit(opened, journal, kept):
    store = opened.store_file
    before = opened.image.spaces[store].data
    edit(opened, b"one")
    edit(opened, b"two" * 40)
    journal.write()
    edited = opened.image.spaces[store].data
    as_if_left(kept)
    (left,) = left_behind(kept.parent)
    assert left.edits == 2
    assert left.paths == tuple(file.path for file in opened.image.files)
    assert left.edit_of(before).after == edited
    assert left.edit_of(before).before == before


def test_a_journal_of_a_program_that_runs_is_its_own(opened, journal, kept):
    edit(opened)
    journal.write()
    assert kept.exists()
    assert left_behind(kept.parent) == ()


def test_edits_do_not_go_into_another_file(opened, journal, kept):
    before = opened.image.spaces[opened.store_file].data
    edit(opened)
    journal.write()
    as_if_left(kept)
    (left,) = left_behind(kept.parent)
    with pytest.raises(Refused, match="do not fit it any more"):
        left.edit_of(before[:-1] + b"\0")


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"format": 2}', '{"format": 1, "pid": "x"}', "[" * 100_000),
        *('{"format": 1, "pid": Infinity}', f'{{"format": 1, "pid": {10**30}}}'),
    ],
)
def test_what_is_no_journal_is_passed_over(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    assert left_behind(tmp_path) == ()
    assert left_behind(tmp_path / "none") == ()


def test_a_folder_that_cannot_be_made_keeps_nothing_and_says_nothing(opened, tmp_path):
    (tmp_path / "file").write_text("")
    made = Journal(opened, tmp_path / "file" / "journal")
    edit(opened)
    made.write()
    assert not made.path_of(opened.front).exists()


def test_what_lies_in_no_file_has_no_journal(document, tmp_path):
    made = Journal(document, tmp_path)
    edit(document)
    made.write()
    assert list(Path(tmp_path).iterdir()) == []
