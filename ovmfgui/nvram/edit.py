"""A change to a variable store as a value: the flash writes that firmware would make."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.nvram.record import Record


@dataclass(frozen=True, slots=True)
class FlashWrite:
    """One write to flash.

    Attributes:
        offset: of the first byte, in the file.
        data: what the bytes become.
        what: what this step does, in a few words.
    """

    offset: int
    data: bytes
    what: str

    @property
    def span(self) -> Span:
        """The bytes it touches."""
        return Span(self.offset, len(self.data))


@dataclass(frozen=True, slots=True)
class TextChange(FlashWrite):
    """A change to a JSON store, whose new text may be longer or shorter than the old one.

    Attributes:
        replaced: how many bytes it takes the place of.
    """

    replaced: int

    @property
    def span(self) -> Span:
        """The bytes that it takes the place of."""
        return Span(self.offset, self.replaced)


def text_change(before: bytes, after: bytes, what: str) -> tuple[TextChange, ...]:
    """The one change from ``before`` to ``after``, without what both begin and end with."""
    if before == after:
        return ()
    start = _common(before, after)
    old, new = before[start:], after[start:]
    same = _common(old[::-1], new[::-1])
    end = len(new) - same
    return (TextChange(start, new[:end], what, len(old) - same),)


def _common(first: bytes, second: bytes) -> int:
    """How many bytes both begin with."""
    least, most = 0, min(len(first), len(second))
    while least < most:
        middle = (least + most + 1) // 2
        if first[:middle] == second[:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _spliced(data: bytes, writes: Iterable[FlashWrite]) -> bytes:
    for write in writes:
        data = data[: write.offset] + write.data + data[write.span.end :]
    return data


def apply_writes(data: bytes, writes: Iterable[FlashWrite]) -> bytes:
    """The bytes of a file after writes, whose offsets are in that file."""
    writes = tuple(writes)
    if not writes:
        return data
    if any(isinstance(write, TextChange) for write in writes):
        return _spliced(data, writes)
    start = min(write.span.start for write in writes)
    end = max(write.span.end for write in writes)
    changed = bytearray(data[start:end])
    for write in writes:
        at = write.offset - start
        changed[at : at + len(write.data)] = write.data
    # One copy and no more: an ARM store has 64 MiB.
    whole = memoryview(data)
    return b"".join((whole[:start], changed, whole[end:]))


class Contents:
    """A file's bytes after writes that are put into it when the bytes are asked for, all at once.

    A thousand edits one behind the other would otherwise copy the file a thousand times.
    """

    __slots__ = ("_known", "_link")

    def __init__(
        self,
        data: bytes | None,
        link: tuple[Contents, tuple[FlashWrite, ...]] | None = None,
    ) -> None:
        self._known, self._link = data, link

    @property
    def data(self) -> bytes:
        """The file's bytes, all writes applied."""
        if self._link is not None:
            self._known, self._link = self._applied(), None
        assert self._known is not None
        return self._known

    def _applied(self) -> bytes:
        pending: list[tuple[FlashWrite, ...]] = []
        source = self
        while source._link is not None:
            source, writes = source._link
            pending.append(writes)
        return apply_writes(source.data, chain.from_iterable(reversed(pending)))

    def after(self, writes: tuple[FlashWrite, ...]) -> Contents:
        """The bytes once ``writes`` are made."""
        return Contents(None, (self, writes)) if writes else self


class Step(NamedTuple):
    """What an edit makes of the record list, where that is all that it changes in a store.

    Attributes:
        added: the record behind the last one; None for a deletion.
        retired: the record that was live until then; None for a new variable.
    """

    added: Record | None
    retired: Record | None


class Appended(NamedTuple):
    """What became of the signatures that were to be appended to a database."""

    new: int
    known: int


@dataclass(frozen=True)
class Edit:
    """A change, done; nothing but the bytes of its writes differs between before and after.

    ``before`` and ``after`` are whole files, 64 MiB on ARM: they are made when they are asked for,
    so that trying an edit costs no copy. A history of changes does better to keep ``writes`` and
    ``reverts`` and to use ``apply_writes``.

    Attributes:
        title: what was done, for a history ("Set Timeout").
        start: the file it was made for.
        writes: in firmware's order; the store is sound after each of them. Empty where firmware
            would not write at all.
        step: what it makes of the record list; None where only reading the store anew tells.
        appended: how many signatures are new in a database, and how many it had; None where no
            signatures were appended.
    """

    title: str
    start: Contents
    writes: tuple[FlashWrite, ...]
    step: Step | None = None
    appended: Appended | None = None

    @classmethod
    def of_writes(
        cls, title: str, before: bytes | Contents, writes: tuple[FlashWrite, ...]
    ) -> Edit:
        """The edit that ``writes`` make of ``before``."""
        return cls(title, before if isinstance(before, Contents) else Contents(before), writes)

    @property
    def before(self) -> bytes:
        """The file's bytes before it."""
        return self.start.data

    @cached_property
    def end(self) -> Contents:
        """The file it leaves behind."""
        return self.start.after(self.writes)

    @property
    def after(self) -> bytes:
        """The file's bytes after it."""
        return self.end.data

    def then(self, other: Edit) -> Edit:
        """This edit and behind it ``other``, which starts from where this one ends."""
        return Edit(self.title, self.start, self.writes + other.writes)

    @property
    def reverts(self) -> tuple[FlashWrite, ...]:
        """The writes that undo it, to be applied to ``after``; no real flash could take them."""
        if any(isinstance(write, TextChange) for write in self.writes):
            title = f"undo: {self.title}"
            return text_change(self.after, self.before, title)
        before = self.before
        return tuple(
            FlashWrite(write.offset, write.span.of(before), f"undo: {write.what}")
            for write in reversed(self.writes)
        )

    def stages(self) -> Iterable[bytes]:
        """The file after no write, after the first, after the second, and so on to the last."""
        data = self.before
        yield data
        for write in self.writes:
            data = apply_writes(data, (write,))
            yield data
