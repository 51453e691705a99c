"""What is open may be left: at once, or once it is settled what becomes of unsaved edits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench

_SAVE = QMessageBox.StandardButton.Save
_DISCARD = QMessageBox.StandardButton.Discard
_CANCEL = QMessageBox.StandardButton.Cancel
_LISTED = 12
"""As many names as a question has room for on a small screen."""


def leave(workbench: Workbench, then: Callable[[], None]) -> None:
    """Go on with ``then``: at once where nothing is unsaved, else as the answer is."""
    document = workbench.document
    front = document.front
    if not front.changed:
        then()
        return
    review = front.pending is None
    match ask_about_edits(_question(document), workbench.owner, review=review):
        case QMessageBox.StandardButton.Save if front.pending is not None:
            front.pending.save(then)
        case QMessageBox.StandardButton.Save:
            document.save(then)
        case QMessageBox.StandardButton.Discard:
            _drop(front)
            then()
        case QMessageBox.StandardButton.NoButton:
            from ovmfgui.gui.dialogs.review import review_changes

            review_changes(workbench, then)
        case _:
            pass


def leave_all(workbench: Workbench, then: Callable[[], None]) -> None:
    """Go on with ``then`` as ``leave`` does, asking once about all that is open."""
    document = workbench.document
    unsaved = [each for each in document.all_open if each.changed]
    if len(unsaved) < 2:
        for each in unsaved:
            document.bring_to_front(each)
        leave(workbench, then)
        return
    match ask_about_edits(_question_of_all(unsaved), workbench.owner, review=False):
        case QMessageBox.StandardButton.Save:
            _save_all(workbench, unsaved, then)
        case QMessageBox.StandardButton.Discard:
            for each in unsaved:
                _drop(each)
            then()
        case _:
            pass


def _drop(opened: Opened) -> None:
    """Give up what a view keeps of it; edits go with what is open."""
    if opened.pending is not None:
        opened.pending.drop()


def _save_all(workbench: Workbench, unsaved: list[Opened], then: Callable[[], None]) -> None:
    """One after the other; what is refused, or has no file yet, comes to the front and stays."""
    document = workbench.document
    if not unsaved:
        then()
        return
    first, *others = unsaved
    if first.pending is not None:
        document.bring_to_front(first)
        first.pending.save(lambda: _save_all(workbench, others, then))
        return
    if first.made:
        document.bring_to_front(first)
        workbench.refuse(f"{first.title} lies in no file yet. Save it as one, or discard its edits")
        return
    document.save(lambda: _save_all(workbench, others, then), first)


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
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDefaultButton(_CANCEL)
    answer = box.exec()
    box.deleteLater()
    return answer == _DISCARD


def _question(document: Document) -> str:
    pending = document.front.pending
    if pending is not None:
        return f"Save the changes of {pending.words}? They are only in this window so far."
    image, index = document.image, document.store_file
    name = Path(image.files[index].path).name if image and index is not None else ""
    edits = count(max(document.unsaved_edits, 1), "edit is", "edits are")
    return f"Save the changes to {name}? {edits} only in this window so far."


def _question_of_all(unsaved: Sequence[Opened]) -> str:
    lines = [f"{each.title}: {_told(each)}" for each in unsaved[:_LISTED]]
    more = len(unsaved) - _LISTED
    if more > 0:
        lines.append(f"and {more} more")
    return f"Save the changes to all {len(unsaved)}?\n\n" + "\n".join(lines)


def _told(opened: Opened) -> str:
    if opened.pending is not None:
        return "a changed scenario"
    return count(max(opened.unsaved_edits, 1), "edit")


def ask_about_edits(
    text: str, owner: QWidget, *, review: bool = True
) -> QMessageBox.StandardButton:
    """Save, discard or cancel; ``NoButton`` stands for a review, which saves from there."""
    box = QMessageBox(
        QMessageBox.Icon.Question, "Unsaved changes", text, _SAVE | _DISCARD | _CANCEL, owner
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDefaultButton(_SAVE)
    # Names of files and machines are no markup.
    box.setTextFormat(Qt.TextFormat.PlainText)
    if review:
        button = box.addButton("&Review…", QMessageBox.ButtonRole.ActionRole)
        button.setToolTip("See what will change, by variable and by byte, before it is saved")
    box.exec()
    answer = box.standardButton(box.clickedButton())
    box.deleteLater()
    return answer
