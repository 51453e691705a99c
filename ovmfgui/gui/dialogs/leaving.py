"""What is open may be left: at once, or once it is settled what becomes of unsaved edits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox

from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench

_SAVE = QMessageBox.StandardButton.Save
_DISCARD = QMessageBox.StandardButton.Discard
_CANCEL = QMessageBox.StandardButton.Cancel


def leave(workbench: Workbench, then: Callable[[], None]) -> None:
    """Go on with ``then``: at once where nothing is unsaved, else as the answer is."""
    document = workbench.document
    if not document.modified:
        then()
        return
    match ask_about_edits(_question(document), workbench.owner):
        case QMessageBox.StandardButton.Save:
            document.save(then)
        case QMessageBox.StandardButton.Discard:
            then()
        case QMessageBox.StandardButton.NoButton:
            from ovmfgui.gui.dialogs.review import review_changes

            review_changes(workbench, then)
        case _:
            pass


def may_lose(workbench: Workbench) -> bool:
    """Whether the window may close with what is unfinished in its views; asks where it has to."""
    lost = [what for each in workbench.unfinished for what in each()]
    return not lost or ask_to_lose(" and ".join(lost), workbench.owner)


def ask_to_lose(what: str, owner: QWidget) -> bool:
    """Whether changes may be thrown away that no save would write."""
    box = QMessageBox(
        QMessageBox.Icon.Question,
        "Unsaved changes",
        f"Changes of {what} are in no file. Close all the same? Save as… is in the editor.",
        _DISCARD | _CANCEL,
        owner,
    )
    box.setDefaultButton(_CANCEL)
    answer = box.exec()
    box.deleteLater()
    return answer == _DISCARD


def _question(document: Document) -> str:
    image, index = document.image, document.store_file
    name = Path(image.files[index].path).name if image and index is not None else ""
    edits = count(max(document.unsaved_edits, 1), "edit is", "edits are")
    return f"Save the changes to {name}? {edits} only in this window so far."


def ask_about_edits(text: str, owner: QWidget) -> QMessageBox.StandardButton:
    """Save, discard or cancel; ``NoButton`` stands for a review, which saves from there."""
    box = QMessageBox(
        QMessageBox.Icon.Question, "Unsaved changes", text, _SAVE | _DISCARD | _CANCEL, owner
    )
    box.setDefaultButton(_SAVE)
    review = box.addButton("&Review…", QMessageBox.ButtonRole.ActionRole)
    review.setToolTip("See what will change, by variable and by byte, before it is saved")
    box.exec()
    answer = box.standardButton(box.clickedButton())
    box.deleteLater()
    return answer
