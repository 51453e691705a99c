"""Who takes part in a scenario that is being edited: its hosts and firmware packages."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.scenario.actions import ACTIONS, Kind
from ovmfgui.migration.scenario.draft import Draft
from ovmfgui.migration.scenario.file import document_of
from ovmfgui.migration.scenario.host import Storage
from ovmfgui.pflash.generation import GENERATIONS, QEMU_7_2
from ovmfgui.resources import resource_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.migration.scenario.draft import Table

TEMPLATE = "templates/new-scenario.toml"
"""What a scenario of one's own begins with, among the shipped files."""

HOSTS, PACKAGES = "hosts", "packages"
_KINDS = {HOSTS: Kind.HOST, PACKAGES: Kind.PACKAGE}
_BASES = {HOSTS: "host", PACKAGES: "firmware"}


@dataclass(frozen=True, slots=True)
class Said:
    """Something that can be said of a host, of a package or of the whole scenario.

    Attributes:
        name: its key in TOML.
        title: as a person reads it.
        tip: what it is.
        choices: what it can be; empty where it is free.
        form: "line", "text" (of several lines), "file", "choice" or "packages" (of the scenario).
    """

    name: str
    title: str
    tip: str
    choices: tuple[str, ...] = ()
    form: str = "line"


STORY = (
    Said("title", "title", "A few words"),
    Said("summary", "summary", "One or two sentences: what happens", form="text"),
    Said("teaches", "teaches", "What somebody knows afterwards, in a sentence", form="text"),
    Said(
        "outcome",
        "outcome",
        "How the author says that it ends; the replay is held against it",
        tuple(map(str, Outcome)),
        "choice",
    ),
)
OF_HOST = (
    Said("title", "title", "As it is called on the stage"),
    Said("packages", "firmware", "The packages that are installed from the start", form="packages"),
    Said("qemu", "QEMU", "Which one runs there", tuple(g.name for g in GENERATIONS), "choice"),
    Said("libvirt", "libvirt", "Which one manages it: two numbers, as 9.0"),
    Said("storage", "storage", "Whether its domains' files are shared", tuple(Storage), "choice"),
)
OF_PACKAGE = (
    Said("title", "title", "What it is, in a few words"),
    Said("synthetic", "synthetic", "A build that is made here, of no real firmware", (), "choice"),
    Said("code", "CODE", "The file of CODE; with it belongs the VARS template", form="file"),
    Said("vars", "VARS", "The file of the VARS template", form="file"),
    Said("unified", "unified", "The one file of CODE and store together", form="file"),
    Said("code_path", "CODE lies at", "Where it is installed on a host"),
    Said("vars_path", "VARS lies at", "Where the template is installed on a host"),
    Said(
        "records",
        "records",
        "How its firmware appends a record: in four writes (old) before edk2-stable202402",
        ("new", "old"),
        "choice",
    ),
)
DEFAULTS = {"qemu": QEMU_7_2.name, "libvirt": "9.0", "storage": str(Storage.OWN), "records": "new"}
"""What holds where nothing is said."""


def entries(draft: Draft, section: str) -> dict[str, Table]:
    """The hosts or packages by name."""
    tables = draft.document.get(section, {})
    found = tables.items() if isinstance(tables, dict) else ()
    return {name: table for name, table in found if isinstance(table, dict)}


def title_of(draft: Draft, section: str, name: str) -> str:
    """As a person calls a host or package."""
    return str(entries(draft, section).get(name, {}).get("title", "")) or name


def with_entry(draft: Draft, section: str, name: str, table: Mapping[str, Any]) -> Draft:
    """With another host or package, or one that says something else."""
    tables = {**entries(draft, section), name: dict(table)}
    return replace(draft, document={**draft.document, section: tables})


