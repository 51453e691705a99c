"""Parsers of arguments that all look and complain alike, and tables of sub-commands."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser, HelpFormatter
from typing import TYPE_CHECKING, NoReturn

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import Namespace, _ActionsContainer
    from collections.abc import Sequence

    from ovmfgui.cli.command import Command


def _plain(prog: str) -> HelpFormatter:
    return HelpFormatter(prog, max_help_position=32, width=100)


class _Verbatim(HelpFormatter):
    """Keeps a table of commands as it is laid out."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:  # noqa: ARG002
        return text


class _Parser(ArgumentParser):
    """Says what is wrong with the arguments in one line, as everything else does."""

    def error(self, message: str) -> NoReturn:
        msg = f"{message} (see '{self.prog} --help')"
        raise Refused(msg)


def parser_for(command: Command, prog: str, epilog: str | None = None) -> ArgumentParser:
    """A parser for one command; an epilog is printed as it is laid out."""
    return _Parser(
        prog=prog,
        description=f"{command.summary[0].upper()}{command.summary[1:]}.",
        epilog=epilog,
        formatter_class=_Verbatim if epilog else _plain,
        allow_abbrev=False,
    )


def add_json(parser: _ActionsContainer) -> None:
    """Declare the argument that nearly every command takes."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def add_root(parser: ArgumentParser) -> None:
    """Declare the argument of commands that take definitions of machines."""
    parser.add_argument(
        "--root", metavar="DIR", help="the file tree of the host that a definition is from"
    )


def table_of(commands: Sequence[Command], prog: str) -> str:
    """The commands with what they do, as help shows them."""
    width = max(len(command.name) for command in commands)
    rows = [f"  {command.name:<{width}}  {command.summary}" for command in commands]
    return "\n".join(["commands:", *rows, "", f"'{prog} COMMAND --help' tells each command's own."])


def configure_subcommands(parser: ArgumentParser, commands: Sequence[Command]) -> None:
    """Declare that one of ``commands`` follows, with arguments of its own.

    Without argparse's own sub-parsers: those want every command's parser made beforehand.
    """
    parser.epilog = table_of(commands, parser.prog)
    parser.usage = "%(prog)s [-h] COMMAND ..."
    names = [command.name for command in commands]
    parser.add_argument("subcommand", metavar="COMMAND", choices=names, help="one of those below")
    parser.add_argument("rest", metavar="...", nargs=REMAINDER, help="its own arguments")
    parser.set_defaults(prog=parser.prog)
    # Last: for each argument a formatter is made, and this one asks shutil how wide it is.
    parser.formatter_class = _Verbatim


def run_subcommand(arguments: Namespace, commands: Sequence[Command]) -> int:
    """Run the one that was asked for; its module is imported only now."""
    command = next(each for each in commands if each.name == arguments.subcommand)
    parser = parser_for(command, f"{arguments.prog} {command.name}")
    module = command.load()
    module.configure(parser)
    return module.run(parser.parse_args(arguments.rest))
