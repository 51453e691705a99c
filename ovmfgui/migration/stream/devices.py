"""Device sections of a stream, and what two of them say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_STATE
from ovmfgui.dataclass import dataclass
from ovmfgui.migration.stream.source import StreamEnded
from ovmfgui.migration.stream.structures import BLOCK_WRITE, Element, PflashBody
from ovmfgui.pflash.state import CommandState, WriteBuffer

if TYPE_CHECKING:
    from collections.abc import Container

    from ovmfgui.migration.stream.source import Source

_STARTS = (Element.SECTION_START, Element.SECTION_FULL)
_PARTS = (Element.SECTION_PART, Element.SECTION_END)
_LAST_COMMAND = 11
"""MIG_CMD_SWITCHOVER_START, the highest that is known (migration/savevm.c)."""


@dataclass(frozen=True, slots=True)
class ChipSection:
    """A ``pflash_cfi01`` section: 0 is the first chip, 1 the second."""

    instance: int
    state: CommandState


def read_body(source: Source, section: int, known: Container[int]) -> bytes:
    """The body of a device's section and its footer.

    A section does not say how long it is; it ends where its footer stands and something that can
    follow a section comes behind it. Either alone turns up by chance: a timer's five bytes now
    and then look like a footer.

    Args:
        source: at the body's start.
        section: the section's number.
        known: numbers of the sections that have begun.

    Raises:
        StreamEnded: no footer comes.
    """
    footer = bytes((Element.SECTION_FOOTER,)) + section.to_bytes(4, "big")
    wanted = 0x10000
    while True:
        window = bytes(source.peek(wanted)[:wanted])
        ends = len(window) < wanted
        at = window.find(footer)
        while at >= 0:
            if _can_follow(window[at + len(footer) :], known, ends=ends):
                body = source.take(at)
                source.skip(len(footer))
                return body
            at = window.find(footer, at + 1)
        if ends or wanted >= MOST_STATE:
            raise StreamEnded(source.offset + len(window))
        wanted *= 4


def _can_follow(rest: bytes, known: Container[int], *, ends: bool) -> bool:
    """Whether an element begins here; ``ends`` says that the stream does after ``rest``."""
    kind = rest[0] if rest else Element.EOF
    number = int.from_bytes(rest[1:5], "big")
    if kind in _STARTS:
        name = rest[6 : 6 + rest[5]] if len(rest) > 5 else b""
        return bool(name) and all(0x20 < byte < 0x7F for byte in name)
    if kind in _PARTS:
        return number in known
    if kind == Element.COMMAND:
        return number >> 16 <= _LAST_COMMAND
    if kind != Element.EOF:
        return False
    # The end; the description of the devices may follow, or what a file is filled up with.
    described = rest[1:2] == bytes((Element.VMDESCRIPTION,)) and rest[6:7] == b"{"
    return described or (ends and not any(rest))


def chip_section(instance: int, body: bytes) -> ChipSection | None:
    """What a ``pflash_cfi01`` section holds; None where it is too short to be one."""
    values = PflashBody.read(body)
    if values is None:
        return None
    buffer = _write_buffer(body[PflashBody.sizeof() :])
    state = CommandState(
        values.wcycle,
        values.cmd,
        values.status,
        values.counter,
        # Not in the stream: whether reads gave the array follows from there being no command.
        romd=values.wcycle == 0 and values.cmd == 0,
        buffer=buffer,
    )
    return ChipSection(instance, state)


def _write_buffer(rest: bytes) -> WriteBuffer | None:
    header = bytes((Element.SUBSECTION,)) + BLOCK_WRITE
    if not rest.startswith(header):
        return None
    data = rest[len(header) + 4 :]
    return WriteBuffer(int.from_bytes(data[-4:], "big"), data[:-4]) if len(data) > 4 else None


def run_state(body: bytes) -> str:
    """The run state that a ``globalstate`` section names: a length and a buffer of 100 bytes."""
    size = int.from_bytes(body[:4], "big")
    return body[4 : 4 + min(size, 100)].split(b"\0")[0].decode("ascii", "replace")
