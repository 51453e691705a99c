"""``ovmfgui trace``: play a QEMU flash trace on the emulated chip."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_table
from ovmfgui.pflash.trace import busiest_chip, read_trace, replay_trace
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.migration.recorded.trace_timeline import Act
    from ovmfgui.pflash.trace import TraceReplay

MAX_LOG = 1 << 30
_XZ = b"\xfd7zXZ\x00"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "log", metavar="LOG", help="written by QEMU with -trace 'pflash_*' -D LOG; xz is fine"
    )
    parser.add_argument(
        "--vars", required=True, metavar="VARS", help="the chip's file as it was before"
    )
    parser.add_argument("--chip", help="its name in the log; the one most written to if not given")
    parser.add_argument(
        "-o", "--output", metavar="NEW", help="write what the chip holds at the end"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: Namespace) -> int:
    """Play the log."""
    from ovmfgui.flash.source import read_file
    from ovmfgui.nvram.saving import create

    before = read_file(arguments.vars).data
    events = list(read_trace(_log_text(arguments.log).splitlines()))
    try:
        chip = arguments.chip or busiest_chip(events)
        replay = replay_trace(events, chip, before)
    except Refused as refusal:
        msg = f"{arguments.log}: {refusal}"
        raise Refused(msg) from refusal
    from ovmfgui.migration.recorded.trace_timeline import timeline

    acts = timeline(events, chip, before)
    if arguments.output:
        create(arguments.output, replay.contents.tobytes())
    if arguments.json:
        print_json(as_document(replay, acts))
    else:
        print_trace(replay, arguments.output)
        print_acts(acts)
    return ALL_WELL


def as_document(replay: TraceReplay, acts: tuple[Act, ...]) -> dict[str, Any]:
    """The command's JSON."""
    return {
        "writes": replay.writes,
        "erases": replay.erases,
        "programs": replay.programs,
        "chip": replay.chip,
        "sha256": replay.contents.sha256,
        "wear": {str(block): count for block, count in replay.wear.items()},
        "notes": list(replay.notes),
        "acts": [
            {
                "title": act.title,
                "name": act.name or None,
                "guid": act.guid or None,
                "first_line": act.first_line,
                "last_line": act.last_line,
                "writes": act.writes,
                "programs": act.programs,
                "erases": act.erases,
            }
            for act in acts
        ],
    }


def print_trace(replay: TraceReplay, output: str | None) -> None:
    """The replay for a person."""
    print(
        f"{replay.chip}: {replay.writes:,} bus writes, {replay.programs:,} programs, "
        f"{replay.erases:,} block erases; at the end {replay.state.words}"
    )
    print(f"sha256 {replay.contents.sha256}" + (f", written to {output}" if output else ""))
    for block, count in replay.wear.items():
        print(f"  block {block}: {count:,} erases")
    for note in replay.notes:
        print(f"! {note}")


def print_acts(acts: tuple[Act, ...]) -> None:
    """What the firmware did, one act a line."""
    print("\nWhat the firmware did")
    rows = [("line", "act", "bus writes", "erases")]
    rows += [
        (
            f"{act.first_line:,}",
            act.title,
            f"{act.writes:,}",
            f"{act.erases:,}" if act.erases else "",
        )
        for act in acts
    ]
    print_table(rows, frozenset((0, 2, 3)))


def _log_text(path: str) -> str:
    from ovmfgui.flash.source import read_regular

    data = read_regular(path, MAX_LOG)
    if not data.startswith(_XZ):
        return data.decode("utf-8", "replace")
    try:
        data = lzma.LZMADecompressor(memlimit=256 << 20).decompress(data, MAX_LOG + 1)
    except lzma.LZMAError as error:
        msg = f"{path} is no whole xz file: {error}"
        raise Refused(msg) from error
    if len(data) > MAX_LOG:
        msg = f"{path} has more than {MAX_LOG >> 20} MiB; cut it, or trace less"
        raise Refused(msg)
    return data.decode("utf-8", "replace")
