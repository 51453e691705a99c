"""JSON with the places of its parts, and whether a file is a store of QEMU's uefi-vars device."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"
_VARIABLES = rb'"variables"\s*:'
_SPACES = re.compile(r"[ \t\r\n]*")


def is_json_store(data: bytes) -> bool:
    """Whether the bytes are JSON with a list of variables, as QEMU's uefi-vars device keeps it."""
    head = data[:64].removeprefix(_BOM).lstrip(_SPACE.encode())
    return head.startswith(b"{") and re.search(_VARIABLES, data) is not None


class Part(NamedTuple):
    """A member of an object or an element of a list.

    Attributes:
        key: of a member; empty for an element.
        value: decoded.
        start: where its value begins, in characters.
        end: where that ends.
    """

    key: str
    value: Any
    start: int
    end: int


def _skip(text: str, at: int) -> int:
    match = _SPACES.match(text, at)
    return at if match is None else match.end()


def parts(text: str, at: int) -> Iterator[Part]:
    """The members of the object, or the elements of the list, that begins at ``at``.

    The text is one that ``text_of`` gave: good JSON.
    """
    # Imported here: a listing of a store in flash does without.
    from json import JSONDecoder

    decode = JSONDecoder().raw_decode
    named = text[at] == "{"
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        key = ""
        if named:
            key, at = decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        value, end = decode(text, at)
        yield Part(key, value, at, end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def text_of(data: bytes) -> str:
    """The text of a JSON file.

    Raises:
        ValueError: it is no UTF-8, or no JSON.
        RecursionError: it is nested too deeply.
    """
    from json import loads

    text = data.decode("utf-8")
    loads(
        text.removeprefix(_BOM.decode()),
        parse_constant=_no_constant,
        object_pairs_hook=_members_once,
    )
    return text


def _no_constant(name: str) -> None:
    # Python takes NaN and Infinity, JSON does not.
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _members_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    # Python takes the last of two, QEMU (qobject/json-parser.c, parse_pair) neither.
    made = dict(members)
    if len(made) != len(members):
        msg = "a member of an object stands in it twice"
        raise ValueError(msg)
    return made


def start_of(text: str) -> int:
    """Where the document begins, behind a byte order mark and white space."""
    return _skip(text, 1 if text.startswith(_BOM.decode()) else 0)
