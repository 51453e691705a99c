import json
import threading

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ovmfgui.flash.kind_explanations import EXPLANATIONS
from ovmfgui.flash.region import Kind
from ovmfgui.gui.document.settings import TEXT_SIZE
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.wrapping import height_of_rows
from ovmfgui.gui.panes.details import DetailsPane
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.machine.installed import installed_files, installed_firmware
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.span import Place


def edit_timeout(document, seconds):
    value = seconds.to_bytes(2, "little")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, value))


def test_every_kind_is_explained():
    assert set(EXPLANATIONS) == set(Kind)


def test_the_history_lists_edits_with_their_writes(demo_window):
    document, tree = demo_window.document, demo_window.history.tree
    edit_timeout(document, 30)
    edit_timeout(document, 31)
    steps = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [step.text(0) for step in steps] == ["As opened", "Set Timeout", "Set Timeout"]
    assert steps[0].text(1) == "on disk"
    assert steps[2].text(1) == "shown now"
    writes = document.undo_stack.command(1).writes
    assert steps[2].childCount() == len(writes)
    tree.setCurrentItem(steps[2].child(0))
    assert document.selection == Place(1, writes[0].span)


def test_the_history_goes_back_to_a_step_and_keeps_what_was_undone(demo_window):
    document, tree = demo_window.document, demo_window.history.tree
    edit_timeout(document, 30)
    edit_timeout(document, 31)
    tree.itemActivated.emit(tree.topLevelItem(1), 0)
    assert document.undo_stack.index() == 1
    assert int.from_bytes(document.store.find("Timeout").data, "little") == 30
    assert tree.topLevelItem(2).text(1) == "undone"


def test_the_history_takes_on_text_of_another_size(demo_window, settings):
    document, tree = demo_window.document, demo_window.history.tree
    edit_timeout(document, 30)
    before = theme.fixed_font().pointSizeF()
    try:
        settings.set(TEXT_SIZE, "150")
        assert theme.fixed_font().pointSizeF() > before
        font = tree.topLevelItem(1).child(0).font(2)
        assert font.pointSizeF() == theme.fixed_font().pointSizeF()
    finally:
        settings.forget(TEXT_SIZE)


def test_an_edit_leaves_the_steps_before_it_as_they_stand_in_the_history(demo_window):
    document, tree = demo_window.document, demo_window.history.tree
    edit_timeout(document, 30)
    first = tree.topLevelItem(1)
    edit_timeout(document, 31)
    assert tree.topLevelItem(1) is first
    assert (first.text(1), first.isExpanded()) == ("", False)
    document.undo_stack.undo()
    assert (first.text(1), first.isExpanded()) == ("shown now", True)
    assert tree.topLevelItem(2).text(1) == "undone"


def test_an_edit_instead_of_one_that_was_undone_takes_its_row_and_selects_nothing(demo_window):
    document, tree = demo_window.document, demo_window.history.tree
    edit_timeout(document, 30)
    edit_timeout(document, 31)
    tree.setCurrentItem(tree.topLevelItem(2).child(0))
    document.undo_stack.undo()
    document.select(None)
    edit_timeout(document, 32)
    assert tree.topLevelItemCount() == 3
    step = tree.topLevelItem(2)
    offsets = [step.child(row).text(2) for row in range(step.childCount())]
    writes = document.undo_stack.command(1).writes
    assert offsets == [f"0x{write.offset:06X}" for write in writes]
    assert document.selection is None


def test_a_row_of_a_source_selects_the_whole_file(demo_window):
    tree = demo_window.sources.tree
    item = tree.topLevelItem(0).child(0).child(1)
    tree.itemClicked.emit(item, 0)
    assert demo_window.document.selection.space == 1
    assert demo_window.document.selection.span.size == demo_window.document.image.files[1].size


def test_unsaved_edits_are_marked_at_their_file(demo_window):
    edit_timeout(demo_window.document, 30)
    file = demo_window.sources.tree.topLevelItem(0).child(0).child(1)
    assert file.text(0).startswith("●")


