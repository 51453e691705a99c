"""``ovmfgui vars delete``: delete a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import configure_target, configure_variable, finish
from ovmfgui.nvram.json_editor import editor_of
from ovmfgui.nvram.store_file import there

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    configure_variable(parser)


def run(arguments: Namespace) -> int:
    """Delete the variable and save."""
    opened = opened_store(arguments.vars, write=True)
    editor = editor_of(opened.file.data)
    record = there(opened, arguments.name, arguments.guid)
    return finish(opened, editor.delete_variable(record.name, record.guid), arguments)
