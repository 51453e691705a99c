"""Opening, saving and closing, with the questions that belong to them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from ovmfgui.flash.image import Role
from ovmfgui.flash.sorting_out import Found, needs_sorting, sort_out
from ovmfgui.gui.dialogs.offers import OffersDialog
from ovmfgui.gui.document.settings import FOLDER
from ovmfgui.layout.demo import demo_files
from ovmfgui.migration.recorded.file_kinds import opener_kind
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.settings import Settings

_FILTER = (
    "Flash images, descriptors, domains, recordings "
    "(*.fd *.bin *.raw *.rom *.qcow2 *.xz *.img *.nvram *.json *.xml *.toml *.save *.log);;"
    "All files (*)"
)
_SAVE = QMessageBox.StandardButton.Save
_DISCARD = QMessageBox.StandardButton.Discard
_CANCEL = QMessageBox.StandardButton.Cancel


class FileCommands(QObject):
    """What stands in the File menu.

    Signals:
        migration_asked: a kind of opener and a path: what the migration view opens.
        compare_asked: the paths of one image or pair, and those of another.
        matrix_asked: paths to judge, each CODE with each store.
        review_asked: what Save would change is to be shown; carries what is to happen once it has
            been saved from there.
    """

    migration_asked = Signal(str, str)
    compare_asked = Signal(object, object)
    matrix_asked = Signal(object)
    review_asked = Signal(object)

    def __init__(self, document: Document, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._settings = settings
        self._window = window

    # Opening

    def ask_and_open(self) -> None:
        """Let files be chosen and open them."""
        paths = self._ask_files("Open a pair, a unified image or a VARS file")
        if paths:
            self.open(paths)

    def ask_half(self) -> None:
        """Let the other half of the pair be chosen and open both."""
        image = self._document.image
        if image is None or len(image.files) != 1:
            return
        wanted = "VARS" if image.role is Role.CODE else "CODE"
        paths = self._ask_files(f"Add the {wanted} file")
        if paths:
            self.open((image.files[0].path, *paths))

    def _ask_files(self, title: str) -> tuple[str, ...]:
        folder = str(self._settings.get(FOLDER))
        paths, _filter = QFileDialog.getOpenFileNames(self._window, title, folder, _FILTER)
        if paths:
            self._settings.set(FOLDER, str(Path(paths[0]).parent))
        return tuple(paths)

    def open(self, paths: Sequence[str]) -> None:
        """Open files, once what is open may be left; scenarios and recordings are played."""
        if self._play(paths):
            return
        if len(paths) > 2 or (len(paths) == 1 and needs_sorting(paths)):
            self._sort_out(paths)
        else:
            self.leave(lambda: self._document.open(paths))

    def _sort_out(self, paths: Sequence[str]) -> None:
        """Find out what is meant by several files or a folder, and ask where it takes that."""
        self._document.tasks.start(
            "Looking for images", partial(sort_out, tuple(paths)), self._on_found, self._on_failure
        )

    def _on_found(self, found: Found) -> None:
        if len(found.offers) == 1:
            self.leave(partial(self._document.open, found.offers[0].paths))
            return
        dialog = OffersDialog(found, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open_wanted.connect(self.open)
        dialog.compare_wanted.connect(self.compare_asked)
        dialog.matrix_wanted.connect(self.matrix_asked)
        dialog.open()

    def _on_failure(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self._document.refused.emit(str(error))

    def _play(self, paths: Sequence[str]) -> bool:
        kind = opener_kind(paths)
        if kind:
            self.migration_asked.emit(kind, paths[0])
        return bool(kind)

    def open_dropped(self, paths: Sequence[str]) -> None:
        """Open files that were dropped; one file completes the half of a pair that is open."""
        if self._play(paths):
            return
        if needs_sorting(paths):
            self._sort_out(paths)
            return
        image = self._document.image
        half = image.files[0].path if image is not None and len(image.files) == 1 else ""
        beside = half if half != paths[0] else ""
        self.leave(lambda: self._document.open(paths, beside=beside))

    def open_demo(self) -> None:
        """Open the built-in pair, once what is open may be left."""
        self.leave(lambda: self._document.open_made("the demo pair", demo_files))

    def remember(self) -> None:
        """Put what is open now at the head of what was open lately."""
        image = self._document.image
        paths = tuple(file.path for file in image.files) if image is not None else ()
        if paths and all(Path(path).is_file() for path in paths):
            self._settings.remember(tuple(str(Path(path).absolute()) for path in paths))

    # Saving and closing

    def save_as(self) -> None:
        """Let a name be chosen and write the store there."""
        image, index = self._document.image, self._document.store_file
        if image is None or index is None:
            return
        path, _filter = QFileDialog.getSaveFileName(
            self._window, "Save the store as", image.files[index].path, _FILTER
        )
        if path:
            self._document.save_as(path)

    def close(self) -> None:
        """Close what is open, once it may be left."""
        self.leave(self._document.close)

    def leave(self, then: Callable[[], None]) -> None:
        """Go on with ``then``: at once where nothing is unsaved, else as the answer is."""
        if not self._document.modified:
            then()
            return
        match self._ask_about_edits():
            case QMessageBox.StandardButton.Save:
                self._document.save(then)
            case QMessageBox.StandardButton.Discard:
                then()
            case QMessageBox.StandardButton.NoButton:
                self.review_asked.emit(then)
            case _:
                pass

    def _ask_about_edits(self) -> QMessageBox.StandardButton:
        image, index = self._document.image, self._document.store_file
        name = Path(image.files[index].path).name if image and index is not None else ""
        count = self._document.undo_stack.index()
        edits = "1 edit is" if count == 1 else f"{count} edits are"
        text = f"Save the changes to {name}? {edits} only in this window so far."
        return self._ask(text)

    def _ask(self, text: str) -> QMessageBox.StandardButton:
        """Save, discard or cancel; ``NoButton`` stands for a review, which saves from there."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Unsaved changes",
            text,
            _SAVE | _DISCARD | _CANCEL,
            self._window,
        )
        box.setDefaultButton(_SAVE)
        review = box.addButton("&Review…", QMessageBox.ButtonRole.ActionRole)
        review.setToolTip("See what will change, by variable and by byte, before it is saved")
        box.exec()
        answer = box.standardButton(box.clickedButton())
        box.deleteLater()
        return answer
