"""A replay as a page: self-contained, every step with its picture, nothing that could be code."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from ovmfgui.cli.main import main
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.lesson.drawing import WIDTH, picture
from ovmfgui.migration.lesson.page import lesson_page
from ovmfgui.migration.lesson.strips import strip, worth_a_lens
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.shipped import find, shipped
from ovmfgui.nvram.reading import read_store

SYNTHETIC = [path for path in shipped() if not path.stem.startswith("debian-")]


@pytest.fixture(scope="module")
def replay():
    return run(load(find("demo")), ModelPlatform())


class Balanced(HTMLParser):
    """Sees that every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing_from_anywhere(replay):
    page = lesson_page(replay)
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert not {tag for tag, _ in parser.seen} & {"img", "link", "iframe", "object", "use"}
    for _tag, attributes in parser.seen:
        assert not {"src", "href", "xlink:href", "onload", "onclick"} & set(attributes)
    assert not re.search(r"https?:|url\(|@import|//cdn", page)
    assert "default-src 'none'" in page


def test_every_step_has_its_picture_its_words_and_what_qemu_says(replay):
    page = lesson_page(replay)
    assert page.count("<svg") == len(replay.steps)
    for step in replay.steps[1:]:
        section = page.split(f'<section id="step-{step.n}">')[1].split("</section>")[0]
        assert "<svg" in section
        assert (step.lesson.replace("'", "&#x27;") in section) or not step.lesson
        assert ("<pre>" in section) == bool(step.qemu)
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in page
    assert replay.outcome.value in page.split("<footer>")[1]


@pytest.mark.parametrize("path", SYNTHETIC, ids=lambda p: p.stem)
def test_pictures_are_well_formed_and_stay_inside(path):
    for step in run(load(path), ModelPlatform()).steps:
        root = ElementTree.fromstring(picture(step))
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        assert width == WIDTH
        for rect in root.iter("rect"):
            x, y, w, h = (float(rect.attrib[k]) for k in ("x", "y", "width", "height"))
            assert x >= -0.1
            assert x + w <= width + 0.1
            assert y + h <= height + 0.1
            assert w > 0


def test_changed_bytes_are_lit_where_they_are(replay):
    step = next(s for s in replay.steps if s.title == "PlatformLang: added")
    assert {change.size for change in step.changed} == {1}
    lit = [r for r in ElementTree.fromstring(picture(step)).iter("rect") if r.get("class") == "lit"]
    # File and chip, each in the whole and under the lens.
    assert len(lit) == 4


def test_a_strip_has_the_stores_parts_and_a_lens_its_records(replay):
    step = next(s for s in replay.steps if s.title == "PlatformLang: added")
    contents = next(c for key, c in step.snapshot.objects() if key.name.endswith("vm1_VARS.fd"))
    pieces = strip(contents, may_hold_store=True)
    kinds = [piece.what for piece in pieces]
    assert kinds[:2] == ["head", "live"]
    assert "ftw" in kinds
    record = read_store(contents.tobytes()).find("PlatformLang")
    assert pieces[1].span == record.span
    shown = worth_a_lens(contents)
    assert record.span.end <= shown.end < contents.size // 100


def test_words_of_a_scenario_never_become_markup():
    evil = '<script>alert(1)</script>&\\"'
    text = (
        f'title = "{evil}"\nsummary = "{evil}"\n[packages.p]\nsynthetic = "2m"\ntitle = "{evil}"\n'
        f'[hosts.a]\ntitle = "{evil}"\npackages = ["p"]\n[[actions]]\ndo = "define"\nhost = "a"\n'
        f'domain = "{evil}"\nlesson = "{evil}"\n[[actions]]\ndo = "start"\n'
    )
    page = lesson_page(run(parse(text, "evil"), ModelPlatform()))
    assert page.count("<script>") == 1
    assert "alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_command_writes_it_and_overwrites_nothing(tmp_path, capsys):
    path = tmp_path / "lesson.html"
    assert main(["replay", "mid-write", "--html", str(path)]) == 0
    assert capsys.readouterr().out == f"written: {path}\n"
    assert path.read_text().startswith("<!DOCTYPE html>")
    assert main(["replay", "mid-write", "--html", str(path)]) == 2
    assert "exists already" in capsys.readouterr().err
