"""What Save would change, by variable and by byte."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QMessageBox

from ovmfgui.gui.dialogs import leaving
from ovmfgui.gui.dialogs.review import ReviewDialog
from ovmfgui.nvram.changes import MOST_RUNS, changed_bytes, changed_variables
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.span import Place
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.pcr7 import pcr7_between
from ovmfgui.trust.profiles import profile_named


def set_timeout(document, seconds):
    value = seconds.to_bytes(2, "little")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, value))


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, 199_999), st.integers(1, 255), max_size=20))
def test_every_byte_that_differs_is_in_a_run_and_counted(flips):
    before = bytes(200_000)
    after = bytearray(before)
    for at, value in flips.items():
        after[at] = value
    found = changed_bytes(before, bytes(after))
    assert found.count == len(flips)
    for run in found.runs:
        assert run.of(bytes(after))[0]
        assert run.of(bytes(after))[-1]
    assert all(any(run.start <= at < run.end for run in found.runs) for at in flips)


def test_more_runs_than_anybody_reads_are_cut():
    after = bytes([1, 0, 0, 0, 0, 0, 0, 0]) * (MOST_RUNS + 5)
    found = changed_bytes(bytes(len(after)), after)
    assert len(found.runs) == MOST_RUNS
    assert found.cut
    assert found.count == MOST_RUNS + 5


def test_variables_are_told_with_their_old_and_new_values(document):
    before = document.store
    set_timeout(document, 42)
    document.edit(document.editor().set_variable("Mine", GLOBAL, b"\1"))
    document.edit(document.editor().delete_variable("PlatformLang", GLOBAL))
    told = {each.name: each for each in changed_variables(before, document.store)}
    assert told["Timeout"].what == "data"
    assert "5" in told["Timeout"].before
    assert "42" in told["Timeout"].after
    assert (told["Mine"].what, told["Mine"].before) == ("new", "")
    assert (told["PlatformLang"].what, told["PlatformLang"].after) == ("deleted", "")


def test_an_edit_that_is_undone_changes_nothing(document):
    before = document.store
    set_timeout(document, 42)
    document.undo_stack.undo()
    assert changed_variables(before, document.store) == ()


@pytest.fixture
def review(window, qtbot, demo_paths):
    """A review in a window that has files open and one edit."""
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(demo_paths)
    set_timeout(window.document, 42)
    window.actions_of["review-changes"].trigger()
    return window.findChild(ReviewDialog)


def test_a_row_selects_its_bytes(window, review):
    assert "1 variable changes" in review.summary.text()
    review.variables.setCurrentItem(review.variables.topLevelItem(0))
    document = window.document
    assert document.record_at(document.selection).data == b"\x2a\0"
    review.bytes.setCurrentItem(review.bytes.topLevelItem(0))
    state = document.saved.store.find("Timeout").header_span.start + 2
    assert document.selection.span.start == state
    assert isinstance(document.selection, Place)


def test_save_from_the_review_writes_the_file(qtbot, window, review, demo_paths):
    with qtbot.waitSignal(window.workbench.told):
        review.save.click()
    assert Path(demo_paths[1]).read_bytes() == window.document.image.spaces[1].data
    assert not window.actions_of["review-changes"].isEnabled()


def test_the_save_prompt_leads_to_the_review_and_on(monkeypatch, qtbot, window, demo_paths):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(demo_paths)
    set_timeout(window.document, 42)
    review = QMessageBox.StandardButton.NoButton
    monkeypatch.setattr(leaving, "ask_about_edits", lambda *_, **_kw: review)
    window.actions_of["close"].trigger()
    assert window.document.image is not None
    dialog = window.findChild(ReviewDialog)
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        dialog.save.click()
    assert window.document.image is None
    assert Path(demo_paths[1]).with_name("guest_VARS.fd.bak").exists()


def test_a_row_that_is_activated_shows_its_bytes(window, review):
    item = review.bytes.topLevelItem(0)
    review.bytes.setCurrentItem(item)
    review.bytes.itemActivated.emit(item, 0)
    assert window.pages.front.id == "hex"
    assert review.isVisible()


def test_a_review_is_over_with_the_next_edit(window, review):
    set_timeout(window.document, 43)
    assert not review.isVisible()


def reviewed(window):
    window.actions_of["review-changes"].trigger()
    return next(each for each in window.findChildren(ReviewDialog) if each.isVisible())


def test_an_edit_of_the_keys_says_what_becomes_of_pcr_7(demo_window):
    set_timeout(demo_window.document, 7)
    assert "PCR 7" not in reviewed(demo_window).summary.text()
    document = demo_window.document
    store, data = document.store, document.image.spaces[document.store_file].data
    keys = of_profile(profile_named("microsoft-2023"), store)
    document.edit(enrol(data, keys))
    told = reviewed(demo_window).summary.text()
    change = pcr7_between(document.saved.store, document.store)
    assert f"SHA-256 {change.before.hex()} becomes {change.after.hex()}" in told
