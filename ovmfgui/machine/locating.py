"""What a person names, down to files: descriptors, domain XML, folders, images in any order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.machine.chips import exists
from ovmfgui.machine.definition import is_definition
from ovmfgui.machine.folder import looked_through
from ovmfgui.machine.host_tree import tree_of
from ovmfgui.machine.model import StoreKind
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Offer:
    """Files that belong together, and what they are called together."""

    title: str
    paths: tuple[str, ...]


def located(paths: Sequence[str | Path]) -> tuple[Offer, ...]:
    """What can be opened of what was named.

    Plain files that are named side by side stay together; a descriptor, a domain or a folder is an
    offer, or several, of its own.

    Raises:
        Refused: a descriptor or a domain cannot be used, or a folder holds nothing.
    """
    offers: list[Offer] = []
    plain: list[str] = []
    for path in paths:
        text = str(path)
        if _is_folder(text):
            offers.extend(_in_folder(text))
        elif is_definition(text):
            offers.append(_defined(text))
        else:
            plain.append(text)
    if plain:
        offers.insert(0, Offer(" and ".join(map(os.path.basename, plain)), tuple(plain)))
    return tuple(offers)


def located_one(paths: Sequence[str | Path]) -> tuple[str, ...]:
    """The files of the one thing that was named.

    Raises:
        Refused: several things were named; the message lists them.
    """
    offers = located(paths)
    if len(offers) == 1:
        return offers[0].paths
    names = ", ".join(offer.title for offer in offers[:6])
    more = f" and {len(offers) - 6} more" if len(offers) > 6 else ""
    where = paths[0] if len(paths) == 1 else "what was given"
    msg = f"{where} holds {len(offers)} images ({names}{more}); name one, or a CODE and its VARS"
    raise Refused(msg)


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except (OSError, ValueError):
        return False


def _defined(path: str, root: str | None = None) -> Offer:
    """The files that a definition names, a template in the place of a store that is missing."""
    # Imported where it is needed: most starts are with plain files.
    from ovmfgui.machine.definition import read_definition

    machine = read_definition(path, root)
    if machine is None or machine.firmware is None:
        msg = f"{path} names no flash image"
        raise Refused(msg)
    tree = tree_of(path, root)
    store = machine.store
    private = tree.path(store.path) if store.path else ""
    named = private if private and exists(private) is not False else tree.path(store.template)
    files = (tree.path(machine.firmware.path), named)
    flash = store.how is StoreKind.FLASH
    title = machine.name or os.path.splitext(os.path.basename(path))[0]
    return Offer(title, files if flash and named else files[:1])


def _in_folder(folder: str) -> Iterator[Offer]:
    found = looked_through(folder)
    defined = [offer for offer in map(_offered, found.definitions) if offer]
    images = [Offer(os.path.basename(path), (path,)) for path in found.images]
    if not defined and not images:
        more = f" ({found.passed_over[0].line})" if found.passed_over else ""
        msg = f"{folder} holds no flash image{more}"
        raise Refused(msg)
    yield from defined
    yield from images


def _offered(path: str) -> Offer | None:
    try:
        return _defined(path)
    except Refused:
        return None
