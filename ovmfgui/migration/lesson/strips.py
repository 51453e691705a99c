"""What a file or a chip holds, as a strip of coloured pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ovmfgui.migration.simulation.guest_view import STORE_WINDOW, store_in
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.record import Status
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.store import Store
    from ovmfgui.pflash.contents import Pages

COLUMNS = 256
"""Into so many pieces contents without a store are cut."""

_ERASED = b"\xff"


class Piece(NamedTuple):
    """A part of a strip: its bytes and what they are, as a class of the style sheet."""

    span: Span
    what: str


LEGEND = (
    ("code", "code and data"),
    ("head", "header"),
    ("live", "variable"),
    ("dead", "deleted record"),
    ("ftw", "FTW working block"),
    ("spare", "spare area in use"),
    ("lit", "changed by this step"),
)
"""Classes that a picture shows, and their words; erased flash is left blank."""


# Known as long as somebody else has the contents, once with and once without a store in them.
_strips: WeakKeyDictionary[Pages, dict[bool, tuple[Piece, ...]]] = WeakKeyDictionary()


def strip(contents: Pages, *, may_hold_store: bool) -> tuple[Piece, ...]:
    """The pieces of some contents, ascending; what is not listed is erased.

    Args:
        contents: of a file or a chip.
        may_hold_store: whether a variable store is to be looked for at its beginning.
    """
    known = _strips.setdefault(contents, {})
    if may_hold_store not in known:
        known[may_hold_store] = _pieces(contents, may_hold_store=may_hold_store)
    return known[may_hold_store]


def _pieces(contents: Pages, *, may_hold_store: bool) -> tuple[Piece, ...]:
    store = store_in(contents) if may_hold_store else None
    if store is None or store.header_span is None:
        return tuple(_by_use(contents, Span(0, contents.size)))
    end = min(contents.size, STORE_WINDOW)
    if store.volume is not None:
        end = min(end, store.volume.span.end)
    return (*_of_store(store, contents), *_by_use(contents, Span.between(end, contents.size)))


def worth_a_lens(contents: Pages) -> Span | None:
    """The part of a store that is too small to be seen in a strip of the whole: its records."""
    store = store_in(contents)
    if not store.records:
        return None
    end = store.records[-1].span.end
    return Span(0, min(contents.size, max(0x200, (end + end // 6 + 0xFF) & ~0xFF)))


def _of_store(store: Store, contents: Pages) -> Iterator[Piece]:
    if store.header_span is not None:
        start = store.volume.header_span.start if store.volume else store.header_span.start
        yield Piece(Span.between(start, store.header_span.end), "head")
    for record in store.records:
        yield Piece(record.span, "live" if record.status is Status.LIVE else "dead")
    if store.ftw is not None:
        yield Piece(store.ftw.working, "ftw")
        spare = store.ftw.spare
        if spare is not None and contents.read(spare.start, spare.size).strip(_ERASED):
            yield Piece(spare, "spare")


def _by_use(contents: Pages, span: Span) -> Iterator[Piece]:
    """Runs of columns that hold something else than erased flash or zeros."""
    width = max(1, -(-span.size // COLUMNS))
    begun: int | None = None
    for start in range(span.start, span.end, width):
        part = contents.read(start, min(width, span.end - start))
        used = bool(part.strip(_ERASED)) and bool(part.strip(b"\0"))
        if used and begun is None:
            begun = start
        if not used and begun is not None:
            yield Piece(Span.between(begun, start), "code")
            begun = None
    if begun is not None:
        yield Piece(Span.between(begun, span.end), "code")
