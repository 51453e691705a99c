"""How a large matrix is laid out to be read: what is alike together, what is well left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.hosts.matrix_board import Board, Named
    from ovmfgui.layout.verdict import Verdict

MOST_IN_WORDS = 12
"""Rows or columns that are still read one by one; more are looked over."""

_PREFIX = re.compile(r".*[/_.\- ]", re.DOTALL)
_SUFFIX = re.compile(r"[/_.\- ].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the head of a row or column.

    Attributes:
        named: its file, the first of those that are alike.
        label: what tells it from the others at this edge, without what all names share.
        alike: the others, whose verdicts are the same.
        not_well: files at the other edge that it is not well with.
        met: files at the other edge.
    """

    named: Named
    label: str
    alike: tuple[Named, ...]
    not_well: int
    met: int

    @property
    def name(self) -> str:
        """The whole name, and how many more it stands for."""
        more = len(self.alike)
        return f"{self.named.name} and {more} alike" if more else self.named.name

    @property
    def short(self) -> str:
        """The label, and how many it stands for."""
        return f"{self.label} · {len(self.alike) + 1} alike" if self.alike else self.label

    @property
    def note(self) -> str:
        """What is to be said of the file, and how many it stands for."""
        more = len(self.alike)
        return f"{more + 1} alike · {self.named.note}" if more else self.named.note

    @property
    def told(self) -> str:
        """How many of the other edge it is not well with, in words."""
        return f"not well with {self.not_well} of {self.met}"

    @property
    def tip(self) -> str:
        """Path and note, the count, and the paths of those that are alike."""
        lines = [self.named.tip, self.told]
        if self.alike:
            lines += [f"{count(len(self.alike) + 1, 'file')} alike; the others:"]
            lines += [each.path for each in self.alike[:_MOST_PATHS]]
        if len(self.alike) > _MOST_PATHS:
            lines.append(f"… and {len(self.alike) - _MOST_PATHS} more")
        return "\n".join(lines)


_MOST_PATHS = 24
"""In a tooltip, which does not scroll."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A board as it is shown.

    Attributes:
        rows: of stores.
        columns: of CODE images.
        cells: ``cells[row][column]``.
        hidden: stores and CODE images that are left out: they are well with everything.
    """

    rows: tuple[Heading, ...]
    columns: tuple[Heading, ...]
    cells: tuple[tuple[Verdict, ...], ...]
    hidden: tuple[int, int]


def is_large(shown: Arrangement) -> bool:
    """Whether there is more than is read cell by cell."""
    return max(len(shown.columns), len(shown.rows)) > MOST_IN_WORDS


def arrange(board: Board, *, grouped: bool = False, only_not_well: bool = False) -> Arrangement:
    """Lay a board out.

    Args:
        board: all verdicts.
        grouped: whether files with the same verdicts throughout share a row or column.
        only_not_well: whether to leave out files that are well with all of the other edge.
    """
    down = board.cells
    across = tuple(zip(*board.cells, strict=True))
    rows = _groups(board.stores, down, grouped=grouped, only_not_well=only_not_well)
    columns = _groups(board.codes, across, grouped=grouped, only_not_well=only_not_well)
    return Arrangement(
        _headings(board.stores, down, rows),
        _headings(board.codes, across, columns),
        tuple(tuple(down[row[0]][column[0]] for column in columns) for row in rows),
        (len(down) - sum(map(len, rows)), len(across) - sum(map(len, columns))),
    )


def _groups(
    named: Sequence[Named],
    lines: Sequence[Sequence[Verdict]],
    *,
    grouped: bool,
    only_not_well: bool,
) -> list[list[int]]:
    """Indices of lines that are shown as one, in the order of the first of each.

    Files of other sizes or processors are not alike, whatever their verdicts.
    """
    groups: dict[object, list[int]] = {}
    for index, line in enumerate(lines):
        if only_not_well and all(each.fit.well for each in line):
            continue
        same: object = index
        if grouped:
            verdicts = tuple((each.fit, each.outcome, each.summary) for each in line)
            same = named[index].note, verdicts
        groups.setdefault(same, []).append(index)
    return list(groups.values())


def _headings(
    named: Sequence[Named], lines: Sequence[Sequence[Verdict]], groups: Sequence[Sequence[int]]
) -> tuple[Heading, ...]:
    labels = differing_parts([each.path for each in named])
    return tuple(
        Heading(
            named[first],
            labels[first],
            tuple(named[each] for each in others),
            sum(not each.fit.well for each in lines[first]),
            len(lines[first]),
        )
        for first, *others in groups
    )


def differing_parts(paths: Sequence[str]) -> list[str]:
    """What tells files apart: their names without the words that all begin and end with.

    An ellipsis stands for what is left out, but for an ending such as ``.fd``. Where names are the
    same it takes the folders.
    """
    names = [path.rpartition("/")[2] for path in paths]
    if len(set(names)) < len(names):
        names = list(paths)
    if len(set(names)) < 2:
        return names
    backwards = _common_start([name[::-1] for name in names])[::-1]
    suffix = _whole_words(_SUFFIX, backwards)
    stems = [name.removesuffix(suffix) for name in names]
    if not all(stems):
        suffix, stems = "", names
    prefix = _whole_words(_PREFIX, _common_start(stems))
    while prefix and prefix in stems:
        prefix = _whole_words(_PREFIX, prefix[:-1])
    before = "…" if prefix else ""
    after = "…" if suffix.count(".") > 1 or (not suffix.startswith(".") and suffix) else ""
    return [f"{before}{stem.removeprefix(prefix)}{after}" for stem in stems]


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    equal = (index for index, (a, b) in enumerate(zip(first, last, strict=False)) if a != b)
    return first[: next(equal, len(first))]


def _whole_words(pattern: re.Pattern[str], text: str) -> str:
    """As much of a common beginning or end as stops where a word does."""
    found = pattern.search(text)
    return found[0] if found is not None else ""
