"""What a reading of an image gathers on its way, and the budgets that bound it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_ALIKE, MOST_DEPTH, MOST_PARTS
from ovmfgui.dataclass import dataclass, field, replace
from ovmfgui.finding import Finding, Severity, more_alike
from ovmfgui.flash.fill import describe_fill, fill_of
from ovmfgui.flash.region import Kind, Region
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ovmfgui.flash.image import Architecture, Space

# Real images nest five levels of volumes and sections and unpack to some 14 MiB.
# Shorter runs of one byte at the end of unknown data are part of that data.
_MIN_TAIL = 64


@dataclass(slots=True)
class Reading:
    """Collects spaces and findings while volumes, files and sections are read.

    Attributes:
        spaces: grows by one for every body that is unpacked.
        findings: in the order they were noticed.
        read_volumes: reads whatever fills a span (closes the circle volume, file, section, volume).
        unpacked: bytes that were unpacked so far, those of damaged bodies too.
        symbols: codes of Tiano and UEFI compression that were read so far.
        regions: regions made so far.
        executables: how many were read for each processor.
    """

    spaces: list[Space]
    read_volumes: Callable[[Reading, Span, int, int], tuple[Region, ...]]
    findings: list[Finding] = field(default_factory=list)
    unpacked: int = 0
    symbols: int = 0
    regions: int = 0
    executables: dict[Architecture, int] = field(default_factory=dict)
    _alike: Counter[str] = field(default_factory=Counter)

    def data(self, space: int) -> bytes:
        """The bytes of a space."""
        return self.spaces[space].data

    @property
    def architecture(self) -> Architecture | None:
        """What most of the executables are built for: an IA32 SEC may start X64 drivers."""
        counts = self.executables
        return max(counts, key=counts.__getitem__) if counts else None

    def note(self, finding: str, severity: Severity, text: str, space: int, span: Span) -> None:
        """Record a finding about a place; of one kind as many as anyone reads, and their number."""
        self._alike[finding] += 1
        if self._alike[finding] <= MOST_ALIKE:
            self.findings.append(Finding(finding, severity, text, Place(space, span)))

    def all_findings(self) -> tuple[Finding, ...]:
        """What was noted, and how many more there were of a kind."""
        more = (
            Finding(f.id, f.severity, more_alike(self._alike[f.id] - MOST_ALIKE, f.id))
            for f in {f.id: f for f in self.findings}.values()
            if self._alike[f.id] > MOST_ALIKE
        )
        return (*self.findings, *more)

    def exhausted(self, depth: int, space: int, span: Span) -> bool:
        """Whether a budget is used up, which becomes a finding the first time."""
        self.regions += 1
        if depth <= MOST_DEPTH and self.regions <= MOST_PARTS:
            return False
        if not any(f.id == "too-much-structure" for f in self.findings):
            what = "deeply nested" if depth > MOST_DEPTH else "many parts"
            text = f"Too {what} to be a real image: reading stops here"
            self.note("too-much-structure", Severity.WARNING, text, space, span)
        return True

    def fill(self, space: int, span: Span, erased: int = 0xFF) -> Region:
        """A leaf for bytes between structures: free where erased, else padding or raw."""
        value = fill_of(self.data(space), span)
        return self._filled(value, space, span, erased)

    def _filled(self, value: int | None, space: int, span: Span, erased: int) -> Region:
        if value is None:
            return leaf("raw data", Kind.RAW, space, span, detail="no known structure")
        kind, name = (Kind.FREE, "free") if value == erased else (Kind.PADDING, "padding")
        return leaf(name, kind, space, span, used=0, detail=describe_fill(value))

    def gap(self, space: int, span: Span, *, tail: int) -> tuple[Region, ...]:
        """Leaves for bytes between volumes: what is in them, then what fills up the rest.

        ``tail`` is where that begins; the end of the span where nothing does.
        """
        if span.end - tail < _MIN_TAIL:
            return (self.fill(space, span),)
        value = self.data(space)[span.end - 1]
        rest = self._filled(value, space, Span.between(tail, span.end), 0xFF)
        if tail == span.start:
            return (rest,)
        return self.fill(space, Span.between(span.start, tail)), rest


def leaf(name: str, kind: Kind, space: int, span: Span, **more: Any) -> Region:
    """A region without children; all its bytes count as used unless told otherwise."""
    more.setdefault("used", span.size)
    return Region(name, kind, Place(space, span), **more)


def branch(
    name: str, kind: Kind, space: int, span: Span, children: Iterable[Region], **more: Any
) -> Region:
    """A region with children in its own space; uses what they use."""
    parts = tuple(child for child in children if child.span.size)
    used = sum(child.used or 0 for child in parts)
    return Region(name, kind, Place(space, span), children=parts, used=used, **more)


def holding(region: Region, inner: tuple[Region, ...]) -> Region:
    """A leaf that holds unpacked bodies: ``inner`` lies in another space."""
    return replace(region, children=inner)
