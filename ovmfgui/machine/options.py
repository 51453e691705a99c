"""QEMU's option syntax: ``key=value`` lists with doubled commas, or JSON, into one flat table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_OPTION_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator


UNREADABLE = "json:"
"""The key under which stands why options in JSON cannot be read."""
_FLAGS = ("smm", "readonly", "snapshot")
"""Those of which it matters here that they are off."""


def parse_options(text: str, implied: str = "") -> dict[str, str]:
    """The options of one argument, nested ones as ``file.filename``.

    Args:
        text: ``q35,smm=on``, ``if=pflash,file=a,,b.fd`` or a JSON object.
        implied: the key of a first value that stands without one (``type`` for ``-machine``).

    Returns:
        The options, and under ``UNREADABLE`` why some are missing.
    """
    if text.lstrip().startswith("{"):
        return _json_options(text)
    found: dict[str, str] = {}
    for index, part in enumerate(_parts(text)):
        key, equals, value = part.partition("=")
        if equals:
            found[key.strip()] = value
        elif index == 0 and implied:
            found[implied] = part
        elif part:
            # A flag alone is on; ``no`` in front of it turns it off (util/qemu-option.c).
            off = part.startswith("no") and part[2:] in _FLAGS
            found[part[2:] if off else part] = "off" if off else "on"
    for key in ("file", "filename"):
        if found.get(key, "").startswith("json:"):
            nested = _json_options(found.pop(key)[5:])
            of_file = key == "file" and UNREADABLE not in nested
            found |= {f"file.{name}" if of_file else name: v for name, v in nested.items()}
    return found


def _parts(text: str) -> Iterator[str]:
    """Split at single commas; a doubled one is a comma of the value."""
    part = ""
    index = 0
    while index < len(text):
        if text[index] != ",":
            part += text[index]
        elif text[index + 1 : index + 2] == ",":
            part += ","
            index += 1
        else:
            yield part
            part = ""
        index += 1
    yield part


def _json_options(text: str) -> dict[str, str]:
    try:
        return dict(_flat(json.loads(text), "", 0))
    except RecursionError:
        return {UNREADABLE: "its options are nested too deep"}
    except ValueError as error:
        return {UNREADABLE: f"its options cannot be read: {error}"}


def _flat(value: Any, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MOST_OPTION_LEVELS:
        msg = f"nested more than {MOST_OPTION_LEVELS} deep"
        raise ValueError(msg)
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(value, bool):
        yield prefix, "on" if value else "off"
    elif not isinstance(value, (dict, list)):
        yield prefix, str(value)


def is_on(value: str | None) -> bool | None:
    """A boolean option; None where it is not given or left to QEMU (``auto``)."""
    return {"on": True, "yes": True, "true": True, "y": True}.get(value or "") or (
        False if value in ("off", "no", "false", "n") else None
    )


_UNITS = {"b": 1} | {unit: 1 << 10 * power for power, unit in enumerate("kmgtpe", start=1)}


def size_of(value: str | None) -> int | None:
    """A size option in bytes (``540672``, ``528K``, ``0x84000``); None where it is none."""
    text = (value or "").strip().lower()
    if not text:
        return None
    unit = _UNITS.get(text[-1], 1) if not text.startswith("0x") else 1
    digits = text[:-1] if text[-1] in _UNITS and not text.startswith("0x") else text
    try:
        if "." in digits:
            return int(float(digits) * unit)
        return int(digits, 16 if digits.startswith("0x") else 10) * unit
    except (ValueError, OverflowError):
        return None
