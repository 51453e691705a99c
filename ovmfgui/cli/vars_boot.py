"""``ovmfgui vars boot``: the table of sub-commands on boot entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.command import Command
from ovmfgui.cli.parsing import configure_subcommands, run_subcommand

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

SUBCOMMANDS = (
    Command("list", "list the boot entries in their order", "boot_list"),
    Command("add", "add a boot entry", "boot_add"),
    Command("order", "set the order in which entries are tried", "boot_order"),
    Command("remove", "remove a boot entry", "boot_remove"),
    Command("next", "choose the entry of the next start, once", "boot_next"),
)


def configure(parser: ArgumentParser) -> None:
    """Declare the sub-commands."""
    configure_subcommands(parser, SUBCOMMANDS)


def run(arguments: Namespace) -> int:
    """Run the sub-command."""
    return run_subcommand(arguments, SUBCOMMANDS)
