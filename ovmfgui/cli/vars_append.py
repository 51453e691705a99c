"""``ovmfgui vars append``: add to the end of a variable's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli import vars_set

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments, those of ``vars set`` without fields."""
    vars_set.configure(parser, fields=False)


def run(arguments: Namespace) -> int:
    """Change the variable and save."""
    return vars_set.run(arguments, append=True)
