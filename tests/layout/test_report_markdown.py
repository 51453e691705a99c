"""The report as Markdown: a ticket's words, and nothing of a file's that a tracker acts on."""

import re

import pytest

from ovmfgui.cli.main import main
from ovmfgui.flash.opening import image_of
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect, with_store_bytes
from ovmfgui.layout.report_markdown import report_markdown
from ovmfgui.nvram.edit import apply_writes
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.vendors import GLOBAL

HOSTILE = "<img src=x>|`a`*b*[c](http://d) @all #1"


@pytest.fixture
def hostile():
    demo = inspect(image_of(demo_files()))
    data = demo.image.spaces[1].data
    edit = Editor(data).set_variable(HOSTILE, GLOBAL, b"x")
    return with_store_bytes(demo, 1, apply_writes(data, edit.writes))


def cells(line):
    return re.split(r"(?<!\\)\|", line)


def test_tables_keep_their_columns_whatever_stands_in_them(hostile):
    width = None
    for line in report_markdown(hostile).splitlines():
        if not line.startswith("|"):
            width = None
            continue
        width = width or len(cells(line))
        assert len(cells(line)) == width, line


def test_nothing_of_a_file_is_markup_a_link_or_a_call(hostile):
    text = report_markdown(hostile)
    line = next(each for each in text.splitlines() if "img" in each)
    assert "\\<img" in line
    assert "http://d" not in line
    assert not re.search(r"@all|#1", line)
    assert not re.search(r"(?<!\\)[*\[\]<>]", cells(line)[1])
    assert not re.search(r"(?<!\\)`", cells(line)[1])


def test_what_is_said_is_what_the_page_says(hostile):
    text = report_markdown(hostile)
    assert text.startswith("# ")
    for heading in ("Files", "Flash map", "Secure Boot", "Findings"):
        assert f"\n## {heading}\n" in text
    assert hostile.image.files[0].sha256 in text


@pytest.mark.parametrize(
    ("name", "options", "markdown"),
    [
        ("r.md", [], True),
        ("r.html", [], False),
        ("r.txt", ["--format", "md"], True),
        ("r.md", ["--format", "html"], False),
    ],
)
def test_the_command_writes_what_is_asked_for_or_what_the_name_says(
    tmp_path, name, options, markdown
):
    paths = []
    for file in demo_files():
        path = tmp_path / file.path.rpartition("/")[2]
        path.write_bytes(file.data)
        paths.append(str(path))
    out = tmp_path / name
    assert main(["report", *paths, "-o", str(out), *options]) == 0
    assert out.read_text().startswith("# " if markdown else "<!DOCTYPE")
