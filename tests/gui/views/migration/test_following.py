"""A running machine followed in the window: the timeline grows and the store's table lights up."""

import subprocess

import pytest
from running_qemu import STORE, deleting, edit, running, setting, states

from ovmfgui.budgets import MOST_FOLLOWED
from ovmfgui.gui.models.records import Change
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.recorded import watching
from ovmfgui.migration.recorded.live import LiveReplay, Source
from ovmfgui.migration.recorded.trace_timeline import Act
from ovmfgui.pflash.contents import Pages


def titles(window):
    return [step.title for step in window.pages.tabs.view("migration").replay.steps]


@pytest.mark.firmware
def test_a_running_qemu_is_followed_write_by_write(qtbot, window, tmp_path):
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        before = states(device)
        window.commands.migration.follow(str(device.second))
        view = window.pages.tabs.view("migration")
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            pass
        assert titles(window) == ["Before"]

        edit(device, setting("One", b"1"), setting("Two", b"2"))
        qtbot.waitUntil(lambda: len(titles(window)) == 3, timeout=10_000)
        assert titles(window) == ["Before", "Create One", "Create Two"]
        assert view.player.current == 2  # who stands at the end goes along
        assert "Create Two" in view.words.text.toPlainText()
        view.player.to_first()
        edit(device, deleting("One"))
        qtbot.waitUntil(lambda: titles(window)[-1] == "Delete One", timeout=10_000)
        assert view.player.current == 0  # who looks at something else is left there
        window.workbench.show("variables")
        table = window.pages.tabs.view("variables")
        rows = {row.record.name: row.change for row in table.model.rows}
        assert rows["Two"] is Change.NEW
        assert set(rows.values()) <= {Change.NEW, Change.NONE, Change.OLD}
        assert window.document.store.by_key
        assert not window.document.modified
        assert "followed" in window.document.read_only_because
        assert window.actions_of.can("stop-following")
        window.actions_of["stop-following"].trigger()
        qtbot.waitUntil(lambda: not view.following.active, timeout=10_000)
        assert states(device) == before
        assert "when the following ended" in window.document.read_only_because
        assert not window.actions_of.can("stop-following")
        assert device.qmp("query-status")["status"] == "running"


@pytest.mark.firmware
def test_a_window_that_closes_lets_go_of_the_machine(qtbot, window, tmp_path):
    with running(tmp_path, errors=subprocess.DEVNULL) as device:
        before = states(device)
        window.commands.migration.follow(str(device.second))
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            pass
        assert states(device) != before
        window.close()
        assert states(device) == before


def test_a_file_is_followed_by_its_states(qtbot, window, tmp_path, monkeypatch):
    monkeypatch.setattr(watching, "LOOKED_EVERY", 0.02)
    store = tmp_path / "vars.fd"
    store.write_bytes(STORE)
    window.commands.migration.follow(str(store))
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        pass
    from ovmfgui.nvram.editor import Editor, Generation

    edited = setting("One", b"1")(Editor(STORE, Generation.NEW, compact=True))
    store.write_bytes(edited.after)
    qtbot.waitUntil(lambda: titles(window)[-1] == "Create One", timeout=10_000)
    view = window.pages.tabs.view("migration")
    assert "states are seen, not writes" in view.lesson.text.toPlainText()
    store.write_bytes(b"no store")
    qtbot.waitUntil(lambda: not view.following.active, timeout=10_000)
    assert titles(window)[-1] == "Create One"  # what was seen stays


def test_what_cannot_be_followed_is_said(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.workbench.refused, timeout=20_000) as told:
        window.commands.migration.follow(str(tmp_path / "nothing"))
    assert "nothing" in str(told.args[0])


def test_a_replay_that_grows_ends_at_its_budget():
    pages = Pages.of(synthetic_package("2m").vars)
    live = LiveReplay(Source("s", "system.flash1", "q35", "running"), pages)
    act = Act("Create X", "X", "", 0, 0, 1, 1, 0, pages)
    live.take([act] * (MOST_FOLLOWED + 5))
    assert live.full
    assert len(live.prepared.replay.steps) == MOST_FOLLOWED + 1
    assert "at most" in live.prepared.aside.html
