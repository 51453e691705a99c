from itertools import pairwise, permutations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QScrollArea, QToolButton

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.look.reading_order import in_reading_order, tab_stops
from ovmfgui.gui.shell.screenshots import bring_what_fits, select_something, settle


@pytest.mark.parametrize("given", list(permutations(range(5))))
def test_bands_then_columns(given):
    rects = [
        QRect(0, 0, 100, 20),
        QRect(0, 30, 40, 70),
        QRect(50, 30, 20, 20),
        QRect(75, 32, 20, 15),
        QRect(50, 60, 50, 40),
    ]
    assert in_reading_order(given, lambda i: rects[i]) == [0, 1, 2, 3, 4]


def walked(window, key):
    """Where the focus goes by a key until it comes round."""
    seen = []
    while True:
        QTest.keyClick(QApplication.focusWidget() or window, key)
        focused = QApplication.focusWidget()
        if focused in seen:
            return seen
        seen.append(focused)


@pytest.fixture
def full_window(demo_window):
    """The window, with something in every view."""
    demo_window.activateWindow()
    select_something(demo_window.document)
    demo_window.commands.migration.play_lesson()
    settle(demo_window.workbench)
    return demo_window


def test_tab_goes_as_the_eye_does_and_back_the_same_way(full_window):
    for spec in VIEWS:
        check_walk(full_window, spec.id)


def check_walk(full_window, view_id):
    bring_what_fits(full_window.document, view_id)
    view = full_window.pages.bring_up(view_id)
    if hasattr(view, "fill_for_picture"):
        view.fill_for_picture()
    settle(full_window.workbench)
    # Where nothing can be gone to, the field for that is no stop.
    start = full_window.goto if full_window.goto.isEnabled() else tab_stops(full_window)[0]
    start.setFocus()
    there = walked(full_window, Qt.Key.Key_Tab)
    start.setFocus()
    back = walked(full_window, Qt.Key.Key_Backtab)
    # Both end where they began.
    assert there[:-1] == back[:-1][::-1], view_id
    assert set(there) == set(tab_stops(full_window))
    assert not any(isinstance(stop, QScrollArea) for stop in there)
    for above, below in pairwise(there[:-1]):
        one, other = placed(above, full_window), placed(below, full_window)
        assert not other.bottom() < one.top() or not overlap(one, other), (above, below)


def placed(widget, window):
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def overlap(one, other):
    """Whether they stand in one column."""
    return one.left() <= other.right() and other.left() <= one.right()


def test_nothing_of_the_matrix_is_left_out(full_window):
    bring_what_fits(full_window.document, "matrix")
    view = full_window.pages.bring_up("matrix")
    view.fill_for_picture()
    settle(full_window.workbench)
    stops = walked(full_window, Qt.Key.Key_Tab)
    buttons = view.bar.findChildren(QPushButton) + view.bar.findChildren(QToolButton)
    assert len(buttons) == 5
    for wanted in (view.modes, view.table, *buttons):
        assert wanted in stops
