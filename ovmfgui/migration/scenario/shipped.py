"""The scenarios that come with the program, and what they call themselves."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused
from ovmfgui.resources import resource_path

ENDING = ".toml"
_ALOUD = 130
"""Words a minute, read aloud to a class."""
_LOOK, _THINK = 8, 30
"""Seconds for the picture of an action, and for a question."""


def shipped() -> tuple[Path, ...]:
    """The scenarios that come with the program, by name."""
    return tuple(sorted(resource_path("scenarios").glob(f"*{ENDING}")))


class Headline(NamedTuple):
    """What a scenario calls itself.

    Attributes:
        path: where it is.
        title: a few words.
        summary: what happens in it.
        teaches: what somebody knows afterwards.
        minutes: that it takes to be told, from the length of its texts.
        questions: how many it asks on the way.
    """

    path: Path
    title: str
    summary: str
    teaches: str = ""
    minutes: int = 1
    questions: int = 0

    @property
    def name(self) -> str:
        """By which ``find`` knows it."""
        return self.path.stem


@cache
def headlines() -> tuple[Headline, ...]:
    """The shipped scenarios by name; needs none of the firmware that they use."""
    found = []
    for path in shipped():
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        summary, teaches = (
            " ".join(str(document.get(name, "")).split()) for name in ("summary", "teaches")
        )
        actions = document["actions"]
        asked = sum("question" in action for action in actions)
        minutes = _minutes(summary, actions, asked)
        found.append(Headline(path, str(document["title"]), summary, teaches, minutes, asked))
    return tuple(found)


def _minutes(summary: str, actions: list[dict[str, Any]], asked: int) -> int:
    """Of a class that is shown it: the words are read aloud, each action is looked at."""
    told = [summary]
    for action in actions:
        lesson = action.get("lesson", "")
        told += lesson if isinstance(lesson, list) else [str(lesson)]
    words = sum(len(text.split()) for text in told)
    seconds = words * 60 / _ALOUD + len(actions) * _LOOK + asked * _THINK
    return max(round(seconds / 60), 1)


class Chapter(NamedTuple):
    """Lessons that belong together, in the order in which they build upon each other."""

    title: str
    lessons: tuple[Headline, ...]


_CHAPTERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("To begin with", ("demo", "same-package", "debian-same-package")),
    (
        "While the guest runs",
        (
            "4m-to-2m",
            "2m-to-4m",
            "debian-4m-to-2m",
            "mid-write",
            "cut-link",
            "paused-and-quit",
            "back-migration",
            "shared-storage",
            "debian-arm-virt",
        ),
    ),
    (
        "A package is upgraded",
        (
            "compatible-upgrade",
            "other-layout-upgrade",
            "store-too-large",
            "second-binary",
            "manual-switch",
            "unified-image",
        ),
    ),
    (
        "Without a live migration",
        (
            "power-loss",
            "offline-move",
            "offline-move-carried",
            "offline-move-no-template",
            "copied-while-running",
            "undefine-and-define",
        ),
    ),
    (
        "Saved, and put into snapshots",
        (
            "save-and-restore",
            "save-and-other-size",
            "save-file-carried",
            "save-file-of-newer-libvirt",
            "old-save-file",
            "reset-under-managed-save",
            "internal-snapshot",
            "snapshot-of-raw-store",
            "disk-only-snapshot",
        ),
    ),
    ("Secure Boot", ("2011-to-2023",)),
    ("Machines without a store", ("stateless", "bios-machine")),
)
"""Every shipped scenario, by the name of its file."""


def chapters() -> tuple[Chapter, ...]:
    """The shipped scenarios as lessons, in the order of a course."""
    known = {each.name: each for each in headlines()}
    return tuple(Chapter(title, tuple(known[name] for name in names)) for title, names in _CHAPTERS)


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
