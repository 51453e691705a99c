"""``ovmfgui vars``: the table of sub-commands on a variable store."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ovmfgui.cli.command import Command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

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


def configure(parser: ArgumentParser) -> None:
    """Declare the sub-commands, each with its own arguments."""
    parser.epilog = "'ovmfgui vars COMMAND --help' tells each command's own arguments."
    commands = parser.add_subparsers(
        dest="subcommand", metavar="COMMAND", required=True, title="commands"
    )
    for command in SUBCOMMANDS:
        module = command.load()
        own = commands.add_parser(
            command.name,
            help=command.summary,
            description=f"{command.summary[0].upper()}{command.summary[1:]}.",
            formatter_class=parser.formatter_class,
            allow_abbrev=False,
        )
        module.configure(own)
        own.set_defaults(module=module)


def run(arguments: Namespace) -> int:
    """Run the sub-command."""
    return cast("CommandModule", arguments.module).run(arguments)
