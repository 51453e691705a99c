"""No text from a file widens the window: it can be made as small as 1024×600 with any."""

import struct
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize

from ovmfgui.finding import Severity
from ovmfgui.flash.opening import image_of
from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.shell.screenshots import settle
from ovmfgui.gui.workbench import Message
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.span import Place

SMALL = QSize(1024, 600)
NAME = "VeryLongVariableName" * 12
END = bytes.fromhex("7fff0400")


def fits(window):
    return SMALL.boundedTo(window.minimumSizeHint()) == window.minimumSizeHint()


def load_option(description):
    text = (description + "\0").encode("utf-16-le")
    return struct.pack("<IH", 1, len(END)) + text + END


@pytest.fixture
def long_window(window, tmp_path):
    """Long names of files, a variable and a boot entry."""
    files = []
    for index, file in enumerate(demo_files()):
        path = tmp_path / f"{'long-name-' * 20}{index}.fd"
        path.write_bytes(file.data)
        files.append(str(path))
    window.commands.files.open(files)
    settle(window.workbench)
    document = window.document
    assert document.image is not None
    for name, value in ((NAME, b"long" * 60), ("Boot0007", load_option("LongDescription" * 20))):
        document.edit(document.editor().set_variable(name, GLOBAL, value))
    return window


@pytest.mark.parametrize("name", [NAME, "Boot0007"])
def test_a_long_name_leaves_the_window_as_small_as_it_was(long_window, name):
    window, document = long_window, long_window.document
    record = document.store.find(name)
    document.select(Place(document.store.space, record.span))
    for spec in VIEWS:
        view = window.pages.bring_up(spec.id)
        if hasattr(view, "fill_for_picture"):
            view.fill_for_picture()
        settle(window.workbench)
        assert fits(window), (spec.id, window.minimumSizeHint())
        for pose, show in view.poses() if hasattr(view, "poses") else ():
            show()
            settle(window.workbench)
            assert fits(window), (spec.id, pose, window.minimumSizeHint())


def test_a_long_message_is_wrapped(demo_window):
    demo_window.workbench.refuse("x" * 3000)
    assert demo_window.pages.message.isVisible()
    assert demo_window.minimumSizeHint().width() <= SMALL.width()
    demo_window.workbench.announce(Message("y" * 500, Severity.ERROR, offers=(("Do", print),)))
    assert fits(demo_window), demo_window.minimumSizeHint()


def test_files_opened_lately_do_not_widen_the_first_page(window, settings, tmp_path):
    path = tmp_path / f"{'w' * 240}.fd"
    path.write_bytes(b"")
    settings.remember((str(path), str(path)))
    assert fits(window)


def test_a_machine_of_any_name_fits(window):
    long = f"{'/deep' * 40}/{'n' * 200}"
    files = [replace(file, path=f"{long}{i}.fd") for i, file in enumerate(demo_files())]
    window.document.present(inspect(image_of(files)))
    window.badge.open_reasons()
    assert fits(window)
    reasons = window.badge.window_of_reasons
    assert reasons.minimumSizeHint().width() <= SMALL.width()
    reasons.close()
