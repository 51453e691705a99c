from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.gui.views.variables.view import VariablesView
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.limits import fits
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span


@pytest.fixture
def view(qtbot, workbench):
    made = VariablesView(workbench)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def names(view):
    return [view.filtered.index(row, 0).data() for row in range(view.filtered.rowCount())]


def choose(view, name):
    view.table.setCurrentIndex(view.filtered.index(names(view).index(name), 0))


def test_live_variables_are_listed_and_counted(view, demo):
    assert names(view) == [record.name for record in demo.store.live]
    assert view.count.text() == "4 variables"
    view.every.click()
    assert len(names(view)) == len(demo.store.records)
    assert view.count.text() == f"{len(demo.store.records)} records"


def test_the_filter_looks_at_name_vendor_attributes_and_value(qtbot, view):
    for text in ("boot debian", "efiglobal 0000 nv", "8be4df61 timeout"):
        view.filter.setText(text)
        assert names(view)
        assert len(names(view)) < 4
    view.filter.setText("nothing like this")
    assert names(view) == []
    assert view.count.text() == "0 of 4 variables"


def test_filtering_leaves_the_selection_alone(view, document):
    choose(view, "Timeout")
    chosen = document.selection
    view.filter.setText("boot")
    assert document.selection == chosen
    view.filter.clear()
    assert view.table.currentIndex().data() == "Timeout"


def test_a_row_shows_its_value_decoded_and_as_bytes(view, document):
    choose(view, "Boot0000")
    record = document.store.find("Boot0000")
    assert document.selection == Place(1, record.span)
    assert "Boot0000" in view.value.title.text()
    assert any(field.value == "debian" for field in view.value.model.rows)
    assert view.value.bytes.data == record.data
    view.value.hex_button.click()
    assert view.value.bytes.isVisible()
    assert not view.value.fields.isVisible()


def test_a_field_of_the_value_selects_its_bytes(view, document):
    choose(view, "Boot0000")
    row = next(i for i, f in enumerate(view.value.model.rows) if f.value == "debian")
    view.value.fields.setCurrentIndex(view.value.model.index(row, 0))
    selected = document.image.bytes_at(document.selection)
    assert "debian".encode("utf-16-le") in selected
    assert view.table.currentIndex().data() == "Boot0000"
    start = document.store.find("Boot0000").data_span.start
    assert view.value.bytes.selection == document.selection.span.shifted(-start)


def test_a_selection_elsewhere_clears_the_row(view, document):
    choose(view, "Timeout")
    document.select(document.map[0].place)
    assert not view.table.currentIndex().isValid()
    assert "Select a variable" in view.value.kind.text()


def test_an_edit_shows_old_and_new_until_it_is_undone(view, document):
    choose(view, "Timeout")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, b"\x63\x00"))
    assert names(view).count("Timeout") == 2
    assert view.count.text() == "4 variables"
    document.undo_stack.undo()
    assert names(view).count("Timeout") == 1


def test_columns_sort_by_number(view):
    size = next(i for i, column in enumerate(view.model.columns) if column.title == "Size")
    view.table.sortByColumn(size, Qt.SortOrder.DescendingOrder)
    assert names(view)[0] == "Boot0000"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes(0x84000), "blank template, nothing but zeros"),
        (b"\xff" * 0x84000, "erased flash"),
    ],
)
def test_a_blank_template_says_what_it_is(view, document, data, words):
    files = (demo_files()[0], FlashFile("blank.fd", data, Format.RAW, Role.BLANK))
    document.present(inspect(image_of(files)))
    assert words in view._empty.text()
    assert view._empty.isVisible()


def test_without_a_store_the_view_asks_for_one(view, document):
    document.present(inspect(image_of(demo_files()[:1])))
    assert "Add the VARS file" in view._empty.text()
    document.close()
    assert "Open a VARS file" in view._empty.text()


def test_what_is_said_to_fit_does_fit_and_no_byte_more(document):
    room = fits(document.store).now
    editor = Editor(document.image.spaces[1].data)
    name_size = 4
    assert editor.set_variable("X", GLOBAL, b"a" * (room - name_size)).writes
    with pytest.raises(Refused):
        editor.set_variable("X", GLOBAL, b"a" * (room - name_size + 1))


def test_in_a_json_store_a_field_selects_its_digits(view, document):
    path = Path(__file__).parents[3] / "data" / "uefi-vars" / "varstore.json"
    text = path.read_bytes().replace(b"0500", b"0102030405")
    document.present(inspect(image_of([FlashFile("v.json", text, Format.JSON, Role.VARS)])))
    choose(view, "Timeout")
    view.value.bytes.selected.emit(Span(1, 2))
    assert document.selection is not None
    assert document.selection.span.of(text) == b"0203"
    record = document.store.live[0]
    assert record.unplaced(document.selection.span).shifted(-record.data_span.start) == Span(1, 2)


def test_a_vendor_is_shown_whole(view):
    column = view.table.columnWidth(1)
    for row in range(view.model.rowCount()):
        text = view.model.index(row, 1).data()
        assert view.table.fontMetrics().horizontalAdvance(text) < column
