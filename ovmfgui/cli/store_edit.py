"""What the commands that change a store have in common."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import say, say_all
from ovmfgui.cli.machine_json import file_json
from ovmfgui.cli.measured_change import measured_change, print_review
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import add_store
from ovmfgui.flash.source import read_regular
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.edit import TextChange
from ovmfgui.nvram.json_editor import editor_of
from ovmfgui.nvram.key_files import NO_OWNER, read_keys
from ovmfgui.nvram.packing import create_flash, save_flash
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.nvram.store_file import guid_argument
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from ovmfgui.cli.update_check import Checked
    from ovmfgui.nvram.edit import Edit, FlashWrite
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.store_file import StoreFile

# An owner is only a note of who brought a certificate in; firmware asks nobody.
_BACKUP = (
    "The file is changed in place, at once or not at all; what it held before is kept beside it "
    "as VARS.bak (of the last change). With -o the file itself stays as it is."
)


def configure_target(parser: ArgumentParser) -> None:
    """Declare the arguments that every such command has."""
    add_store(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="NEW",
        help="a new file instead: raw, or .xz, .qcow2 or .json by its ending",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say which bytes would be written, and write none"
    )
    add_json(parser)
    parser.epilog = _BACKUP


def configure_room(parser: ArgumentParser) -> None:
    """Declare the arguments of commands that write variables, which may be too big or too many."""
    parser.add_argument(
        "--for",
        dest="code",
        metavar="CODE",
        help="the firmware that uses the store: how big a variable may be is read from it; without "
        "it, or where it does not tell, what builds of this layout have",
    )
    parser.add_argument(
        "--compact",
        action="store_true",
        help="where there is no room, drop superseded and deleted records first, as firmware does",
    )


def limits_argument(arguments: Namespace) -> Limits | None:
    """The largest variables of the CODE that is given with --for; None where none is told.

    Raises:
        Refused: that file cannot be read, or is no CODE.
    """
    if arguments.code is None:
        return None
    # Imported here: a change without --for does without all that reads CODE.
    from ovmfgui.layout.limits import limits_of_file

    limits = limits_of_file(arguments.code)
    if limits is None:
        print(
            f"ovmfgui: {arguments.code} does not tell how big a variable may be; taking what "
            "builds of this layout have",
            file=sys.stderr,
        )
    return limits


def editor_argument(opened: StoreFile, arguments: Namespace) -> Editor:
    """The editor of an opened store, within the room that the arguments give.

    Raises:
        Refused: the store must not be changed as it is.
    """
    limits = limits_argument(arguments)
    return editor_of(opened.file.data, limits=limits, compact=arguments.compact)


def configure_variable(parser: ArgumentParser) -> None:
    """Declare the arguments that name a variable."""
    parser.add_argument("name", metavar="NAME", help="the variable's name, as it is written")
    parser.add_argument(
        "--guid",
        metavar="G",
        help="its vendor's GUID, or that GUID's name (EfiGlobalVariable); without it, the one "
        "variable of that name in the store, or the vendor of a well-known name",
    )


def configure_value(parser: ArgumentParser, *, fields: bool = False) -> None:
    """Declare the arguments that give a value; ``fields``: as changes of the one that is there."""
    value = parser.add_mutually_exclusive_group(required=True)
    value.add_argument("--data", metavar="HEX", help="the value's bytes in hex")
    value.add_argument(
        "--text",
        metavar="T",
        help="the value as text: UTF-8 without NUL; of Lang and PlatformLang with NUL, of a boot "
        "loader's variables UTF-16 with NUL",
    )
    value.add_argument("--file", metavar="F", help="the value's bytes from a file")
    if fields:
        value.add_argument(
            "--field",
            metavar="NAME=VALUE",
            action="append",
            help="another field of the value that it has, such as description=Rescue, active=no "
            "or path=… of a boot entry; may be given several times, a wrong name lists all",
        )
    value.add_argument(
        "--keys",
        metavar="F",
        help="for PK, KEK, db, dbx and shim's lists: certificates (DER or PEM), signature lists "
        "(.esl) or a signed update (.auth), whose time is taken too",
    )
    parser.add_argument(
        "--owner", metavar="G", help="GUID of the owner of the certificates of --keys"
    )
    parser.add_argument(
        "--attributes",
        metavar="NV,BS,RT",
        help="for a new variable: NV,BS,RT and AT, or a number; without it what a well-known "
        "variable has, NV,BS,RT for any other",
    )
    parser.add_argument(
        "--timestamp",
        metavar="TIME",
        help="of an authenticated (AT) variable, as 2024-05-31T12:00:00; without it, it is kept",
    )


class GivenValue(NamedTuple):
    """A value as given.

    Attributes:
        data: the value; a file may hold a signed update that brings it.
        timestamp: that it came with, or is asked for; None without one.
        update: the signed update that brings the value; None without one.
    """

    data: bytes
    timestamp: bytes | None
    update: bytes | None = None


def value_argument(arguments: Namespace, kind: str | None) -> GivenValue:
    """The value given; ``kind`` is the decoder's word for the variable, None where it has none.

    Raises:
        Refused: it is no hex, or the file cannot be read.
    """
    stamp = timestamp_argument(arguments.timestamp)
    if arguments.keys is not None:
        return _keys(arguments.keys, arguments.owner, stamp)
    if arguments.file is not None:
        return _with_update(read_regular(arguments.file), stamp)
    if arguments.text is not None:
        return GivenValue(_encoded(arguments.text, kind), stamp)
    return _with_update(hex_argument(arguments.data), stamp)


def _with_update(data: bytes, stamp: bytes | None) -> GivenValue:
    return GivenValue(data, stamp, None if read_signed_update(data) is None else data)


def _keys(path: str, owner: str | None, stamp: bytes | None) -> GivenValue:
    guid = NO_OWNER if owner is None else guid_argument(owner)
    contents = read_regular(path)
    try:
        keys = read_keys(contents, guid)
    except Refused as reason:
        msg = f"{path}: {reason}"
        raise Refused(msg) from None
    given = _with_update(contents, stamp)
    return GivenValue(keys.lists, keys.timestamp if stamp is None else stamp, given.update)


def hex_argument(text: str) -> bytes:
    """Bytes as a person gives them, two digits each, with or without anything between.

    Raises:
        Refused: it is no hex.
    """
    digits = re.sub(r"0[xX]|[\s,:_-]", "", text)
    try:
        return bytes.fromhex(digits)
    except ValueError:
        msg = f"{text!r} is no hex: give two digits for each byte"
        raise Refused(msg) from None


def _encoded(text: str, kind: str | None) -> bytes:
    match kind:
        case "language":
            return text.encode("utf-8") + b"\0"
        case "boot loader":
            return text.encode("utf-16-le") + b"\0\0"
        case _:
            return text.encode("utf-8", "surrogateescape")


def attributes_argument(text: str | None) -> int | None:
    """Attributes as a person gives them: names with commas, or a number.

    Raises:
        Refused: a name is not known.
    """
    if text is None:
        return None
    try:
        return int(text, 0)
    except ValueError:
        pass
    attributes = 0
    for name in re.split(r"[\s,|+]+", text.strip()):
        flag = Attributes.__members__.get(name.upper())
        if flag is None:
            known = ",".join(Attributes.__members__)
            msg = f"--attributes: {name!r} is none of {known}"
            raise Refused(msg)
        attributes |= flag
    return attributes


def timestamp_argument(text: str | None) -> bytes | None:
    """A timestamp as a person gives it.

    Raises:
        Refused: it is no date and time.
    """
    if text is None:
        return None
    try:
        return timestamp.from_text(text)
    except ValueError:
        msg = f"--timestamp {text!r} is no date and time such as 2024-05-31T12:00:00"
        raise Refused(msg) from None


def finish(
    opened: StoreFile, edit: Edit, arguments: Namespace, checked: Checked | None = None
) -> int:
    """Save an edit as the arguments say, and tell what was done.

    Args:
        opened: the store.
        edit: the change.
        arguments: as given.
        checked: the signed update that the edit writes; None where it writes none.

    Raises:
        Refused: it could not be saved.
    """
    backup: Path | None = None
    written: str | None = None
    measured = measured_change(opened.store, edit)
    if not arguments.json:
        print_review(() if checked is None else (checked,), measured)
    if not arguments.dry_run:
        if arguments.output is not None:
            create_flash(arguments.output, edit.after)
            written = arguments.output
        elif edit.writes:
            backup = save_flash(opened.file, edit.after)
            written = opened.path
    report = _report(edit, written, backup)
    report["signature"] = None if checked is None else checked.as_json()
    report["pcr7"] = None if measured is None else measured.as_json()
    if arguments.json:
        print_json({"files": [file_json(opened.file)]} | report)
    else:
        _print(edit, report, dry_run=arguments.dry_run)
    return ALL_WELL


def _report(edit: Edit, written: str | None, backup: Path | None) -> dict[str, Any]:
    return {
        "edit": edit.title,
        "changed": bool(edit.writes),
        "writes": [
            {
                "offset": w.offset,
                "size": len(w.data),
                "replaced": w.span.size,
                "data": w.data.hex(),
                "what": w.what,
            }
            for w in edit.writes
        ],
        "signatures": None if edit.appended is None else edit.appended._asdict(),
        "file": written,
        "backup": None if backup is None else str(backup),
    }


def _line(write: FlashWrite, *, in_text: bool) -> str:
    size = len(write.data)
    if in_text:
        return f"  0x{write.offset:06X}  {write.span.size:,} bytes become {size:,}"
    amount = f"0x{write.data[0]:02X}" if size == 1 else f"{size:,} bytes"
    return f"  0x{write.offset:06X}  {amount:>12}  {write.what}"


def _print(edit: Edit, report: dict[str, Any], *, dry_run: bool) -> None:
    in_text = any(isinstance(write, TextChange) for write in edit.writes)
    say(f"{edit.title}: {count(len(edit.writes), 'change' if in_text else 'flash write')}")
    say_all(_line(write, in_text=in_text) for write in edit.writes)
    if dry_run:
        print("Nothing was saved.")
    elif report["file"] is None:
        print("The file is as it was.")
    elif report["backup"] is None:
        say(f"Saved as {report['file']}.")
    else:
        say(f"Saved; what was there before is {report['backup']}.")
