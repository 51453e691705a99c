"""A scenario or a host in front is told of as a whole: what it is, and what can be done."""

import shutil
import threading

from ovmfgui.gui.document.opened import Content
from ovmfgui.hosts import host_folder
from ovmfgui.migration.recorded.prepared import play
from tests.made_hosts import collected, domain
from tests.played import BEGIN, written


def test_details_and_findings_tell_of_a_scenario(window, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(written(*BEGIN, 'migrate to="b"'))
    window.document.show_played(play(path, lambda *_: None))
    page = window.details.front
    assert window.details._stack.currentWidget() is page
    assert page.kind.text() == "Scenario"
    assert "Hosts: Host A, Host B" in page.text.text()
    assert "4. migrate, to Host B" in page.text.text()
    to_it, edit, _export = page.row.buttons
    # What waits for the view can be pressed once that is there.
    assert not edit.isEnabled()
    to_it.click()
    assert window.pages.front.id == "migration"
    window.workbench.show("variables")
    for _time in range(2):
        edit.click()
        assert window.pages.front.id == "migration"
        assert window.workbench.show("migration").bar.edit_button.isChecked()
        window.workbench.show("variables")
    assert [finding.id for finding in window.findings.findings] == ["idle-firmware"]


def test_details_and_findings_tell_of_a_host(qtbot, window, tmp_path):
    collected(tmp_path / "here", {}, [domain("web"), domain("old")])
    window.document.open_host(str(tmp_path / "here"))
    page = window.details.front
    assert page.name.text() == "here"
    qtbot.waitUntil(lambda: "2 domains: old, web" in page.text.text())
    page.row.buttons[0].click()
    assert window.pages.front.id == "hosts"
    assert window.findings._empty.text().startswith("A host has no findings of its own")
    window.document.open_host("qemu+ssh://far/system")
    assert "connected to once its domains are checked" in page.text.text()


def test_images_and_nothing_are_told_of_elsewhere(window, demo):
    assert not window.details.front.show_front()
    window.document.present(demo)
    assert not window.details.front.show_front()


def test_a_hosts_folder_is_looked_into_once_and_beside_the_window(
    qtbot, window, tmp_path, monkeypatch
):
    threads = []

    def names(_root):
        threads.append(threading.current_thread())
        return ["web"]

    monkeypatch.setattr(host_folder, "domain_names", names)
    collected(tmp_path / "here", {}, [domain("web")])
    window.document.open_host(str(tmp_path / "here"))
    page = window.details.front
    qtbot.waitUntil(lambda: "1 domain: web" in page.text.text())
    buttons = page.row.buttons
    window.document.inspection_changed.emit()
    window.document.selection_changed.emit(None)
    assert page.row.buttons is buttons
    assert not window.document.tasks.tasks
    assert len(threads) == 1
    assert threads != [threading.main_thread()]


def test_a_host_closed_behind_an_image_is_listed_anew(qtbot, window, tmp_path, demo):
    here = tmp_path / "here"
    collected(here, {}, [domain("web")])
    document, page = window.document, window.details.front
    document.open_host(str(here))
    qtbot.waitUntil(lambda: "1 domain: web" in page.text.text())
    document.show(Content(demo))
    (host,) = [each for each in document.all_open if each.host]
    document.close(host)
    shutil.copy(here / "etc/libvirt/qemu/web.xml", here / "etc/libvirt/qemu/mail.xml")
    document.open_host(str(here))
    qtbot.waitUntil(lambda: "2 domains: mail, web" in page.text.text())


def test_what_it_is_has_the_same_words_in_details_and_sources(window, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(written(*BEGIN, 'migrate to="b"'))
    collected(tmp_path / "here", {}, [domain("web")])
    window.document.show_played(play(path, lambda *_: None))
    kinds = [window.details.front.kind.text()]
    for name in (str(tmp_path / "here"), "qemu+ssh://far/system"):
        window.document.open_host(name)
        kinds.append(window.details.front.kind.text())
    heading = window.sources.tree.topLevelItem(0)
    tips = [heading.child(row).toolTip(0) for row in range(heading.childCount())]
    assert kinds == ["Scenario", "Host, from its files", "Host that libvirt reaches"]
    assert all(kind in tip for kind, tip in zip(kinds, tips, strict=True))
