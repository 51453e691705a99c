"""Two hosts from collected folders: rows, filter, reasons, the pair, the replay, cancel."""

from pathlib import Path

import pytest
from made_hosts import CODE, NVRAM, TEMPLATE, collected, domain, package, store_of
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ovmfgui.flash.image import Role
from ovmfgui.gui.document.settings import Settings
from ovmfgui.gui.shell.window import Window
from ovmfgui.gui.views.hosts import view as view_module
from ovmfgui.gui.views.hosts.view import HostsView
from ovmfgui.layout.verdict import Outcome

OLD_CODE, OLD_VARS = "/usr/share/OVMF/OVMF_CODE_2M.fd", "/usr/share/OVMF/OVMF_VARS_2M.fd"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    """A folder of two hosts: web can go, old is refused, odd finds no machine type."""
    root = tmp_path_factory.mktemp("fleet")
    small = package("2m")
    files = package("4m") | {OLD_CODE: small[CODE], OLD_VARS: small[TEMPLATE]}
    files |= {f"{NVRAM}/{name}_VARS.fd": store_of("4m") for name in ("web", "odd")}
    files[f"{NVRAM}/old_VARS.fd"] = store_of("2m")
    domains = [
        domain("web"),
        domain("old", code=OLD_CODE, template=OLD_VARS),
        domain("odd", board="pc-q35-99.0"),
    ]
    collected(root / "here", files, domains)
    large = package("4m")
    there = large | {OLD_CODE: large[CODE], OLD_VARS: large[TEMPLATE]}
    collected(root / "there", there, guests=[each.definition for each in domains])
    (root / "notes").mkdir()
    return root


@pytest.fixture
def view(qtbot, workbench):
    view = HostsView(workbench)
    qtbot.addWidget(view)
    view.resize(1000, 520)
    view.show()
    return view


def done(qtbot, view):
    qtbot.waitUntil(lambda: not view._workbench.tasks.tasks, timeout=20_000)


def crossed(qtbot, view, fleet):
    view.choosing.adding.add([str(fleet)])
    done(qtbot, view)
    qtbot.waitUntil(lambda: view.crossing is not None, timeout=20_000)
    return view.crossing


def choose(view, name):
    table = view.domains.table
    names = [table.model().index(row, 1).data() for row in range(table.model().rowCount())]
    table.selectRow(names.index(name))


def test_a_folder_of_hosts_brings_them_all_and_the_first_two_are_checked(qtbot, view, fleet):
    crossing = crossed(qtbot, view, fleet)
    assert view.choosing.names == (str(fleet / "here"), str(fleet / "there"))
    assert view.choosing.pair == view.choosing.names
    assert [row.name for row in crossing.preflight.rows] == ["odd", "old", "web"]
    assert view.headline.text().startswith("1 of 3 domains can go. 2 refused while running")
    counts = [view.choosing.source.model.index(row, 2).data() for row in (0, 1)]
    assert counts == ["3", "0"]


def test_the_worst_stands_first_with_sign_and_word_and_its_reasons_below(qtbot, view, fleet):
    crossed(qtbot, view, fleet)
    model = view.domains.table.model()
    assert [model.index(row, 0).data() for row in range(3)] == ["✖", "✖", "✔"]
    choose(view, "old")
    row = view.domains.table.currentIndex().row()
    assert model.index(row, 4).data() == "✖ refused"
    assert model.index(row, 5).data() == "✖ saves nothing"
    said = view.reasons.text.toPlainText()
    assert "Size mismatch: system.flash0: 0x1e0000 != 0x37c000" in said
    assert OLD_CODE in said
    assert view.reasons.title.text() == "✖ old"


def test_the_filter_finds_reasons_too_and_says_what_it_hides(qtbot, view, fleet):
    crossed(qtbot, view, fleet)
    qtbot.keyClicks(view.filter, "Size mismatch")
    assert view.domains.shown == 1
    assert view.domains.row.name == "old"
    assert "2 hidden by the filter" in view.headline.text()
    view.filter.clear()
    view.only_not_well.setChecked(True)
    assert view.domains.shown == 2
    view.filter.setText("nothing like it")
    assert view.domains.row is None
    assert "Choose a domain" in view.reasons.text.toPlainText()


def test_open_this_pair_opens_code_of_the_other_host_with_the_domains_store(
    qtbot, view, document, workbench, fleet
):
    crossed(qtbot, view, fleet)
    choose(view, "web")
    with qtbot.waitSignal(document.presented, timeout=20_000):
        qtbot.mouseClick(view.reasons.open_button, Qt.MouseButton.LeftButton)
    paths = {file.role: file.path for file in document.image.files}
    assert paths[Role.CODE] == f"{fleet}/there{CODE}"
    assert paths[Role.VARS] == f"{fleet}/here{NVRAM}/web_VARS.fd"
    assert workbench.views.shown == ["map"]


