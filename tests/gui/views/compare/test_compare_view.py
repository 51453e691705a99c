import pytest
from PySide6.QtCore import Qt
from synthetic_images import pair_image, vars_image

from ovmfgui.flash.opening import image_of
from ovmfgui.flash.region import Kind
from ovmfgui.gui.views.compare.layout_page import FLASH, STORES
from ovmfgui.gui.views.compare.tables import difference_text
from ovmfgui.gui.views.compare.view import CompareView
from ovmfgui.layout.demo import demo_files, other_demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.span import Place, Span


@pytest.fixture(scope="module")
def other():
    return inspect(image_of(other_demo_files()))


@pytest.fixture
def view(qtbot, workbench):
    view = CompareView(workbench)
    qtbot.addWidget(view)
    view.resize(1200, 640)
    view.show()
    return view


@pytest.fixture
def compared(qtbot, view, other):
    view.compare_with(other)
    qtbot.waitUntil(lambda: view.comparison is not None)
    return view


def test_without_a_second_side_the_view_says_what_to_do(view):
    assert view.pages.currentWidget() is view.empty
    assert not view.sides.swap.isEnabled()
    assert "needs both sides" in view.sides.swap.toolTip()


def test_a_page_is_chosen_once_where_nothing_is_waited_for_any_more(view, other, monkeypatch):
    view.compare_with(other)
    assert view.pages.currentWidget() is view.busy
    chosen = []
    put = view.pages.setCurrentWidget
    monkeypatch.setattr(
        view.pages, "setCurrentWidget", lambda page: (chosen.append(page), put(page))
    )
    view._document.present(None)
    assert chosen == [view.empty]


def test_boundaries_that_do_not_meet_are_named_with_both_places(compared):
    drawing = compared.layouts.drawing
    broken = {join.name: join for join in drawing.joins if not join.meets}
    join = broken["end of the variables"]
    assert (join.left, join.right, join.distance) == (0x40000, 0x30000, 0x10000)
    words = drawing._words(10_000)
    assert words.broken(join, 0) == (
        "variables end at +0x40000 here, +0x30000 there: 65,536 bytes overlap"
    )
    assert "+0x40000 against +0x30000, 65,536 bytes overlap" in drawing.accessibleDescription()


def test_words_give_way_where_there_is_little_room(compared):
    drawing = compared.layouts.drawing
    join = next(join for join in drawing.joins if join.name == "end of the variables")
    words = drawing._words(1)
    assert words.broken(join, 2) == "end of the variables, and 2 more: 64 KiB overlap"


def test_an_area_of_a_selects_its_bytes_and_the_selection_is_marked(qtbot, compared, document):
    drawing = compared.layouts.drawing
    area = next(a for a in drawing.columns[0].areas if a.kind is Kind.FTW_SPARE)
    spot = drawing.rect_of(0, area).center().toPoint()
    qtbot.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=spot)
    assert document.selection == Place(1, Span(0x42000, 0x42000))
    document.select(Place(1, Span(0x41010, 4)))
    side, marked = drawing._marked
    assert (side, marked.kind) == (0, Kind.FTW_WORKING)


def test_an_area_of_b_selects_its_like_in_a(qtbot, compared, document):
    drawing = compared.layouts.drawing
    area = next(a for a in drawing.columns[1].areas if a.kind is Kind.FTW_SPARE)
    spot = drawing.rect_of(1, area).center().toPoint()
    qtbot.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=spot)
    assert document.selection == Place(1, Span(0x42000, 0x42000))


def test_the_layout_can_be_walked_by_keyboard(qtbot, compared, document):
    drawing = compared.layouts.drawing
    drawing.setFocus()
    assert (drawing.current[0], drawing.current[1].kind) == (0, Kind.FTW_SPARE)
    qtbot.keyClick(drawing, Qt.Key.Key_Down)
    qtbot.keyClick(drawing, Qt.Key.Key_Right)
    assert (drawing.current[0], drawing.current[1].kind) == (1, Kind.FTW_WORKING)
    assert drawing.accessibleDescription().startswith("B provides: FTW working block, 4 KiB")
    qtbot.keyClick(drawing, Qt.Key.Key_Left)
    for _step in range(5):
        qtbot.keyClick(drawing, Qt.Key.Key_Down)
    qtbot.keyClick(drawing, Qt.Key.Key_Return)
    assert document.selection == Place(1, Span(0, 0x40000))


def test_all_of_the_flash_can_be_drawn_too(compared):
    compared.layouts.show_choice(FLASH)
    left, right = compared.layouts.drawing.columns
    assert {area.name for area in left.areas} >= {"FVMAIN_COMPACT", "SECFV", "FTW spare area"}
    assert (left.base, left.end) == (right.base, right.end) == (0xFFC00000, 1 << 32)


def test_constants_that_differ_come_first_with_their_sign(compared):
    model = compared.constants.model
    rows = [[model.index(row, column).data() for column in range(6)] for row in range(10)]
    assert rows[0] == [
        "≠",
        "variable region's size",
        *["256 KiB (0x40000)"] * 2,
        *["192 KiB (0x30000)"] * 2,
    ]
    assert [row[0] for row in rows] == ["≠"] * 5 + ["="] * 5


def test_variables_are_told_with_both_values(compared, document):
    found = {row.record.name: row for row in compared.comparison.variables}
    assert difference_text(found["Timeout"]) == "≠ data"
    assert difference_text(found["Boot0000"]) == "− only in A"
    assert difference_text(found["Lang"]) == "+ only in B"
    model = compared.variables.model
    row = next(i for i, each in enumerate(model.rows) if each.record.name == "Timeout")
    assert [model.index(row, column).data() for column in (3, 4)] == ["5 seconds", "10 seconds"]
    compared.variables.table.setCurrentIndex(compared.variables.filtered.index(row, 0))
    assert document.record_at(document.selection).name == "Timeout"


