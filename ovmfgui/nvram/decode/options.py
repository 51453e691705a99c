"""Load options, console device paths and hot keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Undecodable, Value, named
from ovmfgui.nvram.decode.device_path import DevicePath, parse_device_path
from ovmfgui.nvram.faults import visible_name
from ovmfgui.structure import Structure, UInt16, UInt32

if TYPE_CHECKING:
    from ovmfgui.fields import Field


class EfiLoadOption(Structure):
    """EFI_LOAD_OPTION (UEFI specification, section 3.1.3): description, paths and data follow."""

    Attributes: UInt32
    FilePathListLength: UInt16


ACTIVE = 0x01
OPTION_FLAGS = {0x01: "active", 0x02: "force reconnect", 0x08: "hidden"}
CATEGORY_MASK = 0x1F00
CATEGORIES = {0x000: "", 0x100: "application"}
# mBmAutoCreateBootOptionGuid, MdeModulePkg UefiBootManagerLib: firmware made the entry, and makes
# or deletes it anew as devices come and go.
AUTO_CREATED = UUID("8108ac4e-9f11-4d59-850e-e21a522c59b2")


class EfiKeyOption(Structure):
    """EFI_KEY_OPTION (UEFI specification, section 3.1.6): the keys follow."""

    KeyData: UInt32
    BootOptionCrc: UInt32
    BootOption: UInt16


class EfiInputKey(Structure):
    """EFI_INPUT_KEY, one of those behind an EFI_KEY_OPTION."""

    ScanCode: UInt16
    UnicodeChar: UInt16


SHIFTS = {
    0x100: "Shift",
    0x200: "Ctrl",
    0x400: "Alt",
    0x800: "Logo",
    0x1000: "Menu",
    0x2000: "SysReq",
}
# Scan codes of EFI_SIMPLE_TEXT_INPUT_PROTOCOL (UEFI specification, appendix B).
SCAN_CODES = {
    0x01: "Up",
    0x02: "Down",
    0x03: "Right",
    0x04: "Left",
    0x05: "Home",
    0x06: "End",
    0x07: "Insert",
    0x08: "Delete",
    0x09: "PageUp",
    0x0A: "PageDown",
    0x17: "Esc",
} | {0x0A + n: f"F{n}" for n in range(1, 13)}
CHARACTERS = {0x08: "Backspace", 0x09: "Tab", 0x0A: "LineFeed", 0x0D: "Enter", 0x20: "Space"}


def option_flags(attributes: int) -> list[str]:
    """What the attributes of a load option say."""
    flags = [meaning for bit, meaning in OPTION_FLAGS.items() if attributes & bit]
    category = attributes & CATEGORY_MASK
    meaning = CATEGORIES.get(category, f"category 0x{category:X}")
    return [*flags, meaning] if meaning else flags


def path_fields(value: Value, path: DevicePath, offset: int) -> tuple[Field, ...]:
    """A field for each node and behind it those of the node's body."""
    fields: list[Field] = []
    for node in path.nodes:
        at = offset + node.span.start
        fields.append(value.field(node.title, at, node.span.size, node.text))
        fields.extend(node.fields(value.start + offset))
    return tuple(fields)


def split_load_option(data: bytes) -> tuple[int, str, int, int]:
    """Attributes, description, and where the paths start and end.

    Raises:
        Undecodable: it is no load option.
    """
    header = EfiLoadOption.read(data, 0)
    if header is None:
        raise Undecodable(f"it has {len(data)} bytes, too few for a load option")
    at = EfiLoadOption.sizeof()
    while data[at : at + 2] not in (b"\0\0", b"", data[at : at + 1]):
        at += 2
    if data[at : at + 2] != b"\0\0":
        raise Undecodable("its description has no end", EfiLoadOption.sizeof())
    description = data[EfiLoadOption.sizeof() : at].decode("utf-16-le", "surrogatepass")
    start = at + 2
    end = start + header.FilePathListLength
    if end > len(data):
        raise Undecodable(f"its device paths have 0x{end - start:X} bytes, more than there are", 4)
    return header.Attributes, description, start, end


def build_load_option(
    description: str, paths: bytes, *, attributes: int = ACTIVE, optional: bytes = b""
) -> bytes:
    """An EFI_LOAD_OPTION; ``paths`` are device paths with their end nodes."""
    header = EfiLoadOption(Attributes=attributes, FilePathListLength=len(paths)).to_bytes()
    text = description.encode("utf-16-le", "surrogatepass") + b"\0\0"
    return header + text + paths + optional


