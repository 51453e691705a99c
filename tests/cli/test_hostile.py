"""Files that were made to cost much, or to say what is not theirs, each through the real program.

Their cost is measured in the processor's time, by the pace that the machine has then, and in
resident memory.
"""

import json
import lzma
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from pace import pace

from ovmfgui.cli.main import main
from ovmfgui.flash import building as build
from ovmfgui.layout.synthetic import synthetic_package

DATA = Path(__file__).parent.parent / "data" / "hostile"
MOST_SECONDS = 5.0
MOST_MIB = 400


@dataclass
class Ended:
    """A run that has ended; ``seconds`` of the processor's time, memory at its highest."""

    status: int
    out: str
    err: str
    seconds: float
    mib: int


# Linux counts what a process had before it became another program into that one's peak: a test
# runner has hundreds of MiB, this has ten.
_MEASURING = """
import os, sys
pid = os.fork()
if not pid:
    os.execv(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as told:
    print(os.waitstatus_to_exitcode(status), file=told)
    print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10, file=told)
"""


def run(*arguments: str, stdin=subprocess.DEVNULL) -> Ended:
    with tempfile.NamedTemporaryFile("r") as told:
        program = [sys.executable, "-m", "ovmfgui", *arguments]
        ended = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _MEASURING, told.name, *program],
            stdin=stdin,
            capture_output=True,
            env=os.environ | {"COVERAGE_PROCESS_START": ""},
            check=True,
        )
        status, seconds, mib = told.read().split()
    return Ended(
        int(status), ended.stdout.decode(), ended.stderr.decode(), float(seconds), int(mib)
    )


def cheap(ended: Ended) -> Ended:
    """Every status but those of a fault; an answer of bounded length, for a bounded price."""
    assert ended.status in (0, 1, 2, 3), ended.err
    assert "Traceback" not in ended.err
    assert ended.seconds < MOST_SECONDS * pace()
    assert ended.mib < MOST_MIB
    assert len(ended.out) < 400_000
    if ended.status == 2:
        assert ended.err.count("\n") == 1
        assert len(ended.err) < 5_000
    return ended


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for packed in DATA.glob("*.xz"):
        (folder / packed.stem).write_bytes(lzma.decompress(packed.read_bytes()))
    return folder


@pytest.mark.parametrize("name", ["fv-many.fd", "sec-many.fd", "lz-damaged-x40.fd", "std-95m.fd"])
def test_an_image_costs_what_it_holds_not_what_it_claims(unpacked, name):
    ended = cheap(run("inspect", str(unpacked / name)))
    assert ended.status == 0
    findings = ended.out.partition("Findings")[2]
    if name != "std-95m.fd":
        assert "reading stops here" in findings or "that are left" in findings
    assert findings.count("\n") < 300


def test_neighbours_that_are_alike_are_told_once(unpacked):
    """In JSON too; what tiles the file still does."""
    ended = cheap(run("inspect", "--json", str(unpacked / "fv-many.fd")))
    told = json.loads(ended.out)["map"]
    (rest,) = [node for node in told if "count" in node]
    assert (rest["name"], rest["children"]) == ("firmware volume", [])
    assert rest["count"] > 1000
    assert len(told) < 80
    for node, following in pairwise(told):
        assert node["offset"] + node["size"] == following["offset"]


@pytest.mark.parametrize("path", sorted(DATA.glob("stream-*")), ids=lambda path: path.name)
def test_a_stream_is_refused_where_it_claims_too_much(path):
    assert cheap(run("stream", str(path))).status == 2


