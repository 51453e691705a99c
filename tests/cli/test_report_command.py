"""report, as a command."""

import json
from html.parser import HTMLParser

import pytest

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package

VOID = {"meta", "br", "rect"}
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"


class Page(HTMLParser):
    """Tags that were opened, the words between them, and whether each was closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(self.words)


@pytest.fixture
def files(tmp_path):
    for build in ("2m", "4m"):
        folder = tmp_path / build
        folder.mkdir()
        made = synthetic_package(build)
        (folder / "CODE.fd").write_bytes(made.code)
        (folder / "VARS.fd").write_bytes(made.vars)
    return tmp_path


def written(files, *arguments, status=0):
    out = files / "report.html"
    assert main(["report", *map(str, arguments), "-o", str(out)]) == status
    page = Page(out.read_text())
    assert page.open == []
    return page


def test_pair_that_fits(files, capsys):
    page = written(files, files / "4m/CODE.fd", files / "4m/VARS.fd")
    assert "✔ fits" in page.text
    assert "boots, and saves variables" in page.text
    assert "528 KiB (0x84000)" in page.text
    assert "fits" in capsys.readouterr().out
    boxes = [attrs for tag, attrs in page.tags if tag == "rect"]
    heights = sum(float(box["height"]) for box in boxes if box["x"] == "120")
    assert heights == pytest.approx(560, abs=1)


def test_pair_that_does_not_boot(files, capsys):
    page = written(files, files / "2m/CODE.fd", files / "4m/VARS.fd", "--json", status=1)
    out = json.loads(capsys.readouterr().out)
    assert (out["verdict"], out["outcome"]) == ("incompatible", "no-boot")
    assert "≠ FvLength" in page.text


def test_nothing_is_fetched_and_no_script_runs(files):
    page = written(files, files / "4m/CODE.fd", files / "4m/VARS.fd")
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "img", "iframe", "a"})
    assert not any(key.startswith("on") or key == "src" for _, attrs in page.tags for key in attrs)


def test_what_stands_in_the_store_is_text(files):
    store = files / "4m/VARS.fd"
    name, value = "<script>alert(1)</script>", "<img src=x onerror=alert(2)>"
    settings = ["--text", value, "--guid", "eb704011-1402-11d3-8e77-00a0c969723b"]
    assert main(["vars", "set", str(store), name, *settings]) == 0
    page = written(files, files / "4m/CODE.fd", store)
    assert name in page.text
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img"})


def test_a_domain_says_where_its_files_are(files):
    xml = files / "guest.xml"
    xml.write_text(
        "<domain type='kvm'><name>guest&lt;b&gt;</name><os>"
        "<type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
        f"<loader readonly='yes' type='pflash'>{files}/4m/CODE.fd</loader>"
        f"<nvram>{files}/4m/VARS.fd</nvram></os></domain>"
    )
    page = written(files, xml)
    assert "guest<b>" in page.text
    assert "b" not in {tag for tag, _ in page.tags}


def test_an_existing_file_is_not_overwritten(files, capsys):
    out = files / "report.html"
    out.write_text("mine")
    pair = [str(files / "4m/CODE.fd"), str(files / "4m/VARS.fd")]
    assert main(["report", *pair, "-o", str(out)]) == 2
    assert out.read_text() == "mine"
    assert "report.html" in capsys.readouterr().err
