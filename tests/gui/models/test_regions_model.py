"""What the regions' model answers without asking each of its rows cell by cell."""

import pytest
from PySide6.QtCore import QModelIndex, Qt

from ovmfgui.gui.models.regions import COLUMNS, RegionsModel, text_of
from ovmfgui.guid import guid_name


@pytest.fixture
def model(qapp, demo):
    made = RegionsModel()
    made.set_regions(demo.map)
    return made


def test_a_filter_looks_through_all_that_a_row_says(demo):
    for root in demo.map:
        for region in root.walk():
            cells = [column.text(region) for column in COLUMNS]
            said = text_of(region).split("\n")
            assert {*cells, region.detail, guid_name(region.guid)} <= {*said, ""}


def test_a_typed_letter_finds_the_next_name_without_asking_for_cells(model, monkeypatch):
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    monkeypatch.setattr(RegionsModel, "data", lambda *_: pytest.fail("a cell was asked for"))
    start, role = model.index(1, 0), Qt.ItemDataRole.DisplayRole
    for name in names:
        (found,) = model.match(start, role, name[:5].upper())
        assert names[found.row()].startswith(name[:5])
    assert model.match(start, role, "no such name") == []


def test_other_questions_are_answered_as_ever(model):
    everything, role = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, 0
    first = model.index(0, 0)
    assert first in model.match(first, role, first.data(), -1, everything)
    below = model.index(0, 0, first)
    assert model.match(below, role, str(below.data()))[0].parent() == first
    assert below.parent() != QModelIndex()
