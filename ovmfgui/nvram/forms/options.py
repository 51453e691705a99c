"""Forms of load options, hot keys and the console's device paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.decode.device_path import parse_device_path
from ovmfgui.nvram.decode.options import (
    ACTIVE,
    CATEGORIES,
    CATEGORY_MASK,
    CHARACTERS,
    OPTION_FLAGS,
    SCAN_CODES,
    SHIFTS,
    EfiInputKey,
    EfiKeyOption,
    build_load_option,
    split_load_option,
)
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.forms.form import (
    Form,
    Mistake,
    Part,
    Sort,
    number_of,
    switch,
    switched,
)
from ovmfgui.nvram.typed import ENCODINGS, bytes_of_hex, bytes_of_text, text_of_bytes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEX = "hex"
_FLAGS = {meaning.replace(" ", "-"): bit for bit, meaning in OPTION_FLAGS.items()}
_NAMED = {bits: meaning or "boot" for bits, meaning in CATEGORIES.items()}
_PATH_TIP = r"In the UEFI specification's text form, such as HD(1,GPT,…)/\EFI\debian\shimx64.efi"


# Load options


def _read_option(data: bytes) -> dict[str, str]:
    attributes, description, start, end = split_load_option(data)
    paths, at = [], start
    while at < end:
        path = parse_device_path(data[at:end])
        if path.problem is not None or not path.size:
            raise Undecodable(f"its device path is damaged: {path.problem}")
        paths.append(path.text)
        at += path.size
    optional = data[end:]
    known = text_of_bytes(optional)
    text, encoding = (optional.hex(" "), _HEX) if known is None else known
    category = attributes & CATEGORY_MASK
    return {
        "description": description,
        **{key: switch(attributes & bit) for key, bit in _FLAGS.items()},
        "category": _NAMED.get(category, f"0x{category:X}"),
        "path": "\n".join(paths),
        "optional": text,
        "optional-as": encoding,
    }


def _category(parts: Mapping[str, str]) -> int:
    text = parts["category"].strip()
    known = next((bits for bits, meaning in _NAMED.items() if meaning == text), None)
    if known is not None:
        return known
    number = number_of(parts, "category", 2)
    if number & ~CATEGORY_MASK:
        raise Mistake("category", f"A category has bits of 0x{CATEGORY_MASK:X} alone.")
    return number


def _paths(parts: Mapping[str, str], key: str) -> bytes:
    """Device paths, one a line."""
    lines = [line for line in parts[key].splitlines() if line.strip()]
    if not lines:
        raise Mistake(key, "Give the file that it starts, or a whole device path.")
    try:
        return b"".join(device_path_from_text(line) for line in lines)
    except Refused as refusal:
        raise Mistake(key, str(refusal)) from refusal


def _optional(parts: Mapping[str, str]) -> bytes:
    encoding, text = parts["optional-as"], parts["optional"]
    if encoding != _HEX and encoding not in ENCODINGS:
        raise Mistake("optional-as", f"It is {', '.join((_HEX, *ENCODINGS))}.")
    try:
        return bytes_of_hex(text) if encoding == _HEX else bytes_of_text(text, encoding)
    except Refused as refusal:
        raise Mistake("optional", str(refusal)) from refusal


def _write_option(parts: Mapping[str, str]) -> bytes:
    attributes = sum(bit for key, bit in _FLAGS.items() if switched(parts, key))
    if "\0" in parts["description"]:
        raise Mistake("description", "A NUL ends a description.")
    paths = _paths(parts, "path")
    if len(paths) > 0xFFFF:
        raise Mistake("path", f"The paths have {len(paths):,} bytes; 65,535 find room.")
    return build_load_option(
        parts["description"],
        paths,
        attributes=attributes | _category(parts),
        optional=_optional(parts),
    )


_TIPS = {
    ACTIVE: "Firmware tries it by itself",
    0x02: "Drivers are connected anew once a driver entry is loaded",
    0x08: "The boot menu does not show it",
}
_OPTION = Form(
    (
        Part("description", "Description", tip="As the boot menu shows it"),
        *(
            Part(key, key.replace("-", " ").capitalize(), Sort.SWITCH, _TIPS[bit])
            for key, bit in _FLAGS.items()
        ),
        Part(
            "category",
            "Category",
            Sort.CHOICE,
            "Boot entries are in the boot order; applications are started by a key",
            tuple(_NAMED.values()),
            open=True,
        ),
        Part("path", "Device path", Sort.LINES, f"{_PATH_TIP}; one a line", exact=True),
        Part("optional", "Optional data", tip="Handed to what is started", exact=True),
        Part(
            "optional-as",
            "Optional data is",
            Sort.CHOICE,
            choices=(_HEX, *ENCODINGS),
        ),
    ),
    _read_option,
    _write_option,
)


# Hot keys

_COUNT_SHIFT, _MOST_KEYS = 30, 3
_BY_NAME = {name.casefold(): (scan, 0) for scan, name in SCAN_CODES.items()} | {
    name.casefold(): (0, char) for char, name in CHARACTERS.items()
}
_SHIFT_BITS = {name.casefold(): bit for bit, name in SHIFTS.items()}


def _key_name(scan: int, char: int) -> str:
    if char:
        return CHARACTERS.get(char) or chr(char)
    return SCAN_CODES.get(scan) or f"scan:0x{scan:X}"


def _key(word: str) -> tuple[int, int]:
    """Scan code and character of a key's name."""
    known = _BY_NAME.get(word.casefold())
    if known is not None:
        return known
    if len(word) == 1:
        return 0, ord(word)
    match = re.fullmatch(r"scan:0x([0-9A-Fa-f]{1,4})", word)
    if match is None:
        names = "F1, Esc, Delete, Enter or a letter"
        raise Mistake("keys", f"“{word}” is no key; there are {names} and others.")
    return int(match[1], 16), 0


