"""A step's snapshot as an SVG picture: hosts side by side, their files and chips as strips."""

from __future__ import annotations

from html import escape
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field
from ovmfgui.migration.lesson.host_rows import FILE_LABELS
from ovmfgui.migration.lesson.strips import strip, worth_a_lens
from ovmfgui.migration.simulation.snapshot import ROM_BLOCK, ObjectKey
from ovmfgui.migration.simulation.states import FileRole, RunState, StreamState
from ovmfgui.span import Span

if TYPE_CHECKING:
    from ovmfgui.migration.simulation.snapshot import (
        ChipState,
        FileState,
        GuestState,
        HostState,
        Stream,
    )
    from ovmfgui.migration.simulation.step import Step
    from ovmfgui.pflash.contents import Pages

WIDTH = 1600
_GAP, _PAD = 140, 24
_STRIP, _MARKS = 30, 8
_LEAST = 3.0
"""Pixels that the smallest piece gets: a record has a hundred bytes of half a million."""

_STATES = {
    RunState.RUNNING: "",
    RunState.PAUSED: ", paused",
    RunState.INMIGRATE: ", waiting",
    RunState.POSTMIGRATE: ", left behind",
}
_STREAMS = {
    StreamState.FLOWING: ("the stream", "flows"),
    StreamState.COMPLETE: ("all has", "arrived"),
    StreamState.REFUSED: ("refused", "✖"),
    StreamState.CUT: ("link cut", "✖"),
}


@dataclass(slots=True)
class _Canvas:
    """SVG elements, and how far down they reach."""

    elements: list[str] = field(default_factory=list)
    bottom: float = 0.0

    def text(self, x: float, y: float, words: str, kind: str, anchor: str = "start") -> None:
        self.elements.append(
            f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        self.elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'class="{kind}"/>'
        )
        self.bottom = max(self.bottom, y + height)


def picture(step: Step) -> str:
    """The SVG of a step; classes are those of the page's style sheet."""
    hosts = step.snapshot.hosts
    width = (WIDTH - _GAP * (len(hosts) - 1)) / len(hosts)
    lit = {change.key: change.spans for change in step.changed}
    canvas = _Canvas()
    frames = [
        (index * (width + _GAP), _host(canvas, host, index * (width + _GAP), width, lit))
        for index, host in enumerate(hosts)
    ]
    height = max(bottom for _x, bottom in frames) + _PAD
    framed = _Canvas()
    for (x, _bottom), host in zip(frames, hosts, strict=True):
        framed.box(x + 1, 1, width - 2, height - 2, "here" if host.name == step.host else "host")
    if step.snapshot.stream is not None:
        names = [host.name for host in hosts]
        _arrow(canvas, step.snapshot.stream, names, width)
    body = "".join((*framed.elements, *canvas.elements))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(step.title, quote=True)}">{body}</svg>'
    )


def _host(
    canvas: _Canvas,
    host: HostState,
    x: float,
    width: float,
    lit: dict[ObjectKey, tuple[Span, ...]],
) -> float:
    left, inner = x + _PAD, width - 2 * _PAD
    canvas.text(left, 44, host.title, "title")
    canvas.text(left + inner, 44, f"QEMU {host.qemu}", "small", "end")
    y = 74.0
    for file in host.files:
        spans = lit.get(ObjectKey.file(host.name, file.path), ())
        y = _file(canvas, file, left, y, inner, spans)
    for guest in host.guests:
        y = _guest(canvas, host, guest, left, y + 10, inner, lit)
    return y


def _file(
    canvas: _Canvas, file: FileState, x: float, y: float, width: float, lit: tuple[Span, ...]
) -> float:
    shared = ", shared" if file.shared else ""
    canvas.text(x, y + 24, f"{FILE_LABELS[file.role]}{shared}", "label")
    canvas.text(x + width, y + 24, PurePosixPath(file.path).name, "small", "end")
    holds = file.role is not FileRole.CODE
    lens = file.role in (FileRole.STORE, FileRole.SAVED, FileRole.SNAPSHOT)
    bottom = _strip(canvas, file.contents, x, y + 34, width, lit, may_hold_store=holds)
    if lens:
        bottom = _lens(canvas, file.contents, x, bottom, width, lit)
    return bottom + 6


