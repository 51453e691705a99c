"""A live change of theme leaves nothing behind: pixel by pixel what a fresh window shows."""

import pytest
from PySide6.QtWidgets import QApplication

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.look import theme
from ovmfgui.gui.shell.screenshots import bring_what_fits, select_something, settle
from ovmfgui.gui.shell.window import Window


@pytest.fixture(autouse=True)
def _as_before(qapp):
    yield
    theme.apply_theme(qapp, "system")


@pytest.fixture
def dressed(qtbot, qapp, demo, tmp_path):
    """Makes a window with a pair, a comparison, a matrix and a migration in it."""

    def make(name):
        from ovmfgui.gui.document.settings import Settings

        theme.apply_theme(qapp, name)
        window = Window(Settings(tmp_path / f"{name}.ini"))
        qtbot.addWidget(window)
        window.show()
        window.document.present(demo)
        select_something(window.document)
        window.commands.migration.play_lesson()
        settle(window.workbench)
        fill(window)
        return window

    return make


def fill(window):
    for spec in VIEWS:
        bring_what_fits(window.document, spec.id)
        view = window.pages.bring_up(spec.id)
        settle(window.workbench)
        if hasattr(view, "fill_for_picture"):
            view.fill_for_picture()
            settle(window.workbench)


def pictures(window):
    taken = {}
    for spec in VIEWS:
        bring_what_fits(window.document, spec.id)
        window.pages.bring_up(spec.id)
        settle(window.workbench)
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        settle(window.workbench)
        taken[spec.id] = window.grab().toImage()
    return taken


def test_there_and_back_is_where_it_was(dressed):
    window = dressed("light")
    before = pictures(window)
    window.dress("dark")
    dark = pictures(window)
    window.dress("light")
    after = pictures(window)
    assert [name for name in before if before[name] != after[name]] == []
    assert all(before[name] != dark[name] for name in before)


def test_a_window_that_was_switched_looks_as_a_fresh_one(dressed):
    switched = dressed("light")
    switched.dress("dark")
    pictured = pictures(switched)
    switched.close()
    fresh = pictures(dressed("dark"))
    assert [name for name in fresh if fresh[name] != pictured[name]] == []
