"""What a filter line asks for."""

import pytest

from ovmfgui.gui.models.pattern import Pattern

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
    pattern = Pattern("/(a+)+$/")
    assert pattern.matches("a" * 5000 + "b")
    assert "too long" in pattern.wrong
    assert pattern.matches("anything")
