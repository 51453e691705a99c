"""``ovmfgui vars set``: create a variable or give it another value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.output import complain
from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import (
    GivenValue,
    attributes_argument,
    configure_room,
    configure_target,
    configure_value,
    configure_variable,
    editor_argument,
    finish,
    value_argument,
)
from ovmfgui.cli.update_check import Checked, checked_update, configure_force
from ovmfgui.nvram.acceptance import DEFAULT_ATTRIBUTES
from ovmfgui.nvram.decode import decoder_for
from ovmfgui.nvram.forms import changed, form_for
from ovmfgui.nvram.hot_keys import keys_passed_over, with_hot_keys
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.store_file import wanted_guid
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.nvram.well_known import attributes_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.store_file import StoreFile


def configure(parser: ArgumentParser, *, fields: bool = True) -> None:
    """Declare the arguments."""
    configure_target(parser)
    configure_variable(parser)
    configure_value(parser, fields=fields)
    configure_room(parser)
    if fields:
        parser.add_argument(
            "--keep-hot-keys",
            action="store_true",
            help="of a boot entry: give the hot keys that start it its new CRC, without which "
            "firmware passes over them; without this they are named",
        )
    configure_force(parser)


def run(arguments: Namespace, *, append: bool = False) -> int:
    """Change the variable and save."""
    opened = opened_store(arguments.vars, write=True)
    editor = editor_argument(opened, arguments)
    name, guid = arguments.name, wanted_guid(opened, arguments.name, arguments.guid)
    decoder = decoder_for(guid, name)
    if getattr(arguments, "field", None):
        arguments.data = _with_fields(opened, (guid, name), arguments.field).hex()
    value = value_argument(arguments, decoder.kind if decoder else None)
    attributes = attributes_argument(arguments.attributes)
    if attributes is None and opened.store.find(name, guid) is None:
        attributes = attributes_of(guid, name)
    change = editor.append_variable if append else editor.set_variable
    checked = _checked(opened, (guid, name), attributes, value, append, arguments)
    if checked is not None:
        stamp = checked.timestamp if arguments.timestamp is None else value.timestamp
        value = GivenValue(checked.payload, stamp)
    edit = change(name, guid, value.data, attributes, timestamp=value.timestamp)
    if not append and guid == GLOBAL:
        edit = _with_hot_keys(editor, edit, (name, value.data), keep=arguments.keep_hot_keys)
    return finish(opened, edit, arguments, checked)


def _with_hot_keys(editor: Editor, edit: Edit, given: tuple[str, bytes], *, keep: bool) -> Edit:
    """The edit with the hot keys that it would break, or a word on each that it breaks."""
    kept, keys = with_hot_keys(editor, edit) if keep else (edit, ())
    for sentence in keys_passed_over(editor.store, *given, keys):
        complain(sentence)
    return kept


def _with_fields(opened: StoreFile, key: tuple[UUID, str], given: list[str]) -> bytes:
    """The value that a variable has, with the fields that are given.

    Raises:
        Refused: there is no such variable or field, or one makes no sense.
    """
    guid, name = key
    current, form = opened.store.by_key.get(key), form_for(guid, name)
    if current is None:
        msg = f"there is no {name} to change a field of; give --data, --text or --file"
        raise Refused(msg)
    if form is None:
        msg = f"{name} is not known by fields; give --data, --text or --file"
        raise Refused(msg)
    pairs = [each.partition("=") for each in given]
    without = next((key for key, equals, _value in pairs if not equals), None)
    if without is not None:
        msg = f"--field {without!r} has no value; give it as NAME=VALUE"
        raise Refused(msg)
    return changed(form, current.data, {key: value for key, _equals, value in pairs})


def _checked(
    opened: StoreFile,
    key: tuple[UUID, str],
    attributes: int | None,
    value: GivenValue,
    append: bool,
    arguments: Namespace,
) -> Checked | None:
    """The signed update that is given, once firmware would take it; None where none is given."""
    current = opened.store.by_key.get(key)
    known = current.attributes if current is not None else (attributes or DEFAULT_ATTRIBUTES)
    if value.update is None or not known & Attributes.AT:
        return None
    return checked_update(
        opened.store, key, int(known), value.update, appending=append, force=arguments.force
    )
