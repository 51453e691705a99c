"""The verdict and the findings end in deeds: a click, a name, and the cured pair is open."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ovmfgui.finding import Severity
from ovmfgui.gui.actions.curing import cure_actions
from ovmfgui.gui.views.map.view import COMPARE
from ovmfgui.layout.cures import Cure
from ovmfgui.layout.inspection import inspect_files
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.progress import silent

OVMF = Path("/usr/share/OVMF")


def open_files(qtbot, window, *paths):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open([str(path) for path in paths])


def words(row):
    return [button.text() for button in row.buttons]


@pytest.mark.firmware
def test_a_pair_that_does_not_fit_is_cured_from_its_verdict(monkeypatch, qtbot, window, tmp_path):
    open_files(qtbot, window, OVMF / "OVMF_CODE_4M.fd", OVMF / "OVMF_VARS.ms.fd")
    window.badge.open_reasons()
    cures = window.badge.panel.cures
    assert cures.isVisible()
    assert words(cures)[0] == "Convert the store for this CODE…"
    assert "Show both layouts" in words(cures)
    assert words(window.findings.cures)[0] == "Convert the store for this CODE…"
    target = tmp_path / "converted.fd"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    before = len(window.document.store.live)
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        cures.buttons[0].click()
    assert window.document.verdict.fit == "fits"
    assert window.document.image.files[1].path == str(target)
    assert len(window.document.store.live) == before
    assert not window.badge.window_of_reasons.isVisible()
    assert f"{before} variables carried over" in window.pages.message.text.text()


@pytest.mark.firmware
def test_the_cures_follow_the_finding(qtbot, window):
    open_files(qtbot, window, OVMF / "OVMF_CODE_4M.fd", OVMF / "OVMF_VARS_4M.fd")
    pane = window.findings
    for row, finding in enumerate(pane.findings):
        pane.table.setCurrentIndex(pane.model.index(row, 0))
        actions = cure_actions(window.actions_of, window.document.inspection, finding)
        assert words(pane.cures) == [action.text().replace("&", "") for action in actions]
        if finding.id == "setup-mode":
            assert words(pane.cures)


def test_both_layouts_are_shown(demo_window):
    demo_window.actions_of["show-layouts"].trigger()
    assert demo_window.pages.front.id == "map"
    assert demo_window.pages.tabs.view("map").modes.currentIndex() == COMPARE


def test_another_store_is_opened_with_the_same_code(monkeypatch, qtbot, window, demo_paths):
    open_files(qtbot, window, demo_paths[0])
    assert window.actions_of["other-store"].isEnabled()
    assert not window.actions_of["convert-store"].isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (demo_paths[1], ""))
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.actions_of["other-store"].trigger()
    assert window.document.verdict.fit == "fits"


def pairs_of_every_outcome(folder):
    """CODE and VARS on disk, and what comes of them at the next power-on."""
    code, store = synthetic_package("4m").code, synthetic_package("4m").vars
    arm = (OVMF.parent / "AAVMF" / "AAVMF_CODE.fd").read_bytes()
    arm_store = bytearray((OVMF.parent / "AAVMF" / "AAVMF_VARS.ms.fd").read_bytes())
    blank = bytes(len(arm_store))
    arm_store[0x28:0x2C] = b"XXXX"
    old = synthetic_package("2m").vars
    shifted = synthetic_package("4m-shifted")
    cases = (
        (code, store, Outcome.BOOTS),
        (arm, blank, Outcome.BOOTS_INITIALISES),
        (code, bytes(len(store)), Outcome.BOOTS_VOLATILE),
        (code, shifted.vars, Outcome.BOOTS_CORRUPTING),
        (arm, bytes(arm_store), Outcome.WIPED),
        (code, old.ljust(len(store), b"\xff"), Outcome.NO_BOOT),
        (code, store + b"\xff" * 0x400, Outcome.REFUSED_BY_QEMU),
        (shifted.code, store, Outcome.UNKNOWN),
    )
    for number, (one, other, outcome) in enumerate(cases):
        paths = folder / f"{number}-CODE.fd", folder / f"{number}-VARS.fd"
        for path, data in zip(paths, (one, other), strict=True):
            path.write_bytes(data)
        yield tuple(map(str, paths)), outcome


@pytest.mark.firmware
def test_every_outcome_with_advice_ends_in_deeds_and_so_does_its_finding(window, tmp_path):
    """On the page of the verdict, and the same at the finding that says it."""
    told = set()
    for paths, outcome in pairs_of_every_outcome(tmp_path):
        window.document.present(inspect_files(paths, silent))
        verdict = window.document.verdict
        assert verdict.outcome is outcome
        told.add(outcome)
        window.badge.open_reasons()
        offered = words(window.badge.panel.cures)
        assert offered or not verdict.advice, outcome
        row = window.badge.panel.cures
        assert all(button.isEnabled() for button in row.buttons)
        pane = window.findings
        own = pane.findings.index(verdict.findings[0])
        pane.table.setCurrentIndex(pane.model.index(own, 0))
        well = verdict.fit is Fit.FITS
        assert (verdict.findings[0].severity is Severity.INFO) == well
        assert words(pane.cures) == ([] if well else offered), outcome
    assert told == set(Outcome)


@pytest.mark.firmware
def test_how_a_store_came_to_another_code_is_replayed_from_the_verdict(qtbot, window):
    open_files(qtbot, window, OVMF / "OVMF_CODE_4M.fd", OVMF / "OVMF_VARS.fd")
    outcome = window.document.verdict.outcome
    window.badge.open_reasons()
    row = window.badge.panel.cures
    replay = words(row).index("Replay this migration")
    # Of more than a row has room for, every one is seen.
    qtbot.waitUntil(lambda: all(row.rect().contains(b.geometry()) for b in row.buttons))
    assert "Replay this migration" in words(window.findings.cures)
    window.badge.panel.cures.buttons[replay].click()
    qtbot.waitUntil(lambda: window.document.played is not None, timeout=20_000)
    shown = window.pages.tabs.view("migration")
    assert window.document.title == "From OVMF_CODE.fd to OVMF_CODE_4M.fd"
    assert shown.replay.outcome is outcome
    # Made for the replay, it can be gone on with in the editor.
    window.actions_of.update()
    window.actions_of["edit-scenario"].trigger()
    assert shown.side.draft.document["title"] == window.document.title
    # And at its own verdict "replay" begins it again.
    shown.player.to_last()
    window.actions_of[Cure.REPLAY].trigger()
    assert shown.player.current == 0


def test_a_pair_is_looked_for_on_disk_once_for_each_state_of_it(
    qtbot, window, demo_paths, monkeypatch
):
    open_files(qtbot, window, *demo_paths)
    assert window.actions_of[Cure.REPLAY].isEnabled()
    asked = []
    there = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: (asked.append(str(path)), there(path))[1])
    for _time in range(3):
        window.actions_of.update()
    assert not set(asked) & set(demo_paths)
    window.document.close()
    window.actions_of.update()
    assert not window.actions_of[Cure.REPLAY].isEnabled()
