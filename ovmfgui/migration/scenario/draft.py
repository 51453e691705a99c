"""A scenario that is being edited: what its file says, with other actions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_SCENARIO
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.source import read_regular
from ovmfgui.migration.scenario.actions import ACTIONS, Kind
from ovmfgui.migration.scenario.file import document_of, parse
from ovmfgui.migration.scenario.writing import scenario_text, with_absolute_paths
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.migration.scenario.actions import Parameter
    from ovmfgui.migration.scenario.model import Scenario

Table = dict[str, Any]
"""An action as TOML has it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario's document; each change makes another one.

    Attributes:
        path: of the file it came from.
        document: as TOML has it.
        comments: whether its file has comments, which no document keeps.
    """

    path: str
    document: Mapping[str, Any]
    comments: bool = False

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    @property
    def actions(self) -> tuple[Table, ...]:
        """The tables of its actions, in the order in which they are played."""
        tables = self.document.get("actions", ())
        return tuple(table for table in tables if isinstance(table, dict))

    def names(self, kind: Kind) -> tuple[str, ...]:
        """What a parameter of that kind can name; empty where it is free."""
        match kind:
            case Kind.HOST:
                return tuple(self.document.get("hosts", {}))
            case Kind.PACKAGE:
                return tuple(self.document.get("packages", {}))
            case Kind.DOMAIN:
                named = (str(table["domain"]) for table in self.actions if "domain" in table)
                return tuple(dict.fromkeys(named))
            case _:
                return ()

    def _with(self, actions: list[Table]) -> Draft:
        return replace(self, document={**self.document, "actions": actions})

    def added(self, at: int, do: str) -> Draft:
        """With a new action before place ``at``; what it needs is filled in as well as may be."""
        table: Table = {"do": do}
        for parameter in ACTIONS[do].parameters:
            if parameter.required:
                table[parameter.name] = self._suggested(parameter)
        actions = list(self.actions)
        actions.insert(at, table)
        return self._with(actions)

    def _suggested(self, parameter: Parameter) -> object:
        names = self.names(parameter.kind)
        if names:
            return names[-1] if parameter.name == "to" else names[0]
        return {Kind.COUNT: 1, Kind.FLAG: True, Kind.DOMAIN: "vm1", Kind.TEXT: "Example"}.get(
            parameter.kind, ""
        )

    def removed(self, at: int) -> Draft:
        """The draft without the action that stands at place ``at``, from 0."""
        actions = list(self.actions)
        del actions[at]
        return self._with(actions)

    def moved(self, at: int, to: int) -> Draft:
        """With the action from place ``at`` at place ``to``."""
        actions = list(self.actions)
        actions.insert(to, actions.pop(at))
        return self._with(actions)

    def replaced(self, at: int, table: Table) -> Draft:
        """With another action in that place."""
        actions = list(self.actions)
        actions[at] = table
        return self._with(actions)

    def text(self, folder: Path | None = None) -> str:
        """The scenario as TOML; for another folder than its own the paths in it are made whole."""
        own = Path(self.path).parent
        document = self.document
        if folder is not None and folder.resolve() != own.resolve():
            document = with_absolute_paths(document, own)
        return scenario_text(document)

    def scenario(self) -> Scenario:
        """What can be played.

        Raises:
            Refused: something in it is not as it has to be.
        """
        return parse(self.text(), self.name, self.path, Path(self.path).parent)


def draft_of(path: str) -> Draft:
    """The draft of a scenario file; raises ``Refused`` or ``ValueError`` where it is no TOML."""
    return draft_from(path, read_regular(Path(path), MOST_SCENARIO).decode("utf-8"))


def draft_from(path: str, text: str) -> Draft:
    """The draft that a text says, known by a path; raises as ``draft_of`` does."""
    return Draft(path, document_of(text), has_comments(text))


_NO_COMMENT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|\'{3}.*?\'{3}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'''', re.DOTALL
)


def has_comments(text: str) -> bool:
    """Whether a text that is TOML has comments in it."""
    return "#" in _NO_COMMENT.sub("", text)


def headline(table: Table, hosts: Mapping[str, str] | None = None) -> str:
    """An action in a line; hosts are called by their titles, where they are given by name."""
    said = [
        _said(name, value, hosts or {})
        for name, value in table.items()
        if name not in ("do", "lesson", "question") and value is not False
    ]
    return ", ".join([str(table.get("do", "?")).replace("-", " "), *said])


def _said(name: str, value: object, hosts: Mapping[str, str]) -> str:
    if name in ("host", "to") and value in hosts:
        return f"{'to' if name == 'to' else 'on'} {_shortly(hosts[str(value)])}"
    return f"{name.replace('_', ' ')} {_shortly(value)}"


def _shortly(value: object) -> str:
    if value is True:
        return "yes"
    if isinstance(value, list):
        return " ".join(map(str, value))
    text = str(value)
    return text if len(text) <= 24 else f"{text[:23]}…"


def complaint(draft: Draft, refusal: str) -> tuple[int | None, str]:
    """Which action a refusal is about, counted from 0, and what it says without the file's name.

    None where it is about none, or about another file.
    """
    if not refusal.startswith(draft.path):
        return None, refusal
    rest = refusal.removeprefix(draft.path).removeprefix(",").removeprefix(":").strip()
    found = re.match(r"action (\d+)(?: \([^)]*\))?: ", rest)
    if found is None or not 0 < int(found[1]) <= len(draft.actions):
        return None, rest
    return int(found[1]) - 1, rest[found.end() :]


def is_about_an_action(path: str, refusal: str) -> bool:
    """Whether a scenario file could be played but for one of its actions, which can be edited."""
    try:
        draft = draft_of(path)
    except (Refused, ValueError):
        return False
    return complaint(draft, refusal)[0] is not None
