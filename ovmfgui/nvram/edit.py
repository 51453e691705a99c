"""A change to a variable store as a value: the flash writes that firmware would make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    """``data`` after ``writes``."""
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


@dataclass(frozen=True)
class Edit:
    """A change, done; nothing but the bytes of its writes differs between before and after.

    ``before`` and ``after`` are whole files, 64 MiB on ARM: ``after`` is made when it is asked for,
    so that trying an edit costs no copy. A history of changes does better to keep ``writes`` and
    ``reverts`` and to use ``apply_writes``.

    Attributes:
        title: what was done, for a history ("Set Timeout").
        before: the file's bytes before.
        writes: in firmware's order; the store is sound after each of them. Empty where firmware
            would not write at all.
    """

    title: str
    before: bytes
    writes: tuple[FlashWrite, ...]

    @classmethod
    def of_writes(cls, title: str, before: bytes, writes: tuple[FlashWrite, ...]) -> Edit:
        """The edit that ``writes`` make of ``before``."""
        return cls(title, before, writes)

    @cached_property
    def after(self) -> bytes:
        """The file's bytes after it."""
        return apply_writes(self.before, self.writes)

    def then(self, other: Edit) -> Edit:
        """This edit and behind it ``other``, which starts from where this one ends."""
        return Edit(self.title, self.before, self.writes + other.writes)

    @property
    def reverts(self) -> tuple[FlashWrite, ...]:
        """The writes that undo it, to be applied to ``after``; no real flash could take them."""
        if any(isinstance(write, TextChange) for write in self.writes):
            title = f"undo: {self.title}"
            return text_change(self.after, self.before, title)
        return tuple(
            FlashWrite(write.offset, write.span.of(self.before), f"undo: {write.what}")
            for write in reversed(self.writes)
        )

    def stages(self) -> Iterable[bytes]:
        """The file after no write, after the first, after the second, and so on to the last."""
        data = self.before
        yield data
        for write in self.writes:
            data = apply_writes(data, (write,))
            yield data
