"""``ovmfgui vars set``: create a variable or give it another value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import (
    attributes_argument,
    configure_room,
    configure_target,
    configure_value,
    configure_variable,
    editor_argument,
    finish,
    value_argument,
)
from ovmfgui.nvram.decode import decoder_for
from ovmfgui.nvram.store_file import wanted_guid
from ovmfgui.nvram.well_known import attributes_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    configure_target(parser)
    configure_variable(parser)
    configure_value(parser)
    configure_room(parser)


def run(arguments: Namespace, *, append: bool = False) -> int:
    """Change the variable and save."""
    opened = opened_store(arguments.vars, write=True)
    editor = editor_argument(opened, arguments)
    name, guid = arguments.name, wanted_guid(opened, arguments.name, arguments.guid)
    decoder = decoder_for(guid, name)
    value = value_argument(arguments, decoder.kind if decoder else None)
    attributes = attributes_argument(arguments.attributes)
    if attributes is None and opened.store.find(name, guid) is None:
        attributes = attributes_of(guid, name)
    change = editor.append_variable if append else editor.set_variable
    edit = change(name, guid, value.data, attributes, timestamp=value.timestamp)
    return finish(opened, edit, arguments)