def test_replay_plays_the_domains_migration_to_the_rows_answer(qtbot, window, fleet):
    view = window.workbench.show("hosts")
    crossed(qtbot, view, fleet)
    choose(view, "old")
    qtbot.mouseClick(view.reasons.replay_button, Qt.MouseButton.LeftButton)
    migration = window.workbench.show("migration")
    qtbot.waitUntil(lambda: migration.replay is not None, timeout=20_000)
    assert migration.replay.scenario.title == "old goes to there"
    assert migration.replay.outcome is Outcome.REFUSED_BY_QEMU
    # It can be edited and run again, though the hosts have been let go.
    view.choosing.remove(str(fleet / "there"))
    assert migration.side.edit(migration.bar.path)
    assert Path(migration.bar.path).is_file()


def test_what_cannot_be_replayed_says_why(qtbot, view, fleet):
    crossed(qtbot, view, fleet)
    choose(view, "odd")
    assert not view.reasons.replay_button.isEnabled()
    assert "before a QEMU starts" in view.reasons.replay_button.toolTip()
    choose(view, "web")
    assert view.reasons.replay_button.isEnabled()


def test_it_can_be_cancelled(qtbot, view, fleet, monkeypatch):
    def endless(_a, _b, report):
        while True:
            report(0, 1, "web")

    monkeypatch.setattr(view_module, "cross", endless)
    view.choosing.adding.add([str(fleet)])
    qtbot.waitUntil(lambda: view.pages.currentWidget() is view.busy)
    assert view.busy.title.text().startswith("Holding the domains")
    view.busy.cancelled.emit()
    done(qtbot, view)
    assert view.crossing is None
    assert not view.connect_button.isHidden()


def test_nobody_is_connected_to_without_being_asked(qtbot, view, fleet, monkeypatch):
    asked = []
    monkeypatch.setattr(view_module, "cross", lambda a, b, _report: asked.append((a, b)))
    view.choosing.adding.add([str(fleet / "here")])
    done(qtbot, view)
    view.choosing.adding.add(["qemu+ssh://there/system"])
    done(qtbot, view)
    assert view.choosing.pair == (str(fleet / "here"), "qemu+ssh://there/system")
    assert asked == []
    assert "read-write" in view.hint.text()
    assert not view.connect_button.isHidden()


def test_one_host_twice_is_no_move(qtbot, view, fleet):
    crossed(qtbot, view, fleet)
    view.choosing.choose(str(fleet / "here"), str(fleet / "here"))
    assert view.crossing is None
    assert "same host twice" in view.hint.text()


def test_what_is_no_host_is_refused_and_what_is_there_stays(qtbot, view, workbench, fleet):
    crossed(qtbot, view, fleet)
    refusals = []
    workbench.refused.connect(refusals.append)
    view.choosing.adding.add([str(fleet / "notes")])
    done(qtbot, view)
    assert "is no host" in refusals[0]
    assert len(view.choosing.names) == 2


def test_hosts_come_back_at_the_next_start(qtbot, view, workbench, fleet):
    crossed(qtbot, view, fleet)
    again = HostsView(workbench)
    qtbot.addWidget(again)
    assert again.choosing.names == view.choosing.names
    again.choosing.source.choose(str(fleet / "here"))
    qtbot.keyClick(again.choosing.source.table, Qt.Key.Key_Delete)
    assert workbench.settings.hosts() == (str(fleet / "there"),)


def test_folders_can_be_dropped(qtbot, view, fleet):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(fleet / "here"))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    view.dropEvent(event)
    done(qtbot, view)
    assert view.choosing.names == (str(fleet / "here"),)
    assert "at the left" in view.hint.text()


def test_a_long_name_does_not_widen_the_view(qtbot, view, tmp_path):
    name = "a-domain-" * 40
    files = package("4m") | {f"{NVRAM}/{name[:200]}_VARS.fd": store_of("4m")}
    collected(tmp_path / "a", files, [domain(name[:200])])
    collected(tmp_path / "b", package("4m"))
    crossed(qtbot, view, tmp_path)
    assert view.minimumSizeHint().width() <= 800


# Hosts are documents


@pytest.fixture
def wide_view(qtbot, window, fleet):
    """The view in a window, both hosts added."""
    view = window.workbench.show_view(HostsView)
    crossed(qtbot, view, fleet)
    return view


def test_hosts_that_are_added_are_open(window, wide_view, fleet):
    here, there = window.document.all_open
    assert (here.title, there.title) == ("here", "there")
    assert window.document.front is here
    assert window.windowTitle().startswith("here")
    opened = window.sources.tree.topLevelItem(0)
    assert [opened.child(row).text(0) for row in range(opened.childCount())] == ["here", "there"]
    assert str(fleet / "here") in opened.child(0).toolTip(0)


