"""Make the manual page and the completions from the parsers: ``python desktop/make.py``.

The files beside this one are written anew; the tests hold them to what is made.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, HelpFormatter, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING

import shtab
from argparse_manpage.manpage import Manpage

from ovmfgui import __version__
from ovmfgui.cli import window
from ovmfgui.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.cli.command import Command

HERE = Path(__file__).parent
MANUAL = "ovmfgui.1"
PROSE = "manual-sections.txt"
"""What the manual page says besides the parsers, section by section, in roff."""
COMPLETIONS = {"bash": "ovmfgui.bash", "zsh": "_ovmfgui", "fish": "ovmfgui.fish"}


def whole_parser() -> ArgumentParser:
    """One parser of everything: the program itself makes only that of the command asked for."""
    parser = ArgumentParser(prog="ovmfgui", allow_abbrev=False)
    window.configure(parser)
    _drop_positionals(parser)
    parser.add_argument("--version", action="version", version=f"ovmfgui {__version__}")
    _add(parser, COMMANDS)
    for each in _parsers(parser):
        _complete_values(each)
    return parser


def _on_one_line(prog: str) -> HelpFormatter:
    """The manual's reader breaks the lines."""
    return HelpFormatter(prog, width=10_000)


def _drop_positionals(parser: ArgumentParser) -> None:
    """Files of the window: argparse would take a command's name for one."""
    for action in [each for each in parser._actions if not each.option_strings]:
        parser._remove_action(action)
        parser._positionals._group_actions.remove(action)


def _add(parser: ArgumentParser, commands: Sequence[Command]) -> None:
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in commands:
        summary = f"{command.summary[0].upper()}{command.summary[1:]}."
        below = chosen.add_parser(command.name, help=summary, formatter_class=_on_one_line)
        module = command.load()
        table = getattr(module, "SUBCOMMANDS", None)
        if table is None:
            module.configure(below)
        else:
            _add(below, table)


def _parsers(parser: ArgumentParser) -> list[ArgumentParser]:
    below = [each for each in parser._actions if isinstance(each, _SubParsersAction)]
    return [parser, *(p for each in below for one in each.choices.values() for p in _parsers(one))]


_FILES = {"A", "B", "CODE", "F", "FILE", "LOG", "NEW", "NEW_PACKAGE", "OLD_PACKAGE", "PATH"} | {
    "SCENARIO",
    "SOCKET",
    "STORE",
    "UNIFIED",
    "VARS",
}
"""What stands for a file in the commands' help."""


def _complete_values(parser: ArgumentParser) -> None:
    """Complete what stands for a file or a folder as one, an enumeration as its words are typed."""
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            continue
        if action.choices is not None:
            action.choices = [str(getattr(each, "value", each)) for each in action.choices]
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar == "DIR":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]


def _completions(parser: ArgumentParser, shell: str) -> str:
    """What completes in one shell; the generator's advice on where to put it is left out."""
    kept = [f"#compdef {parser.prog}"] if shell == "zsh" else []
    lines = shtab.complete(parser, shell).splitlines()
    code = next(n for n, line in enumerate(lines) if line and not line.startswith("#"))
    return "\n".join([*kept, "# Made by desktop/make.py.", *lines[code:]]) + "\n"


def _manual(parser: ArgumentParser) -> str:
    data = {
        "version": __version__,
        "date": _date(),
        "manual_title": "User Commands",
        "description": "inspect the flash of virtual machines that boot UEFI firmware",
        "include": str(HERE / PROSE),
    }
    text = str(Manpage(parser, data, format="single-commands-section"))
    # A line of text that begins with an apostrophe would be a macro of that name to roff, whose
    # own letters are those of ASCII.
    text = re.sub("^'", r"\\&'", text, flags=re.MULTILINE)
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)


def _date() -> str:
    """Day of the newest release."""
    changelog = (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    return re.findall(r"^## .*(\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)[0]


def made() -> dict[str, str]:
    """Text of each file, by its name."""
    parser = whole_parser()
    return {name: _completions(parser, shell) for shell, name in COMPLETIONS.items()} | {
        MANUAL: _manual(parser)
    }


if __name__ == "__main__":
    for name, text in made().items():
        (HERE / name).write_text(text, encoding="utf-8")
