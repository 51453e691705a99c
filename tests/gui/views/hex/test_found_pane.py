import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from ovmfgui.flash.search import Notation
from ovmfgui.gui.views.hex.view import HexView


@pytest.fixture
def view(qtbot, workbench):
    view = HexView(workbench)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    view.show_find()
    return view


def searched(qtbot, view, notation, text):
    view.find_bar.look_for(notation, text)
    button = next(b for b in view.find_bar.findChildren(QToolButton) if b.text() == "All")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.found.stop.isHidden())
    return view.found.model.rows


def test_a_volume_signature_is_found_in_files_and_unpacked_bodies(qtbot, view, document):
    hits = searched(qtbot, view, Notation.TEXT, "_FVH")
    spaces = {hit.place.space for hit in hits}
    assert {0, 1} < spaces
    assert max(spaces) >= len(document.image.files)
    assert all(document.image.bytes_at(hit.place) == b"_FVH" for hit in hits)
    unpacked = len(document.image.spaces) - 2
    assert f"{len(hits)} in 2 files and {unpacked} unpacked bod" in view.found.text.text()


def test_a_row_leads_to_the_bytes(qtbot, view, document):
    hits = searched(qtbot, view, Notation.NAME, "BootOrder")
    number = next(i for i, hit in enumerate(hits) if hit.place.space == 1)
    view.found.table.setCurrentIndex(view.found.model.index(number, 0))
    assert document.selection == hits[number].place
    assert view.space == 1
    row = [view.found.model.index(number, column).data() for column in range(4)]
    assert row[0].startswith("VARS")
    assert row[2] == f"0x{0xFFC00000 + hits[number].place.span.start:08X}"
    assert row[3].endswith("BootOrder")


def test_nothing_found_is_said(qtbot, view):
    assert searched(qtbot, view, Notation.TEXT, "no such thing") == ()
    assert view.found.text.text().startswith("“no such thing” is nowhere in 2 files")


def test_what_is_no_pattern_is_told_in_the_bar(qtbot, view):
    view.find_bar.look_for(Notation.HEX, "5F 4")
    view.search.find_everywhere()
    assert "half a byte" in view.find_bar.message()
    assert view.found.isHidden()


def test_closing_the_bar_closes_the_list(qtbot, view):
    searched(qtbot, view, Notation.TEXT, "_FVH")
    view.search.hide_find()
    assert view.found.isHidden()
    assert view.found.model.rows == ()


def test_the_hits_are_a_well_behaved_model(qtbot, qtmodeltester, view):
    searched(qtbot, view, Notation.TEXT, "_FVH")
    qtmodeltester.check(view.found.model)