def _guest(
    canvas: _Canvas,
    host: HostState,
    guest: GuestState,
    x: float,
    y: float,
    width: float,
    lit: dict[ObjectKey, tuple[Span, ...]],
) -> float:
    top = y
    y += 38
    state = _STATES[guest.run_state]
    canvas.text(x + 14, y, f"{guest.domain}{state}", "guest")
    canvas.text(x + width - 14, y, "" if guest.alive else "✖ did not come up", "bad", "end")
    y += 12
    for chip in guest.chips:
        spans = lit.get(ObjectKey.chip(host.name, guest.domain, chip.name), ())
        y = _chip(canvas, chip, x + 14, y, width - 28, spans)
    frame = _Canvas()
    frame.box(x, top, width, y - top, "machine")
    # Behind what is drawn in it.
    canvas.elements.insert(0, frame.elements[0])
    return y + 6


def _chip(
    canvas: _Canvas, chip: ChipState, x: float, y: float, width: float, lit: tuple[Span, ...]
) -> float:
    name = _chip_name(chip)
    busy = not chip.read_only and not chip.command.idle
    canvas.text(x, y + 24, name if busy else f"{name} at 0x{chip.address:X}", "label")
    words = chip.command.words.partition(";")[0] if busy else chip.firmware
    canvas.text(
        x + width, y + 24, _short(words, 44 if busy else 30), "busy" if busy else "small", "end"
    )
    holds = not chip.read_only
    bottom = _strip(canvas, chip.contents, x, y + 34, width, lit, may_hold_store=holds)
    if chip.second:
        bottom = _lens(canvas, chip.contents, x, bottom, width, lit)
    return bottom + 6


def _chip_name(chip: ChipState) -> str:
    if chip.second:
        return "VARS chip"
    if chip.name == ROM_BLOCK:
        return "ROM"
    return "CODE" if chip.read_only else "flash chip"


def _short(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def _strip(
    canvas: _Canvas,
    contents: Pages,
    x: float,
    y: float,
    width: float,
    lit: tuple[Span, ...],
    *,
    may_hold_store: bool,
    shown: Span | None = None,
) -> float:
    """Draw contents, or the part that is shown, and what changed in it; returns the lower end."""
    part = shown or Span(0, contents.size)
    canvas.box(x, y, width, _STRIP, "flash")
    scale = width / part.size if part.size else 0.0
    for piece in strip(contents, may_hold_store=may_hold_store):
        _mark(canvas, piece.span, part, x, y, scale, piece.what, _STRIP)
    for span in _merged(lit, scale):
        _mark(canvas, span, part, x, y + _STRIP + 2, scale, "lit", _MARKS)
    return y + _STRIP + 2 + _MARKS


def _lens(
    canvas: _Canvas, contents: Pages, x: float, y: float, width: float, lit: tuple[Span, ...]
) -> float:
    """The beginning of a store once more, as large as its records need it."""
    shown = worth_a_lens(contents)
    if shown is None:
        return y
    edge = x + max(_LEAST, width * shown.size / contents.size)
    top, bottom = y - _MARKS, y + 14
    canvas.elements.append(
        f'<path class="lens" d="M{x:.0f} {top:.0f} L{x:.0f} {bottom:.0f} H{x + width:.0f} '
        f'L{edge:.0f} {top:.0f}"/>'
    )
    return _strip(canvas, contents, x, bottom, width, lit, may_hold_store=True, shown=shown)


def _mark(
    canvas: _Canvas,
    span: Span,
    part: Span,
    x: float,
    y: float,
    scale: float,
    kind: str,
    height: float,
) -> None:
    start, end = max(span.start, part.start), min(span.end, part.end)
    if start >= end:
        return
    width = part.size * scale
    size = max(_LEAST, (end - start) * scale - 0.5)
    at = min((start - part.start) * scale, width - size)
    canvas.box(x + at, y, size, height, kind)


def _merged(spans: tuple[Span, ...], scale: float) -> list[Span]:
    """Spans that would be drawn over one another, made one."""
    near = int(_LEAST / scale) if scale else 0
    found: list[Span] = []
    for span in spans:
        if found and span.start - found[-1].end <= near:
            found[-1] = Span.between(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _arrow(canvas: _Canvas, stream: Stream, names: list[str], width: float) -> None:
    here, there = names.index(stream.source), names.index(stream.destination)
    start, end = min(here, there), max(here, there)
    left, right = start * (width + _GAP) + width + 8, end * (width + _GAP) - 8
    y = 130
    tail, head = (left, right) if here < there else (right, left)
    back = -18 if here < there else 18
    kind = "broken" if stream.state in (StreamState.REFUSED, StreamState.CUT) else "arrow"
    canvas.elements.append(
        f'<path class="{kind}" d="M{tail:.0f} {y} H{head:.0f} m{back} -14 L{head:.0f} {y} '
        f'l{back} 14"/>'
    )
    first, second = _STREAMS[stream.state]
    middle = (left + right) / 2
    canvas.text(middle, y - 24, first, "small", "middle")
    canvas.text(middle, y + 40, second, "small", "middle")