def _read_key(data: bytes) -> dict[str, str]:
    head = EfiKeyOption.read(data, 0)
    if head is None:
        raise Undecodable(f"it has {len(data)} bytes, too few for a key option")
    words = [name for bit, name in SHIFTS.items() if head.KeyData & bit]
    for index in range(head.KeyData >> _COUNT_SHIFT):
        key = EfiInputKey.read(data, EfiKeyOption.sizeof() + EfiInputKey.sizeof() * index)
        if key is None:
            raise Undecodable(f"it names more keys than it holds: {index}")
        words.append(_key_name(key.ScanCode, key.UnicodeChar))
    return {
        "keys": "+".join(words),
        "entry": f"Boot{head.BootOption:04X}",
        "crc": f"0x{head.BootOptionCrc:08X}",
    }


def _write_key(parts: Mapping[str, str]) -> bytes:
    words = parts["keys"].strip().split("+")
    if words[-2:] == ["", ""]:
        # The plus key itself.
        words[-2:] = ["+"]
    shifts, keys = 0, []
    for word in words:
        bit = _SHIFT_BITS.get(word.strip().casefold())
        if bit is not None:
            shifts |= bit
        else:
            keys.append(_key(word.strip()))
    if not 0 < len(keys) <= _MOST_KEYS:
        raise Mistake("keys", f"Give one to {_MOST_KEYS} keys, such as F2 or Ctrl+Alt+B.")
    entry = re.fullmatch(r"(?:Boot)?([0-9A-Fa-f]{4})", parts["entry"].strip())
    if entry is None:
        raise Mistake("entry", f"“{parts['entry'].strip()}” is no boot entry, such as Boot0001.")
    if any(char > 0xFFFF for _scan, char in keys):
        raise Mistake("keys", "A key's character has two bytes.")
    head = EfiKeyOption(
        KeyData=shifts | len(keys) << _COUNT_SHIFT,
        BootOptionCrc=number_of(parts, "crc", 4),
        BootOption=int(entry[1], 16),
    )
    pressed = (EfiInputKey(ScanCode=scan, UnicodeChar=char) for scan, char in keys)
    return head.to_bytes() + b"".join(key.to_bytes() for key in pressed)


_HOT_KEY = Form(
    (
        Part("keys", "Keys", tip="Such as F2 or Ctrl+Alt+B"),
        Part("entry", "Starts", tip="A boot entry, such as Boot0001"),
        Part(
            "crc",
            "CRC of the entry",
            tip="CRC-32 of the boot entry's whole value; firmware passes over a key where it is "
            "another",
            exact=True,
        ),
    ),
    _read_key,
    _write_key,
)


def _read_console(data: bytes) -> dict[str, str]:
    path = parse_device_path(data)
    if path.problem is not None:
        raise Undecodable(path.problem)
    return {"path": path.text}


_CONSOLE = Form(
    (Part("path", "Device path", Sort.LINES, _PATH_TIP + "; devices with commas", exact=True),),
    _read_console,
    lambda parts: _paths({"path": " ".join(parts["path"].split("\n"))}, "path"),
)

FORMS = {"load option": _OPTION, "hot key": _HOT_KEY, "console": _CONSOLE}
