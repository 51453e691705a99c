"""What is promised about cost stands where people read it, and is what the readers hold to."""

import re
from pathlib import Path

from ovmfgui import budgets
from ovmfgui.budgets import BUDGETS, Budget
from ovmfgui.wording import size_text

ROOT = Path(__file__).parent.parent


def row(budget: Budget) -> str:
    if budget.unit == "bytes":
        most = size_text(int(budget.most))
    else:
        most = f"{budget.most:,.0f} {budget.unit}"
    return f"| {budget.what} | {most} | {budget.told} |"


def test_security_md_lists_every_budget_and_no_other():
    table = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("|---|---|---|\n")[2]
    assert table.splitlines() == [row(budget) for budget in BUDGETS]


def test_every_constant_is_in_the_table_and_used():
    constants = {
        name: value
        for name, value in vars(budgets).items()
        if re.fullmatch("MOST_.+|.+_SECONDS", name)
    }
    assert sorted(constants.values()) == sorted(budget.most for budget in BUDGETS)
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "ovmfgui").rglob("*.py")
        if path.name != "budgets.py"
    )
    assert set(constants) - set(re.findall(r"\w+", sources)) == set()


LAYOUT = {
    "flash/byte_formats.py: LARGEST_COPY": "what a clipboard takes",
    "flash/byte_alignment.py: MOST_STRETCHES MOST_FINE": "how exactly two files are aligned",
    "layout/alignment.py: MOST_PLACES": "how exactly two files are aligned",
    "nvram/changes.py: MOST_RUNS": "how exactly a change is told",
    "cli/compare.py: _MOST_RUNS": "length of an answer",
    "cli/compare_bytes.py: _MOST _MOST_LINES": "length of an answer",
    "cli/find.py: _MOST": "length of an answer",
    "layout/searching.py: MOST": "length of an answer",
    "flash/search.py: MOST_MATCHES": "length of an answer",
    "cli/preflight_fleet.py: _MOST_SHOWN": "length of an answer",
    "hosts/matrix_arrangement.py: MOST_IN_WORDS _MOST_PATHS": "length of an answer",
    "pflash/trace.py: MAX_NOTED": "length of an answer",
    "wording.py: _LONGEST_NAME": "length of an answer",
    "migration/scenario/file.py: _LONGEST_SAID": "length of an answer",
    "migration/lesson/questions.py: _MOST_CHOICES": "length of an answer",
    "migration/lesson/host_cast.py: _LONGEST": "length of an answer",
    "migration/explain/lines.py: _MOST_JOINED": "how people wrap messages",
    "layout/lookup.py: _MOST_NAMES": "names that are remembered",
    "nvram/decode/remembered.py: _LIMIT": "values that are remembered",
    "hosts/kept_codes.py: _MOST_BYTES": "a file that only ovmfgui writes",
    "flash/notes.py: MOST MOST_TEXT MOST_NAME": "what a note consists of",
    "flash/source.py: MAX_STORED": "the largest chip of QEMU's boards",
    "pflash/bus.py: MAX_ACCESS": "the width of the bus",
    "nvram/temporary.py: _LONGEST_STEM": "what file systems take",
    "migration/engine/qemu.py: _LONGEST_SOCKET": "what unix(7) takes",
    "migration/engine/live.py: _LONGEST_VALUE": "what the shell takes",
    "decimal_text.py: _LONGEST": "what a field of 64 bits holds",
    "flash/executable.py: _MAX_SECTIONS": "the format's own",
    "flash/tiano.py: _LONGEST_CODE": "the format's own",
    "nvram/decode/path_from_text.py: _LARGEST": "the format's own",
    "flash/qcow2_layers.py: _MAX_EXTRA": "the format's own",
    "nvram/json_store.py: LARGEST": "the device's own",
    "nvram/locating.py: _LARGEST_WORKING": "a flash block's size",
    "nvram/spare.py: _LONGEST": "a flash block's size",
    "nvram/carving.py: _MOST_NAME": "what a record looks like",
    "migration/recorded/trace_timeline.py: _LONGEST_NAME": "what a record looks like",
    "trust/partitions.py: _MOST_ENTRY": "the format's own",
    "trust/launch_digest.py: MOST_PROCESSORS": "what a person asks for",
    "layout/witnesses/x86_constants.py: _LONGEST_LOG": "what builds of CODE look like",
    "layout/witnesses/code/follower.py: _MAX_DEPTH _MAX_PLACE": "what builds of CODE look like",
    "layout/witnesses/nor_flash.py: _MAX_CODE _LONGEST": "what builds of CODE look like",
    "layout/witnesses/volume_header.py: _MAX_STEPS": "what builds of CODE look like",
    "flash/placement.py: PC_MAX_FIRMWARE": "QEMU's own",
    "nvram/ftw.py: SEARCH_LIMIT": "where known layouts end",
}
"""Ceilings that are not what an input may cost, and what they are."""
_CEILING = re.compile(
    r"^([A-Z0-9_]*(?:MOST|MAX|LARGEST|LONGEST|DEEPEST|LIMIT)[A-Z0-9_]*)\b.* = .*\d", re.MULTILINE
)


def test_no_reader_has_a_budget_of_its_own():
    package = ROOT / "ovmfgui"
    elsewhere = {
        (path.relative_to(package).as_posix(), name)
        for path in package.rglob("*.py")
        if path.relative_to(package).parts[0] not in ("budgets.py", "gui")
        for name in _CEILING.findall(path.read_text(encoding="utf-8"))
    }
    known = {
        (file, name)
        for each in LAYOUT
        for file, _, names in [each.partition(": ")]
        for name in names.split()
    }
    assert elsewhere - known == set(), "bring it into budgets.py, or say here what it is"
    assert known - elsewhere == set(), "these are no ceilings any more"
