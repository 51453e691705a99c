"""``ovmfgui vars export``: write variables to a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.store_argument import add_store, opened_store
from ovmfgui.nvram.exchange import to_dmpstore, to_efivarfs, to_json, variables_of
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.saving import create
from ovmfgui.nvram.store_file import guid_argument
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.nvram.exchange import Variable
    from ovmfgui.nvram.store_file import StoreFile

_FORMATS = {
    "json": "the JSON of virt-firmware, python-uefivars and QEMU",
    "dmpstore": "what the UEFI shell's dmpstore -l loads",
    "efivarfs": "a folder of files as Linux shows them",
}


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_store(parser)
    parser.add_argument("names", metavar="NAME", nargs="*", help="variables; without any, all")
    parser.add_argument("--guid", metavar="G", help="only variables of this vendor")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="where to; without it JSON is printed"
    )
    parser.add_argument(
        "--format",
        choices=list(_FORMATS),
        default="json",
        help="; ".join(f"{name}: {what}" for name, what in _FORMATS.items()),
    )
    parser.add_argument(
        "--json", action="store_true", help="with -o: tell what was written as JSON"
    )


def run(arguments: Namespace) -> int:
    """Write the variables."""
    opened = opened_store(arguments.vars)
    variables = _chosen(opened, arguments)
    if arguments.format == "efivarfs":
        _write_folder(variables, arguments.output)
        _tell(opened, arguments, variables, "file")
        return ALL_WELL
    json_text = arguments.format == "json"
    if arguments.json and arguments.output is None and not json_text:
        msg = "--json tells of a file that was written: name it with -o"
        raise Refused(msg)
    contents = to_json(variables).encode() if json_text else to_dmpstore(variables)
    if arguments.output is not None:
        create(arguments.output, contents)
        _tell(opened, arguments, variables, "variable")
    elif json_text:
        print(contents.decode(), end="")
    else:
        sys.stdout.buffer.write(contents)
    return ALL_WELL


def _tell(opened: StoreFile, arguments: Namespace, variables: list[Variable], what: str) -> None:
    if arguments.json:
        names = [variable.name for variable in variables]
        print_json(
            {
                "files": [file_json(opened.file)],
                "path": arguments.output,
                "format": arguments.format,
                "variables": names,
            }
        )
    else:
        say(f"{arguments.output}: {count(len(variables), what)}")


def _chosen(opened: StoreFile, arguments: Namespace) -> list[Variable]:
    if opened.incomplete is not None:
        msg = f"{opened.path} is damaged; recover it first: {opened.incomplete}"
        raise Refused(msg)
    guid = None if arguments.guid is None else guid_argument(arguments.guid)
    chosen = [
        variable
        for variable in variables_of(opened.store)
        if (guid is None or variable.guid == guid)
        and (not arguments.names or variable.name in arguments.names)
    ]
    missing = set(arguments.names) - {variable.name for variable in chosen}
    if missing:
        name = visible_name(min(missing))
        msg = f"there is no variable {name} in {opened.path}"
        raise Refused(msg)
    return chosen


def _write_folder(variables: list[Variable], output: str | None) -> None:
    if output is None:
        msg = "a folder to write to is needed: -o FOLDER"
        raise Refused(msg)
    folder = Path(output)
    files = [to_efivarfs(each) for each in variables]
    for name, _contents in files:
        if "/" in name or "\0" in name or any("\ud800" <= c <= "\udfff" for c in name):
            msg = f"{visible_name(name)} cannot be the name of a file; export as json instead"
            raise Refused(msg)
    try:
        folder.mkdir()
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror}"
        raise Refused(msg) from error
    for name, contents in files:
        create(folder / name, contents)
