import ast
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import ovmfgui.gui
from ovmfgui.budgets import MOST_LABEL
from ovmfgui.gui.look.plain import plain_cell, plain_tip
from ovmfgui.gui.widgets.elided_label import ElidedLabel
from ovmfgui.gui.widgets.plain_label import PlainLabel
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
    for kind in (PlainLabel, WrappedLabel, ElidedLabel):
        label = kind("")
        qtbot.addWidget(label)
        label.setText(NASTY)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert "\x1b" not in label.text()
        assert "<b>bold</b>" in label.text()
        label.setText("N" * 1_000_000)
        assert len(label.text()) == MOST_LABEL


GUI = Path(ovmfgui.gui.__file__).parent
MARKUP = {
    ("shell/welcome.py", "QLabel"): "a link, of names that are escaped",
    ("shell/verdict_badge.py", "setToolTip"): "two paragraphs, of a sentence that is escaped",
    ("widgets/value_pane.py", "setToolTip"): "a paragraph that breaks its lines, escaped",
    ("dialogs/about.py", "about"): "this program's own words",
}
"""Where text is markup, and why it may be."""
TAKERS = ("setToolTip", "setWhatsThis", "QLabel", "QMessageBox", "question", "about", "warning")


def taken_for_markup(source):
    """Calls, by name and line, that hand Qt a text which it may take for markup."""
    tree = ast.parse(source)
    formats = source.count("setTextFormat(Qt.TextFormat.PlainText)")
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name not in TAKERS:
            continue
        if name == "QMessageBox" and formats:
            formats -= 1  # a box a line that makes it plain
            continue
        text = None if name in ("QLabel", "QMessageBox", "about") else call.args[-1]
        words = [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]
        plain = isinstance(text, ast.Call) and getattr(text.func, "id", "") == "plain_tip"
        if not plain and not all(isinstance(word, ast.Constant) for word in words):
            yield name, call.lineno


def test_no_text_can_be_taken_for_markup():
    """Labels are plain ones; every tooltip and question that is not written here goes through
    ``plain_tip``."""
    found = {
        (str(path.relative_to(GUI)), name): f"{path}:{line}"
        for path in GUI.rglob("*.py")
        if path.name != "plain_label.py"
        for name, line in taken_for_markup(path.read_text(encoding="utf-8"))
    }
    assert {place: found[place] for place in found.keys() - MARKUP.keys()} == {}
    assert MARKUP.keys() <= found.keys(), "an exception that nobody needs"


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("x.setToolTip(name)", True),
        ("x.setToolTip(plain_tip(name))", False),
        ("x.setToolTip('a' if b else 'c')", False),
        ("QLabel(self)", True),
        ("PlainLabel(self)", False),
        ("QMessageBox(icon, title, text)", True),
    ],
)
def test_the_search_for_markup_finds_it(source, is_found):
    assert bool(list(taken_for_markup(source))) is is_found
