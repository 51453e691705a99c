"""Writes over time and wear of each block: the numbers, and the plot."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.migration.recorded.activity import Activity, activity_of, wear, wear_bars
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.file import parse
from ovmfgui.migration.scenario.shipped import find

FULL = """
title = "Full"
[packages.small]
synthetic = "2m"
[hosts.alpha]
packages = ["small"]
[[actions]]
do = "define"
host = "alpha"
domain = "vm1"
[[actions]]
do = "start"
"""
WRITE = '[[actions]]\ndo = "set-variable"\nname = "Big"\nsize = {}\n'


@pytest.fixture(scope="module")
def story():
    return play(find("demo"), lambda *_: None)


@pytest.fixture(scope="module")
def worn():
    """A store that is filled until it is reclaimed, as a replay."""
    from ovmfgui.migration.engine.model import ModelPlatform
    from ovmfgui.migration.recorded.prepared import prepare
    from ovmfgui.migration.replay import run

    text = FULL + "".join(WRITE.format(6000 + n) for n in range(11))
    return prepare(run(parse(text, "full"), ModelPlatform()), lambda *_: None)


def test_what_a_scenario_writes_is_counted_and_what_migrates_is_not(story):
    steps = story.replay.steps
    assert len(story.activity.amounts) == len(steps)
    for step, amount in zip(steps, story.activity.amounts, strict=True):
        assert bool(amount) == (step.action in ("set-variable", "finish-write")), step.title
    assert story.activity.unit == "bytes changed"


def test_a_reclaim_erases_the_blocks_of_the_store(worn):
    erased = [n for n, blocks in enumerate(worn.activity.erased) if blocks]
    assert erased
    assert all(worn.replay.steps[n].action == "set-variable" for n in erased)
    assert not worn.activity.counted
    assert 0 in worn.activity.erased[erased[0]]


def test_wear_adds_up_to_the_step():
    activity = Activity("bus writes", (0, 5, 3, 4), ((), (2, 2), (), (4,)))
    assert wear(activity, 0) == {}
    assert wear(activity, 2) == {2: 2}
    assert wear(activity, 3) == {2: 2, 4: 1}
    assert wear_bars(activity, 2) == ((2, 3, 4), (2, 0, 0))
    assert wear_bars(Activity("bus writes", (1,), ((),)), 0) == ((), ())


def test_nothing_is_written_where_only_one_picture_is_there(story):
    assert activity_of(story.replay.steps[:1]).quiet


@pytest.fixture
def view(qtbot, workbench, story):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    view.set_prepared(story)
    return view


def ask_for_plots(qtbot, view):
    view.bar.plot_button.click()
    qtbot.waitUntil(lambda: view.plot is not None, timeout=20_000)


def test_the_plot_marks_the_step_and_a_click_goes_to_one(qtbot, view):
    ask_for_plots(qtbot, view)
    plot = view.plot
    QApplication.processEvents()
    view.player.to_last()
    assert plot._marker.value() == len(view.player) - 1
    box = plot.amounts.plotItem.vb
    where = plot.amounts.mapFromScene(box.mapViewToScene(QPointF(9.2, 10)))
    qtbot.mouseClick(plot.amounts.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert view.player.current == 9
    assert plot._marker.value() == 9
    assert plot.step_at(-3.0) is None
    view.bar.plot_button.click()
    assert plot.isHidden()


def test_wear_is_plotted_where_there_is_any(qtbot, view, worn):
    ask_for_plots(qtbot, view)
    assert view.plot.worn.isHidden()
    view.set_prepared(worn)
    assert not view.plot.worn.isHidden()
    assert "at least 0" in view.plot.wear.accessibleName()
    view.player.to_last()
    assert "at least 0" not in view.plot.wear.accessibleName()


def test_the_plot_takes_the_colours_of_the_palette(qtbot, view):
    ask_for_plots(qtbot, view)
    for palette in (theme.dark_palette(), theme.light_palette()):
        view.setPalette(palette)
        ground = view.plot.amounts.backgroundBrush().color()
        assert ground.name() == palette.base().color().name()


def test_the_library_that_plots_is_loaded_when_it_is_wanted_and_leaves_the_hook_alone():
    code = (
        "import sys\n"
        "import ovmfgui.gui.views.migration.view\n"
        "assert 'pyqtgraph' not in sys.modules\n"
        "hook = sys.excepthook = lambda *_: None\n"
        "import ovmfgui.gui.views.migration.activity_plot\n"
        "assert 'pyqtgraph' in sys.modules\n"
        "assert sys.excepthook is hook\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
