"""What a rule of the verdict is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.layout.pairing import Pairing
    from ovmfgui.layout.situation import Situation
    from ovmfgui.layout.verdict import Fit, Outcome

Subject = TypeVar("Subject", "Pairing", "Situation")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """One thing that can be the case with a machine (Situation) or its two chips (Pairing).

    Attributes:
        id: kebab-case; the finding that explains the verdict carries it.
        applies: whether it is the case.
        fit: the answer.
        outcome: what happens at power-on.
        explain: the summary: what it means, in a sentence or two.
        advice: what to do, or how to tell it; empty where nothing is to be done.
        source: where that is known from.
    """

    id: str
    applies: Callable[[Subject], bool]
    fit: Fit
    outcome: Outcome
    explain: Callable[[Subject], str]
    advice: str | Callable[[Subject], str]
    source: str

    def advise(self, subject: Subject) -> str:
        """What to do about this one."""
        return self.advice if isinstance(self.advice, str) else self.advice(subject)
