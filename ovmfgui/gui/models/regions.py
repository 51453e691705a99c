"""The regions of the flash map as a tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from ovmfgui.dataclass import dataclass, field
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.gui.look.swatch import swatch
from ovmfgui.gui.models.columns import DECORATION, UNANSWERED, Column, Index, header_cell
from ovmfgui.gui.models.pattern import Filter
from ovmfgui.guid import guid_name

if TYPE_CHECKING:
    from collections.abc import Set
    from uuid import UUID

    from ovmfgui.flash.region import Region


@dataclass(slots=True, eq=False)
class _Node:
    """A region with the way up; kept by the model, so that an index never outlives its node."""

    region: Region
    parent: _Node | None
    row: int
    kept: Set[int] | None
    children: list[_Node] = field(default_factory=list)
    filled: bool = False

    def grow(self) -> list[_Node]:
        if not self.filled:
            self.filled = True
            self.children = _level_of(self.region.children, self, self.kept)
        return self.children


def _level_of(
    regions: tuple[Region, ...], parent: _Node | None, kept: Set[int] | None
) -> list[_Node]:
    shown = [each for each in regions if kept is None or id(each) in kept]
    return [_Node(region, parent, row, kept) for row, region in enumerate(shown)]


ALWAYS_USED = (Kind.VARIABLE, Kind.DEAD_VARIABLE, Kind.HEADER, Kind.FREE)
"""Kinds of which it says nothing how much of them is used."""


def used_text(region: Region) -> str:
    """How much of a region is in use, in percent; empty where that has no meaning."""
    if region.used is None or not region.span.size or region.kind in ALWAYS_USED:
        return ""
    share = 100 * region.used / region.span.size
    return f"{share:.0f} %" if share >= 1 or not region.used else "< 1 %"


COLUMNS: tuple[Column[Region], ...] = (
    Column("Name", lambda r: r.name, full=lambda r: r.detail or r.name),
    Column("Kind", lambda r: theme.kind_label(r.kind)),
    Column("Offset", lambda r: f"0x{r.span.start:08X}", lambda r: r.span.start,
           "First byte, in the file or in the unpacked body", number=True),
    Column("Size", lambda r: f"0x{r.span.size:X}", lambda r: r.span.size,
           "Bytes, in hex", number=True, full=lambda r: f"{r.span.size:,} bytes"),
    Column("Guest address", lambda r: "" if r.address is None else f"0x{r.address:08X}",
           lambda r: -1 if r.address is None else r.address,
           "Where a running guest sees the first byte", number=True),
    Column("Used", used_text, lambda r: -1 if r.used is None else r.used,
           "Bytes that are not erased or free", number=True,
           full=lambda r: "" if r.used is None else f"{r.used:,} of {r.span.size:,} bytes"),
    Column("GUID", lambda r: "" if r.guid is None else str(r.guid), fixed=True,
           full=lambda r: guid_name(r.guid)),
)  # fmt: skip


def text_of(region: Region) -> str:
    """All that a row says, which a filter looks through."""
    # Not by the columns one by one: a damaged image has ten thousands of rows.
    span, address = region.place.span, region.address
    where = "" if address is None else f"0x{address:08X}"
    guid = "\n" if region.guid is None else _guid_texts(region.guid)
    return (
        f"{region.name}\n{theme.kind_label(region.kind)}\n0x{span.start:08X}\n0x{span.size:X}\n"
        f"{where}\n{used_text(region)}\n{region.detail}\n{guid}"
    )


@lru_cache(maxsize=4096)
def _guid_texts(guid: UUID) -> str:
    return f"{guid}\n{guid_name(guid)}"


class RegionsModel(QAbstractItemModel):
    """The regions, made into nodes as far as the tree has been unfolded.

    It filters by itself: a proxy would ask it about each of thousands of rows at every change.

    Signals:
        wrong_changed: as ``WordFilter``'s.
    """

    wrong_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._regions: tuple[Region, ...] = ()
        self._roots: list[_Node] = []
        self._asked = Filter()
        self._kept: set[int] | None = None
        self._texts: dict[int, tuple[Region, str]] = {}

    def set_regions(self, regions: tuple[Region, ...]) -> None:
        """Show the regions of another map; the tree is folded again."""
        self._regions = regions
        self._fill()

    def set_words(self, text: str) -> bool:
        """Show regions with these words, or that match this /pattern/, and those around them.

        Without either all are shown. The tree is folded again, where this is a change; whether it
        is.
        """
        if not self._asked.ask(text):
            return False
        self._fill()
        return True

    def _fill(self) -> None:
        kept: set[int] | None = None
        if not self._asked.everything:
            kept, before, self._texts = set(), self._texts, {}
            for root in self._regions:
                self._keep(root, kept, before)
            if self._asked.given_up:
                kept = None
        self._kept = kept
        self.beginResetModel()
        self._roots = _level_of(self._regions, None, kept)
        self.endResetModel()
        self.wrong_changed.emit(self._asked.wrong)

    def _keep(self, region: Region, kept: set[int], before: dict[int, tuple[Region, str]]) -> bool:
        """Whether a region or one below it is asked for; those that are, are kept."""
        # After an edit most regions are the same objects: what they say was put together before.
        said = before.get(id(region)) or (region, text_of(region).casefold())
        self._texts[id(region)] = said
        found = self._asked.takes(said[1])
        for child in region.children:
            found = self._keep(child, kept, before) or found
        if found:
            kept.add(id(region))
        return found

    def region(self, index: Index) -> Region | None:
        """The region of a row."""
        return self._node(index).region if index.isValid() else None

    def index_of(self, path: tuple[Region, ...]) -> QModelIndex:
        """The row of the last region on a path that starts at the top; none where it is hidden."""
        level, found = self._roots, None
        for region in path:
            node = next((n for n in level if n.region is region), None)
            if node is None:
                return QModelIndex()
            found, level = node, node.grow()
        return QModelIndex() if found is None else self.createIndex(found.row, 0, found)

    def levels_within(self, most: int, below: Index = QModelIndex()) -> tuple[int, bool]:  # noqa: B008
        """How deep the tree can be unfolded for at most so many more rows.

        Args:
            most: rows.
            below: a row that is unfolded; the whole tree where none is named.

        Returns:
            The lowest level to unfold, 0 being that of the row, or of the top rows of the whole
            tree, and -1 none; and whether that is all of it.
        """
        region = self.region(below)
        level = [region] if region is not None else [root.region for root in self._roots]
        rows, depth, kept = 0, -1, self._kept
        while True:
            level = [
                child
                for each in level
                for child in each.children
                if kept is None or id(child) in kept
            ]
            rows += len(level)
            if not level or rows > most:
                return depth, not level
            depth += 1

    @staticmethod
    def _node(index: Index) -> _Node:
        node = index.internalPointer()
        assert isinstance(node, _Node)
        return node

    def _level(self, parent: Index) -> list[_Node]:
        return self._node(parent).grow() if parent.isValid() else self._roots

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """The index of a cell."""
        # Qt's own hasIndex would ask back twice, and a tree asks for each of its rows.
        level = self._level(parent)
        if parent.column() > 0 or not (0 <= row < len(level) and 0 <= column < len(COLUMNS)):
            return QModelIndex()
        return self.createIndex(row, column, level[row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """The row above in the tree."""
        above = self._node(index).parent if index.isValid() else None
        return QModelIndex() if above is None else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many regions lie in this one."""
        if parent.column() > 0:
            return 0
        if parent.isValid():
            return len(self._node(parent).grow())
        return len(self._roots)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        """Whether regions lie in this one."""
        # Qt's own would ask for rows and columns, of each row that it lays out.
        if parent.column() > 0:
            return False
        node = parent.internalPointer() if parent.isValid() else None
        if node is None:
            return bool(self._roots)
        return bool(node.region.children) and (node.kept is None or bool(node.grow()))

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are, the same on every level."""
        return len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Titles, alignment and tips."""
        return header_cell(COLUMNS, section, orientation, role)

    def match(
        self,
        start: Index,
        role: int,
        value: Any,
        hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap,
    ) -> list[QModelIndex]:
        """The next row whose name begins with what is typed."""
        # Qt's own would ask for the cell of each of thousands of rows.
        starts = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap
        if role != Qt.ItemDataRole.DisplayRole or hits != 1 or flags != starts or start.column():
            return super().match(start, role, value, hits, flags)
        level, first, said = self._level(start.parent()), start.row(), str(value).casefold()
        for row in (*range(first, len(level)), *range(first)):
            if level[row].region.name.casefold().startswith(said):
                return [self.createIndex(row, 0, level[row])]
        return []

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Cells, the kind's colour before the name."""
        if role in UNANSWERED or not index.isValid():
            return None
        column = index.column()
        if role == DECORATION and column:
            return None
        region = self._node(index).region
        if role == DECORATION:
            return swatch(region.kind, QGuiApplication.palette())
        return COLUMNS[column].cell(region, role)