def test_what_is_gone_since_it_was_opened_cannot_be_opened(window, settings, tmp_path):
    settings.remember((str(tmp_path / "gone.fd"),))
    recent = window.sources.tree.topLevelItem(0)
    assert recent.text(0) == "Recent"
    assert recent.child(0).child(0).isDisabled()


def test_installed_firmware_is_listed_once(tmp_path):
    folder = tmp_path / "OVMF"
    folder.mkdir()
    (folder / "A.fd").write_bytes(b"x" * 10)
    (folder / "B.fd").symlink_to(folder / "A.fd")
    (folder / "note.txt").write_text("not this")
    found = installed_files((str(folder), str(tmp_path / "nowhere")))
    assert [(file.name, file.size) for file in found] == [("A.fd", 10)]


def test_long_work_shows_progress_and_can_be_cancelled(qtbot, window):
    status, going = window.statusBar(), threading.Event()

    def work(report):
        while True:
            report(3, 10, "turning")
            going.set()

    window.document.tasks.start("Long work", work, lambda _: None)
    assert going.wait(5)
    assert not status.bar.isVisible()
    qtbot.waitUntil(status.bar.isVisible)
    qtbot.waitUntil(lambda: status.bar.value() == 3)
    assert status.task.text() == "Long work: turning"
    status.cancel.click()
    qtbot.waitUntil(lambda: not window.document.tasks.tasks)
    assert not status.bar.isVisible()


def test_opening_that_takes_long_has_a_page_with_a_way_out(qtbot, window):
    gate = threading.Event()
    window.document.open_made("a slow image", lambda: gate.wait(10) and ())
    pages = window.pages
    qtbot.waitUntil(lambda: pages.stack.currentWidget() is pages.busy)
    assert "a slow image" in pages.busy.title.text()
    pages.busy.cancelled.emit()
    gate.set()
    assert pages.stack.currentWidget() is pages.welcome
    qtbot.waitUntil(lambda: not window.document.tasks.tasks)
    assert window.document.inspection is None


def test_installed_firmware_is_offered_as_its_descriptors_name_it(tmp_path):
    (tmp_path / "50-x.json").write_text(
        json.dumps(
            {
                "description": "UEFI for tests",
                "mapping": {
                    "device": "flash",
                    "executable": {"filename": "/x/CODE.fd", "format": "raw"},
                    "nvram-template": {"filename": "/x/VARS.fd", "format": "raw"},
                },
                "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
                "features": ["secure-boot"],
            }
        )
    )
    (found,) = installed_firmware((tmp_path,))
    assert (found.title, found.paths) == ("x86_64, Secure Boot", ("/x/CODE.fd", "/x/VARS.fd"))
    assert found.tip.startswith("UEFI for tests\n")
    assert "for x86_64 (pc-q35-*)" in found.tip
    assert "features: secure-boot" in found.tip


def test_a_machine_shows_its_board_and_what_each_file_is_to_it(qtbot, window, tmp_path, demo_paths):
    code, store = demo_paths
    xml = tmp_path / "guest.xml"
    xml.write_text(
        "<domain type='qemu'><name>web &lt;1&gt;</name><os>"
        "<type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
        f"<loader type='pflash' readonly='yes'>{code}</loader><nvram>{store}</nvram>"
        "</os></domain>"
    )
    window.document.open([str(xml)])
    qtbot.waitUntil(lambda: window.document.inspection is not None)
    heading = window.sources.tree.topLevelItem(0).child(0)
    assert heading.text(0).startswith("web <1>")
    rows = [heading.child(row).text(0) for row in range(heading.childCount())]
    assert rows[:3] == ["pc-q35-7.2", "CODE: unit 0, read-only", "VARS: unit 1"]
    assert window.windowTitle().startswith("web <1>")
    window.badge.open_reasons()
    assert window.badge.panel.machine.text().startswith("libvirt domain “web <1>”")
    assert window.settings.recent()[0] == (str(xml),)
    window.badge.window_of_reasons.hide()


