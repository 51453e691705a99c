"""Questions to a class between two steps; what is right is what the replay then shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.layout.words import OUTCOMES
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.migration.simulation.step import Replay, Step


class Choice(NamedTuple):
    """One answer that can be given: its id, and the answer in words."""

    id: str
    words: str


class Question(NamedTuple):
    """A question of the scenario.

    Attributes:
        text: as the scenario asks it.
        asked_at: index of the step before the action that answers it.
        answered_at: index of the step that proves the answer.
        choices: what can be answered, in an order that tells nothing.
        right: id of the one that the replay shows.
    """

    text: str
    asked_at: int
    answered_at: int
    choices: tuple[Choice, ...]
    right: str

    @property
    def answer(self) -> str:
        """The right answer in words."""
        return next(each.words for each in self.choices if each.id == self.right)


_IS_IT_THERE = (Choice("well", "It is there"), Choice("not", "It is gone"))
_STARTS = (Choice("well", "It starts"), Choice("not", "It does not start"))
_OF_ACTION = {"get": _IS_IT_THERE, "try-loader": _STARTS}
_WENT_WELL = (Choice("well", "It goes well"), Choice("not", "It does not go well"))
_POWER_ON = tuple(
    Choice(str(outcome), f"It {words}" if not words.startswith(("QEMU", "not")) else words)
    for outcome, words in OUTCOMES.items()
    if outcome not in (Outcome.UNKNOWN, Outcome.BOOTS_CORRUPTING)
)
_NOBODY_KNOWS = Choice(str(Outcome.UNKNOWN), "Nobody can tell beforehand")
_MOST_CHOICES = 4
_USUAL = (Outcome.BOOTS, Outcome.BOOTS_VOLATILE, Outcome.NO_BOOT, Outcome.WIPED)


def questions_of(replay: Replay) -> tuple[Question, ...]:
    """The questions of a scenario, with the answers that its replay gives."""
    return tuple(_questions(replay))


def _questions(replay: Replay) -> Iterator[Question]:
    for action in replay.scenario.actions:
        if not action.question:
            continue
        steps = [step for step in replay.steps if step.action_number == action.number]
        if steps:
            yield _question(action.question, steps)


def _question(text: str, steps: Sequence[Step]) -> Question:
    judged = next((step for step in steps if step.verdict is not None), None)
    if judged is not None and judged.outcome is not None:
        right = str(judged.outcome)
        return Question(text, steps[0].n - 1, judged.n, _power_on_choices(judged.outcome), right)
    failed = next((step for step in steps if not step.ok), None)
    shown = failed or steps[-1]
    choices = _OF_ACTION.get(steps[0].action, _WENT_WELL)
    return Question(text, steps[0].n - 1, shown.n, choices, "not" if failed else "well")


def _power_on_choices(right: Outcome) -> tuple[Choice, ...]:
    """The usual outcomes, and the right one wherever it belongs among all."""
    wanted = {str(each) for each in _USUAL[: _MOST_CHOICES - 1]} | {str(right)}
    spare = (str(each) for each in _USUAL)
    while len(wanted) < _MOST_CHOICES:
        wanted.add(next(spare))
    return tuple(each for each in (*_POWER_ON, *_corrupting(), _NOBODY_KNOWS) if each.id in wanted)


def _corrupting() -> tuple[Choice, ...]:
    return (Choice(str(Outcome.BOOTS_CORRUPTING), "It boots, and destroys data"),)
