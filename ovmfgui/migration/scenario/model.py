"""What a scenario consists of: hosts, firmware packages, and what is done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.layout.verdict import Outcome
    from ovmfgui.migration.scenario.host import Host, Package


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do.

    Attributes:
        number: its place in the scenario, counted from 1.
        do: the action's name ("migrate").
        arguments: the rest of what the scenario says, by name, checked for kind.
        lesson: texts for the steps it makes: one for all of them, or one for each.
        question: what a class is asked before it; empty for nothing.
    """

    number: int
    do: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    lesson: tuple[str, ...] = ()
    question: str = ""

    def lesson_for(self, step: int) -> str:
        """The text to the step of this index within the action."""
        if len(self.lesson) == 1:
            return self.lesson[0]
        return self.lesson[step] if step < len(self.lesson) else ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A migration story as a person writes it.

    Attributes:
        name: the file's name without its ending.
        path: where it was read from; empty for one made in memory.
        title: a few words.
        summary: one or two sentences.
        hosts: in the order they stand side by side.
        packages: by name.
        actions: in order.
        expect: the outcome that the author expects; None where the scenario does not say.
        teaches: what somebody knows afterwards, in a sentence; empty where it does not say.
    """

    name: str
    path: str
    title: str
    summary: str
    hosts: tuple[Host, ...]
    packages: Mapping[str, Package]
    actions: tuple[Action, ...]
    expect: Outcome | None = None
    teaches: str = ""
