from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.views.matrix.model import BoardModel
from ovmfgui.gui.views.matrix.passages import passages_model, summary
from ovmfgui.gui.views.matrix.view import PACKAGE_CHANGE, MatrixView
from ovmfgui.hosts import matrix_board as board_module
from ovmfgui.hosts.gate import gate
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome

BUILDS = ("2m", "4m", "4m-shifted")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("firmware"), BUILDS)


def filled(folder, builds):
    for build in builds:
        made = synthetic_package(build)
        (folder / f"CODE-{build}.fd").write_bytes(made.code)
        (folder / f"VARS-{build}.fd").write_bytes(made.vars)
    return folder


@pytest.fixture
def document(qapp):
    document = Document(TaskRunner())
    yield document
    document.tasks.shutdown()


@pytest.fixture
def view(qtbot, workbench):
    view = MatrixView(workbench)
    qtbot.addWidget(view)
    view.resize(1200, 640)
    view.show()
    return view


def gathered(qtbot, view, folder):
    view.add([str(folder)])
    qtbot.waitUntil(lambda: view.board is not None and not view._workbench.tasks.tasks)
    return view.board


def cell(board, code, store):
    column = [named.name for named in board.codes].index(code)
    row = [named.name for named in board.stores].index(store)
    return row, column


def test_every_code_meets_every_store(qtbot, view, folder):
    board = gathered(qtbot, view, folder)
    assert [named.name for named in board.codes] == [f"CODE-{b}.fd" for b in BUILDS]
    assert [named.name for named in board.stores] == [f"VARS-{b}.fd" for b in BUILDS]
    row, column = cell(board, "CODE-4m.fd", "VARS-4m.fd")
    assert board.cells[row][column].fit is Fit.FITS
    row, column = cell(board, "CODE-4m-shifted.fd", "VARS-4m.fd")
    assert board.cells[row][column].outcome is Outcome.UNKNOWN


def test_a_cell_tells_sign_and_word_and_all_of_it_to_a_screen_reader(qtbot, view, folder):
    board = gathered(qtbot, view, folder)
    model = view.table.board_model
    index = model.index(*cell(board, "CODE-2m.fd", "VARS-4m.fd"))
    assert index.data() == "✖ Incompatible"
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("VARS-4m.fd with CODE-2m.fd: Incompatible; ")


def test_the_model_is_well_behaved(qtbot, qtmodeltester, view, folder):
    gathered(qtbot, view, folder)
    model = BoardModel()
    model.set_board(view.board, view.palette())
    qtmodeltester.check(model)


def test_a_click_shows_the_reasons_and_the_button_opens_the_pair(qtbot, view, document, folder):
    board = gathered(qtbot, view, folder)
    where = cell(board, "CODE-4m-shifted.fd", "VARS-4m.fd")
    index = view.table.board_model.index(*where)
    view.table.scrollTo(index)
    spot = view.table.visualRect(index).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.reasons.code.text() == "CODE-4m-shifted.fd"
    assert view.reasons.panel.headline.text() == "✖ Incompatible"
    assert "FTW" in view.reasons.panel.overlaps.text()
    with qtbot.waitSignal(document.presented, timeout=20_000):
        qtbot.mouseClick(view.reasons.open_button, Qt.MouseButton.LeftButton)
    names = [file.path for file in document.image.files]
    assert names == [str(folder / "CODE-4m-shifted.fd"), str(folder / "VARS-4m.fd")]


def test_arrows_walk_and_enter_goes_to_the_reasons_and_escape_back(qtbot, view, folder):
    gathered(qtbot, view, folder)
    qtbot.waitUntil(view.table.hasFocus)
    qtbot.keyClick(view.table, Qt.Key.Key_Right)
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert view.reasons.code.text() == view.board.codes[1].name
    assert view.reasons.store.text() == view.board.stores[1].name
    assert (view.table.names_down.current, view.table.names_across.current) == (1, 1)
    qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert view.reasons.open_button.hasFocus()
    qtbot.keyClick(view.reasons.open_button, Qt.Key.Key_Escape)
    assert view.table.hasFocus()


