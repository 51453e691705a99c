"""Each step of each shipped scenario on the stage: whole in the window, large to a room."""

import pytest
from PySide6.QtCore import QRectF

from ovmfgui.gui.views.migration.presenting.presentation import Presentation
from ovmfgui.gui.views.migration.step_text import timeline_steps
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.shipped import shipped
from ovmfgui.migration.simulation.snapshot import ObjectKey

WIDTH, HEIGHT = 1920, 1080


def scenario(path):
    """A shipped scenario; those with Debian's files need them."""
    marks = [pytest.mark.firmware] if path.stem.startswith("debian") else []
    return pytest.param(path, id=path.stem, marks=marks)


def cut_texts(stage):
    """What is said of chips and guests and has more lines than its place has room for."""
    pen = stage._pen()
    for placed in stage._placed:
        room = placed.rect.bottom() - placed.below
        if placed.row.code and not placed.row.busy and room < pen.line_height / 2:
            # Beside the name, as far as there is room; it is in the tooltip, too.
            continue
        if pen.tallest([placed.row.words], placed.rect.width()) > room:
            yield placed.row.words
    for _host, rect, section in stage._sections:
        below = max((p.rect.bottom() for p in stage._placed if rect.contains(p.rect)), default=0)
        if pen.tallest(["\n".join(section.lines)], rect.width()) > rect.bottom() - below:
            yield section.lines


def check_in_the_window(view):
    """Everything that there is has its place."""
    for index, step in enumerate(view.replay.steps):
        view.player.timeline.go(index)
        view.stage.grab()
        for key, contents in step.snapshot.objects():
            if key.host in view.stage.hosts:
                row = view.stage.row_of(key)
                assert row is None or row.contents is contents
        for host in step.snapshot.hosts:
            for guest in host.guests:
                for chip in guest.chips:
                    key = ObjectKey.chip(host.name, guest.domain, chip.name)
                    assert host.name not in view.stage.hosts or view.stage.row_of(key) is not None
        assert list(cut_texts(view.stage)) == [], index


def check_in_a_room(shown, count):
    """The stage fills the screen, all of its text fits, and none of it is small."""
    stage, narrator = shown.stage, shown.narrator
    assert stage.height() >= 0.7 * HEIGHT
    letters = stage.font().pointSizeF() * shown.logicalDpiY() / 72
    assert letters >= HEIGHT / 42
    for index in range(count):
        shown.show_step(index)
        parts = [rect for _host, rect, _section in stage._sections]
        assert all(QRectF(stage.rect()).contains(rect) for rect in parts), index
        # From the hosts' names at its top to the end of the last sentence's place and the legend.
        parts += [stage._legend_rect()]
        assert max(rect.bottom() for rect in parts) >= 0.7 * HEIGHT, index
        assert max(rect.bottom() for rect in parts[:-1]) >= 0.62 * HEIGHT, index
        assert list(cut_texts(stage)) == [], index
        assert narrator.document().size().height() <= narrator.viewport().height(), index
        assert narrator.letters >= HEIGHT / 42, index


@pytest.mark.parametrize("path", [scenario(path) for path in shipped()])
def test_every_shipped_scenario_can_be_stepped_through(qtbot, workbench, path):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.resize(760, 600)
    view.show()
    prepared = play(path, lambda *_: None)
    view.set_prepared(prepared)
    assert view.bar.scenarios.currentData() == str(path)
    check_in_the_window(view)
    shown = Presentation()
    qtbot.addWidget(shown)
    shown.resize(WIDTH, HEIGHT)
    shown.show()
    shown.set_prepared(prepared, timeline_steps(prepared.replay))
    check_in_a_room(shown, len(prepared.replay.steps))
