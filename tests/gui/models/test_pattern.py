"""What a filter line asks for."""

import pytest
from PySide6.QtGui import QStandardItem, QStandardItemModel

from ovmfgui.gui.models.columns import TEXT_ROLE
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.models.pattern import Filter, Pattern

ROW = "boot0001\nefiglobalvariable\nnv bs rt\nubuntu"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", True),
        ("UBUNTU boot", True),
        ("ubuntu 0002", False),
        ("/boot000[1-3]/", True),
        ("  /^BOOT000[1-3]$/ ", True),
        ("/^ubuntu$/", True),
        ("/^oot/", False),
        ("/nv.*rt/", True),
        ("/boot.*ubuntu/", False),  # Cells are lines, which a dot does not cross.
        ("/", False),
        ("//", False),
        ("/usr/share", False),  # A path is no pattern.
    ],
)
def test_words_and_patterns(text, found):
    pattern = Pattern(text)
    assert pattern.matches(ROW) is found
    assert pattern.wrong == ""


@pytest.mark.parametrize("text", ["/boot(/", "/[a-/", "/*/", f"/{'(' * 5000}/"])
def test_what_does_not_compile_shows_all_and_says_why(text):
    pattern = Pattern(text)
    assert pattern.everything
    assert pattern.matches(ROW)
    assert "All rows are shown" in pattern.wrong
    assert len(pattern.wrong) < 250


def test_a_pattern_without_end_is_given_up():
    """It would stop the window for minutes."""
    assert Pattern("/(a+)+$/").matches("a" * 5000 + "b") is None
    asked = Filter()
    assert asked.ask("/(a+)+$/")
    assert not asked.takes("bbb")
    assert asked.takes("a" * 5000 + "b")
    assert "too long" in asked.wrong
    assert asked.takes("bbb")
    assert asked.ask("b")
    assert asked.wrong == ""


def filtered_of(*texts):
    source = QStandardItemModel()
    shown = WordFilter()
    shown.setSourceModel(source)
    add(source, *texts)
    return source, shown


def add(source, *texts):
    for text in texts:
        item = QStandardItem(text)
        item.setData(text, TEXT_ROLE)
        source.appendRow(item)


SLOW = "a" * 5000 + "!"


def test_where_a_pattern_is_given_up_rows_before_it_come_back_too(qtbot):
    _source, shown = filtered_of("bbb", "ccc", SLOW, "ddd")
    said = []
    shown.wrong_changed.connect(said.append)
    shown.set_words("/(a+)+$/")
    assert shown.rowCount() == 4
    assert "All rows are shown" in said[-1]
    # Another table, asked for the same, has no such row.
    _other, beside = filtered_of("bbb", "aaa")
    beside.set_words("/(a+)+$/")
    assert beside.rowCount() == 1
    shown.set_words("ddd")
    assert (shown.rowCount(), said[-1]) == (1, "")


def test_a_row_that_comes_later_gives_it_up_for_all(qtbot):
    source, shown = filtered_of("bbb", "aaa")
    shown.set_words("/(a+)+$/")
    assert shown.rowCount() == 1
    with qtbot.waitSignal(shown.wrong_changed):
        add(source, SLOW)
    assert shown.rowCount() == 3
