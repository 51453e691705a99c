"""What is wrong with single records: what firmware stumbles over, and what it passes over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_LABEL
from ovmfgui.nvram.record import Record, Status
from ovmfgui.nvram.structures import STATE_ADDED, STATE_IN_TRANSITION, STATES
from ovmfgui.wording import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.nvram.finding_collector import FindingCollector

_ARM = "ARM firmware takes the whole store as corrupt and formats it."


def label_of_name(name: str) -> str:
    """A name as a label or cell shows it: a damaged record's goes on to the end of the store."""
    return shortened(visible_name(shortened(name, MOST_LABEL)), MOST_LABEL)


def visible_name(name: str) -> str:
    """A name fit for one line of text: what does not print is escaped."""
    if name.isprintable():
        return name
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode("ascii")
        for c in name
    )


def _torn(record: Record, note: FindingCollector) -> None:
    if record.status is Status.TORN:
        note.info(
            "record-torn",
            f"The record at 0x{record.span.start:X} (state 0x{record.state:02X}) was never "
            "finished: firmware passes over it, and its space comes back with compaction.",
            record.span,
        )


def _state(record: Record, note: FindingCollector) -> None:
    if record.state not in STATES:
        note.error(
            "record-state",
            f"The record at 0x{record.span.start:X} has state 0x{record.state:02X}, which firmware "
            f"never writes: x86 firmware passes over it, {_ARM}",
            record.header_span,
        )


def _name_size(record: Record, note: FindingCollector) -> None:
    size = record.name_span.size
    if record.status is Status.TORN:
        return
    if size % 2:
        note.error(
            "name-size-odd",
            f"NameSize of the record at 0x{record.span.start:X} is {size}, an odd number: firmware "
            f"stops listing variables there, {_ARM} Delete it before saving.",
            record.header_span,
        )
    elif size < 4 or record.name.startswith("\0"):
        _no_name(record, note)


def _no_name(record: Record, note: FindingCollector) -> None:
    """An empty name starts GetNextVariableName over from the first variable."""
    where = f"The record at 0x{record.span.start:X} has no name: "
    if record.state in (STATE_ADDED, STATE_IN_TRANSITION):
        note.error(
            "name-empty",
            f"{where}firmware that lists its variables starts over there and never ends.",
            record.header_span,
        )
    else:
        note.error("dead-name-empty", f"{where}{_ARM}", record.header_span)


def _name_text(record: Record, note: FindingCollector) -> None:
    if record.status in (Status.TORN, Status.INVALID) or record.name_span.size < 4:
        return
    where = f"of the record at 0x{record.span.start:X}"
    simple = record.name.isascii()  # and so is every name that edk2 gives
    raw_size = 2 * (len(record.name) if simple else _units(record.name))
    if raw_size + 2 > record.name_span.size - record.name_span.size % 2:
        note.error("name-unterminated", f"The name {where} has no NUL: {_ARM}", record.name_span)
    if "\0" in record.name[1:] and record.status is Status.LIVE:
        note.warning(
            "name-embedded-nul",
            f"The name {where} goes on behind a NUL ({visible_name(record.name)}): firmware stops "
            "listing variables there, and no program can ask for this one.",
            record.name_span,
        )
    if not simple and any("\ud800" <= c <= "\udfff" for c in record.name):
        note.warning(
            "name-surrogate",
            f"The name {where} is no valid UTF-16 ({visible_name(record.name)}); it is kept as it "
            "is.",
            record.name_span,
        )


def _units(text: str) -> int:
    """How many units of UTF-16 a text takes."""
    return sum(2 if c > "\uffff" else 1 for c in text)


def _rivals(record: Record, note: FindingCollector) -> None:
    name = visible_name(record.name)
    if record.status is Status.SHADOWED:
        note.error(
            "record-shadowed",
            f"{name} stands twice in the list as added, again at 0x{record.span.start:X}: firmware "
            "that lists its variables comes from the second back to the first and never ends.",
            record.span,
        )
    elif record.status is Status.TRANSITION:
        note.info(
            "record-stale",
            f"The update of {name} was cut off at its last step: the old value at "
            f"0x{record.span.start:X} is still marked as in transition. Firmware returns the new.",
            record.span,
        )
    elif record.status is Status.LIVE and record.state & 1 == 0:
        note.info(
            "record-in-transition",
            f"The update of {name} was cut off: firmware returns the old value at "
            f"0x{record.span.start:X}.",
            record.span,
        )


def _no_data(record: Record, note: FindingCollector) -> None:
    if record.status is Status.LIVE and not record.data:
        note.warning(
            "data-empty",
            f"{visible_name(record.name)} at 0x{record.span.start:X} has a DataSize of 0: firmware "
            "lists no such variable.",
            record.header_span,
        )


def _note_twins(records: tuple[Record, ...], note: FindingCollector) -> None:
    """Two records of one variable in transition: the list goes on behind the second."""
    records = tuple(r for r in records if r.state == STATE_IN_TRANSITION)
    live = {r.key: r for r in records if r.status is Status.LIVE}
    for record in records if live else ():
        twin = live.get(record.key)
        if record.status is Status.TRANSITION and twin is not None:
            note.warning(
                "twins-in-transition",
                f"{visible_name(record.name)} stands twice in the list in transition, at "
                f"0x{record.span.start:X} and 0x{twin.span.start:X}: firmware lists none of the "
                "variables between the two.",
                record.span,
            )


_CHECKS: tuple[Callable[[Record, FindingCollector], None], ...] = (
    _torn,
    _state,
    _name_size,
    _name_text,
    _rivals,
    _no_data,
)


# The records without a fault that were judged last, by identity.
_last: dict[str, dict[int, Record]] = {"sound": {}}


def note_faults(records: tuple[Record, ...], note: FindingCollector) -> None:
    """Note what is wrong with the records of a list."""
    known, sound = _last["sound"], dict(zip(map(id, records), records, strict=True))
    # After an edit most are the same objects as before: what had no fault has none now.
    for record in [record for key, record in sound.items() if key not in known]:
        before = note.noted
        note_faults_of(record, note)
        if note.noted > before:
            del sound[id(record)]
    _last["sound"] = sound
    _note_twins(records, note)


def note_faults_of(record: Record, note: FindingCollector) -> None:
    """Note what is wrong with one record, whatever the others are."""
    for check in _CHECKS:
        check(record, note)
