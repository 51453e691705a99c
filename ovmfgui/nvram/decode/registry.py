"""The table of decoders, and the way from a record to what it means."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ovmfgui.nvram.decode import network, options, platform, scalars, signatures
from ovmfgui.nvram.decode.decoded import Decoded, Decoder, Named, Undecodable, Value, plain

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.record import Record

# The first that matches decodes.
DECODERS: tuple[Decoder, ...] = (
    *scalars.DECODERS,
    *options.DECODERS,
    *signatures.DECODERS,
    *platform.DECODERS,
    *network.DECODERS,
)
# Those that may match any name, and for each name that is told whole, those that may match it:
# stores have thousands of variables, and there are dozens of decoders.
_PATTERNS = tuple(each for each in DECODERS if not isinstance(each.matches, Named))
_BY_NAME = {
    name: tuple(
        other
        for other in DECODERS
        if not isinstance(other.matches, Named) or name in other.matches.names
    )
    for each in DECODERS
    if isinstance(each.matches, Named)
    for name in each.matches.names
}


@lru_cache(maxsize=4096)
def decoder_for(guid: UUID, name: str) -> Decoder | None:
    """The decoder of a variable; None where nobody knows it."""
    return next((each for each in _BY_NAME.get(name, _PATTERNS) if each.matches(guid, name)), None)


def help_for(guid: UUID, name: str) -> str:
    """What a well-known variable is for, in one sentence; empty where it is not known."""
    decoder = decoder_for(guid, name)
    return decoder.help if decoder else ""


def decode_value(value: Value) -> Decoded:
    """Decode a value by its variable's GUID and name; never raises.

    A value that is not what its name promises is shown as plain data, with a finding.
    """
    decoder = decoder_for(value.guid, value.name)
    if decoder is None or not value.data:
        return plain(value)
    try:
        return decoder.decode(value)._replace(kind=decoder.kind)
    except Undecodable as reason:
        text = f"{value.name} is no {decoder.kind}: {reason.why}. Shown as plain data."
        finding = value.finding("undecodable", text, min(reason.offset, len(value.data)))
        return plain(value)._replace(findings=(finding,))


def decode(record: Record, *, space: int = 0, reveal: bool = False) -> Decoded:
    """What a record's value means.

    Args:
        record: any record, live or not.
        space: the space that the record's spans are in, for findings.
        reveal: show passwords and their hashes, which are masked otherwise.
    """
    value = Value(record.data, record.data_span.start, space, record.name, record.guid, reveal)
    return decode_value(value)
