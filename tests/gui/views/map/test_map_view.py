import pytest
from debian_firmware import CODE_4M, CODE_AA64, UNIFIED_2M, VARS_4M_MS, VARS_AA64_BLANK
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from synthetic_images import pair_image, vars_image

from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.views.map.view import COMPARE, MapView, parts_of
from ovmfgui.layout.inspection import inspect
from ovmfgui.machine.opening import open_image
from ovmfgui.span import Place, Span


@pytest.fixture
def document():
    document = Document(TaskRunner())
    yield document
    document.tasks.shutdown()


@pytest.fixture
def view(qtbot, workbench):
    view = MapView(workbench)
    qtbot.addWidget(view)
    view.resize(740, 560)
    view.show()
    return view


@pytest.fixture(scope="module")
def pair():
    return inspect(pair_image("4m", "4m"))


def test_the_selection_goes_both_ways(qtbot, view, document, pair):
    document.present(pair)
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    where = view.map.center_of(log)
    qtbot.mouseClick(view.map, Qt.MouseButton.LeftButton, pos=where.toPoint())
    assert document.selection == log.place
    document.select(Place(1, Span(0x41004, 4)))
    assert view.map.selected_region.kind is Kind.FTW_WORKING


def test_a_double_click_on_a_leaf_shows_its_bytes(qtbot, view, document, workbench, pair):
    document.present(pair)
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    where = view.map.center_of(log).toPoint()
    qtbot.mouseDClick(view.map, Qt.MouseButton.LeftButton, pos=where)
    assert workbench.views.shown == ["hex"]
    assert document.selection == log.place


def test_the_menu_of_a_region_ends_in_the_ways_to_copy_it(view, document, pair):
    document.present(pair)
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    where = view.map.center_of(log).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, view.map.mapToGlobal(where))
    QApplication.sendEvent(view.map, event)
    menu = view.findChild(QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Show &bytes",
        "Extract &whole…",
        "Extract &body…",
        "Extract &unpacked…",
        "Copy as hex bytes",
        "Copy as",
    ]
    ways = menu.actions()[-1].menu().actions()
    next(each for each in ways if each.text() == "Guest address 0xFFC40000").trigger()
    assert QGuiApplication.clipboard().text() == "0xFFC40000"
    menu.close()


def test_choosing_a_wrapper_stays_with_the_wrapper(qtbot, view, document, pair):
    document.present(pair)
    region = next(of_kind(document.map, Kind.VARIABLE_REGION))
    qtbot.mouseClick(view.map, Qt.MouseButton.LeftButton, pos=view.map.center_of(region).toPoint())
    assert document.selection == region.place
    assert view.map.selected_region is region


def test_the_parts_are_the_files_with_their_addresses(pair):
    code, store = parts_of(pair)
    assert (code.title, store.title) == ("CODE", "VARS")
    assert (code.address, store.address) == (0xFFC84000, 0xFFC00000)


def test_the_legend_explains_what_is_in_sight(view, document, pair):
    document.present(pair)
    assert {Kind.EVENT_LOG, Kind.FTW_WORKING, Kind.FTW_SPARE} <= set(view.legend.kinds)


def test_closing_leaves_an_empty_map(view, document, pair):
    document.present(pair)
    document.close()
    assert view.map.column_items(0) == ()
    view.grab()


def test_poses_bring_what_they_say(view, document, pair):
    document.present(pair)
    for _name, pose in view.poses():
        pose()
        assert view.map.selected_region is not None


@pytest.mark.firmware
@pytest.mark.parametrize(
    "paths",
    [(CODE_4M, VARS_4M_MS), (CODE_AA64, VARS_AA64_BLANK), (UNIFIED_2M,), (VARS_4M_MS,)],
    ids=lambda paths: "+".join(path.name for path in paths),
)
def test_real_images_can_be_walked_through_to_every_leaf(view, document, paths):
    document.present(inspect(open_image(paths)))
    for kind in (
        Kind.VARIABLE,
        Kind.FTW_SPARE,
        Kind.RESET_VECTOR,
        Kind.DECOMPRESSED,
        Kind.PAD_FILE,
    ):
        region = next(of_kind(document.map, kind), None)
        if region is None:
            continue
        document.select(region.place)
        chosen = view.map.selected_region
        assert chosen is not None
        assert chosen.place == region.place
        view.map.grab()


def boundaries(view) -> dict[str, bool]:
    return {join.name: join.meets for join in view.compare.joins}


def test_where_code_and_vars_agree_all_boundaries_meet(view, document, pair):
    document.present(pair)
    assert set(boundaries(view)) == {
        "variable region",
        "end of the variables",
        "event log",
        "FTW working block",
        "FTW spare area",
        "end of the volume",
    }
    assert all(boundaries(view).values())


def test_a_smaller_store_lies_elsewhere_and_ends_at_the_same_address(view, document):
    document.present(inspect(pair_image("4m", "2m")))
    assert boundaries(view).pop("end of the volume")
    joins = {join.name: join for join in view.compare.joins}
    assert (joins["variable region"].left, joins["variable region"].right) == (
        0xFFC00000,
        0xFFC64000,
    )
    assert "409,600 bytes apart" in view.compare.accessibleDescription()


def test_other_inner_boundaries_at_the_same_size_are_told_apart(view, document):
    document.present(inspect(pair_image("4m-shifted", "4m")))
    met = boundaries(view)
    assert met["variable region"]
    assert met["end of the volume"]
    assert not met["FTW working block"]


def test_a_click_at_the_right_selects_the_area_and_at_the_left_its_witness(qtbot, view, document):
    document.present(inspect(pair_image("4m", "4m")))
    view.show_mode(COMPARE)
    left, right = view.compare.columns
    spare = next(area for area in right.areas if area.kind is Kind.FTW_SPARE)
    where = view.compare.rect_of(1, spare).center().toPoint()
    qtbot.mouseClick(view.compare, Qt.MouseButton.LeftButton, pos=where)
    assert document.selection == Place(1, Span(0x42000, 0x42000))
    wanted = next(area for area in left.areas if area.kind is Kind.VARIABLE_REGION)
    where = view.compare.rect_of(0, wanted).center().toPoint()
    qtbot.mouseClick(view.compare, Qt.MouseButton.LeftButton, pos=where)
    proof = [e.place for e in document.inspection.expects.evidence if e.fact == "variable_size"]
    assert document.selection in proof


def test_without_two_sides_there_is_nothing_to_compare(view, document, pair):
    document.present(pair)
    view.show_mode(COMPARE)
    document.present(inspect(vars_image("4m")))
    assert view.modes.isHidden()
    assert not view.map.isHidden()
    assert view.compare.isHidden()
    assert view.compare.joins == ()


def test_a_map_made_after_a_selection_shows_it(qtbot, document, workbench, pair):
    document.present(pair)
    log = next(of_kind(document.map, Kind.EVENT_LOG))
    document.select(log.place)
    view = MapView(workbench)
    qtbot.addWidget(view)
    assert view.map.selected_region is log
