"""The verdict and the findings end in deeds: a click, a name, and the cured pair is open."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from ovmfgui.gui.actions.curing import cure_actions
from ovmfgui.gui.views.map.view import COMPARE

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
