"""Pages that lock out everything but their own style sheet and script."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.report_page import report_page
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.lesson.page import lesson_page
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import load
from ovmfgui.migration.scenario.shipped import find


class Elements(HTMLParser):
    """The policy, and what a browser hashes: the text of each style sheet and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.policy, self.inside, self.attributes = "", "", set()
        self.found: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.attributes |= set(named)
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"] or ""
        self.inside = tag
        if tag in self.found:
            self.found[tag].append("")

    def handle_data(self, data):
        if self.inside in self.found:
            self.found[self.inside][-1] += data

    def handle_endtag(self, tag):
        self.inside = ""


@pytest.fixture(scope="module")
def lesson() -> str:
    return lesson_page(run(load(find("mid-write")), ModelPlatform()))


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("pair")
    made = synthetic_package("2m")
    for name, data in (("CODE.fd", made.code), ("VARS.fd", made.vars)):
        (folder / name).write_bytes(data)
    files = [read_file(folder / name) for name in ("CODE.fd", "VARS.fd")]
    return report_page(inspect(image_of(files)))


@pytest.mark.parametrize("kind", ["lesson", "report"])
def test_the_policy_names_by_digest_all_that_is_inline_and_nothing_else(kind, request):
    seen = Elements(request.getfixturevalue(kind))
    rules = dict(rule.strip().split(" ", 1) for rule in seen.policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    digests = {
        f"{tag}-src": [f"'sha256-{b64encode(sha256(t.encode()).digest()).decode()}'" for t in texts]
        for tag, texts in seen.found.items()
        if texts
    }
    assert {name: value.split() for name, value in rules.items()} == digests
    assert [len(digests["style-src"]), len(digests.get("script-src", []))] == [1, kind == "lesson"]
    assert "unsafe" not in seen.policy
    # What only 'unsafe-inline' would allow.
    assert not {a for a in seen.attributes if a == "style" or a.startswith("on")}


def test_both_pages_have_one_frame(lesson, report):
    frames = []
    for text in (lesson, report):
        for tag in ("body", "style", "title"):
            text = re.sub(f"(?s)<{tag}>.*</{tag}>", tag, text)
        frames.append(re.sub('content="default-src.*?"', "policy", text))
    assert frames[0] == frames[1]
    assert "policy" in frames[0]
    assert lesson.endswith("</script>\n</body>\n</html>\n")
