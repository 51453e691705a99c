from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from synthetic_images import pair_image

from ovmfgui.flash.byte_meaning import describe, marks_of
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.flash.search import Notation
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.views.hex.view import HexView
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.editor import Editor
from ovmfgui.span import Place, Span

KEYS, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
BASE = 0xFFC00000


@pytest.fixture(scope="module")
def inspection():
    return inspect(pair_image("4m", "4m"))


@pytest.fixture
def document(inspection):
    document = Document(TaskRunner())
    document.present(inspection)
    yield document
    document.tasks.shutdown()


@pytest.fixture
def view(qtbot, workbench):
    view = HexView(workbench)
    qtbot.addWidget(view)
    view.resize(760, 520)
    view.show()
    return view


def found(qtbot, view, notation: Notation, text: str) -> str:
    view.show_find()
    view.find_bar.look_for(notation, text)
    qtbot.waitUntil(lambda: not view.finder.running)
    return view.find_bar.message()


def test_every_file_and_unpacked_body_can_be_chosen(view, document):
    titles = [view.spaces.itemText(index) for index in range(view.spaces.count())]
    assert titles[0].startswith("CODE · CODE")
    assert titles[1].startswith("VARS · VARS")
    assert titles[2].startswith("Unpacked from")
    view.spaces.activated.emit(2)
    assert view.grid.data is document.image.spaces[2].data


def test_the_selection_comes_from_the_document_and_goes_to_it(view, document):
    document.select(Place(1, Span(0x41000, 32)))
    assert view.space == 1
    assert view.grid.selection == Span(0x41000, 32)
    view.grid.selected.emit(Span(0x48, 16))
    assert document.selection == Place(1, Span(0x48, 16))
    document.select(Place(0, Span(0, 4)))
    assert view.space == 0
    assert view.grid.data is document.image.spaces[0].data
    document.select(None)
    assert view.grid.selection is None


@pytest.mark.parametrize(
    ("text", "offset"), [("48", 0x48), ("0x41000", 0x41000), (f"{BASE + 0x42000:x}", 0x42000)]
)
def test_go_to_takes_offsets_and_guest_addresses(view, document, text, offset):
    document.select(Place(1, Span(0, 1)))
    assert view.go_to(text) == ""
    assert document.selection == Place(1, Span(offset, 1))


def test_go_to_says_what_is_wrong(view, document):
    document.select(Place(1, Span(0, 1)))
    assert "no hex number" in view.go_to("spam")
    assert "0x83FFF" in view.go_to("84000")
    assert document.selection == Place(1, Span(0, 1))


def test_f3_walks_through_the_matches_and_back(qtbot, view, document):
    document.select(Place(1, Span(0, 1)))
    assert found(qtbot, view, Notation.HEX, "5F 46 56 48") == "1 found"
    assert view.step_found(1)
    assert document.selection == Place(1, Span(0x28, 4))
    assert view.find_bar.message() == "1 of 1"
    view.spaces.activated.emit(0)
    qtbot.waitUntil(lambda: not view.finder.running)
    seen = []
    for by in (1, 1, -1):
        assert view.step_found(by)
        seen.append(document.selection)
    assert {place.space for place in seen} == {0}
    assert seen[0] == seen[2] != seen[1]


def test_the_find_bar_says_when_there_is_nothing_or_nonsense(qtbot, view):
    assert found(qtbot, view, Notation.TEXT, "no such text") == "not found"
    assert "half a byte" in found(qtbot, view, Notation.HEX, "123")
    assert found(qtbot, view, Notation.HEX, "") == ""


def test_escape_closes_the_find_bar(qtbot, view):
    view.show_find()
    qtbot.keyClick(view.find_bar, KEYS.Key_Escape)
    assert view.find_bar.isHidden()


def test_the_inspector_reads_from_the_selection_on(view, document):
    document.select(Place(1, Span(0x28, 4)))
    assert view.inspector.text_of("u32 LE") == "0x4856465F = 1,213,613,663"


def test_edited_bytes_are_lit_until_undone(view, document):
    data = document.image.spaces[1].data
    guid = next(of_kind(document.map, Kind.NV_VOLUME)).guid
    document.select(Place(1, Span(0, 1)))
    plain = view.grid.grab().toImage()
    document.edit(Editor(data).set_variable("Lit", guid, b"\x01", 7))
    assert view.grid.data == document.image.spaces[1].data != data
    assert view.grid.grab().toImage() != plain
    document.undo_stack.undo()
    assert view.grid.grab().toImage() == plain


def test_a_hidden_view_catches_up_when_it_is_shown(qtbot, document, workbench):
    view = HexView(workbench)
    qtbot.addWidget(view)
    document.select(Place(1, Span(0x48, 4)))
    view.show()
    assert view.space == 1
    assert view.grid.selection == Span(0x48, 4)


def test_nothing_open_says_so(view, document):
    document.close()
    assert view.grid.data == b""
    assert view.spaces.count() == 0


def test_marks_do_not_overlap_and_lie_inside(inspection):
    for space, content in enumerate(inspection.image.spaces):
        marks = sorted(marks_of(inspection.map, space), key=lambda mark: mark.span)
        assert marks
        assert marks[-1].span.end <= len(content.data)
        assert all(a.span.end <= b.span.start for a, b in pairwise(marks))


def test_a_byte_is_described_by_its_field_and_its_regions(inspection):
    text = describe(inspection.map, 1, 0x20)
    assert text.splitlines()[0].startswith("FvLength = 0x0000000000084000")
    assert "volume header" in text.splitlines()[1]
    assert describe(inspection.map, 1, 0x83FFF).endswith("FTW spare area")
