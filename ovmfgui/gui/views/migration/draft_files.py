"""Drafts of scenarios, and the files that they are in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QObject, QSaveFile, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from ovmfgui.resources import resource_path
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.migration.scenario.draft import Draft


class DraftFiles(QObject):
    """Knows what of a draft is in a file, and writes it.

    Args:
        owner: whose dialogs they are.

    Attributes:
        in_file: the drafts as they are in files, by what they are known by.

    Signals:
        saved: one line for a person, after a draft was written.
        refused: one line for a person: why it was not.
    """

    saved = Signal(str)
    refused = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.in_file: dict[str, Draft] = {}
        self._targets: dict[str, str] = {}

    def has(self, draft: Draft) -> bool:
        """Whether it is in a file as it is."""
        return draft == self.in_file.get(draft.path)

    def save(self, draft: Draft, then: Callable[[], None]) -> None:
        """Write a draft where it belongs; shipped ones, and what lies in no file, are asked about.

        Args:
            draft: what to write.
            then: called once it is written.
        """
        own = draft.path if Path(draft.path).is_file() and not _is_shipped(draft.path) else ""
        target = self._targets.get(draft.path, own)
        if target:
            self.write(draft, target, then)
        else:
            self.save_as(draft, then)

    def save_as(self, draft: Draft, then: Callable[[], None] = lambda: None) -> None:
        """Let a file be chosen for a draft, and write it there."""
        target, _filter = QFileDialog.getSaveFileName(
            self._owner, "Save the scenario as", f"{draft.name}.toml", "Scenarios (*.toml)"
        )
        if target:
            self.write(draft, target, then)

    def write(self, draft: Draft, target: str, then: Callable[[], None] = lambda: None) -> None:
        """Write a draft into a file, whole or not at all."""
        file = QSaveFile(target)
        text = draft.text(Path(target).parent)
        if (
            not file.open(QIODevice.OpenModeFlag.WriteOnly)
            or file.write(text.encode("utf-8")) < 0
            or not file.commit()
        ):
            self.refused.emit(f"{target} cannot be written: {file.errorString()}; choose another")
            return
        self.in_file[draft.path], self._targets[draft.path] = draft, target
        actions = count(len(draft.actions), "action")
        self.saved.emit(f"The scenario with its {actions} is in {Path(target).name}.")
        then()


def _is_shipped(path: str) -> bool:
    return Path(path).is_relative_to(resource_path(""))
