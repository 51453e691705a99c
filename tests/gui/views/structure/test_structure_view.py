import pytest

from ovmfgui.gui.views.structure.view import StructureView
from ovmfgui.span import Place


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