@pytest.mark.parametrize("page", ["constants", "variables"])
def test_the_tables_are_well_behaved_models(qtmodeltester, compared, page):
    qtmodeltester.check(getattr(compared, page).model)


def test_the_list_of_places_is_a_well_behaved_model(qtmodeltester, compared):
    qtmodeltester.check(compared.bytes.list.model)


def test_steps_lead_from_difference_to_difference_and_round(compared, document):
    places = compared._places
    assert places
    for number in (0, 1):
        compared.step(1)
        assert document.selection == places[number].in_first(compared.comparison)
        assert compared.bytes.current == number
    assert compared.bytes.list.text.text().startswith(f"Place 2 of {len(places):,}: ")
    compared.step(-1)
    compared.step(-1)
    assert document.selection == places[-1].in_first(compared.comparison)


def test_no_place_is_passed_over(compared):
    met = []
    for _step in compared._places:
        compared.step(1)
        met.append(compared.bytes.current)
    assert met == list(range(len(compared._places)))


def test_a_row_of_bytes_selects_them_and_enter_shows_them(qtbot, compared, document, workbench):
    compared.tabs.setCurrentIndex(3)
    table = compared.bytes.list.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    row = compared._places[1]
    assert document.selection == row.in_first(compared.comparison)
    pair = compared.bytes.pair
    assert pair.selection == (row.place.first, row.place.second)[pair.side]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert workbench.views.shown == ["hex"]


def test_both_sides_say_what_their_bytes_are(compared, document):
    store = document.store
    file = next(row.file for row in compared._places if row.file.spaces[0] == store.space)
    record = next(r for r in store.records if file.across(0, r.span.start + 2) is not None)
    there = file.across(0, record.span.start + 2)
    document.select(Place(store.space, Span(record.span.start + 2, 1)))
    first, second = (label.text() for label in compared.bytes.told)
    assert first.startswith(f"A  0x{record.span.start + 2:X}  State = ")
    assert second.startswith(f"B  0x{there:X}  State = ")
    assert first.endswith(record.name)
    assert second.endswith(record.name)


def test_the_number_of_places_is_told_the_same_everywhere(compared):
    count = f"{len(compared._places):,}"
    assert compared.headline.text().endswith(f"bytes differ in {count} places.")
    assert compared.tabs.tabText(3) == f"Bytes  ≠ {count}"
    assert compared.bytes.list.text.text().startswith(f"{count} places: ")


def test_an_edit_is_compared_again(qtbot, compared, document):
    before = len(compared.comparison.variables)
    lang = compared.other.store.find("Lang")
    document.edit(document.editor().set_variable("Lang", lang.guid, lang.data, lang.attributes))
    qtbot.waitUntil(lambda: len(compared.comparison.variables) == before - 1)
    # A is still open behind B, with its edit.
    edited = document.front
    compared.swap()
    assert document.front is not edited
    assert edited.modified
    compared.swap()
    assert document.front is edited
    assert document.modified


def test_swapping_opens_b_and_compares_a_to_it(qtbot, compared, document, demo, other):
    compared.swap()
    assert document.inspection is other
    assert compared.other is demo
    qtbot.waitUntil(lambda: compared.comparison.first is other)
    drawing = compared.layouts.drawing
    join = next(join for join in drawing.joins if join.name == "end of the variables")
    assert (join.left, join.right) == (0x30000, 0x40000)


def test_the_same_twice_differs_in_nothing(qtbot, view, workbench, demo):
    view.compare_with(inspect(image_of(demo_files())))
    qtbot.waitUntil(lambda: view.comparison is not None)
    assert view.headline.text() == "✔ Nothing differs: same regions, same bytes."
    assert not workbench.actions.conditions["differences"]()
    assert [view.tabs.tabText(i) for i in range(4)] == [
        "Layout  =",
        "Constants  =",
        "Variables  =",
        "Bytes  =",
    ]


def test_half_a_pair_is_compared_by_what_it_tells(qtbot, view, document):
    document.present(inspect(vars_image("2m")))
    made = synthetic_package("4m")
    from ovmfgui.flash.image import FlashFile, Format, Role

    code = FlashFile("CODE.fd", made.code, Format.RAW, Role.CODE)
    view.compare_with(inspect(image_of([code])))
    qtbot.waitUntil(lambda: view.comparison is not None)
    titles = [column.title for column in view.layouts.drawing.columns]
    assert titles == ["A provides", "B expects"]
    assert view.layouts.choice.checkedId() == STORES
    assert view.bytes.list.text.text().startswith("A and B have no files of the same role")


def test_what_cannot_be_read_is_said_and_the_old_b_stays(qtbot, compared, tmp_path, other):
    wrong = tmp_path / "wrong.fd"
    wrong.write_bytes(b"no firmware")
    compared.choose([str(wrong)])
    qtbot.waitUntil(lambda: not compared.message.isHidden())
    assert "is not a flash image" in compared.message.text()
    assert compared.other is other
    assert compared.comparison is not None


def test_a_pair_of_other_sizes_is_compared_to_its_end(qtbot, view, document):
    document.present(inspect(pair_image("2m", "2m")))
    view.compare_with(inspect(pair_image("4m", "4m")))
    qtbot.waitUntil(lambda: view.comparison is not None)
    place = view._places[-1].in_first(view.comparison)
    assert place.span.end <= len(document.image.spaces[place.space].data)
