"""No turn of the GUI thread is long, whatever is done with a full store."""

import contextlib
import sys
import time

import pytest
from heartbeat import Heartbeat
from PySide6.QtCore import Qt

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.search import Notation
from ovmfgui.gui.document.undo import EditCommand
from ovmfgui.gui.shell.screenshots import settle
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

VARIABLES = 1000
LONGEST = 50.0
"""Milliseconds of CPU on the machine that these tests were written on."""


@pytest.fixture(scope="module")
def full():
    """The demo's CODE with a store of a thousand variables, inspected."""
    code, store = demo_files()
    if code.role is not Role.CODE:
        code, store = store, code
    editor = Editor(store.data)
    for number in range(VARIABLES):
        editor.go_on(editor.set_variable(f"V{number:04}", GLOBAL, b"\1"))
    return inspect(image_of([code, FlashFile(store.path, editor.data, Format.RAW, Role.VARS)]))


@pytest.fixture
def full_window(window, full):
    window.document.present(full)
    settle(window.workbench)
    for view in ("map", "variables", "structure", "hex"):
        window.pages.bring_up(view)
        settle(window.workbench)
    return window


def do(heart, window, *jobs):
    """Each job in a turn of its own, and what follows from it in others."""
    for job in jobs:
        heart._beat()
        job()
        heart._beat()
        settle(window.workbench, 5)


@contextlib.contextmanager
def untraced():
    """Without coverage's looks, which make some turns take twice as long and more."""
    before = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(before)


def calmest(work):
    """The heart of the calmest of three times, and its long turns.

    Other work on the machine makes a turn take more CPU now and then; what the program itself
    makes long is long each time.
    """
    for _ in range(3):
        with untraced(), Heartbeat() as heart:
            work(heart)
        long = heart.over(LONGEST * heart.pace)
        if not long:
            break
    return heart, long


@pytest.mark.parametrize("view", ["map", "variables", "structure", "hex"])
def test_edits_undo_and_selecting(full_window, view):
    window, document = full_window, full_window.document
    window.pages.bring_up(view)
    settle(window.workbench)
    live = document.store.live

    def work(heart):
        while document.undo_stack.canUndo():
            document.undo_stack.undo()
        settle(window.workbench, 5)
        heart._beat()
        heart.turns.clear()
        do(
            heart,
            window,
            lambda: document.select(Place(document.store_file, live[-1].span)),
            lambda: document.edit(document.editor().set_variable("Fresh", GLOBAL, b"1")),
            lambda: document.edit(document.editor().set_variable("V0500", GLOBAL, b"2")),
            document.undo_stack.undo,
            document.undo_stack.redo,
            lambda: document.select(Place(document.store_file, live[0].span)),
        )

    heart, long = calmest(work)
    assert document.undo_stack.count() == 2
    assert isinstance(document.undo_stack.command(0), EditCommand)
    assert len(heart.turns) > 12
    assert not long, "\n".join(long)


def test_sorting_and_filtering(full_window):
    view = full_window.pages.bring_up("variables")

    def work(heart):
        do(
            heart,
            full_window,
            lambda: view.table.sortByColumn(1, Qt.SortOrder.AscendingOrder),
            lambda: view.table.sortByColumn(4, Qt.SortOrder.DescendingOrder),
            lambda: view.filter.setText("V00"),
            lambda: view.filter.setText(""),
        )

    _heart, long = calmest(work)
    assert view.filtered.rowCount() >= VARIABLES
    assert not long, "\n".join(long)


def test_a_hundred_thousand_places_are_found_in_slices(full_window, qtbot):
    view = full_window.pages.bring_up("hex")
    view.show_find()

    def work(_heart):
        view.find_bar.look_for(Notation.HEX, "")
        view.find_bar.look_for(Notation.HEX, "FF")
        qtbot.waitUntil(lambda: not view.finder.running, timeout=60_000)

    _heart, long = calmest(work)
    assert view.finder.full
    assert not long, "\n".join(long)


def test_a_long_turn_is_found_with_what_was_done_in_it(qapp):
    def work():
        end = time.thread_time() + 0.12
        while time.thread_time() < end:
            sum(range(1000))

    with Heartbeat() as heart:
        work()
    (told,) = heart.over(LONGEST)
    assert "in work" in told


@pytest.fixture
def filled_window(window, tmp_path):
    """A 4M store in a file, with a record in its last bytes: none is left that another fits in."""
    editor = Editor(synthetic_package("4m").vars)
    for size in (200, 1):
        number = 0
        with contextlib.suppress(Refused):
            while True:
                name = f"V{size:03}{number:04}"
                editor.go_on(editor.set_variable(name, GLOBAL, b"\1" * size))
                number += 1
    path = tmp_path / "VARS.fd"
    path.write_bytes(editor.data)
    window.document.present(
        inspect(image_of([FlashFile(str(path), editor.data, Format.RAW, Role.VARS)]))
    )
    settle(window.workbench)
    window.pages.bring_up("variables")
    settle(window.workbench)
    return window


def test_a_store_that_is_filled_to_the_last_record(filled_window, tmp_path):
    window, document = filled_window, filled_window.document
    before = (tmp_path / "VARS.fd").read_bytes()
    first, last = document.store.live[0], document.store.live[-1]
    assert document.store.gauge.free < 80
    with pytest.raises(Refused, match="no room"):
        document.editor().set_variable(last.name, GLOBAL, b"\2")

    def work(heart):
        do(
            heart,
            window,
            lambda: document.edit(document.editor().delete_variable(first.name, GLOBAL)),
            lambda: document.edit(document.editor().compact()),
            lambda: document.edit(document.editor().set_variable(last.name, GLOBAL, b"\2")),
            document.undo_stack.undo,
            document.undo_stack.undo,
            document.undo_stack.undo,
            document.save,
        )
        assert (tmp_path / "VARS.fd").read_bytes() == before
        do(
            heart,
            window,
            document.undo_stack.redo,
            document.undo_stack.redo,
            document.undo_stack.redo,
            document.save,
        )
        now = read_store((tmp_path / "VARS.fd").read_bytes())
        assert now.findings == ()
        assert {r.name: r.data for r in now.live} == {
            r.name: b"\2" if r.name == last.name else r.data
            for r in read_store(before).live
            if r.name != first.name
        }
        do(heart, window, *[document.undo_stack.undo] * 3, document.save)

    _heart, long = calmest(work)
    assert not long, "\n".join(long)
