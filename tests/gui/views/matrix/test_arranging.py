"""A matrix of thirty by thirty stays readable: signs, groups, counts, what is not well alone."""

import pytest
from PySide6.QtCore import Qt

from ovmfgui.gui.views.matrix.model import HEADING_ROLE
from ovmfgui.gui.views.matrix.view import MatrixView
from ovmfgui.layout.synthetic import synthetic_package

MANY = 15


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Fifteen stores of one build and two of another; two CODE images of each."""
    folder = tmp_path_factory.mktemp("many")
    for build, stores in (("4m", MANY), ("2m", 2)):
        made = synthetic_package(build)
        for number in range(stores):
            (folder / f"VARS_{build}.release-{number:02}-with-a-long-name.fd").write_bytes(
                made.vars
            )
        for number in range(2):
            (folder / f"CODE_{build}.release-{number:02}-with-a-long-name.fd").write_bytes(
                made.code
            )
    return folder


@pytest.fixture
def view(qtbot, workbench, folder):
    view = MatrixView(workbench)
    qtbot.addWidget(view)
    view.resize(1280, 700)
    view.show()
    view.add([str(folder)])
    qtbot.waitUntil(lambda: view.board is not None and not workbench.tasks.tasks, timeout=20_000)
    return view


def click(qtbot, box):
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - _left(box))


def _left(box):
    return type(box.rect().center())(box.width() // 2 - 8, 0)


def sizes(view):
    model = view.table.board_model
    return model.rowCount(), model.columnCount()


def test_many_files_are_grouped_and_in_words(view):
    assert sizes(view) == (2, 2)
    assert view.table.in_words
    assert "21 of 21 files share" in view.arranging.text.text()
    heading = view.table.board_model.headerData(0, Qt.Orientation.Vertical, HEADING_ROLE)
    assert heading.name.endswith(" alike")


def test_each_by_itself_is_in_signs_and_all_of_it_in_view(qtbot, view):
    click(qtbot, view.arranging.group)
    assert sizes(view) == (MANY + 2, 4)
    table = view.table
    assert not table.in_words
    assert "numbers:" in view.arranging.text.text()
    last = table.visualRect(table.board_model.index(MANY + 1, 3))
    assert table.viewport().rect().contains(last)
    assert 18 <= last.height() <= 26
    assert last.width() == last.height()
    index = table.board_model.index(MANY + 1, 3)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "VARS_4m.release-14-with-a-long-name.fd with CODE_4m.release-01" in spoken
    head = table.board_model.headerData(3, Qt.Orientation.Horizontal, HEADING_ROLE)
    assert head.label == "…4m.release-01…"
    told = table.board_model.headerData(
        3, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole
    )
    assert told.endswith(f"not well with 2 of {MANY + 2}")


def test_the_pair_stays_current_and_its_reasons_are_its_own(qtbot, view):
    click(qtbot, view.arranging.group)
    view.table.setCurrentIndex(view.table.board_model.index(0, 3))
    assert view.reasons.code.text() == "CODE_4m.release-01-with-a-long-name.fd"
    click(qtbot, view.arranging.group)
    current = view.table.currentIndex()
    shown = view.table.board_model.shown
    names = [each.name for each in (shown.columns[current.column()].named,
                                    *shown.columns[current.column()].alike)]  # fmt: skip
    assert "CODE_4m.release-01-with-a-long-name.fd" in names
    assert view.reasons.panel.headline.text() == "✖ Incompatible"


def test_words_and_signs_can_be_chosen(qtbot, view):
    click(qtbot, view.arranging.group)
    qtbot.keyClick(view.arranging.cells, Qt.Key.Key_Down)
    assert view.table.in_words
    qtbot.keyClick(view.arranging.cells, Qt.Key.Key_Down)
    assert not view.table.in_words


def test_a_filter_says_what_it_hides_and_ends_with_its_files(qtbot, view, tmp_path):
    assert view.arranging.filter.isEnabled()
    made = synthetic_package("4m")
    for name, data in (("CODE", made.code), ("VARS-good", made.vars),
                       ("VARS-bad", synthetic_package("4m-shifted").vars)):  # fmt: skip
        (tmp_path / f"{name}.fd").write_bytes(data)
    view.clear()
    view.add([str(tmp_path)])
    qtbot.waitUntil(lambda: view.board is not None and len(view.board.stores) == 2)
    assert not view.arranging.group.isChecked()
    click(qtbot, view.arranging.filter)
    assert sizes(view) == (1, 1)
    assert view.arranging.text.text() == "1 store hidden, well with all"
    (tmp_path / "VARS-bad.fd").unlink()
    view.read_again()
    qtbot.waitUntil(lambda: len(view.board.stores) == 1 and not view._workbench.tasks.tasks)
    assert not view.arranging.filter.isChecked()
    assert not view.arranging.filter.isEnabled()
    assert view.arranging.text.text() == ""


@pytest.mark.parametrize("grouped", [True, False])
def test_both_are_painted(qtbot, view, grouped):
    """Neither is blank: the picture has the colours of both verdicts."""
    if not grouped:
        click(qtbot, view.arranging.group)
    picture = view.table.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2)
               for y in range(0, picture.height(), 2)}  # fmt: skip
    assert len(colours) > 30
