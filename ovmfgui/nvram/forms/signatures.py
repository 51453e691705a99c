"""The form of key databases: a signature a line, a blank line between lists."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.forms.form import Form, Mistake, Part, Sort
from ovmfgui.nvram.signature_list import (
    SIGNATURE_TYPES,
    build_signature_list,
    parse_signature_lists,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEY = "signatures"
_TYPES = {known.name.replace(" ", "-").casefold(): kind for kind, known in SIGNATURE_TYPES.items()}


def _type_name(kind: UUID) -> str:
    known = SIGNATURE_TYPES.get(kind)
    return known.name.replace(" ", "-") if known else str(kind)


def lines_of(data: bytes) -> str:
    """A line for each signature, a blank one between two lists.

    Raises:
        Undecodable: the lists are damaged.
    """
    lists = parse_signature_lists(data)
    if lists.problem is not None:
        raise Undecodable(f"the signature lists are damaged {lists.problem}")
    blocks = (
        "\n".join(
            f"{_type_name(each.type)} {signature.owner} {signature.data.hex()}"
            for signature in each.signatures
        )
        for each in lists.lists
    )
    return "\n\n".join(blocks)


def signature_in(number: int, line: str) -> tuple[UUID, UUID, bytes]:
    """Type, owner and data in a line; its number is from 1.

    Raises:
        Mistake: it is none.
    """
    words = line.split()
    if len(words) != 3:
        msg = f"Line {number} has {len(words)} words; it takes type, owner's GUID and data in hex."
        raise Mistake(_KEY, msg)
    try:
        kind = _TYPES.get(words[0].casefold()) or UUID(words[0])
    except ValueError:
        raise Mistake(_KEY, f"Line {number}: {words[0]} is no type, such as SHA-256.") from None
    try:
        owner = UUID(words[1])
    except ValueError:
        raise Mistake(_KEY, f"Line {number}: {words[1]} is no owner's GUID.") from None
    try:
        data = bytes.fromhex(words[2])
    except ValueError:
        raise Mistake(_KEY, f"Line {number}: its data is no hex.") from None
    known = SIGNATURE_TYPES.get(kind)
    if known is not None and known.size is not None and len(data) != known.size:
        msg = f"Line {number}: {known.name} has {known.size} bytes, and here {len(data)}."
        raise Mistake(_KEY, msg)
    return kind, owner, data


def _write(parts: Mapping[str, str]) -> bytes:
    """A list for each run of lines of one type and size; a blank line begins another."""
    made, block = [], 0
    for number, line in enumerate(parts[_KEY].splitlines(), 1):
        if not line.strip():
            block += 1
            continue
        made.append((block, signature_in(number, line)))
    if not made:
        raise Mistake(_KEY, "Firmware keeps no empty variable; delete it instead.")
    lists = groupby(made, lambda each: (each[0], each[1][0], len(each[1][2])))
    return b"".join(
        build_signature_list(kind, [(owner, data) for _block, (_kind, owner, data) in group])
        for (_block, kind, _size), group in lists
    )


FORMS = {
    "keys": Form(
        (
            Part(
                _KEY,
                "Signatures",
                Sort.SIGNATURES,
                "One a line: type, owner's GUID, data in hex; a blank line begins another list",
                exact=True,
            ),
        ),
        lambda data: {_KEY: lines_of(data)},
        _write,
    )
}
