"""The scenarios that come with the program, and what they call themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from ovmfgui.refusal import Refused
from ovmfgui.resources import resource_path

ENDING = ".toml"


def shipped() -> tuple[Path, ...]:
    """The scenarios that come with the program, by name."""
    return tuple(sorted(resource_path("scenarios").glob(f"*{ENDING}")))


class Headline(NamedTuple):
    """What a scenario calls itself: where it is, its title, and what it is about."""

    path: Path
    title: str
    summary: str

    @property
    def name(self) -> str:
        """By which ``find`` knows it."""
        return self.path.stem


def headlines() -> tuple[Headline, ...]:
    """The shipped scenarios by name; needs none of the firmware that they use."""
    found = []
    for path in shipped():
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        summary = " ".join(str(document["summary"]).split())
        found.append(Headline(path, str(document["title"]), summary))
    return tuple(found)


def offered() -> tuple[Headline, ...]:
    """The shipped scenarios as a person is shown them: the built-in lesson, the others by title."""
    return tuple(sorted(headlines(), key=lambda each: (each.name != "demo", each.title)))


def find(name: str) -> Path:
    """The scenario of that name among the shipped ones, or the file at that path.

    Raises:
        Refused: there is neither.
    """
    path = Path(name)
    if path.is_file():
        return path
    inside = {each.stem: each for each in shipped()}
    if name in inside:
        return inside[name]
    if path.is_dir() or path.suffix == ENDING or len(path.parts) > 1:
        what = "is a directory" if path.is_dir() else "does not exist"
        msg = f"{name} {what}; name a scenario file, or one of: {', '.join(inside)}"
    else:
        msg = f'there is no scenario "{name}"; the shipped ones are: {", ".join(inside)}'
    raise Refused(msg)
