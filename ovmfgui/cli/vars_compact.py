"""``ovmfgui vars compact``: drop superseded and deleted records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import configure_target, finish
from ovmfgui.nvram.json_editor import editor_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)


def run(arguments: Namespace) -> int:
    """Compact the store and save."""
    opened = opened_store(arguments.vars, write=True)
    return finish(opened, editor_of(opened.file.data).compact(), arguments)