def test_words_that_bring_no_memory_end_a_stream(unpacked):
    assert cheap(run("stream", str(unpacked / "zeros-in-ram.bin"))).status == 2


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 20_000) + "=1",
        "[" + ' . "a"' * 20_000 + "]",
        "a=" + "[" * 50_000,
        "a=" + "{a=" * 20_000,
        "title=" + "9" * 5_000,
        "title=0x" + "f" * 500_000,
    ],
    ids=["dotted", "quoted", "lists", "tables", "decimal", "hexadecimal"],
)
def test_a_scenario_of_endless_depth_or_length(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_text(text)
    ended = cheap(run("replay", str(path)))
    assert ended.status == 2
    assert str(path) in ended.err


HARMLESS = re.compile("[\n\t\x20-\x7e\xa0-\U0010ffff]*")
TURNING = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
DESCRIBED = ("d2.json", "noex.xml", "ui.fd", "esc.toml")
ANSWERS = (
    *((command, name) for command in ("check", "inspect") for name in DESCRIBED[:3]),
    ("replay", "esc.toml"),
)


@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
@pytest.mark.parametrize(("command", "name"), ANSWERS)
def test_no_terminal_obeys_what_a_file_says(capsys, command, name, as_json):
    main([command, str(DATA / name), *(["--json"] if as_json else [])])
    told = capsys.readouterr()
    for text in told:
        assert HARMLESS.fullmatch(text)
        assert not TURNING.search(text)
    assert told.out or told.err.count("\n") == 1
    if as_json and told.out:
        assert json.loads(told.out)["schema"] == 1


def test_the_same_text_is_in_the_json(capsys):
    main(["inspect", "--json", str(DATA / "ui.fd")])
    assert "\x1b[31mRED\x1b]0;pwned\x07\nline2\u202e" in "".join(capture_names(capsys))


def capture_names(capsys) -> list[str]:
    def names(region):
        yield region["name"]
        for child in region["children"]:
            yield from names(child)

    return [name for top in json.loads(capsys.readouterr().out)["map"] for name in names(top)]


@pytest.mark.parametrize(
    "arguments", [("replay", DATA / "esc.toml", "--html"), ("report", DATA / "ui.fd", "-o")]
)
def test_a_page_shows_a_files_words_as_words(tmp_path, capsys, arguments):
    page = tmp_path / "page.html"
    main([*map(str, arguments), str(page)])
    text = page.read_text(encoding="utf-8")
    assert HARMLESS.fullmatch(text)
    assert not TURNING.search(text)
    body = text.partition("<body>")[2]
    for tag in ("<script>alert", "<img", "<iframe", "<svg onload"):
        assert tag not in body


def test_a_refusal_is_one_line_of_bounded_length(tmp_path, capsys):
    for name in ("a\nb\x1b[31m\u202e", "x" * 250, "/".join(["y" * 200] * 15)):
        assert main(["inspect", str(tmp_path / name)]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert HARMLESS.fullmatch(error)
        assert not TURNING.search(error)
        assert len(error) < 2_100


def test_a_long_name_does_not_widen_the_table(tmp_path, capsys):
    name = build.section(0x15, ("N" * 20_000).encode("utf-16-le") + b"\0\0")
    file = build.file(UUID(int=7), 0x07, build.sections([name]))
    path = tmp_path / "long.fd"
    path.write_bytes(build.volume(0x10000, [file]))
    assert main(["inspect", str(path)]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) < 700


FULL = Path("/dev/full")
WHOLE = ("explain hello", "replay demo", "check {code} {vars}", "vars list {vars}")


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    made = synthetic_package("2m")
    (folder / "CODE.fd").write_bytes(made.code)
    (folder / "VARS.fd").write_bytes(made.vars)
    return {"code": str(folder / "CODE.fd"), "vars": str(folder / "VARS.fd")}


@pytest.mark.parametrize("command", WHOLE)
@pytest.mark.parametrize(
    ("redirected", "statuses"),
    [
        (">/dev/full", {74}),
        (">&-", {74}),
        (">/dev/full 2>/dev/full", {74}),
        (">&- 2>&-", {74}),
        ("<&- >/dev/null", {0, 1}),
    ],
)
@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_streams_that_are_closed_or_full_end_in_a_status(package, command, redirected, statuses):
    words = command.format(**package)
    script = f'exec "{sys.executable}" -m ovmfgui {words} {redirected}'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode in statuses, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1


@pytest.mark.parametrize("command", ["explain", "check -", "vars list -", "inspect -"])
def test_a_closed_standard_input_is_said_to_be(command):
    script = f'exec "{sys.executable}" -m ovmfgui {command} <&-'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr


@pytest.mark.parametrize("command", WHOLE)
def test_a_terminal_of_ascii_gets_ascii(package, command):
    words = command.format(**package).split()
    done = subprocess.run(
        [sys.executable, "-m", "ovmfgui", *words],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "LANG": "C"},
    )
    assert done.returncode in (0, 1)
    assert done.stdout.isascii()
