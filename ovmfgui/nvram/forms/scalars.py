"""Forms of values that are numbers, lists of them, or strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.decode.scalars import (
    CUSTOM_MODE,
    OS_INDICATIONS,
    VAR_ERRORS,
    VENDOR_KEYS,
)
from ovmfgui.nvram.forms.form import (
    Form,
    Mistake,
    Part,
    Sort,
    number_of,
    switch,
    switched,
)
from ovmfgui.nvram.typed import ENCODINGS, bytes_of_text, text_of_bytes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUE = "value"
_SIZES = ("1", "2", "4", "8")


def _sized(data: bytes, size: int) -> int:
    if len(data) != size:
        raise Undecodable(f"it has {len(data)} bytes, not {size}")
    return int.from_bytes(data, "little")


def _number(label: str, size: int, tip: str) -> Form:
    return Form(
        (Part(_VALUE, label, tip=tip),),
        lambda data: {_VALUE: str(_sized(data, size))},
        lambda parts: number_of(parts, _VALUE, size).to_bytes(size, "little"),
    )


def _any_number() -> Form:
    """A number whose size is the variable's own."""

    def read(data: bytes) -> dict[str, str]:
        if str(len(data)) not in _SIZES:
            raise Undecodable(f"a number of {len(data)} bytes")
        return {_VALUE: str(int.from_bytes(data, "little")), "bytes": str(len(data))}

    def write(parts: Mapping[str, str]) -> bytes:
        if parts["bytes"] not in _SIZES:
            raise Mistake("bytes", f"A number has {', '.join(_SIZES)} bytes.")
        size = int(parts["bytes"])
        return number_of(parts, _VALUE, size).to_bytes(size, "little")

    return Form(
        (
            Part(_VALUE, "Value", tip="0 is off, 1 is on for most of these"),
            Part("bytes", "Bytes", Sort.CHOICE, "How many bytes the number takes", _SIZES),
        ),
        read,
        write,
    )


def _meaning(meanings: Mapping[int, str]) -> Form:
    """One byte with names for some of its values."""
    numbers = {meaning: number for number, meaning in meanings.items()}

    def read(data: bytes) -> dict[str, str]:
        number = _sized(data, 1)
        return {_VALUE: meanings.get(number, f"0x{number:02X}")}

    def write(parts: Mapping[str, str]) -> bytes:
        known = numbers.get(parts[_VALUE].strip())
        return bytes([number_of(parts, _VALUE, 1) if known is None else known])

    tip = "One of the list, or a number from 0 to 255"
    return Form((Part(_VALUE, "Value", Sort.CHOICE, tip, tuple(numbers), open=True),), read, write)


def _boot_number(text: str, key: str = _VALUE) -> int:
    """The number in ``Boot0001``, or in ``0001``: four hexadecimal digits."""
    match = re.fullmatch(r"(?:Boot|Driver|SysPrep)?([0-9A-Fa-f]{4})", text.strip())
    if match is None:
        raise Mistake(key, f"“{text.strip()}” is no entry; give it as Boot0001 or 0001.")
    return int(match[1], 16)


def _order(parts: Mapping[str, str]) -> bytes:
    words = parts[_VALUE].replace(",", " ").split()
    return b"".join(_boot_number(word).to_bytes(2, "little") for word in words)


def _read_order(data: bytes) -> dict[str, str]:
    if len(data) % 2:
        raise Undecodable(f"it has {len(data)} bytes, an odd number")
    numbers = (int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2))
    return {_VALUE: " ".join(f"{number:04X}" for number in numbers)}


_INDICATIONS = {meaning.replace(" ", "-"): bit for bit, meaning in OS_INDICATIONS.items()}


def _read_indications(data: bytes) -> dict[str, str]:
    number = _sized(data, 8)
    parts = {key: switch(number & bit) for key, bit in _INDICATIONS.items()}
    return parts | {"other": hex(number & ~sum(_INDICATIONS.values()))}


def _write_indications(parts: Mapping[str, str]) -> bytes:
    number = number_of(parts, "other", 8)
    named = sum(_INDICATIONS.values())
    if number & named:
        raise Mistake("other", f"0x{number & named:X} has a switch of its own above.")
    number |= sum(bit for key, bit in _INDICATIONS.items() if switched(parts, key))
    return number.to_bytes(8, "little")


def _text() -> Form:
    def read(data: bytes) -> dict[str, str]:
        known = text_of_bytes(data)
        if known is None:
            raise Undecodable("it is no single line of plain text")
        return {"text": known[0], "encoding": known[1]}

    def write(parts: Mapping[str, str]) -> bytes:
        if parts["encoding"] not in ENCODINGS:
            raise Mistake("encoding", f"Text is written as {', '.join(ENCODINGS)}.")
        if not parts["text"]:
            raise Mistake("text", "Give it some text; firmware keeps no empty variable.")
        try:
            return bytes_of_text(parts["text"], parts["encoding"])
        except Refused as refusal:
            raise Mistake("text", str(refusal)) from refusal

    return Form(
        (
            Part("text", "Text"),
            Part("encoding", "Written as", Sort.CHOICE, choices=tuple(ENCODINGS)),
        ),
        read,
        write,
    )


def _read_resolution(data: bytes) -> dict[str, str]:
    _sized(data, 8)
    across, down = (int.from_bytes(data[at : at + 4], "little") for at in (0, 4))
    return {"width": str(across), "height": str(down)}


def _write_resolution(parts: Mapping[str, str]) -> bytes:
    across, down = number_of(parts, "width", 4), number_of(parts, "height", 4)
    return across.to_bytes(4, "little") + down.to_bytes(4, "little")


FORMS = {
    "timeout": _number("Seconds", 2, "0 to 65535; 65535 waits for a key"),
    "boot number": Form(
        (Part(_VALUE, "Boot entry", tip="Such as Boot0001"),),
        lambda data: {_VALUE: f"Boot{_sized(data, 2):04X}"},
        lambda parts: _boot_number(parts[_VALUE]).to_bytes(2, "little"),
    ),
    "order": Form(
        (Part(_VALUE, "Entries", tip="Numbers of four hexadecimal digits", exact=True),),
        _read_order,
        _order,
    ),
    "OS indications": Form(
        (
            *(
                Part(key, meaning[0].upper() + meaning[1:], Sort.SWITCH, f"Bit 0x{bit:X}")
                for (bit, meaning), key in zip(OS_INDICATIONS.items(), _INDICATIONS, strict=True)
            ),
            Part("other", "Other bits", tip="A number; bits without a switch", exact=True),
        ),
        _read_indications,
        _write_indications,
    ),
    "switch": _any_number(),
    "number": _any_number(),
    "mode": _meaning(CUSTOM_MODE),
    "flag": _meaning(VENDOR_KEYS),
    "error flag": _meaning(VAR_ERRORS),
    "counter": _number("High half of the count", 4, "A number of four bytes"),
    "memory overwrite": _number("Bits", 1, "0x01 clears memory; 0x10 after any shutdown"),
    "language": _text(),
    "iSCSI name": _text(),
    "boot loader": _text(),
    "OVMF settings": Form(
        (Part("width", "Width", tip="Pixels"), Part("height", "Height", tip="Pixels")),
        _read_resolution,
        _write_resolution,
    ),
}