def with_new(
    draft: Draft, section: str, table: Mapping[str, Any] | None = None
) -> tuple[Draft, str]:
    """With one more, and its name; a host has the firmware that the last one has."""
    there = entries(draft, section)
    base = _BASES[section]
    name = next(f"{base}{n}" for n in count(len(there) + 1) if f"{base}{n}" not in there)
    if table is None and section == HOSTS:
        letter = next(
            (c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if f"Host {c}" not in _titles(draft)), name
        )
        before = list(there.values())
        table = (
            {"title": f"Host {letter}", "packages": list(before[-1].get("packages", ()))}
            if (before)
            else {"title": f"Host {letter}", "packages": list(entries(draft, PACKAGES))[:1]}
        )
    return with_entry(draft, section, name, table or {"synthetic": "4m"}), name


def _titles(draft: Draft) -> set[str]:
    return {title_of(draft, HOSTS, name) for name in entries(draft, HOSTS)}


def without(draft: Draft, section: str, name: str) -> Draft:
    """Without a host or package; what its actions are is not touched."""
    tables = {own: table for own, table in entries(draft, section).items() if own != name}
    made = replace(draft, document={**draft.document, section: tables})
    return _installed(made, name, None) if section == PACKAGES else made


def renamed(draft: Draft, section: str, old: str, new: str) -> Draft:
    """With another name, everywhere; unchanged where that is taken, empty or the same."""
    there = entries(draft, section)
    if not new or new in there or old not in there:
        return draft
    tables = {new if name == old else name: table for name, table in there.items()}
    actions = [_action_with(table, _KINDS[section], old, new) for table in draft.actions]
    made = replace(draft, document={**draft.document, section: tables, "actions": actions})
    return _installed(made, old, new) if section == PACKAGES else made


def _installed(draft: Draft, old: str, new: str | None) -> Draft:
    """Where hosts have a package, another name of it, or none."""
    hosts = {}
    for name, table in entries(draft, HOSTS).items():
        has = [new if each == old else each for each in table.get("packages", ())]
        hosts[name] = {**table, "packages": [each for each in has if each is not None]}
    return replace(draft, document={**draft.document, HOSTS: hosts})


def _action_with(table: Table, kind: Kind, old: str, new: str) -> Table:
    known = ACTIONS.get(str(table.get("do")))
    if known is None:
        return table
    names = [parameter.name for parameter in known.parameters if parameter.kind is kind]
    return {key: new if key in names and value == old else value for key, value in table.items()}


def named_by(draft: Draft, section: str, name: str) -> int:
    """How many actions name it."""
    return sum(
        table != _action_with(table, _KINDS[section], name, f"{name}\0") for table in draft.actions
    )


def with_story(draft: Draft, told: Mapping[str, Any]) -> Draft:
    """With what ``told`` has of the things in ``STORY``, and nothing of those that it has not."""
    names = [said.name for said in STORY]
    kept = {key: value for key, value in draft.document.items() if key not in names or key in told}
    said = {name: told[name] for name in names if name in told}
    return replace(draft, document={**kept, **said})


def begun_with(paths: tuple[str, ...]) -> Draft:
    """A scenario of two hosts that both have the firmware of these files; it lies in no file yet.

    Args:
        paths: of CODE and its VARS, or of a unified image.
    """
    title = Path(paths[0]).name
    document = document_of(resource_text(TEMPLATE))
    hosts = {name: {**host, "packages": ["own"]} for name, host in document[HOSTS].items()}
    packages = {"own": package_of(paths, title)}
    name = "-".join(Path(path).stem for path in paths)
    return Draft(f"{name}.toml", {**document, PACKAGES: packages, HOSTS: hosts})


def package_of(paths: tuple[str, ...], title: str) -> Table:
    """A package of real files: CODE and its template, or one image."""
    where = [str(Path(path).absolute()) for path in paths]
    if len(where) == 1:
        return {"title": title, "unified": where[0]}
    return {"title": title, "code": where[0], "vars": where[1]}
