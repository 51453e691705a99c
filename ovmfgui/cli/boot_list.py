"""``ovmfgui vars boot list``: the boot entries in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_table, say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import add_store, opened_store
from ovmfgui.nvram.boot_options import BootOption, boot_options
from ovmfgui.nvram.faults import visible_name
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_store(parser)
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Print the list."""
    opened = opened_store(arguments.vars)
    options = boot_options(opened.store)
    if arguments.json:
        files = [file_json(opened.file)]
        print_json({"files": files, "options": [_as_json(each) for each in options]})
    elif options:
        print_table([_row(each) for each in options])
    else:
        say(f"{opened.path}: no boot entries")
    if opened.incomplete is not None:
        msg = f"{opened.path} is damaged, and what is listed may not be all: {opened.incomplete}"
        raise Refused(msg)
    return ALL_WELL


def _as_json(option: BootOption) -> dict[str, Any]:
    return {
        "name": option.name,
        "number": option.number,
        "description": visible_name(option.description),
        "path": option.path,
        "active": option.active,
        "made_by_firmware": option.automatic,
        "position": option.position,
        "next": option.is_next,
        "problem": option.problem or None,
    }


def _row(option: BootOption) -> list[str]:
    notes = [
        text
        for text, holds in (
            ("next", option.is_next),
            ("not in BootOrder", option.position is None),
            ("inactive", not option.active and not option.problem),
            ("made by firmware", option.automatic),
        )
        if holds
    ]
    place = "" if option.position is None else f"{option.position + 1}."
    shown = option.problem or visible_name(option.description)
    return [place, option.name, shown, option.path, ", ".join(notes)]
