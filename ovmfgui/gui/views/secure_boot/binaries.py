"""The binaries that are held against the keys, read in the background."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ovmfgui.gui.views.secure_boot.words import answer, fit_of
from ovmfgui.layout.verdict import Fit
from ovmfgui.trust.chain import Card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.trust.binary import Binary, Judgement
    from ovmfgui.trust.overview import Overview

_MOST = 8
"""Shown at a time; the oldest goes."""


class Binaries(QObject):
    """What was dropped or chosen.

    Signals:
        changed: there is another binary.
    """

    changed = Signal()

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = workbench.tasks
        self._found: tuple[Binary, ...] = ()

    def add(self, paths: Sequence[str]) -> None:
        """Read binaries, beside those that are there; one that is read again is replaced."""

        def work(_report: object) -> tuple[Binary, ...]:
            # LIEF takes a while to import.
            from ovmfgui.trust.binary import read_binary

            return tuple(read_binary(path) for path in paths)

        names = ", ".join(Path(path).name for path in paths)
        self._tasks.start(f"Reading {names}", work, self._on_read)

    def _on_read(self, found: tuple[Binary, ...]) -> None:
        again = {each.path for each in found}
        kept = [each for each in self._found if each.path not in again]
        self._found = (*kept, *found)[-_MOST:]
        self.changed.emit()

    def judged(self, seen: Overview) -> tuple[Judgement, ...]:
        """What firmware does with each of them under these keys."""
        if not self._found:
            return ()
        from ovmfgui.trust.binary import judge

        return tuple(judge(each, seen) for each in self._found)


def card_of(judgement: Judgement) -> tuple[Card, Fit]:
    """A binary as a card, with its sign."""
    name = Path(judgement.binary.path).name
    signers = ", ".join(each.signer for each in judgement.binary.signatures) or "no signature"
    note = f"{answer(judgement)}: {judgement.why}"
    return Card(name, note, lines=(f"Signed by: {signers}",)), fit_of(judgement)


def marks_of(judgement: Judgement, seen: Overview) -> dict[bytes, Fit]:
    """The certificates that vouch for a binary, or stop it."""
    from ovmfgui.trust.binary import anchor_in

    if seen.mode != "user":
        return {}
    revoking = anchor_in(judgement.binary, seen.databases.get("dbx"))
    if revoking is not None:
        return {revoking.der: Fit.INCOMPATIBLE}
    vouching = anchor_in(judgement.binary, seen.databases.get("db"))
    return {} if vouching is None else {vouching.der: Fit.FITS}