def test_the_host_in_front_is_the_one_that_domains_come_from(qtbot, window, wide_view, fleet):
    document, choosing = window.document, wide_view.choosing
    here, there = document.all_open
    wide_view.filter.setText("we")
    document.bring_to_front(there)
    assert choosing.source.current == str(fleet / "there")
    # What it would go to is itself no longer.
    assert choosing.destination.current == ""
    assert wide_view.filter.text() == ""
    done(qtbot, wide_view)
    document.bring_to_front(here)
    assert (choosing.pair, wide_view.filter.text()) == (
        (str(fleet / "here"), str(fleet / "there")),
        "we",
    )
    done(qtbot, wide_view)
    # A click on another one brings that to the front, and its tab stays.
    choosing.source.choose(str(fleet / "there"))
    assert document.front is there
    assert window.pages.front.id == "hosts"
    done(qtbot, wide_view)


def test_a_pair_in_front_stays_there_while_hosts_are_looked_at(qtbot, window, fleet, demo):
    window.document.present(demo)
    pair = window.document.front
    view = window.workbench.show_view(HostsView)
    crossed(qtbot, view, fleet)
    view.choosing.source.choose(str(fleet / "there"))
    assert window.document.front is pair
    done(qtbot, view)
    window.document.bring_to_front(window.document.all_open[1])
    assert view.choosing.source.current == str(fleet / "here")
    done(qtbot, view)
    # The pair comes back in the view that it was looked at in.
    window.document.bring_to_front(pair)
    assert window.pages.front.id == "map"


def test_two_hosts_are_compared_by_selecting_both(qtbot, window, wide_view, fleet):
    window.document.bring_to_front(window.document.all_open[1])
    done(qtbot, wide_view)
    opened = window.sources.tree.topLevelItem(0)
    for row in range(2):
        opened.child(row).setSelected(True)
    window.actions_of.update()
    assert window.actions_of["compare-two"].isEnabled()
    window.actions_of["compare-two"].trigger()
    assert wide_view.choosing.pair == (str(fleet / "here"), str(fleet / "there"))
    done(qtbot, wide_view)


def test_closing_and_taking_off(qtbot, window, wide_view, fleet):
    """Closed, a host can still be chosen; taken off, it is open no more."""
    window.actions_of["close"].trigger()
    assert [each.title for each in window.document.all_open] == ["there"]
    assert len(wide_view.choosing.names) == 2
    wide_view.choosing.remove(str(fleet / "there"))
    assert window.document.all_open == ()
    done(qtbot, wide_view)


def test_hosts_taken_off_in_the_settings_do_not_come_back(qtbot, window, wide_view, settings):
    _first, second = wide_view.choosing.names
    settings.set_hosts(("qemu+ssh://far/system", second))
    assert [each.host for each in window.document.all_open] == [second, "qemu+ssh://far/system"]
    assert settings.hosts() == wide_view.choosing.names == ("qemu+ssh://far/system", second)
    settings.set_hosts(())
    assert window.document.all_open == ()
    assert settings.hosts() == wide_view.choosing.names == ()
    done(qtbot, wide_view)


def test_what_collect_made_is_opened_as_a_host(qtbot, window, fleet):
    window.commands.files.open([str(fleet / "here")])
    assert window.document.host == str(fleet / "here")
    assert window.pages.front.id == "hosts"
    window.commands.files.open_dropped([str(fleet / "there")])
    assert window.document.host == str(fleet / "there")
    qtbot.waitUntil(lambda: not window.document.tasks.tasks)
    window.commands.files.open(["qemu+ssh://nowhere/system"])
    assert window.document.title == "qemu+ssh://nowhere/system"
    # Nobody is connected to without being asked.
    assert not window.document.tasks.tasks
    window.commands.files.open([str(fleet / "here")])
    assert len(window.document.all_open) == 3


def test_open_hosts_come_back_at_the_next_start(qtbot, window, wide_view, fleet, settings):
    window.commands.files.open(["qemu+ssh://nowhere/system"])
    window.document.bring_to_front(window.document.all_open[0])
    done(qtbot, wide_view)
    window.commands.session.remember()
    other = Window(Settings(settings.folder / "settings.ini"))
    qtbot.addWidget(other)
    other.show()
    other.commands.session.begin(reopen=True, another=lambda: None)
    assert [each.title for each in other.document.all_open] == [
        "here",
        "there",
        "qemu+ssh://nowhere/system",
    ]
    assert other.document.title == "here"
    view = other.workbench.show_view(HostsView)
    pair = str(fleet / "here"), str(fleet / "there")
    # How it was looked at comes a turn later.
    qtbot.waitUntil(lambda: view.choosing.pair == pair)
    done(qtbot, view)
