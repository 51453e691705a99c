from PySide6.QtGui import QGuiApplication

from ovmfgui.flash.byte_formats import LARGEST_COPY
from ovmfgui.gui.document.copying import Copying


def test_the_last_choice_is_remembered_beyond_the_window(settings):
    first = Copying(settings)
    assert first.copy(b"\1\2") == ""
    assert QGuiApplication.clipboard().text() == "01 02"
    first.copy(b"\1\2", "json")
    other = Copying(settings)
    assert other.last == "json"
    other.copy(b"\3")
    assert QGuiApplication.clipboard().text() == "[3]"


def test_a_guid_of_other_sizes_is_copied_as_hex(settings):
    copying = Copying(settings)
    copying.copy(bytes(16), "guid")
    assert QGuiApplication.clipboard().text() == "00000000-0000-0000-0000-000000000000"
    copying.copy(b"\1")
    assert QGuiApplication.clipboard().text() == "01"
    assert copying.last == "guid"


def test_too_much_is_not_copied_and_it_is_said(settings):
    QGuiApplication.clipboard().setText("before")
    told = Copying(settings).copy(bytes(LARGEST_COPY + 1))
    assert "too many for the clipboard" in told
    assert QGuiApplication.clipboard().text() == "before"
