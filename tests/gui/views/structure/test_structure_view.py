import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from ovmfgui.flash.region import Kind, Region
from ovmfgui.gui.views.structure.view import StructureView
from ovmfgui.span import Place, Span


@pytest.fixture
def view(qtbot, workbench):
    made = StructureView(workbench)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_filter_unfolds_what_it_finds(view):
    view.filter.setText("ftw working")
    path, index = [], view.model.index(0, 0)
    while index.isValid():
        path.append(index.data())
        assert view.model.rowCount(index) <= 1
        index = view.model.index(0, 0, index)
    assert path[-1] == "FTW working block"
    assert view.tree.isExpanded(view.model.index(0, 0))


def test_the_selection_survives_a_filter_that_hides_it(view, document):
    place = Place(1, document.store.find("Timeout").span)
    document.select(place)
    view.filter.setText("reset vector")
    assert document.selection == place
    view.filter.clear()
    assert view.tree.currentIndex().data() == "Timeout"


def test_unpacked_contents_are_part_of_the_tree(view, document):
    body = next(i for i, s in enumerate(document.image.spaces) if s.origin is not None)
    places = [r.place for root in document.map for r in root.walk() if r.place.space == body]
    document.select(places[-1])
    region = view.model.region(view.tree.currentIndex())
    assert region.place.space == body


def test_nothing_open_says_so(view, document):
    document.close()
    assert not view.tree.isVisible()


def wide(count):
    """A tree of ``count`` volumes with a header each, as a damaged image has thousands."""
    leaf = [Region("h", Kind.HEADER, Place(0, Span(16 * at, 8))) for at in range(count)]
    return tuple(
        Region("v", Kind.VOLUME, Place(0, Span(16 * at, 16)), children=(leaf[at],))
        for at in range(count)
    )


def rows_in_sight(view):
    index, rows = view.model.index(0, 0), 0
    while index.isValid():
        rows, index = rows + 1, view.tree.indexBelow(index)
    return rows


def test_no_more_rows_are_unfolded_at_once_than_a_turn_can(view, document, monkeypatch, qtbot):
    monkeypatch.setattr("ovmfgui.gui.views.structure.view._MOST_UNFOLDED", 50)
    view.model.set_regions(wide(60))
    with qtbot.waitSignal(document.notice):
        view.findChild(QToolButton, "").click()
    assert rows_in_sight(view) == 60
    with qtbot.waitSignal(view.tree.unfold_wanted):
        QTest.keyClick(view.tree, "*")
    view.tree.unfold_wanted.emit(view.model.index(7, 0))
    assert rows_in_sight(view) == 61
    view.filter.setText("h")
    assert rows_in_sight(view) == 60
    view.model.set_regions(wide(50))
    view.filter.setText("")
    with qtbot.assertNotEmitted(document.notice):
        view.findChild(QToolButton, "").click()
    assert rows_in_sight(view) == 100
