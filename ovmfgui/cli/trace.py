"""``ovmfgui trace``: play a QEMU flash trace on the emulated chip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_table, say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.dataclass import replace
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.trace import TraceLog, TracePlayer
from ovmfgui.pflash.trace_board import TRACE_BOARDS, Survey, board_named
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.migration.recorded.trace_timeline import Act
    from ovmfgui.pflash.geometry import Geometry
    from ovmfgui.pflash.trace import TraceReplay


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
        "--board",
        choices=tuple(TRACE_BOARDS),
        help="whose chip it is: 'pc' (x86: blocks of 4 KiB) or 'virt' (Arm, RISC-V, LoongArch: "
        "256 KiB); the log itself tells it if not given",
    )
    parser.add_argument(
        "--machine", metavar="FILE", help="the machine's definition, which tells whose chip it is"
    )
    parser.add_argument(
        "-o", "--output", metavar="NEW", help="write what the chip holds at the end"
    )
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Play the log, and say what its chip holds at the end."""
    from ovmfgui.cli.store_argument import path_of_store
    from ovmfgui.flash.source import read_file
    from ovmfgui.nvram.saving import create

    chip_file = read_file(path_of_store(arguments.vars))
    before = chip_file.data
    told = _board_told(arguments)
    log = TraceLog(arguments.log)
    try:
        survey = Survey(log)
        chip = arguments.chip or survey.busiest_chip
        board = told or survey.board_of(chip)
        player = TracePlayer(chip, before, board)
        acts = _acts(player, log, before, board)
    except Refused as refusal:
        told_whole = str(refusal).startswith(arguments.log)
        msg = str(refusal) if told_whole else f"{arguments.log}: {refusal}"
        raise Refused(msg) from refusal
    replay = player.result()
    replay = replace(replay, notes=(*survey.contradictions(chip, board), *replay.notes))
    if arguments.output:
        create(arguments.output, replay.contents.tobytes())
    if arguments.json:
        files = {"files": [file_json(chip_file)], "log": arguments.log}
        print_json(files | as_document(replay, board, acts))
    else:
        print_trace(replay, board, arguments.output)
        print_acts(acts)
    return ALL_WELL


def _acts(player: TracePlayer, log: TraceLog, before: bytes, board: Geometry) -> tuple[Act, ...]:
    """What the firmware did; what the chip held after each is of no use here, and let go."""
    from ovmfgui.migration.recorded.trace_timeline import timeline

    nothing = Pages.of(b"")
    events = player.playing(log.events())
    return tuple(
        replace(act, contents=nothing) for act in timeline(events, player.name, before, board)
    )


def _board_told(arguments: Namespace) -> Geometry | None:
    """The board that the caller names; None where the log has to tell it."""
    if arguments.board:
        return TRACE_BOARDS[arguments.board]
    if not arguments.machine:
        return None
    from ovmfgui.machine.definition import read_definition

    machine = read_definition(arguments.machine)
    if machine is None:
        msg = (
            f"{arguments.machine} defines no machine; give a domain XML, a descriptor, a QEMU "
            "command line or a Proxmox configuration, or say --board pc or --board virt"
        )
        raise Refused(msg)
    board = board_named(machine.architecture, machine.board)
    if board is None:
        msg = (
            f"{arguments.machine} does not tell whose chip it is (architecture "
            f"{machine.architecture or 'not given'}, machine type {machine.board or 'not given'}); "
            "say --board pc or --board virt"
        )
        raise Refused(msg)
    return board


def as_document(replay: TraceReplay, board: Geometry, acts: tuple[Act, ...]) -> dict[str, Any]:
    """The command's JSON."""
    return {
        "writes": replay.writes,
        "erases": replay.erases,
        "programs": replay.programs,
        "chip": replay.chip,
        "board": next(word for word, each in TRACE_BOARDS.items() if each is board),
        "block_size": board.sector_size,
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


def print_trace(replay: TraceReplay, board: Geometry, output: str | None) -> None:
    """The replay for a person."""
    print(
        f"{replay.chip} of {board.name}: {replay.writes:,} bus writes, "
        f"{replay.programs:,} programs, {replay.erases:,} block erases; "
        f"at the end {replay.state.words}"
    )
    say(f"sha256 {replay.contents.sha256}" + (f", written to {output}" if output else ""))
    for block, count in replay.wear.items():
        say(f"  block {block}: {count:,} erases")
    for note in replay.notes:
        say(f"! {note}")


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
