"""What plays a scenario: the model, real QEMU, or both; the choice in the window."""

import subprocess

import pytest
from PySide6.QtCore import Qt

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration import source_bar
from ovmfgui.gui.views.migration.source_bar import QEMU, SourceBar
from ovmfgui.layout.verdict import Fit
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.shipped import find
from ovmfgui.migration.simulation.step import Agreement


@pytest.fixture(scope="module")
def story():
    return play(find("same-package"), lambda *_: None)


@pytest.fixture
def bar(qtbot):
    bar = SourceBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def view(window):
    window.pages.bring_up("migration")
    return window.pages.tabs.view("migration")


def test_without_qemu_the_choice_is_greyed_and_says_what_to_install(monkeypatch, bar):
    monkeypatch.setattr(source_bar.shutil, "which", lambda _name: None)
    bar.engines.setCurrentIndex(2)
    bar.look_for_qemu()
    model = bar.engines.model()
    assert [model.item(n).isEnabled() for n in range(3)] == [True, False, False]
    assert "qemu-system-x86" in model.item(1).toolTip()
    assert "qemu-system-x86" in bar.engines.toolTip()
    assert bar.engine == "model"
    monkeypatch.setattr(source_bar.shutil, "which", lambda name: f"/usr/bin/{name}")
    bar.look_for_qemu()
    assert all(model.item(n).isEnabled() for n in range(3))
    assert "install" not in bar.engines.toolTip()


def test_agreement_is_told_by_sign_word_and_colour(bar, story):
    from dataclasses import replace

    bar.tell_agreement(replace(story.replay, agreement=Agreement(1400, ())))
    style = theme.fit_style(Fit.FITS, bar.palette())
    assert bar.agreement.text() == f"{style.sign} 1,400 points compared, no difference"
    found = Agreement(27, ("step 3 (Start), file x: a in the model, b with QEMU",))
    bar.tell_agreement(replace(story.replay, agreement=found, notes=("QEMU 7.2 plays.",)))
    assert bar.agreement.text().endswith("27 points compared, 1 difference")
    assert bar.agreement.text().startswith(theme.fit_style(Fit.INCOMPATIBLE, bar.palette()).sign)
    assert "QEMU 7.2 plays." in bar.agreement.toolTip()
    assert "b with QEMU" in bar.agreement.toolTip()
    bar.tell_agreement(story.replay)
    assert bar.agreement.isHidden()


def running_qemus(parent: int) -> list[str]:
    listed = subprocess.run(
        ["ps", "-o", "comm=", "--ppid", str(parent)], capture_output=True, text=True, check=True
    )
    return [line for line in listed.stdout.splitlines() if line.startswith(QEMU[:15])]


@pytest.mark.firmware
def test_both_engines_play_and_agree(qtbot, window, view):
    import os

    view.bar.engines.setCurrentIndex(2)
    with qtbot.waitSignal(view.replay_changed, timeout=60_000):
        view.playing.scenario(find("mid-write"))
    assert view.replay.engine == "both"
    assert view.bar.agreement.text().endswith("points compared, no difference")
    assert "qtest" in view.bar.agreement.toolTip()
    qtbot.waitUntil(lambda: not window.document.tasks.tasks, timeout=20_000)
    assert running_qemus(os.getpid()) == []


@pytest.mark.firmware
def test_a_play_that_is_cancelled_leaves_no_process(qtbot, window, view):
    import os

    view.bar.engines.setCurrentIndex(1)
    view.playing.scenario(find("demo"))
    qtbot.waitUntil(lambda: bool(running_qemus(os.getpid())), timeout=30_000)
    for task in window.document.tasks.tasks:
        task.cancel()
    qtbot.waitUntil(lambda: not window.document.tasks.tasks, timeout=30_000)
    assert running_qemus(os.getpid()) == []
    assert view.replay is None
    assert view.bar.run_button.isEnabled()


def test_the_engine_is_not_offered_for_recordings(view, story):
    from dataclasses import replace

    from ovmfgui.migration.recorded.prepared import Aside

    view.set_prepared(replace(story, aside=Aside("Trace", "")))
    assert not view.bar.engines.isEnabled()
    view.set_prepared(story)
    assert view.bar.engines.isEnabled()
    assert view.bar.engines.itemData(0, Qt.ItemDataRole.UserRole) == "model"
