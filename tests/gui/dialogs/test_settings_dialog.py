import threading
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QInputDialog,
    QSizeGrip,
    QStatusBar,
    QWidget,
)

from ovmfgui.budgets import MOST_GUID_TABLE
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.dialogs import adding_hosts
from ovmfgui.gui.dialogs.settings import CHOICES, SettingsDialog
from ovmfgui.gui.document.settings import (
    AT_START,
    BACKUP,
    DIGITS,
    HOSTS,
    OFFSETS,
    PER_ROW,
    TEXT_SIZE,
    THEME,
)
from ovmfgui.gui.look.theme import fixed_font, size_text
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.widgets.offset_base import OFFSET_BASES
from ovmfgui.guid import guid_name

GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")


@pytest.fixture
def dialog(qtbot, workbench):
    made = SettingsDialog(workbench)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(row, value):
    row.setFocus()
    row.setCurrentIndex(row.findData(value))
    row.activated.emit(row.currentIndex())


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.setting.key)
def test_every_choice_is_kept_and_comes_back(dialog, workbench, settings, qtbot, choice):
    assert set(choice.words) == set(choice.setting.choices or choice.words)
    for value in choice.words:
        choose(dialog.row(choice.setting), value)
        assert settings.get(choice.setting) == value
    again = SettingsDialog(workbench)
    qtbot.addWidget(again)
    assert again.row(choice.setting).currentData() == value
    again.defaults.click()
    assert settings.get(choice.setting) == choice.setting.default
    assert again.row(choice.setting).currentData() == choice.setting.default


def test_colours_and_offsets_follow_at_once(demo_window, settings):
    view = demo_window.pages.bring_up("hex")
    settings.set(OFFSETS, "item")
    assert OFFSET_BASES[view.bar.base.currentIndex()].id == "item"
    settings.set(THEME, "dark")
    ground = QApplication.palette().color(QPalette.ColorRole.Base)
    assert ground.lightness() < 128
    assert demo_window.actions_of["theme-dark"].isChecked()
    settings.set(THEME, "light")
    assert QApplication.palette().color(QPalette.ColorRole.Base).lightness() > 128


def test_the_dialog_is_opened_by_its_key_and_leads_to_the_keys(demo_window, qtbot):
    demo_window.actions_of["settings"].trigger()
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, SettingsDialog)]
    assert len(found) == 1
    with qtbot.waitSignal(found[0].keys_wanted):
        QTest.mouseClick(found[0].keys, Qt.MouseButton.LeftButton)
    found[0].close()


def test_hosts_are_added_taken_off_and_forgotten(qtbot, dialog, workbench, settings, tmp_path):
    hosts = dialog.hosts

    def add(name):
        hosts.adding.add((name,))
        qtbot.waitUntil(lambda: not workbench.tasks.tasks)

    assert not hosts.forget.isEnabled()
    assert not hosts.remove.isEnabled()
    add("qemu:///system")
    for name in ("one", "two"):
        (tmp_path / name / "etc/libvirt/qemu").mkdir(parents=True)
    add(str(tmp_path))
    assert settings.hosts() == (
        "qemu:///system",
        str(tmp_path / "one"),
        str(tmp_path / "two"),
    )
    (tmp_path / "nothing").mkdir()
    add(str(tmp_path / "nothing"))
    assert "is no host" in hosts.message.text()
    assert not hosts.message.isHidden()
    hosts.list.setCurrentRow(1)
    hosts.remove.click()
    assert settings.hosts() == ("qemu:///system", str(tmp_path / "two"))
    hosts.forget.click()
    assert settings.get(HOSTS) == HOSTS.default
    assert not hosts.forget.isEnabled()


def test_hosts_are_looked_for_beside_the_window_which_may_close_meanwhile(
    qtbot, workbench, settings, monkeypatch
):
    threads, go_on = [], threading.Event()

    def found(name):
        threads.append(threading.current_thread())
        go_on.wait(10)
        return (name,)

    monkeypatch.setattr(adding_hosts, "hosts_in", found)
    dialog = SettingsDialog(workbench)
    workbench.open_dialog(dialog)
    dialog.hosts.adding.add(("/far",))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    go_on.set()
    qtbot.waitUntil(lambda: not workbench.tasks.tasks)
    assert threads != [threading.main_thread()]
    assert settings.hosts() == ("/far",)


def test_a_uri_is_asked_for_without_a_turn_of_its_own(qtbot, dialog, workbench, settings):
    dialog.hosts.adding.ask_uri()
    (asked,) = dialog.findChildren(QInputDialog)
    asked.setTextValue(" qemu+ssh://far/system ")
    asked.accept()
    qtbot.waitUntil(lambda: settings.hosts() == ("qemu+ssh://far/system",))


def test_the_hosts_view_follows_the_settings(window, settings):
    view = window.pages.bring_up("hosts")
    settings.set_hosts(("qemu+ssh://rack/system",))
    assert view.choosing.names == ("qemu+ssh://rack/system",)


