"""How views look at each document: kept while another is in front, and for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit


class Keeping(Protocol):
    """What a view keeps of what is in front, as words, numbers, lists and tables."""

    def keep(self) -> dict[str, Any]:
        """How it is looked at now."""
        ...

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Look at what is in front as that says; where it says nothing, as at first."""
        ...


@runtime_checkable
class Kept(Protocol):
    """A view that looks at each document in a way of its own."""

    keeping: Keeping


class FilterAndPlace:
    """Keeps a filter line and how far down the list is."""

    def __init__(self, line: QLineEdit, area: QAbstractScrollArea) -> None:
        self._line = line
        self._area = area

    def keep(self) -> dict[str, Any]:
        """Both, as they are."""
        return {"filter": self._line.text(), "top": self._area.verticalScrollBar().value()}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Both, as they were."""
        self._line.setText(text_of(kept, "filter"))
        if "top" in kept:
            self._area.verticalScrollBar().setValue(number_of(kept, "top"))


def text_of(kept: Mapping[str, Any], name: str) -> str:
    """Words that were kept; none where they are something else: settings files are edited."""
    value = kept.get(name)
    return value if isinstance(value, str) else ""


def number_of(kept: Mapping[str, Any], name: str) -> int:
    """A number that was kept; 0 where it is something else."""
    value = kept.get(name)
    return value if type(value) is int and 0 <= value < 1 << 31 else 0


def table_of(kept: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A table that was kept; an empty one where it is something else."""
    value = kept.get(name)
    return value if isinstance(value, dict) else {}
