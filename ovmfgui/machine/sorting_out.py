"""Several files, or a folder, down to what can be opened, and what has to be asked first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Role
from ovmfgui.flash.opening import describe_role
from ovmfgui.flash.source import read_file
from ovmfgui.machine.locating import Offer, located
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.progress import Report

_STORES = (Role.VARS, Role.BLANK)


@dataclass(frozen=True, slots=True)
class Found:
    """What was named.

    Attributes:
        offers: what can be opened, each by itself; a single one needs no question.
        why: in words, why there is a question.
    """

    offers: tuple[Offer, ...]
    why: str = ""


def needs_sorting(paths: Sequence[str]) -> bool:
    """Whether more than an image or a pair may be meant."""
    return len(paths) != 1 or Path(paths[0]).is_dir()


def sort_out(paths: Sequence[str], report: Report) -> Found:
    """What can be opened of these; slow, for a worker.

    Raises:
        Refused: nothing of it.
    """
    report(0, 1, "looking for images")
    offers: list[Offer] = []
    for offer in located(paths):
        # Plain files that were named side by side are one offer, whatever they are.
        pair = len(offer.paths) == 1 or _is_pair(offer.paths)
        offers += [offer] if pair else [Offer(Path(path).name, (path,)) for path in offer.paths]
    if len(offers) == 1:
        return Found(tuple(offers))
    if len(offers) == 2 and all(len(offer.paths) == 1 for offer in offers):
        return Found(tuple(offers), _no_pair([offer.paths[0] for offer in offers]))
    where = Path(paths[0]).name if len(paths) == 1 else "What was given"
    return Found(tuple(offers), f"{where} holds {len(offers)} images or pairs.")


def _is_pair(paths: Sequence[str]) -> bool:
    if len(paths) != 2:
        return False
    try:
        roles = [read_file(path).role for path in paths]
    except Refused:
        return False
    return Role.CODE in roles and any(role in _STORES for role in roles)


def _no_pair(paths: Sequence[str]) -> str:
    """What two files are that are no pair.

    Raises:
        Refused: one of them is no image at all.
    """
    first, second = (read_file(path) for path in paths)
    return (
        f"{Path(first.path).name} is {describe_role(first.role)}, {Path(second.path).name} "
        f"is {describe_role(second.role)}: these make no pair."
    )
