"""A JSON store that QEMU refuses, or that its guest stumbles over, with its good variables anew."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.budgets import MOST_RECORDS
from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.json_store import MEMBERS, VERSION, entry_misread, entry_problem
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST = re.compile(r'"variables"\s*:\s*\[')
_GAP = re.compile(r"[\s,]*")
_NEXT = re.compile(r"\{")


@dataclass(frozen=True, slots=True)
class RecoveredJson:
    """A JSON store rebuilt.

    Attributes:
        data: the new text.
        variables: how many it holds.
        notes: what was mended, one sentence each.
        lost: what could not be kept, one line each.
    """

    data: bytes
    variables: int
    notes: tuple[str, ...]
    lost: tuple[str, ...]


def recover_json(data: bytes) -> RecoveredJson:
    """The variables that can still be read, as a store that QEMU loads and a guest can list.

    Where one stands in it twice the first is kept, which is the one that QEMU finds
    (hw/uefi/var-service-vars.c, uefi_vars_find_variable).

    Raises:
        Refused: there is no list of variables in it.
    """
    text = data.decode("utf-8", "replace")
    begin = _LIST.search(text)
    if begin is None:
        msg = "there is no list of variables in this JSON store; restore it from a copy"
        raise Refused(msg)
    kept: dict[tuple[UUID, str], dict[str, Any]] = {}
    notes: list[str] = []
    lost: list[str] = []
    for index, entry in enumerate(_entries(text, begin.end(), lost)):
        problem = entry_problem(entry) or entry_misread(entry) or _unusable(entry)
        if problem is not None:
            lost.append(f"{_called(entry, index)} {problem}")
            continue
        key = UUID(entry["guid"]), entry["name"]
        if key in kept:
            same = "with the same value" if kept[key]["data"] == entry["data"] else "with another"
            notes.append(f"{_called(entry, index)} stood in it twice, the second {same}: left out.")
            continue
        strange = sorted(set(entry) - set(MEMBERS))
        if strange:
            notes.append(f"{_called(entry, index)} had a member {strange[0]!r}: left out.")
        kept[key] = {name: entry[name] for name in MEMBERS if name in entry}
    document = {"version": VERSION, "variables": list(kept.values())}
    new = json.dumps(document, indent=4) + "\n"
    return RecoveredJson(new.encode(), len(kept), tuple(notes), tuple(lost))


def _unusable(entry: dict[str, Any]) -> str | None:
    """Why a guest stumbles over an entry that QEMU loads; None where it does not."""
    if not entry["name"]:
        return "ends every listing where it began"
    return None if entry["data"] else "has no value"


def _called(entry: object, index: int) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    named = isinstance(name, str) and name
    return visible_name(str(name)) if named else f"entry {index} of the list"


def _entries(text: str, at: int, lost: list[str]) -> Iterator[Any]:
    """The elements of the list; behind one that is broken the next that reads is looked for."""
    decode = json.JSONDecoder().raw_decode
    for _ in range(MOST_RECORDS):
        gap = _GAP.match(text, at)
        at = at if gap is None else gap.end()
        if at >= len(text) or text[at] == "]":
            return
        try:
            entry, at = decode(text, at)
        except (ValueError, RecursionError) as error:
            lost.append(f"what stands at character {at} is no good JSON ({_words(error)})")
            found = _NEXT.search(text, at + 1)
            if found is None:
                return
            at = found.start()
        else:
            yield entry
    lost.append(f"more than {MOST_RECORDS:,} entries; the rest was not read")


def _words(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)
