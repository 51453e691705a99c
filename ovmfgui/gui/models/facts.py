"""The constants of a layout on both sides, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from ovmfgui.dataclass import dataclass
from ovmfgui.gui.look import theme
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.layout.words import FACT_NAMES, short_value_text

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QColor

    from ovmfgui.layout.verdict import Evidence, Verdict


@dataclass(frozen=True, slots=True)
class FactRow:
    """One constant of the layout on both sides.

    Attributes:
        name: in words.
        expected: of CODE; None where no witness tells.
        provided: of VARS; None where there is none.
        differs: whether the verdict counts this as a difference.
        evidence: the places in CODE that tell, the most direct one first.
    """

    name: str
    expected: Any
    provided: Any
    differs: bool
    evidence: tuple[Evidence, ...]

    @property
    def sign(self) -> str:
        """Whether both sides agree; nothing where one is not known."""
        if self.differs:
            return "≠"
        return "=" if self.expected is not None and self.provided is not None else "\u2007"

    @property
    def difference(self) -> str:
        """In bytes, with sign; empty where both agree or one is not known."""
        if isinstance(self.expected, int) and isinstance(self.provided, int):
            by = self.provided - self.expected
            return f"{by:+,} bytes".replace("-", "−") if by else ""
        return "differs" if self.differs else ""


def fact_rows(verdict: Verdict) -> tuple[FactRow, ...]:
    """Every constant that is known on at least one side."""
    expects, provides = verdict.expects, verdict.provides
    expected = expects.layout.facts() if expects is not None else {}
    provided = provides.facts() if provides is not None else {}
    differing = {difference.fact for difference in verdict.differences}
    rows = []
    for fact, name in FACT_NAMES.items():
        left, right = expected.get(fact), provided.get(fact)
        if left is None and right is None:
            continue
        evidence = tuple(e for e in (expects.evidence if expects else ()) if e.fact == fact)
        rows.append(FactRow(name, left, right, fact in differing, evidence))
    return tuple(rows)


def _told_by(row: FactRow) -> str:
    told = [
        f"{item.source}{' (a guess from sizes)' if item.heuristic else ''}" for item in row.evidence
    ]
    return "In CODE told by:\n" + "\n".join(told) if told else "Nothing in CODE tells this."


def _ink(row: FactRow) -> QColor | None:
    return theme.error_colour(QGuiApplication.palette()) if row.differs else None


_COLUMNS: tuple[Column[FactRow], ...] = (
    Column("Constant", lambda row: f"{row.sign}  {row.name}", full=_told_by),
    Column("CODE expects", lambda row: short_value_text(row.expected), fixed=True, full=_told_by),
    Column("VARS provides", lambda row: short_value_text(row.provided), fixed=True, full=_told_by),
    Column("Difference", lambda row: row.difference, fixed=True, full=_told_by),
)


def facts_model(parent: QObject | None = None) -> RowsModel[FactRow]:
    """A table of constants; what differs by sign and colour."""
    return RowsModel(_COLUMNS, _ink, parent)
