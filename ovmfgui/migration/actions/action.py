"""What an action of a scenario is: a name, its parameters, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ovmfgui.layout.verdict import Outcome, Verdict
    from ovmfgui.migration.simulation.hosts import Stage


class Kind(Enum):
    """What a parameter takes; the value is the word for a person."""

    HOST = "a host's name"
    DOMAIN = "a domain's name"
    PACKAGE = "a package's name"
    TEXT = "text in quotes"
    HEX = "bytes in hex, in quotes"
    GUID = "a GUID in quotes"
    COUNT = "a number, 1 or more"
    FLAG = "true or false"
    ATTRIBUTES = 'attribute names, as ["NV", "BS", "RT"]'


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action.

    Attributes:
        name: as a scenario writes it.
        kind: what it takes.
        summary: what it is, for a person who writes a scenario.
        required: whether it has to be there.
    """

    name: str
    kind: Kind
    summary: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One step that an action makes; ``Step`` tells what the attributes mean."""

    host: str
    title: str
    text: str
    qemu: str = ""
    ok: bool = True
    consequence: str = ""
    verdict: Verdict | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class ActionKind:
    """An entry of the table of actions.

    Attributes:
        name: as a scenario writes it.
        summary: one line: what it does.
        parameters: what a scenario can say with it.
        perform: does it on the stage and yields a happening after every part that is worth a
            step: the world is pictured at that moment. Raises ``Refused`` where the scenario asks
            for what cannot be.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    perform: Callable[[Stage, Mapping[str, Any]], Iterator[Happening]]


DOMAIN = Parameter("domain", Kind.DOMAIN, "which domain; not needed where there is only one")
HOST = Parameter("host", Kind.HOST, "on which host", required=True)
