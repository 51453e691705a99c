"""SBAT: generations of components, and the level below which shim refuses them.

The format: shim's SBAT.md; a CSV of component, generation and more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_SBAT_LINES
from ovmfgui.decimal_text import decimal
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.vendors import SHIM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


class SbatLevel(NamedTuple):
    """The variable SbatLevel: its date, and the least generation of each component."""

    date: str
    least: dict[str, int]

    @property
    def order(self) -> int:
        """What shim compares two levels by; 0 where that is no date."""
        return decimal(self.date) or 0

    @classmethod
    def of_variables(cls, variables: Mapping[tuple[UUID, str], bytes]) -> SbatLevel | None:
        """The level that is set; of a running system its copy, SbatLevelRT."""
        for name in ("SbatLevel", "SbatLevelRT"):
            found = cls.of_variable(variables.get((SHIM, name)))
            if found is not None:
                return found
        return None

    @classmethod
    def of_variable(cls, data: bytes | None) -> SbatLevel | None:
        """Read the variable's value; None where there is none, or it is no SBAT."""
        if data is None:
            return None
        rows = _rows(data)
        if not rows or rows[0][0] != "sbat":
            return None
        date = rows[0][2] if len(rows[0]) > 2 else "unknown date"
        return cls(date, {row[0]: generation for row in rows if (generation := _generation(row))})


def _rows(data: bytes) -> list[list[str]]:
    text = data.rstrip(b"\0").decode("utf-8", "replace")
    return [line.strip().split(",") for line in text.splitlines() if line.strip()]


def _generation(row: list[str]) -> int:
    return decimal(row[1]) or 0 if len(row) > 1 else 0


def read_sbat(section: bytes) -> dict[str, int]:
    """The components of a binary's .sbat section and their generations.

    Raises:
        ValueError: it has more lines than are read.
    """
    rows = _rows(section)
    if len(rows) > MOST_SBAT_LINES:
        msg = f"its .sbat has more than the {MOST_SBAT_LINES:,} lines that are read"
        raise ValueError(msg)
    return {row[0]: generation for row in rows if (generation := _generation(row))}


def revoked_component(components: dict[str, int], level: SbatLevel) -> tuple[str, int, int] | None:
    """The first component below its level: name, generation, least generation."""
    for name, generation in components.items():
        least = level.least.get(name)
        if least is not None and generation < least:
            return name, generation, least
    return None
