"""Several documents in a window, whatever is done in whatever order."""

import random
import shutil
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from ovmfgui.flash.image import Role
from ovmfgui.gui.document.selection_history import SelectionHistory
from ovmfgui.span import Place, Span

GUID = UUID("12345678-9abc-4def-8123-456789abcdef")


def edit(document, opened=None, name="Example"):
    place = document.front if opened is None else opened
    document.bring_to_front(place)
    document.edit(document.editor().set_variable(name, GUID, b"x", 7))


@pytest.fixture
def three(qtbot, document, demo_paths, tmp_path):
    """The pair and two more stores, each opened from its files; the last one in front."""
    document.close()
    made = [demo_paths]
    for name in ("b", "c"):
        shutil.copy(demo_paths[1], tmp_path / f"{name}_VARS.fd")
        made.append([str(tmp_path / f"{name}_VARS.fd")])
    for paths in made:
        with qtbot.waitSignal(document.presented, timeout=20_000):
            document.open(paths)
    return document


def test_what_is_opened_again_comes_to_the_front_as_it_is(qtbot, three, demo_paths):
    pair, _second, third = three.all_open
    edit(three, pair)
    three.bring_to_front(third)
    three.open(list(reversed(demo_paths)))
    assert three.front is pair
    assert three.modified
    assert not three.tasks.tasks


def test_each_has_a_selection_and_a_way_back_of_its_own(three):
    history = SelectionHistory(three)
    first, second, _third = three.all_open
    three.bring_to_front(first)
    places = [Place(1, Span(0x48, 16)), Place(1, Span(0x64, 4))]
    for place in places:
        three.select(place)
    three.bring_to_front(second)
    assert three.selection is None
    assert not history.can_go_back
    three.select(Place(0, Span(0, 4)))
    three.bring_to_front(first)
    assert three.selection == places[1]
    history.back()
    assert three.selection == places[0]
    assert history.can_go_forward


def test_what_is_saved_beside_is_saved(qtbot, three):
    first, second, third = three.all_open
    edit(three, second)
    three.bring_to_front(third)
    with qtbot.waitSignal(three.on_disk, timeout=20_000):
        three.save(opened=second)
    assert three.front is third
    assert not second.modified
    assert second.saved is second.inspection
    assert not first.modified


def test_what_cannot_be_saved_beside_comes_to_the_front(qtbot, three):
    _first, second, third = three.all_open
    edit(three, second)
    three.bring_to_front(third)
    with Path(second.paths[0]).open("ab") as file:
        file.write(b"x")
    with qtbot.waitSignal(three.save_refused, timeout=20_000):
        three.save(opened=second)
    assert three.front is second
    assert second.modified


def test_an_undo_reaches_its_own_document_only(three):
    first, second, _third = three.all_open
    edit(three, first)
    edit(three, second)
    three.undo_stack.undo()
    assert first.modified
    assert not second.modified
    assert first.store.find("Example") is not None
    assert second.store.find("Example") is None


def test_a_half_that_is_completed_takes_the_place_of_the_half(qtbot, document, demo_paths):
    code, store = demo_paths
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open([store])
    half = document.front
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open([code], beside=store)
    assert document.front is half
    assert document.image.role is Role.PAIR


class Walk:
    """Opens, goes round, edits, undoes and closes, and counts the edits itself."""

    def __init__(self, qtbot, window, sources, seed):
        self.qtbot, self.window, self.document = qtbot, window, window.document
        self.sources, self.chance = sources, random.Random(seed)
        self.edits = Counter()

    def open(self):
        self.window.commands.files.open(tuple(self.chance.choice(self.sources)))
        self.qtbot.waitUntil(lambda: not self.document.tasks.tasks, timeout=20_000)

    def edit(self):
        if not self.document.read_only_because:
            edit(self.document, name=f"Edit{self.edits.total()}-{self.chance.random()}")
            self.edits[self.document.front] += 1

    def undo(self):
        if self.document.undo_stack.canUndo():
            self.document.undo_stack.undo()
            self.edits[self.document.front] -= 1

    def close(self):
        del self.edits[self.document.front]
        self.document.close()

    def go(self):
        if self.document.all_open:
            self.document.bring_to_front(self.chance.choice(self.document.all_open))

    def step(self):
        self.document.step(self.chance.choice((1, -1)))

    def go_on(self):
        self.chance.choice(
            (self.open, self.open, self.edit, self.edit, self.undo, self.close, self.go, self.step)
        )()


def check_that_all_speak_of_the_front(window, edits):
    document = window.document
    front, can = document.front, window.actions_of
    assert front in document.all_open or not document.all_open
    assert len(set(document.all_open)) == len(document.all_open)
    title = f"{front.title}[*] – ovmfgui" if front.title else "ovmfgui[*]"
    assert window.windowTitle() == title
    assert window.isWindowModified() == bool(edits[front])
    assert can["save"].isEnabled() == front.modified
    assert can["undo"].isEnabled() == front.undo_stack.canUndo()
    assert can["save-as"].isEnabled() == (not front.read_only_because)
    assert can["close"].isEnabled() == bool(document.all_open)
    assert window._badge_shown.isVisible() == (front.image is not None)
    if front.verdict is not None:
        assert front.verdict.fit.sign in window.badge.text()
    assert [each.modified for each in document.all_open] == [
        bool(edits[each]) for each in document.all_open
    ]


@pytest.mark.parametrize("seed", range(6))
def test_title_verdict_and_save_as_are_of_what_is_in_front(
    qtbot, window, demo_paths, tmp_path, seed
):
    sources = [demo_paths, *([path] for path in demo_paths)]
    for name in ("b", "c"):
        shutil.copy(demo_paths[1], tmp_path / f"{name}.fd")
        sources.append([str(tmp_path / f"{name}.fd")])
    walk = Walk(qtbot, window, sources, seed)
    for _turn in range(30):
        walk.go_on()
        check_that_all_speak_of_the_front(window, walk.edits)
    for each in window.document.all_open:
        each.undo_stack.setClean()
