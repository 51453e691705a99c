import pytest
from painted import Paints
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.steady_tabs import SteadyTabs


@pytest.fixture
def tabs(qtbot):
    tabs = SteadyTabs()
    qtbot.addWidget(tabs)
    for title in ("one", "two"):
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(ElidedLabel("short"))
        column.addWidget(QLabel("short"))
        tabs.addTab(page, title)
    tabs.resize(600, 300)
    tabs.show()
    qtbot.waitExposed(tabs)
    return tabs


def settle(qapp):
    for _turn in range(5):
        qapp.processEvents()


def labels(tabs):
    """The one that gives way, and the one that asks for the width of its text."""
    return tabs.currentWidget().findChildren(QLabel)


def change(qapp, label, text):
    label.setText(text)
    settle(qapp)


def test_another_text_on_a_page_leaves_the_tabs_as_they_are_drawn(qapp, tabs):
    settle(qapp)
    change(qapp, labels(tabs)[0], "another")
    painted = Paints(tabs.tabBar())
    change(qapp, labels(tabs)[0], "and another, which is longer")
    assert painted.times == 0
    assert labels(tabs)[0].text() == "and another, which is longer"


def test_a_page_that_needs_more_room_gets_it(qapp, tabs):
    settle(qapp)
    change(qapp, labels(tabs)[1], "n" * 200)
    assert tabs.minimumSizeHint().width() > 600
    tabs.resize(tabs.sizeHint())
    settle(qapp)
    label = labels(tabs)[1]
    assert label.width() >= label.sizeHint().width()


def test_a_tab_that_gets_a_longer_title_is_laid_out_anew(qapp, tabs):
    settle(qapp)
    before = tabs.tabBar().tabRect(0).width()
    tabs.setTabText(0, "one, with more to tell")
    settle(qapp)
    assert tabs.tabBar().tabRect(0).width() > before
    assert tabs.tabBar().width() >= tabs.tabBar().sizeHint().width()