def test_row_and_column_under_the_mouse_light_up(qtbot, view, folder):
    gathered(qtbot, view, folder)
    table = view.table
    index = table.board_model.index(0, 1)
    qtbot.mouseMove(table.viewport(), table.visualRect(index).center())
    qtbot.waitUntil(lambda: table.hovered == (0, 1))
    assert (table.names_down.hovered, table.names_across.hovered) == (0, 1)
    assert table.lights(table.board_model.index(0, 0))
    assert table.lights(table.board_model.index(2, 1))
    assert not table.lights(table.board_model.index(1, 0))


def test_what_is_dropped_is_added_to_what_is_there(qtbot, view, folder):
    view.add([str(folder / "CODE-4m.fd"), str(folder / "VARS-4m.fd")])
    qtbot.waitUntil(lambda: view.board is not None)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder / "VARS-2m.fd"))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    view.dropEvent(event)
    qtbot.waitUntil(lambda: view.board is not None and len(view.board.stores) == 2)
    assert "1 CODE × 2 VARS" in view.bar.text.text()


def test_nothing_to_compare_is_said_and_what_was_there_stays(qtbot, view, folder, tmp_path):
    gathered(qtbot, view, folder)
    before = view.board
    view.clear()
    assert view.board is None
    view.add([str(folder / "CODE-4m.fd")])
    qtbot.waitUntil(lambda: not view.message.isHidden())
    assert "no variable store" in view.message.text()
    assert before is not None


def test_a_cancelled_gathering_leaves_the_page_as_it_was(qtbot, view, folder, monkeypatch):
    started = []

    def slow(paths, report):
        while True:
            started.append(1)
            report(1, 2, "reading")

    monkeypatch.setattr("ovmfgui.gui.views.matrix.view.read_board", slow)
    view.add([str(folder)])
    assert view.pages.currentWidget() is view.busy
    qtbot.waitUntil(lambda: bool(started))
    view.busy.cancelled.emit()
    assert view.pages.currentWidget() is not view.busy
    qtbot.waitUntil(lambda: not view._workbench.tasks.tasks)


@pytest.fixture
def packages(tmp_path):
    for name, builds in (("A", ("4m",)), ("B", ("2m", "4m"))):
        (tmp_path / name).mkdir()
        filled(tmp_path / name, builds)
    # The upgraded package has another layout under the old name.
    shifted = synthetic_package("4m-shifted")
    (tmp_path / "B" / "CODE-4m.fd").write_bytes(shifted.code)
    (tmp_path / "B" / "VARS-4m.fd").write_bytes(shifted.vars)
    return tmp_path / "A", tmp_path / "B"


def crossed(qtbot, view, packages):
    view.show_mode(PACKAGE_CHANGE)
    for field, folder in zip(
        (view.package_change.source, view.package_change.destination), packages, strict=True
    ):
        field.set_folder(str(folder))
    qtbot.waitUntil(lambda: bool(view.package_change.model.rows))
    return view.package_change


def test_a_running_domain_is_accepted_and_dies_at_the_next_power_on(qtbot, view, packages):
    page = crossed(qtbot, view, packages)
    (passage,) = page.model.rows
    assert passage.same_name
    assert not passage.qemu_error
    assert passage.verdict.outcome is Outcome.UNKNOWN
    row = [page.model.index(0, column).data() for column in range(5)]
    assert row == ["CODE-4m.fd", "VARS-4m.fd", "CODE-4m.fd", "✔ Accepted", "✖ not known"]
    assert page.text.text().startswith("0 of 1 survive both; 0 refused while running, 1 not well")
    assert "notices nothing" in page.reasons.running.text()


