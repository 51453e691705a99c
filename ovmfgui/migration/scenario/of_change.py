"""A scenario of a domain that comes to another package's CODE, from the files of both."""

from __future__ import annotations

from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ovmfgui.layout.cures import template_for
from ovmfgui.layout.inspection import inspect_files
from ovmfgui.machine.descriptors import installed_descriptors
from ovmfgui.machine.installed import installed_files
from ovmfgui.migration.scenario.cast import package_of
from ovmfgui.migration.scenario.draft import Draft
from ovmfgui.pflash.qemu_words import size_mismatch
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.progress import Report

_SOURCE, _DESTINATION = "alpha", "beta"
_HERE, _THERE = "here", "there"
_DOMAIN = {"domain": "vm1"}
_PATH = "/usr/share/OVMF/{}"
_TRIED = 4
"""Installed CODE images that are read before a store counts as nobody's: each takes a while."""


class Firmware(NamedTuple):
    """A package's two files, by their paths.

    Attributes:
        code: CODE.
        store: its VARS template, or the domain's own store that stands for one.
    """

    code: str
    store: str


def change_of(here: Firmware, there: Firmware) -> Draft:
    """A guest of one package that comes to the other's CODE, and its next power-on with it.

    It is migrated while it runs where QEMU accepts that; else it stays, the package is changed
    under it. Whatever is played are copies in memory.

    Args:
        here: what the guest runs with; its store comes along.
        there: what it comes to.
    """
    refusal = _refusal(here, there)
    path = _PATH.format(Path(here.code).name)
    names = Path(here.code).name, Path(there.code).name
    title = f"From {names[0]} to {names[1]}" if names[0] != names[1] else f"To another {names[0]}"
    packages = {
        _HERE: {**package_of(here, names[0]), "code_path": path},
        _THERE: {**package_of(there, names[1]), "code_path": path},
    }
    document: dict[str, Any] = {
        "title": title,
        "summary": (
            f"A guest runs with {here.code} and its store. {there.code} is what it comes to: "
            "whether it goes there as it runs, and what happens at its next power-on."
        ),
        "packages": packages,
        "hosts": {
            _SOURCE: {"title": "Host A", "packages": [_HERE]},
            _DESTINATION: {"title": "Host B", "packages": [_THERE]},
        },
        "actions": [*_begun(), *(_upgraded() if refusal else _migrated())],
    }
    return Draft(f"{Path(here.code).stem}-to-{Path(there.code).stem}.toml", document)


def power_on_of(pair: Firmware) -> Draft:
    """The next power-on of a machine of these two: where its store comes from is not known."""
    code, store = Path(pair.code).name, Path(pair.store).name
    document: dict[str, Any] = {
        "title": f"{code} meets {store}",
        "summary": (
            f"A machine is powered on with {pair.code} and {pair.store}. No CODE that is installed "
            "here goes with this store, so its life before that is not played."
        ),
        "packages": {_THERE: package_of(pair, code)},
        "hosts": {_SOURCE: {"title": "Host A", "packages": [_THERE]}},
        "actions": [
            {"do": "define", "host": _SOURCE, **_DOMAIN},
            {"do": "start", **_DOMAIN, "lesson": "The power-on that the verdict speaks of."},
        ],
    }
    return Draft(f"{Path(code).stem}-meets-{Path(store).stem}.toml", document)


def coming_to(pair: Firmware, report: Report = silent) -> Draft:
    """How a store comes to a CODE image: from the installed CODE that it goes with, if any does.

    Slow, for a worker.

    Args:
        pair: CODE, and the store that came to it.
        report: told of progress.
    """
    report(0, 1, "looking for the CODE that this store goes with")
    home = home_of(pair)
    if home is None:
        return power_on_of(pair)
    # The other host has a template of its own; what is in it decides nothing.
    there = Firmware(pair.code, template_for(pair.code) or pair.store)
    return change_of(Firmware(home, pair.store), there)


def home_of(pair: Firmware) -> str | None:
    """Path of the installed CODE that a store goes with, the one called most like its CODE.

    None where none does.
    """
    store = _read((pair.store,))
    if store is None or store.provides is None:
        return None
    alike = [code for code, layout in _installed() if layout == store.provides]
    alike.sort(key=lambda code: _unlike(code, pair.code))
    for code in alike[:_TRIED]:
        read = _read((code, pair.store))
        if read is not None and read.verdict is not None and read.verdict.fit.well:
            return code
    return None


def _unlike(code: str, other: str) -> tuple[int, int]:
    name, like = Path(code).name, Path(other).name
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(name, like, strict=False))
    return -sum(1 for _letters in alike), len(name)


@lru_cache(maxsize=1)
def _installed() -> tuple[tuple[str, Layout], ...]:
    """Every installed CODE image with a template, and that one's layout."""
    return tuple(_with_layouts())


def _with_layouts() -> Iterator[tuple[str, Layout]]:
    named = [each.executable for each in installed_descriptors() if each.template]
    lying = [each.path for each in installed_files() if "CODE" in each.name]
    known: dict[str, Layout | None] = {}
    for code in dict.fromkeys([*named, *lying]):
        template = template_for(code)
        if not template or not Path(code).is_file():
            continue
        if template not in known:
            read = _read((template,))
            known[template] = None if read is None else read.provides
        layout = known[template]
        if layout is not None:
            yield code, layout


def _read(paths: tuple[str, ...]) -> Inspection | None:
    """What files are; None where they are nothing."""
    try:
        return inspect_files(paths, silent)
    except Refused:
        return None


def _refusal(here: Firmware, there: Firmware) -> str:
    """QEMU's words to a live migration between machines of these chips; empty where it accepts."""
    for block, own, other in (
        ("system.flash0", here.code, there.code),
        ("system.flash1", here.store, there.store),
    ):
        sizes = _chip_size(own), _chip_size(other)
        if sizes[0] != sizes[1]:
            return size_mismatch(block, *sizes)
    return ""


def _chip_size(path: str) -> int:
    """Bytes of the chip that a file makes, as the guest sees it.

    Raises:
        Refused: it is no image.
    """
    read = _read((path,))
    if read is None:
        msg = f"{path} is no image any more"
        raise Refused(msg)
    return read.image.files[0].size


def _begun() -> Iterator[dict[str, Any]]:
    yield {
        "do": "define",
        "host": _SOURCE,
        **_DOMAIN,
        "lesson": "A domain of this package, and a store with what was saved in it.",
    }
    yield {"do": "start", **_DOMAIN, "lesson": "The guest runs, as it did until today."}
    yield {"do": "migrate", **_DOMAIN, "to": _DESTINATION}


def _migrated() -> Iterator[dict[str, Any]]:
    yield {
        "do": "power-off",
        **_DOMAIN,
        "lesson": "So far the guest has run on with the CODE that came over. That ends here.",
    }
    yield {
        "do": "relaunch",
        **_DOMAIN,
        "host": _DESTINATION,
        "lesson": "The first power-on with the other CODE: what the verdict speaks of.",
    }


def _upgraded() -> Iterator[dict[str, Any]]:
    yield {
        "do": "upgrade-package",
        "host": _SOURCE,
        "package": _THERE,
        "lesson": "Refused, the guest stays. The same package comes to this host as an upgrade.",
    }
    yield {"do": "power-off", **_DOMAIN}
    yield {
        "do": "start",
        **_DOMAIN,
        "lesson": "The first power-on with the other CODE: what the verdict speaks of.",
    }
