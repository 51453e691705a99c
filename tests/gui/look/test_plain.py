from PySide6.QtCore import Qt

from ovmfgui.gui.look.plain import plain_cell, plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel

NASTY = "<b>bold</b><img src='file:///x'>\u202eabc\x1b[31m"


def test_a_tooltip_shows_markup_as_words():
    tip = plain_tip(NASTY)
    assert "<b>" not in tip
    assert "&lt;b&gt;bold" in tip
    assert "\u202e" not in tip
    assert plain_tip("/usr/share/OVMF") == "/usr/share/OVMF"


def test_a_cell_is_of_bounded_length_and_turns_nothing():
    assert len(plain_cell("N" * 100_000)) == 500
    assert plain_cell("a\u202eb") == "a\\u202eb"


def test_labels_for_text_from_files_are_plain(qtbot):
    for kind in (WrappedLabel, ElidedLabel):
        label = kind("")
        qtbot.addWidget(label)
        label.setText(NASTY)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert "\x1b" not in label.text()
        assert "<b>bold</b>" in label.text()
