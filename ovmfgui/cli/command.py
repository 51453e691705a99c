"""What a command of the command line is."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Protocol

    class CommandModule(Protocol):
        """A module of ovmfgui.cli that is a command."""

        def configure(self, parser: ArgumentParser) -> None:
            """Declare the command's arguments."""

        def run(self, arguments: Namespace) -> int:
            """Do it; returns the exit status. May raise ``Refused``, which becomes status 2."""


ALL_WELL = 0
ANSWER_IS_NO = 1
UNUSABLE = 2
ANSWER_UNKNOWN = 3
FAULT = 70
"""A fault of the program itself (EX_SOFTWARE of BSD's sysexits.h)."""
OUTPUT_FAILED = 74
"""The answer could not be written (EX_IOERR of sysexits.h); nothing was saved either."""


class Command(NamedTuple):
    """An entry of the table of commands.

    Attributes:
        name: as typed.
        summary: one line of help.
        module: its module in ovmfgui.cli, imported only when the command is used: a short start
            is worth more than a tidy import list.
        window: whether it opens the window, and so stays.
        unpacks: whether it unpacks every image that is named.
    """

    name: str
    summary: str
    module: str
    window: bool = False
    unpacks: bool = False

    def load(self) -> CommandModule:
        """Import the command's module."""
        return cast("CommandModule", import_module(f"ovmfgui.cli.{self.module}"))
