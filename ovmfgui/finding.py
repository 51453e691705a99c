"""What a parser or a rule noticed, with the bytes it speaks of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.span import Place


class Severity(StrEnum):
    """How much a finding matters, least first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def more_alike(number: int, ident: str) -> str:
    """What stands for findings of one kind that are not listed."""
    return f"{number:,} more of the kind '{ident}'."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth knowing about an image.

    Attributes:
        id: stable, kebab-case, the same for every occurrence of the same thing.
        severity: see ``Severity``.
        text: one line for a person: what, what it means, what to do.
        place: the bytes it speaks of; None where it speaks of no bytes.
    """

    id: str
    severity: Severity
    text: str
    place: Place | None = None