def test_code_of_another_size_is_refused_in_the_words_of_qemu(qtbot, view, packages):
    page = crossed(qtbot, view, packages)
    page.same_name.setChecked(False)
    other = next(row for row, each in enumerate(page.model.rows) if not each.same_name)
    page.table.setCurrentIndex(page.model.index(other, 0))
    assert page.model.index(other, 3).data() == "✖ Refused"
    assert "Size mismatch: system.flash0" in page.reasons.qemu.text()
    assert not page.reasons.qemu.isHidden()


def test_the_passages_are_a_well_behaved_model(qtbot, qtmodeltester, view, packages):
    page = crossed(qtbot, view, packages)
    model = passages_model()
    model.set_rows(page.model.rows)
    qtmodeltester.check(model)


def test_all_well_is_said_in_one_sentence(packages):
    source, _destination = packages
    crossing = board_module.read_crossing(str(source), str(source), lambda *_step: None)
    assert summary(crossing.passages) == "It survives the migration and the next power-on."
    assert crossing.told == ()


def test_dropped_folders_fill_both_fields(view, packages):
    view.show_mode(PACKAGE_CHANGE)
    view.package_change.take([str(packages[0])])
    assert view.package_change.folders == (str(packages[0]), "")
    view.package_change.take([str(packages[1] / "CODE-2m.fd")])
    assert view.package_change.folders == tuple(map(str, packages))


def test_a_missing_code_is_the_first_row_and_the_headline(qtbot, view, packages):
    (packages[1] / "CODE-4m.fd").rename(packages[1] / "CODE-4m-new.fd")
    page = crossed(qtbot, view, packages)
    assert page.model.rows[0].missing
    assert not page.model.rows[0].survives
    assert page.model.index(0, 2).data() == "✖ not on B"
    assert not page.reasons.open_button.isEnabled()
    assert summary(page.model.rows).startswith("1 of 1 CODE files are missing on B")


def test_a_passage_is_replayed_and_what_cannot_be_says_why(qtbot, view, packages):
    page = crossed(qtbot, view, packages)
    played = []
    view._workbench.play_asked.connect(played.append)
    passage = page.model.rows[page.table.currentIndex().row()]
    assert page.reasons.replay_button.isEnabled()
    page.reasons.replay_button.click()
    qtbot.waitUntil(lambda: bool(played))
    tables = played[0].document["packages"]
    assert tables["here"]["code"] == passage.code.path
    assert tables["there"]["code"] == passage.other.path
    (packages[1] / "CODE-4m.fd").unlink()
    page.show_crossing(board_module.Crossing(tuple(page.model.rows), ()))
    assert not page.reasons.replay_button.isEnabled()
    assert "no file of its own" in page.reasons.replay_button.toolTip()


def test_what_else_a_gate_finds_stands_on_a_page_beside_the_domains(qtbot, view, packages):
    source, destination = packages
    # The new package's own template is another one than its CODE wants, and one path is gone.
    (source / "VARS-old.fd").write_bytes((source / "VARS-4m.fd").read_bytes())
    (destination / "VARS-4m.fd").write_bytes((source / "VARS-4m.fd").read_bytes())
    page = crossed(qtbot, view, packages)
    found = {Path(each.path).name: each.finding for each in page.files.model.rows}
    assert set(found) >= {"VARS-old.fd"}
    assert "new: CODE-4m.fd with VARS-4m.fd" in [each.name for each in page.files.model.rows]
    assert page.pages.tabText(1).endswith(page.files.sign)
    assert "✖" in page.files.sign
    assert page.files.model.rows[0].finding.text in page.files.text.text()
    assert gate(str(destination), str(source)).well is False


def test_nothing_lost_says_so(qtbot, view, packages):
    page = crossed(qtbot, view, (packages[0], packages[0]))
    assert page.pages.tabText(1) == "Paths, descriptors, new machines  ✔"
    assert "Nothing else is lost" in page.files.text.text()
