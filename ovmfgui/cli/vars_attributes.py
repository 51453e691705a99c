"""``ovmfgui vars attributes``: give a variable other attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import (
    attributes_argument,
    configure_room,
    configure_target,
    configure_variable,
    editor_argument,
    finish,
)
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.store_file import there

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    configure_variable(parser)
    parser.add_argument(
        "attributes",
        metavar="NV,BS,RT",
        help=f"all that it shall have ({','.join(Attributes.__members__)}), or a number",
    )
    configure_room(parser)


def run(arguments: Namespace) -> int:
    """Change the attributes and save."""
    opened = opened_store(arguments.vars, write=True)
    editor = editor_argument(opened, arguments)
    record = there(opened, arguments.name, arguments.guid)
    attributes = attributes_argument(arguments.attributes)
    assert attributes is not None
    edit = editor.change_attributes(record.name, record.guid, attributes)
    return finish(opened, edit, arguments)
