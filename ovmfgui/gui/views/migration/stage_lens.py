"""A chip's store once more, below its strip: each part wide enough for its name.

To scale the event log and the FTW working block are a hair each, and a variable is less.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.span import Span
from ovmfgui.wording import count, size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from PySide6.QtGui import QFontMetricsF

    from ovmfgui.migration.recorded.segments import Segment

_PAD = theme.GRID
_AREAS = (Kind.EVENT_LOG, Kind.FTW_WORKING, Kind.FTW_SPARE)
_RECORDS = (Kind.VARIABLE, Kind.DEAD_VARIABLE)
_SHORT = {Kind.EVENT_LOG: "log", Kind.FTW_WORKING: "FTW", Kind.FTW_SPARE: "spare"}
_UNNAMED = 2.0 * _PAD
"""Width of a header, which says little to a room."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a store.

    Attributes:
        span: its bytes in the chip.
        kind: how it is drawn.
        name: of a variable; of the others their kind says enough.
        count: how many records it stands for.
    """

    span: Span
    kind: Kind
    name: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with what is written on it, and where it is drawn."""

    block: Block
    label: str
    left: float
    width: float


def blocks_of(segments: Iterable[Segment]) -> tuple[Block, ...]:
    """The parts of the store at a chip's beginning; none where there is no store."""
    found = [Block(each.span, each.kind, each.name) for each in segments]
    last = max((n for n, each in enumerate(found) if each.kind in _AREAS), default=-1)
    return tuple(_joined(found[: last + 1], (Kind.HEADER,)))


def _joined(blocks: Sequence[Block], kinds: tuple[Kind, ...]) -> Iterator[Block]:
    """The same, those of one kind that lie side by side as one."""
    for kind, run in groupby(blocks, key=lambda each: each.kind):
        members = list(run)
        if kind in kinds and len(members) > 1:
            span = Span(members[0].span.start, members[-1].span.end - members[0].span.start)
            yield Block(span, kind, count=len(members))
        else:
            yield from members


def _label(block: Block, *, short: bool, sized: Callable[[Block], bool]) -> str:
    if block.kind is Kind.HEADER:
        return ""
    if block.kind in _RECORDS:
        if block.count > 1:
            noun = "variable" if block.kind is Kind.VARIABLE else "dead record"
            return count(block.count, noun)
        return block.name if block.kind is Kind.VARIABLE else "dead"
    name = theme.kind_label(block.kind)
    name = _SHORT.get(block.kind, name) if short else name
    return f"{name} {size_text(block.span.size)}" if sized(block) else name


def _ways(blocks: Sequence[Block]) -> Iterator[tuple[tuple[Block, ...], list[str]]]:
    """How much can be said, the most first."""
    joined = tuple(_joined(blocks, _RECORDS))
    small = (Kind.EVENT_LOG, Kind.FTW_WORKING)
    sizes: tuple[tuple[bool, Callable[[Block], bool]], ...] = (
        (False, lambda _block: True),
        (True, lambda _block: True),
        (True, lambda block: block.kind in small),
    )
    for told in (tuple(blocks), joined):
        for short, sized in sizes:
            yield told, [_label(block, short=short, sized=sized) for block in told]
    yield joined, [_label(block, short=True, sized=lambda _block: False) for block in joined]


def _widths(labels: Iterable[str], metrics: QFontMetricsF) -> list[float]:
    return [metrics.horizontalAdvance(text) + 2 * _PAD if text else _UNNAMED for text in labels]


def laid_out(blocks: Sequence[Block], width: float, metrics: QFontMetricsF) -> tuple[Shown, ...]:
    """The blocks side by side in a width, with the longest words that fit."""
    ways = [(told, labels, _widths(labels, metrics)) for told, labels in _ways(blocks)]
    told, labels, wide = next((way for way in ways if sum(way[2]) <= width), ways[-1])
    if sum(wide) > width:
        share = width / max(sum(wide), 1)
        wide = [each * share for each in wide]
        labels = [
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(each - 2 * _PAD, 0))
            for text, each in zip(labels, wide, strict=True)
        ]
    named = sum(1 for text in labels if text)
    spare = (width - sum(wide)) / max(named, 1)
    found, left = [], 0.0
    for block, text, needed in zip(told, labels, wide, strict=True):
        across = needed + spare if text else needed
        found.append(Shown(block, text, left, across))
        left += across
    return tuple(found)