def _load_option(value: Value) -> Decoded:
    attributes, description, start, end = split_load_option(value.data)
    paths: list[DevicePath] = []
    fields: list[Field] = []
    findings = []
    at = start
    while at < end:
        path = parse_device_path(value.data[at:end])
        paths.append(path)
        fields.extend(path_fields(value, path, at))
        if path.problem is not None or not path.size:
            text = f"{value.name}: its device path is damaged: {path.problem}."
            findings.append(value.finding("device-path", text, at, end - at))
            break
        at += path.size
    optional = value.data[end:]
    automatic = optional == AUTO_CREATED.bytes_le
    flags = option_flags(attributes)
    if automatic:
        flags.append("made by firmware")
    head = (
        value.number("Attributes", 0, 4, ", ".join(flags)),
        value.number("FilePathListLength", 4, 2),
        value.field("Description", 6, start - 6, visible_name(description)),
    )
    tail = (
        (value.field("OptionalData", end, len(optional), optional, _optional_note(automatic)),)
        if optional
        else ()
    )
    notes = [flag for flag in flags if flag != "active"]
    if not attributes & ACTIVE:
        notes.insert(0, "inactive")
    where = paths[0].text if paths else "no device path"
    suffix = f" ({', '.join(notes)})" if notes else ""
    return Decoded(
        f"{visible_name(description)}: {where}{suffix}",
        (*head, *fields, *tail),
        {
            "attributes": attributes,
            "flags": flags,
            "description": description.encode("utf-8", "replace").decode("utf-8"),
            "paths": [path.text for path in paths],
            "optional_data": optional.hex(),
        },
        tuple(findings),
    )


def _optional_note(automatic: bool) -> str:
    return "the mark of entries that firmware makes and deletes itself" if automatic else ""


def _console(value: Value) -> Decoded:
    path = parse_device_path(value.data)
    if not path.instances and path.problem is not None:
        raise Undecodable(path.problem)
    findings = (
        (value.finding("device-path", f"{value.name}: the path is damaged: {path.problem}."),)
        if path.problem is not None
        else ()
    )
    shown = ["/".join(node.text for node in nodes) for nodes in path.instances]
    return Decoded(", ".join(shown), path_fields(value, path, 0), shown, findings)


def _key_text(scan: int, char: int) -> str:
    if char:
        return CHARACTERS.get(char) or visible_name(chr(char))
    return SCAN_CODES.get(scan, f"scan code 0x{scan:X}")


def _hot_key(value: Value) -> Decoded:
    read = value.read(EfiKeyOption, 0)
    if read is None:
        raise Undecodable(f"it has {len(value.data)} bytes, too few for a key option")
    values, head = read
    shift, count = values.KeyData, values.KeyData >> 30
    pressed = [name for bit, name in SHIFTS.items() if shift & bit]
    keys, fields = [], list(head)
    for index in range(count):
        at = EfiKeyOption.sizeof() + EfiInputKey.sizeof() * index
        key = EfiInputKey.read(value.data, at)
        if key is None:
            raise Undecodable(f"it names {count} keys and holds {index}")
        keys.append(_key_text(key.ScanCode, key.UnicodeChar))
        fields.append(value.field(f"Key[{index}]", at, key.sizeof(), keys[-1]))
    combined = "+".join([*pressed, *keys])
    target = f"Boot{values.BootOption:04X}"
    return Decoded(
        f"{combined} starts {target}",
        tuple(fields),
        {"keys": combined, "boot_option": target, "boot_option_crc": values.BootOptionCrc},
    )


_OPTION_NAME = re.compile(r"(Boot|Driver|SysPrep|PlatformRecovery|OsRecovery)[0-9A-F]{4}\Z")
_KEY_NAME = re.compile(r"Key[0-9A-F]{4}\Z")


DECODERS = (
    Decoder(
        "load option",
        lambda guid, name: guid == vendors.GLOBAL and _OPTION_NAME.match(name) is not None,
        _load_option,
        "Something that firmware can start: where it lies and what it is called.",
    ),
    Decoder(
        "console",
        named(vendors.GLOBAL, "ConIn", "ConOut", "ErrOut", "ConInDev", "ConOutDev", "ErrOutDev"),
        _console,
        "The devices of the console; firmware writes them anew at nearly every start.",
    ),
    Decoder(
        "hot key",
        lambda guid, name: guid == vendors.GLOBAL and _KEY_NAME.match(name) is not None,
        _hot_key,
        "A key that starts a boot entry.",
    ),
)
