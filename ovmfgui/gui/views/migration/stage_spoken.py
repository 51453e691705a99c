"""The stage in words, for a screen reader: a row for each part of a host, file, chip and stream."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ovmfgui.gui.widgets.spoken import SpokenRow
from ovmfgui.migration.simulation.states import StreamState
from ovmfgui.wording import size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from PySide6.QtCore import QRect

    from ovmfgui.migration.lesson.host_rows import Row, Section
    from ovmfgui.migration.simulation.snapshot import ObjectKey, Stream

_STREAM = {
    StreamState.FLOWING: "is flowing",
    StreamState.COMPLETE: "is complete",
    StreamState.REFUSED: "was refused",
    StreamState.CUT: "was cut off",
}


def stage_rows(
    parts: Iterable[tuple[str, QRect, Section]],
    rects: Mapping[ObjectKey, QRect],
    chosen: ObjectKey | None,
    choose: Callable[[Row], None],
) -> Iterator[SpokenRow]:
    """What hosts have.

    Args:
        parts: title of the host, where the part is drawn, and what it consists of.
        rects: where files and chips are drawn.
        chosen: whose bytes are shown.
        choose: shows those of another one.
    """
    for host, rect, part in parts:
        what = " ".join(filter(None, (host, part.title)))
        yield SpokenRow(_told(what, (part.note, *part.lines)), rect)
        for row in part.rows:
            words = row.words or next(iter(row.notes), "")
            where, is_chosen = rects.get(row.key, rect), row.key == chosen
            yield SpokenRow(_told(row.label, (words,)), where, is_chosen, partial(choose, row))


def stream_rows(
    stream: Stream | None, titles: Mapping[str, str], rect: QRect
) -> Iterator[SpokenRow]:
    """The stream, where there is one: between whom, how it stands, what it carries."""
    if stream is None:
        return
    ends = " to ".join(titles.get(name, name) for name in (stream.source, stream.destination))
    cargo = [f"{block.name} {size_text(block.sent)}" for block in stream.blocks if block.sent]
    if any(not chip.command.idle for chip in stream.chips):
        cargo.append("a chip in the middle of a command")
    yield SpokenRow(_told(f"The stream from {ends} {_STREAM[stream.state]}", cargo), rect)


def _told(what: str, more: Iterable[str]) -> str:
    said = [text.strip().rstrip(".") for text in more if text and text.strip(". ")]
    return f"{what}: {'. '.join(said)}" if said else what
