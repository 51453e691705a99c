"""Reading a scenario as a person writes it: TOML, with a plain word for every mistake."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.budgets import MOST_ACTIONS, MOST_KEY_PARTS, MOST_SCENARIO
from ovmfgui.flash.source import read_regular
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.scenario.actions import ACTIONS, Kind
from ovmfgui.migration.scenario.host import Host, Storage
from ovmfgui.migration.scenario.model import Action, Scenario
from ovmfgui.migration.scenario.packages import package_from
from ovmfgui.pflash.generation import GENERATIONS, QEMU_7_2, generation_named
from ovmfgui.refusal import Refused, wall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ovmfgui.migration.scenario.actions import ActionKind, Parameter
    from ovmfgui.migration.scenario.host import Package

_TOP = ("title", "summary", "teaches", "outcome", "packages", "hosts", "actions")
_HOST = ("title", "qemu", "libvirt", "packages", "storage")
# Words, plain or in quotes, with dots between them; it looks at no place twice.
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{MOST_KEY_PARTS},}}"""
)
_LONGEST_SAID = 200
_ATTRIBUTES = {"NV": 0x01, "BS": 0x02, "RT": 0x04, "AT": 0x20}


def load(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        Refused: it cannot be read, or something in it is not as it has to be.
    """
    try:
        text = read_regular(path, MOST_SCENARIO).decode("utf-8")
    except UnicodeDecodeError as error:
        msg = f"{path} is no text file; a scenario is written in TOML"
        raise Refused(msg) from error
    with wall(path):
        return parse(text, path.stem, str(path), path.parent)


def document_of(text: str) -> dict[str, Any]:
    """The tables that a scenario's text writes down.

    Raises:
        ValueError: it is no TOML, or of a depth that no scenario has.
    """
    if _LONG_KEY.search(text):
        # tomllib keeps every beginning of a dotted key: the square of its length.
        msg = f"a key has more than {MOST_KEY_PARTS} parts"
        raise ValueError(msg)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        msg = "lists and tables are nested too deeply"
        raise ValueError(msg) from error


def parse(text: str, name: str, path: str = "", folder: Path | None = None) -> Scenario:
    """The scenario that ``text`` writes down.

    Args:
        text: TOML.
        name: the scenario's.
        path: where it was read from, for messages.
        folder: what paths in it are relative to.

    Raises:
        Refused: something in it is not as it has to be: what, where, what to do.
    """
    return _Reader(name, path or name, folder or Path()).scenario(text)


class _Reader:
    """One scenario being read; knows the file's name for its messages."""

    def __init__(self, name: str, path: str, folder: Path) -> None:
        self.name = name
        self.path = path
        self.folder = folder

    def refuse(self, where: str, what: str) -> Refused:
        return Refused(f"{self.path}{f', {where}' if where else ''}: {what}")

    def scenario(self, text: str) -> Scenario:
        try:
            document = document_of(text)
        except ValueError as error:
            raise self.refuse("", f"this is not TOML: {error}") from error
        self._known("", document, _TOP)
        packages = {
            name: self._package(name, table)
            for name, table in self._tables(document, "packages").items()
        }
        hosts = tuple(
            self._host(name, table, packages)
            for name, table in self._tables(document, "hosts").items()
        )
        actions = self._actions(document, hosts, packages)
        outcome = document.get("outcome")
        if outcome is not None and outcome not in list(Outcome):
            raise self.refuse("", f"outcome is {_said(outcome)}; it is one of {_listed(Outcome)}")
        return Scenario(
            self.name,
            self.path,
            self._text("", document, "title"),
            self._text("", document, "summary"),
            hosts,
            packages,
            actions,
            Outcome(outcome) if outcome is not None else None,
            " ".join(self._text("", document, "teaches").split()),
        )

    def _known(self, where: str, table: Mapping[str, Any], allowed: Iterable[str]) -> None:
        for key in table:
            if key not in allowed:
                raise self.refuse(
                    where, f'"{key}" means nothing here; known are {_listed(allowed)}'
                )

    def _text(self, where: str, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            raise self.refuse(where, f"{key} has to be text in quotes")
        return value.strip()

    def _tables(self, document: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
        tables = document.get(key)
        if not isinstance(tables, dict) or not tables:
            example = f"[{key}.{'alpha' if key == 'hosts' else 'ovmf'}]"
            raise self.refuse("", f"there are no {key}; write a table such as {example}")
        for name, table in tables.items():
            if not isinstance(table, dict):
                raise self.refuse(f"{key}.{name}", f"this has to be a table, as [{key}.{name}]")
        return tables

    def _package(self, name: str, table: Mapping[str, Any]) -> Package:
        where = f"package {name}"
        try:
            return package_from(name, table, self.folder)
        except Refused as refusal:
            raise self.refuse(where, str(refusal)) from refusal

    def _host(self, name: str, table: Mapping[str, Any], packages: Mapping[str, Package]) -> Host:
        where = f"host {name}"
        self._known(where, table, _HOST)
        installed = table.get("packages", [])
        if not isinstance(installed, list) or not all(isinstance(p, str) for p in installed):
            raise self.refuse(where, 'packages has to be a list of names, as ["ovmf"]')
        for package in installed:
            if package not in packages:
                text = f'there is no package "{package}"; the scenario has {_listed(packages)}'
                raise self.refuse(where, text)
        self._distinct(where, [packages[package] for package in installed])
        qemu = generation_named(str(table.get("qemu", QEMU_7_2.name)))
        if qemu is None:
            names = _listed(generation.name for generation in GENERATIONS)
            raise self.refuse(
                where, f"qemu is {_said(table['qemu'])}; known are {names}, in quotes"
            )
        storage = table.get("storage", Storage.OWN.value)
        if storage not in list(Storage):
            raise self.refuse(
                where, f"storage is {_said(storage)}; it is one of {_listed(Storage)}"
            )
        title = self._text(where, table, "title") or name
        libvirt = re.fullmatch(r"(\d{1,3})\.(\d{1,3})", str(table.get("libvirt", "9.0")))
        if libvirt is None:
            text = f'libvirt is {table["libvirt"]!r}; it is two numbers in quotes, as "9.0"'
            raise self.refuse(where, text)
        version = (int(libvirt[1]), int(libvirt[2]))
        return Host(name, title, qemu, tuple(installed), Storage(storage), version)

    def _distinct(self, where: str, packages: list[Package]) -> None:
        paths = [path for p in packages for path in (p.code_path, p.template_path) if path]
        twice = next((path for path in paths if paths.count(path) > 1), None)
        if twice is not None:
            text = f"two packages have {twice}; give one a code_path and a vars_path of its own"
            raise self.refuse(where, text)

    def _actions(
        self,
        document: Mapping[str, Any],
        hosts: tuple[Host, ...],
        packages: Mapping[str, Package],
    ) -> tuple[Action, ...]:
        tables = document.get("actions", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise self.refuse("", "actions are written one by one, each under [[actions]]")
        if not tables:
            raise self.refuse("", 'nothing happens: write [[actions]] and do = "define"')
        if len(tables) > MOST_ACTIONS:
            raise self.refuse("", f"{len(tables):,} actions; at most {MOST_ACTIONS:,} are played")
        names = {Kind.HOST: [host.name for host in hosts], Kind.PACKAGE: list(packages)}
        return tuple(
            self._action(number, table, names) for number, table in enumerate(tables, start=1)
        )

    def _action(
        self, number: int, table: dict[str, Any], names: Mapping[Kind, list[str]]
    ) -> Action:
        do = table.get("do")
        kind = ACTIONS.get(do) if isinstance(do, str) else None
        if kind is None:
            said = (
                f"there is no action {_said(do)}"
                if do
                else 'it does not say what to do, as do = "start"'
            )
            raise self.refuse(f"action {number}", f"{said}; known are {_listed(ACTIONS)}")
        where = f"action {number} ({do})"
        lesson = self._lesson(where, table.get("lesson", ""))
        question = " ".join(self._text(where, table, "question").split())
        arguments = self._arguments(where, kind, table, names)
        return Action(number, kind.name, arguments, lesson, question)

    def _lesson(self, where: str, value: object) -> tuple[str, ...]:
        texts = [text for text in (value if isinstance(value, list) else [value]) if text]
        if not all(isinstance(text, str) for text in texts):
            raise self.refuse(where, "lesson is a text, or a list of texts, one for each step")
        return tuple(" ".join(str(text).split()) for text in texts)

    def _arguments(
        self, where: str, kind: ActionKind, table: dict[str, Any], names: Mapping[Kind, list[str]]
    ) -> dict[str, Any]:
        parameters = {parameter.name: parameter for parameter in kind.parameters}
        self._known(where, table, ("do", "lesson", "question", *parameters))
        arguments: dict[str, Any] = {}
        for parameter in kind.parameters:
            if parameter.name in table:
                arguments[parameter.name] = self._value(
                    where, parameter, table[parameter.name], names
                )
            elif parameter.required:
                text = f"{parameter.name} is missing: {parameter.summary}"
                raise self.refuse(where, text)
        return arguments

    def _value(
        self, where: str, parameter: Parameter, value: object, names: Mapping[Kind, list[str]]
    ) -> object:
        known = names.get(parameter.kind)
        if known is not None and value not in known:
            what = "host" if parameter.kind is Kind.HOST else "package"
            text = (
                f"{parameter.name}: there is no {what} {_said(value)}; known are {_listed(known)}"
            )
            raise self.refuse(where, text)
        try:
            return _CONVERSIONS[parameter.kind](value)
        except (ValueError, TypeError) as error:
            text = f"{parameter.name} is {_said(value)}; it has to be {parameter.kind.value}"
            raise self.refuse(where, text) from error


def _said(value: object) -> str:
    """A value as it is told in a message, whatever it is: at most a few words of it."""
    try:
        text = repr(value)
    except ValueError:  # Python prints no integer of more than 4,300 digits
        return "a number of very many digits"
    return text if len(text) <= _LONGEST_SAID else f"{text[:_LONGEST_SAID]}…"


def _as_text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value


def _as_count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise TypeError
    return value


def _as_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _as_attributes(value: object) -> int:
    if not isinstance(value, list) or not value or any(name not in _ATTRIBUTES for name in value):
        raise TypeError
    return sum(_ATTRIBUTES[name] for name in set(value))


_CONVERSIONS: Mapping[Kind, Callable[[Any], object]] = {
    Kind.HOST: _as_text,
    Kind.DOMAIN: _as_text,
    Kind.PACKAGE: _as_text,
    Kind.TEXT: _as_text,
    Kind.HEX: lambda value: bytes.fromhex(_as_text(value)),
    Kind.GUID: lambda value: UUID(_as_text(value)),
    Kind.COUNT: _as_count,
    Kind.FLAG: _as_flag,
    Kind.ATTRIBUTES: _as_attributes,
}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names)