def test_ones_own_names_of_guids_are_chosen(demo_window, settings, qtbot, tmp_path, monkeypatch):
    unknown = UUID("12345678-1234-4234-8234-123456789abc")
    table = tmp_path / "mine.tsv"
    table.write_text(f"{unknown}\tMyVendor\n")
    dialog = SettingsDialog(demo_window.workbench)
    qtbot.addWidget(dialog)
    assert guid_name(unknown) == ""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(table), ""))
    dialog.choose_names.click()
    assert guid_name(unknown) == "MyVendor"
    assert str(table) in dialog.names.text()
    assert "of which the first" not in dialog.names.text()
    with table.open("ab") as file:
        file.truncate(MOST_GUID_TABLE + 1)
    dialog._tell_names()
    assert "of which the first 4 MiB are read" in dialog.names.text()
    table.unlink()
    again = SettingsDialog(demo_window.workbench)
    qtbot.addWidget(again)
    assert "which is not there" in again.names.text()
    again.own_names.click()
    assert guid_name(unknown) == ""
    assert not again.own_names.isEnabled()


def test_hex_is_written_as_chosen_at_once(demo_window, settings):
    grid = demo_window.pages.bring_up("hex").grid
    bar = demo_window.pages.tabs.view("hex").bar
    large = grid.grab().toImage()
    settings.set(DIGITS, "lower")
    assert grid.offset_text(0xABC) == "00000abc"
    assert grid.grab().toImage() != large
    settings.set(DIGITS, "upper")
    assert grid.offset_text(0xABC) == "00000ABC"
    assert grid.grab().toImage() == large
    settings.set(PER_ROW, "32")
    assert grid.bytes_per_row == 32
    assert bar.per_row.currentData() == "32"
    # Chosen in the view it is remembered.
    bar.per_row.setCurrentIndex(0)
    bar.per_row.activated.emit(0)
    assert settings.get(PER_ROW) == "8"
    assert grid.bytes_per_row == 8


@pytest.mark.parametrize(
    ("policy", "kept"), [("first", [True, False]), ("always", [True, True]), ("never", [False] * 2)]
)
def test_a_file_lives_on_as_bak_when_it_is_to(
    window, demo_paths, settings, qtbot, tmp_path, policy, kept
):
    settings.set(BACKUP, policy)
    document = window.document
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open(demo_paths)
    backup = tmp_path / f"{Path(demo_paths[1]).name}.bak"
    for number, expected in enumerate(kept):
        before = Path(demo_paths[1]).read_bytes()
        backup.unlink(missing_ok=True)
        document.edit(document.editor().set_variable(f"Test{number}", GLOBAL, b"1", 7))
        with qtbot.waitSignal(document.on_disk, timeout=20_000):
            document.save()
        assert backup.exists() is expected
        assert not expected or backup.read_bytes() == before


def test_text_of_another_size(qapp):
    before = qapp.font()
    try:
        size_text(qapp, 150)
        assert qapp.font().pointSizeF() == pytest.approx(1.5 * before.pointSizeF(), rel=0.05)
        assert fixed_font().pointSizeF() == qapp.font().pointSizeF()
    finally:
        qapp.setFont(before)
    assert TEXT_SIZE.default == "100"


def sizes(window):
    """Of all that stands in a window: class, size of text, least and largest height."""
    for widget in window.findChildren(QWidget):
        # Qt lays its own out, and does away with them, later.
        own = type(widget) in (QWidget, QDockWidget, QStatusBar, QSizeGrip)
        if own or widget.objectName().startswith("qt_"):
            continue
        points = round(widget.font().pointSizeF(), 2)
        high = widget.minimumHeight(), widget.maximumHeight()
        yield type(widget).__name__, widget.accessibleName(), points, high


def test_text_of_another_size_holds_at_once_and_everywhere(demo_window, demo, settings, qtbot):
    """A window that was there is as one that is opened afterwards."""
    views = [spec.id for spec in VIEWS]
    size = demo_window.size()

    def shown(window):
        window.resize(size)
        window.document.present(demo)
        for view in views:
            window.pages.bring_up(view)
        return window

    shown(demo_window)
    rows = demo_window.findings.table.verticalHeader().defaultSectionSize()
    before = list(sizes(demo_window))
    try:
        settings.set(TEXT_SIZE, "150")
        other = Window(settings)
        qtbot.addWidget(other)
        other.show()
        shown(other)
        after, fresh = list(sizes(demo_window)), list(sizes(other))
        assert Counter(after) - Counter(fresh) == {}
        assert Counter(fresh) - Counter(after) == {}
        assert demo_window.findings.table.verticalHeader().defaultSectionSize() > 1.2 * rows
    finally:
        settings.forget(TEXT_SIZE)
    assert Counter(before) == Counter(sizes(demo_window))


def test_nothing_is_opened_where_nothing_is_wanted(demo_window, demo_paths, settings, qtbot):
    with qtbot.waitSignal(demo_window.document.presented, timeout=20_000):
        demo_window.document.open(demo_paths)
    demo_window.commands.session.remember()
    assert settings.session()
    demo_window.document.close_all()
    settings.set(AT_START, "empty")
    demo_window.commands.session.begin(reopen=True, another=lambda: demo_window.commands.session)
    assert not demo_window.document.tasks.tasks
    assert demo_window.document.image is None
