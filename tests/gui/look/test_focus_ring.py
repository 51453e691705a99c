"""Wherever the keyboard is can be seen: a ring of three to one against what is around it."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QTabBar

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.look import contrast, theme
from ovmfgui.gui.look.reading_order import give_focus, tab_stops
from ovmfgui.gui.shell.screenshots import bring_what_fits, select_something, settle


@pytest.fixture(params=["light", "dark"])
def dressed_window(request, qapp, demo_window):
    theme.apply_theme(qapp, request.param)
    demo_window.activateWindow()
    select_something(demo_window.document)
    demo_window.commands.migration.play_lesson()
    settle(demo_window.workbench)
    yield demo_window
    theme.apply_theme(qapp, "system")


def ring_pixels(window, widget):
    """The share of the edge that changes as the focus comes, by three to one at least."""
    give_focus(widget)
    QApplication.processEvents()
    own = widget.tabRect(widget.currentIndex()) if isinstance(widget, QTabBar) else widget.rect()
    rect = QRect(widget.mapTo(window, own.topLeft()), own.size()) & window.rect()
    assert not rect.isEmpty(), (widget, widget.parentWidget())
    widget.clearFocus()
    QApplication.processEvents()
    before = window.grab(rect).toImage()
    widget.setFocus()
    QApplication.processEvents()
    after = window.grab(rect).toImage()
    edge = [(QPoint(x, 0), QPoint(x, 1)) for x in range(0, rect.width(), 5)]
    edge += [(QPoint(0, y), QPoint(1, y)) for y in range(0, rect.height(), 5)]
    seen = [
        any(contrast.ratio_of(before.pixelColor(at), after.pixelColor(at)) >= 3 for at in pair)
        for pair in edge
    ]
    return sum(seen) / len(seen)


def test_the_focus_is_seen_at_every_stop(dressed_window):
    window = dressed_window
    for spec in VIEWS:
        bring_what_fits(window.document, spec.id)
        view = window.pages.bring_up(spec.id)
        if hasattr(view, "fill_for_picture"):
            view.fill_for_picture()
        settle(window.workbench)
        for stop in tab_stops(window):
            assert ring_pixels(window, stop) > 0.5, (spec.id, type(stop), stop.accessibleName())


def test_no_ring_without_a_focus(dressed_window):
    ring = dressed_window._ring
    bring_what_fits(dressed_window.document, "map")
    dressed_window.goto.setFocus()
    assert ring.isVisible()
    dressed_window.goto.clearFocus()
    assert not ring.isVisible()
