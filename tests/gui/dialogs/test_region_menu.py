import base64

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from ovmfgui.flash.extraction import Part
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.gui.dialogs.region_menu import RegionMenu, file_name, parts_of_region
from ovmfgui.gui.views.structure.view import StructureView


@pytest.fixture
def view(qtbot, workbench):
    view = StructureView(workbench)
    qtbot.addWidget(view)
    view.resize(900, 500)
    view.show()
    return view


def packed_file(document):
    return next(
        region
        for region in of_kind(document.map, Kind.FILE)
        if any(inner.kind is Kind.DECOMPRESSED for inner in region.walk())
    )


def test_only_what_a_region_has_is_offered(document):
    assert parts_of_region(packed_file(document)) == (Part.WHOLE, Part.BODY, Part.UNPACKED)
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    assert parts_of_region(log) == (Part.WHOLE,)


def test_the_menu_greys_out_what_cannot_be_taken(view, document):
    menu = view.menu.popup(next(of_kind(document.map, Kind.EVENT_LOG)), QPoint(0, 0))
    enabled = {a.text(): a.isEnabled() for a in menu.actions() if "Extract" in a.text()}
    assert enabled == {
        "Extract &whole…": True,
        "Extract &body…": False,
        "Extract &unpacked…": False,
    }
    menu.close()


def test_a_region_is_copied_by_the_menu_that_bytes_have_everywhere(view, document, workbench):
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    menu = view.menu.popup(log, QPoint(0, 0))
    ways = next(a.menu() for a in menu.actions() if a.text() == "Copy as")
    by_name = {action.text(): action for action in ways.actions()}
    data = document.image.bytes_at(log.place)
    for name, text in (
        ("Size 0x1000", "0x1000"),
        ("Offset 0x40000", "0x40000"),
        (f"Guest address 0x{log.address:X}", f"0x{log.address:X}"),
        ("Base64", base64.b64encode(data).decode()),
    ):
        by_name[name].trigger()
        assert QGuiApplication.clipboard().text() == text
    assert workbench.copying.last == "base64"
    menu.close()


def test_show_bytes_selects_and_shows_them(view, document, workbench):
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    menu = view.menu.popup(log, QPoint(0, 0))
    menu.actions()[0].trigger()
    assert workbench.views.shown == ["hex"]
    assert document.selection == log.place
    menu.close()


def test_an_item_is_written_whole_and_over_an_old_file(qtbot, view, document, workbench, tmp_path):
    region, target = packed_file(document), tmp_path / "item.bin"
    target.write_bytes(b"old")
    with qtbot.waitSignal(workbench.told) as told:
        view.menu.extract_to(region, Part.WHOLE, str(target))
    assert target.read_bytes() == document.image.bytes_at(region.place)
    assert told.args[0].endswith("are in item.bin.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["item.bin"]


def test_what_it_unpacks_to_is_written(qtbot, document, workbench, tmp_path, view):
    target = tmp_path / "unpacked.bin"
    with qtbot.waitSignal(workbench.told):
        view.menu.extract_to(packed_file(document), Part.UNPACKED, str(target))
    inner = next(r for r in packed_file(document).walk() if r.kind is Kind.DECOMPRESSED)
    assert target.read_bytes() == document.image.spaces[inner.place.space].data


def test_a_folder_that_is_not_there_is_told(qtbot, view, document, workbench, tmp_path):
    with qtbot.waitSignal(workbench.refused) as told:
        view.menu.extract_to(packed_file(document), Part.WHOLE, str(tmp_path / "no" / "x.bin"))
    assert "x.bin" in told.args[0]


def test_the_name_of_the_file_says_what_it_was_and_where(document):
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    assert file_name(log, ".bin") == "event-log-0x40000.bin"


def test_enter_on_a_leaf_of_the_tree_shows_its_bytes(qtbot, view, document, workbench):
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    document.select(log.place)
    view.tree.setFocus()
    qtbot.keyClick(view.tree, Qt.Key.Key_Return)
    assert workbench.views.shown == ["hex"]


def test_the_menu_belongs_to_its_view(view):
    assert isinstance(view.menu, RegionMenu)
    assert view.menu.parent() is view
