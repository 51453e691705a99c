"""Writing a scenario down as TOML, so that reading it gives the same again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 88
"""Characters; a text that is longer gets lines of its own."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
_PATHS = ("code", "vars", "unified")


def scenario_text(document: Mapping[str, Any]) -> str:
    """A scenario's document as TOML.

    Args:
        document: as tomllib reads it: texts first, then the tables ``packages`` and ``hosts``, then
            the list ``actions``.
    """
    tables = {name: value for name, value in document.items() if _of_tables(value)}
    plain = [name for name in document if name not in tables]
    parts = ["".join(_pair(name, document[name]) for name in plain)]
    for name, value in tables.items():
        if isinstance(value, dict):
            parts += [_table(f"[{_key(name)}.{_key(own)}]", value[own]) for own in value]
    for name, value in tables.items():
        if isinstance(value, list):
            parts += [_table(f"[[{_key(name)}]]", each) for each in value]
    return "\n".join(part for part in parts if part)


def _of_tables(value: object) -> bool:
    """Whether it is written as tables with headings; all else is written in a line."""
    if not isinstance(value, dict | list) or not value:
        return False
    return all(isinstance(t, dict) for t in (value.values() if isinstance(value, dict) else value))


def with_absolute_paths(document: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The document with the paths of firmware files made whole, for a file in another folder.

    Args:
        document: as tomllib reads it.
        folder: what its paths are relative to.
    """
    packages = {
        name: {
            key: str((folder / value).resolve())
            if key in _PATHS and isinstance(value, str)
            else value
            for key, value in package.items()
        }
        for name, package in document.get("packages", {}).items()
    }
    return {**document, "packages": packages} if packages else dict(document)


def _table(heading: str, table: Mapping[str, Any]) -> str:
    return "".join([f"{heading}\n", *(_pair(name, value) for name, value in table.items())])


def _pair(name: str, value: object) -> str:
    return f"{_key(name)} = {_value(value)}\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return _list(value)
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return str(value)


def _list(values: list[object]) -> str:
    written = [_value(value) for value in values]
    if sum(map(len, written)) < _WIDE and not any("\n" in text for text in written):
        return f"[{', '.join(written)}]"
    return "".join(["[\n", *(f"{text},\n" for text in written), "]"])


def _text(value: str) -> str:
    if "\n" not in value and len(value) < _WIDE:
        return _quoted(value)
    if "\n" in value:
        return f'"""\n{"".join(_lines(value))}"""'
    return _quoted(value)


def _quoted(value: str) -> str:
    return f'"{"".join(_escaped(character) for character in value)}"'


def _lines(value: str) -> Iterator[str]:
    """The text for between three quotes: line breaks as they are, the rest escaped."""
    for character in value:
        yield character if character == "\n" else _escaped(character)


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character == "\n":
        return "\\n"
    if ord(character) < 0x20 or ord(character) == 0x7F:
        return f"\\u{ord(character):04X}"
    return character
