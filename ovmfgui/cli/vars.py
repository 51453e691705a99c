"""``ovmfgui vars``: the table of sub-commands on a variable store."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any, cast

from ovmfgui.cli.command import Command

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from ovmfgui.cli.command import CommandModule

SUBCOMMANDS = (
    Command("list", "list the variables of a store", "vars_list"),
    Command("get", "show one variable", "vars_get"),
    Command("set", "create a variable or give it another value", "vars_set"),
    Command("append", "add to the end of a variable's value", "vars_append"),
    Command("delete", "delete a variable", "vars_delete"),
    Command("import", "bring in variables from a file", "vars_import"),
    Command("export", "write variables to a file", "vars_export"),
    Command("diff", "compare two stores, variable by variable", "vars_diff"),
    Command("compact", "drop replaced and deleted records, as firmware does", "vars_compact"),
    Command("recover", "rebuild a damaged store, or format a blank one", "vars_recover"),
)


class SubcommandParser(ArgumentParser):
    """The parser of a sub-command, whose module is imported when it is used and not before."""

    command: Command | None = None

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """Declare the sub-command's arguments, and parse."""
        if self.command is not None:
            command, self.command = self.command, None
            module = command.load()
            module.configure(self)
            self.set_defaults(module=module)
        return super().parse_known_args(args, namespace)


def configure(parser: ArgumentParser) -> None:
    """Declare the sub-commands, each with its own arguments."""
    parser.epilog = "'ovmfgui vars COMMAND --help' tells each command's own arguments."
    declare(parser, SUBCOMMANDS)


def declare(parser: ArgumentParser, subcommands: Sequence[Command]) -> None:
    """Declare a table of sub-commands, which complain and lay out their help as ``parser`` does."""

    class Late(SubcommandParser, type(parser)):  # type: ignore[misc]
        """A sub-command's parser of the kind that the whole program uses."""

    options: dict[str, Any] = {"parser_class": Late, "metavar": "COMMAND", "required": True}
    commands = parser.add_subparsers(dest="subcommand", title="commands", **options)
    for command in subcommands:
        own = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            formatter_class=parser.formatter_class,
            allow_abbrev=False,
        )
        own.command = command


def run(arguments: Namespace) -> int:
    """Run the sub-command."""
    return cast("CommandModule", arguments.module).run(arguments)
