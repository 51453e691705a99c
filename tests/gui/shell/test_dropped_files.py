"""Files that are dropped on the window are opened as what they are."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from ovmfgui.flash.image import Role
from ovmfgui.machine.model import Kind


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    here, copy = QPoint(50, 50), Qt.DropAction.CopyAction
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(here, copy, data, button, keys)
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(here), copy, data, button, keys))
    return enter.isAccepted()


def test_files_that_are_dropped_are_opened(qtbot, window, demo_paths):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        assert drop(window, *reversed(demo_paths))
    assert window.document.image.role is Role.PAIR
    assert window.windowTitle() == "OVMF_CODE_4M.fd + guest_VARS.fd[*] – ovmfgui"
    assert window.settings.recent() == (tuple(demo_paths),)


def test_the_other_half_that_is_dropped_completes_the_pair(qtbot, window, demo_paths):
    for path, role in zip(demo_paths, (Role.CODE, Role.PAIR), strict=True):
        with qtbot.waitSignal(window.document.presented, timeout=20_000):
            drop(window, path)
        assert window.document.image.role is role
    assert window.badge.text() == "✔ Fits"


CHIPS = (
    "-drive if=pflash,format=raw,unit=0,readonly=on,file={code} "
    "-drive if=pflash,format=raw,unit=1,file={store}"
)
DEFINITIONS = {
    "guest.xml": "<domain type='qemu'><name>web</name><os><type arch='x86_64' "
    "machine='pc-q35-7.2'>hvm</type><loader type='pflash' readonly='yes'>{code}</loader>"
    "<nvram>{store}</nvram></os></domain>",
    "web.log": "2026-01-02 10:00:00.000+0000: starting up libvirt version: 9.0.0\n"
    f"LC_ALL=C \\\n/usr/bin/qemu-system-x86_64 \\\n-name guest=web \\\n-M pc-q35-7.2 {CHIPS}\n",
    "start.sh": f"#!/bin/sh\nexec qemu-system-x86_64 -name web -M pc-q35-7.2 {CHIPS}\n",
    "100.conf": "bios: ovmf\ncores: 1\nmemory: 512\nname: web\nmachine: pc-q35-7.2\n"
    "efidisk0: {store},efitype=4m,format=raw\n",
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_that_is_dropped_is_its_machine(qtbot, window, demo_paths, tmp_path, name):
    code, store = demo_paths
    definition = tmp_path / name
    definition.write_text(DEFINITIONS[name].format(code=code, store=store))
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        assert drop(window, definition)
    machine = window.document.inspection.machine.machine
    assert (machine.name, machine.board, machine.store.path) == ("web", "pc-q35-7.2", store)
    heading = window.sources.tree.topLevelItem(0).child(0)
    assert heading.text(0).startswith("web")
    assert heading.child(0).text(0).startswith("pc-q35-7.2")
    if machine.kind is not Kind.PROXMOX:  # its CODE is of a package that is not installed
        assert window.badge.text() == "✔ Fits"
    window.badge.open_reasons()
    assert "“web”" in window.badge.panel.machine.text()
    window.badge.window_of_reasons.hide()


def test_a_drop_without_files_is_not_taken(window):
    assert not drop(window)


def test_the_open_dialog_hides_no_file_at_first(monkeypatch, window):
    """What a file is, its bytes tell: streams have any name."""
    asked = []

    def ask(_owner, _title, _folder, kinds):
        asked.append(kinds.split(";;"))
        return [], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", ask)
    window.actions_of["open"].trigger()
    assert asked[0][0].endswith("(*)")
