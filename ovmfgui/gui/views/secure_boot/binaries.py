"""What is held against the keys: binaries, and media with their whole chain of loaders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from ovmfgui.dataclass import replace
from ovmfgui.gui.views.secure_boot.tried import Tried, answer, fit_of
from ovmfgui.layout.verdict import Fit
from ovmfgui.trust.chain import Card

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.trust.overview import Overview

_MOST = 8
"""Shown at a time; the oldest goes."""


class _Reading(NamedTuple):
    """A file that was read, and how it is judged."""

    path: str
    judge: Callable[[Overview], Tried]


class Binaries(QObject):
    """What was dropped or chosen, read in the background.

    Signals:
        changed: there is another one.
    """

    changed = Signal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = workbench.tasks
        self._found: tuple[_Reading, ...] = ()

    def add(self, paths: Sequence[str]) -> None:
        """Read binaries or media, beside those that are there; one read again is replaced."""

        def work(_report: object) -> tuple[_Reading, ...]:
            return tuple(_read(path) for path in paths)

        names = ", ".join(Path(path).name for path in paths)
        self._tasks.start(f"Reading {names}", work, self._on_read)

    def _on_read(self, found: tuple[_Reading, ...]) -> None:
        again = {each.path for each in found}
        kept = [each for each in self._found if each.path not in again]
        self._found = (*kept, *found)[-_MOST:]
        self.changed.emit()

    def tried(self, seen: Overview) -> tuple[Tried, ...]:
        """What firmware does with each of them under these keys."""
        return tuple(each.judge(seen) for each in self._found)


def _read(path: str) -> _Reading:
    # LIEF takes a while to import.
    from ovmfgui.trust.binary import judge, read_binary
    from ovmfgui.trust.medium import is_medium

    # What is named as a binary is one, or is refused as one.
    if path.lower().endswith(".efi") or not is_medium(path):
        binary = read_binary(path)
        return _Reading(path, lambda seen: Tried(path, judge(binary, seen)))
    from ovmfgui.trust.boot_chain import chains_of, loaders_on, overall

    loaders = loaders_on(path)

    def of_medium(seen: Overview) -> Tried:
        chains = chains_of(loaders, seen)
        decides = overall(chains, loaders, seen)
        first = decides.stages[0].judgement
        judged = replace(first, starts=decides.starts, why=decides.why)
        return Tried(path, judged, tuple(chains), loaders.unread)

    return _Reading(path, of_medium)


def card_of(tried: Tried) -> tuple[Card, Fit]:
    """A binary or a medium as a card, with its sign."""
    judgement = tried.judgement
    signers = ", ".join(each.signer for each in judgement.binary.signatures) or "no signature"
    note = f"{answer(judgement)}: {judgement.why}"
    return Card(Path(tried.path).name, note, lines=(f"Signed by: {signers}",)), fit_of(judgement)


def marks_of(tried: Tried, seen: Overview) -> dict[bytes, Fit]:
    """The certificates that vouch for a binary, or stop it."""
    from ovmfgui.trust.binary import anchor_in

    if seen.mode != "user":
        return {}
    binary = tried.judgement.binary
    revoking = anchor_in(binary, seen.databases.get("dbx"))
    if revoking is not None:
        return {revoking.der: Fit.INCOMPATIBLE}
    vouching = anchor_in(binary, seen.databases.get("db"))
    return {} if vouching is None else {vouching.der: Fit.FITS}