def test_a_template_in_the_place_of_a_store_cannot_be_edited(qtbot, window, tmp_path, demo_paths):
    code, store = demo_paths
    xml = tmp_path / "guest.xml"
    xml.write_text(
        "<domain type='qemu'><name>new</name><os>"
        "<type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
        f"<loader type='pflash' readonly='yes'>{code}</loader>"
        f"<nvram template='{store}'>{tmp_path}/gone.fd</nvram></os></domain>"
    )
    window.document.open([str(xml)])
    qtbot.waitUntil(lambda: window.document.inspection is not None)
    assert "template" in window.document.read_only_because


def test_details_cut_nothing_that_they_exist_to_show(qtbot, workbench, document):
    """In a pane as narrow as it comes: every value and its meaning is there in full height."""
    pane = DetailsPane(workbench)
    qtbot.addWidget(pane)
    pane.resize(260, 600)
    pane.show()
    record = document.store.find("Timeout")
    document.select(Place(1, record.span))
    texts = {
        field.name: pane.model.index(row, 1).data() for row, field in enumerate(pane.model.rows)
    }
    assert "the value that firmware returns" in texts["State"]
    assert "EfiGlobalVariable" in texts["VendorGuid"]
    assert str(record.guid) in texts["VendorGuid"]
    table = pane.fields
    width = table.columnWidth(1) - 14
    for row in range(pane.model.rowCount()):
        needed = WrappedLabel(pane.model.index(row, 1).data())
        needed.setFont(theme.fixed_font())
        assert table.rowHeight(row) >= needed.heightForWidth(width)
    assert table.viewport().height() >= sum(
        table.rowHeight(row) for row in range(pane.model.rowCount())
    )
    pane.resize(220, 600)
    qtbot.waitUntil(lambda: table.viewport().width() < 200)
    assert sum(table.columnWidth(column) for column in range(2)) == table.viewport().width()
    narrow = table.rowHeight(1)
    pane.resize(700, 600)
    qtbot.waitUntil(lambda: table.rowHeight(1) < narrow)


def test_details_come_to_rest_at_every_height(qtbot, workbench, document, monkeypatch):
    """Where the fields fit without the scroll bar and not with it, each asks for the other."""
    fits = []
    fit = DetailsPane._fit_fields

    def counted(pane):
        fits.append(pane)
        assert len(fits) < 5000, "the pane's scroll bar comes and goes without end"
        fit(pane)

    monkeypatch.setattr(DetailsPane, "_fit_fields", counted)
    pane = DetailsPane(workbench)
    qtbot.addWidget(pane)
    document.select(Place(1, document.store.find("Boot0000", GLOBAL).span))
    pane.show()
    for height in range(400, 700, 2):
        pane.resize(294, height)
        for _round in range(3):
            QApplication.processEvents()
        columns = sum(pane.fields.columnWidth(column) for column in range(2))
        assert columns == pane.fields.viewport().width()
        assert pane.fields.height() == height_of_rows(pane.fields)


def test_a_fields_bytes_are_copied_in_any_form(qtbot, workbench, document):
    pane = DetailsPane(workbench)
    qtbot.addWidget(pane)
    pane.resize(400, 600)
    pane.show()
    record = document.store.find("Timeout")
    document.select(Place(1, record.span))
    row = next(row for row, field in enumerate(pane.model.rows) if field.name == "VendorGuid")
    where = pane.fields.visualRect(pane.model.index(row, 0)).center()
    ways = next(action.menu() for action in pane.menu_at(where).actions() if action.menu())
    next(action for action in ways.actions() if action.text() == "GUID").trigger()
    assert QGuiApplication.clipboard().text() == str(record.guid)
    assert pane.menu_at(QPoint(0, 100_000)) is None
