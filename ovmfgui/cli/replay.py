"""``ovmfgui replay``: play a migration scenario and say what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_table, print_wrapped, say
from ovmfgui.cli.parsing import add_json
from ovmfgui.migration.engine.playing import Engine, GuestKind, play
from ovmfgui.migration.scenario.actions import ACTIONS
from ovmfgui.migration.scenario.file import load
from ovmfgui.migration.scenario.shipped import find, headlines, shipped
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.migration.simulation.step import Agreement, Replay, Step


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "scenario", nargs="?", metavar="SCENARIO", help="a shipped scenario's name, or a TOML file"
    )
    parser.add_argument(
        "--engine",
        choices=list(Engine),
        default=Engine.MODEL,
        type=Engine,
        help="what plays the hosts: 'model', the emulated flash chips (the default); 'qemu', a "
        "real QEMU process for each machine; 'both', compared with each other bit for bit",
    )
    parser.add_argument(
        "--guest",
        choices=list(GuestKind),
        default=GuestKind.IDLE,
        type=GuestKind,
        help="what runs in a real QEMU: 'idle', nothing (the default); 'real', the firmware "
        "itself, and what comes of it is compared with what the model says (10 to 25 s a boot)",
    )
    parser.add_argument(
        "--html",
        metavar="FILE",
        help="write the replay as a lesson: one page with its pictures, to show or to print",
    )
    parser.add_argument("--list", action="store_true", help="list the shipped scenarios")
    parser.add_argument(
        "--actions", action="store_true", help="list what a scenario of one's own can do"
    )
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 it ends well; 1 it does not: the guest or a variable is lost (declared or "
        "not), it ends otherwise than declared, something that was asked for was not there, or the "
        "engines differ; 2 unusable input."
    )


def run_list(as_json: bool) -> int:
    """List the shipped scenarios."""
    scenarios = headlines()
    if as_json:
        rows = [
            {
                "name": each.name,
                "title": each.title,
                "summary": each.summary,
                "teaches": each.teaches,
                "minutes": each.minutes,
                "questions": each.questions,
            }
            for each in scenarios
        ]
        print_json({"scenarios": rows})
        return ALL_WELL
    print_table([(scenario.name, scenario.title) for scenario in scenarios])
    return ALL_WELL


def run_actions(as_json: bool) -> int:
    """List the actions and their parameters, for a person who writes a scenario."""
    if as_json:
        rows = [
            {
                "name": kind.name,
                "summary": kind.summary,
                "parameters": [
                    {
                        "name": parameter.name,
                        "takes": parameter.kind.value,
                        "required": parameter.required,
                        "summary": parameter.summary,
                    }
                    for parameter in kind.parameters
                ],
            }
            for kind in ACTIONS.values()
        ]
        print_json({"actions": rows})
        return ALL_WELL
    for kind in ACTIONS.values():
        say(f"{kind.name}: {kind.summary}")
        for parameter in kind.parameters:
            needed = ", required" if parameter.required else ""
            say(f"    {parameter.name} ({parameter.kind.value}{needed}): {parameter.summary}")
    return ALL_WELL


def run_scenario(arguments: Namespace) -> int:
    """Play one scenario."""
    scenario = load(find(arguments.scenario))
    replay = play(scenario, arguments.engine, guest=arguments.guest)
    if arguments.html:
        write_page(replay, arguments.html)
    if arguments.json:
        print_json(as_document(replay))
    elif arguments.html:
        say(f"written: {arguments.html}")
    else:
        print_replay(replay)
    differ = replay.agreement is not None and bool(replay.agreement.differences)
    return ALL_WELL if replay.well and not differ else ANSWER_IS_NO


def write_page(replay: Replay, path: str) -> None:
    """Write the lesson's page; nothing is overwritten."""
    from ovmfgui.migration.lesson.page import lesson_page
    from ovmfgui.nvram.saving import create

    create(path, lesson_page(replay).encode())


def as_document(replay: Replay) -> dict[str, Any]:
    """The replay as the command's JSON."""
    return {
        "scenario": replay.scenario.name,
        "engine": replay.engine,
        "steps": [
            {
                "n": step.n,
                "action": step.action,
                "host": step.host,
                "title": step.title,
                "text": step.text,
                "qemu": step.qemu,
                "consequence": step.consequence,
                "ok": step.ok,
            }
            for step in replay.steps[1:]
        ],
        "checkpoints": [
            {
                "name": point.name,
                "host": point.host,
                "vars_sha256": point.vars_sha256,
                "code_sha256": point.code_sha256,
                "wcycle": point.wcycle,
                "cmd": point.cmd,
                "status": point.status,
                "counter": point.counter,
            }
            for point in replay.checkpoints
        ],
        "outcome": replay.outcome.value,
        "agreement": None
        if replay.agreement is None
        else {
            "checked": replay.agreement.checked,
            "differences": list(replay.agreement.differences),
        },
        "well": replay.well,
        "unmet": list(replay.unmet),
        "notes": list(replay.notes),
    }


def print_replay(replay: Replay) -> None:
    """The replay for a person."""
    print(replay.scenario.title)
    print_wrapped(replay.scenario.summary)
    titles = {host.name: host.title for host in replay.scenario.hosts}
    width = max(map(len, titles.values()))
    for step in replay.steps[1:]:
        print()
        print_step(step, titles[step.host], width)
    print()
    sign = "well" if replay.well else "not well"
    print_wrapped(f"Outcome: {replay.outcome.value} ({sign}). {replay.outcome_text}")
    for note in replay.notes:
        print_wrapped(note)
    if replay.agreement is not None:
        print_agreement(replay.agreement)


def print_agreement(agreement: Agreement) -> None:
    """How far the model and real QEMU agree."""
    found = len(agreement.differences)
    said = count(found, "difference") if found else "equal"
    print_wrapped(f"The model and QEMU compared in {agreement.checked:,} points: {said}.")
    for difference in agreement.differences:
        print_wrapped(difference, "  ", "✖ ")


def print_step(step: Step, host: str, width: int) -> None:
    """One step: its number, its host, what happened, and QEMU's own words."""
    sign = " " if step.ok else "!"
    say(f"{step.n:3d} {sign} {host:<{width}}  {step.title}")
    margin = " " * 6
    print_wrapped(step.text, margin)
    for line in step.qemu.splitlines():
        say(f"{margin}    {line}")
    if step.consequence:
        print_wrapped(step.consequence, margin, "→ ")


def run(arguments: Namespace) -> int:
    """Do what the arguments say."""
    if arguments.list:
        return run_list(arguments.json)
    if arguments.actions:
        return run_actions(arguments.json)
    if arguments.scenario is None:
        names = ", ".join(path.stem for path in shipped())
        msg = f"name a scenario, one of {names}, or the path of a TOML file"
        raise Refused(msg)
    return run_scenario(arguments)
