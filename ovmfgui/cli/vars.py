"""``ovmfgui vars``: the table of sub-commands on a variable store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.command import Command
from ovmfgui.cli.parsing import configure_subcommands, run_subcommand

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

SUBCOMMANDS = (
    Command("list", "list the variables of a store", "vars_list"),
    Command("get", "show one variable", "vars_get"),
    Command("set", "create a variable or give it another value", "vars_set"),
    Command("append", "add to the end of a variable's value", "vars_append"),
    Command("delete", "delete a variable", "vars_delete"),
    Command("rename", "give a variable another name", "vars_rename"),
    Command("attributes", "give a variable other attributes", "vars_attributes"),
    Command("boot", "list, add, order and remove boot entries", "vars_boot"),
    Command("import", "bring in variables from a file", "vars_import"),
    Command("export", "write variables to a file", "vars_export"),
    Command("diff", "compare two stores, variable by variable", "vars_diff"),
    Command("enrol", "Secure Boot keys into one store or many", "vars_enrol"),
    Command("compact", "drop superseded and deleted records, as firmware does", "vars_compact"),
    Command("recover", "rebuild a damaged store, or format a blank one", "vars_recover"),
)


def configure(parser: ArgumentParser) -> None:
    """Declare the sub-commands."""
    configure_subcommands(parser, SUBCOMMANDS)


def run(arguments: Namespace) -> int:
    """Run the sub-command."""
    return run_subcommand(arguments, SUBCOMMANDS)
