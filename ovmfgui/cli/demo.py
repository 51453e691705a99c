"""``ovmfgui demo``: the window on the built-in migration lesson; needs no firmware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.window import configure_window, open_window

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_window(parser)


def run(arguments: Namespace) -> int:
    """Open the window on the lesson."""
    return open_window(arguments, (), demo=True)
