"""What concerns the store's file as a whole: review, recovery, and its being changed on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from ovmfgui.finding import Severity
from ovmfgui.gui.dialogs.review import ReviewDialog
from ovmfgui.gui.document.disk_watch import DiskWatch
from ovmfgui.nvram.changes import changed_bytes, changed_variables
from ovmfgui.nvram.packing import create_flash
from ovmfgui.nvram.recovery import recover
from ovmfgui.refusal import Refused
from ovmfgui.span import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.shell.window import Window
    from ovmfgui.gui.views.variables.view import VariablesView
    from ovmfgui.nvram.recovery import Recovery
    from ovmfgui.progress import Report


def recovery_words(recovery: Recovery, new: str, old: str) -> str:
    """What came of a recovery, for a person."""
    count = recovery.variables
    variables = "1 variable" if count == 1 else f"{count} variables"
    lost = f" Lost: {'; '.join(recovery.lost)}." if recovery.lost else ""
    return (
        f"{new} is a sound store of the layout {recovery.layout} with {variables}, read from "
        f"{recovery.source}.{lost} {old} is as it was."
    )


class StoreCommands(QObject):
    """Drives the document's file, and watches it."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._document = window.document
        self.watch = DiskWatch(window.document)
        self.watch.changed.connect(self._on_disk)
        window.middle.tabs.view_made.connect(self._on_made)
        window.files.review_asked.connect(self.review)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {"review-changes": self.review, "recover-store": self.recover}

    def _on_made(self, view: QWidget) -> None:
        if view.objectName() == "view-variables":
            cast("VariablesView", view).recover_asked.connect(self.recover)

    # Review

    def review(self, then: Callable[[], None] | None = None) -> None:
        """Show what Save would change; ``then`` is called once it has been saved from there."""
        document, index = self._document, self._document.store_file
        saved, now = document.saved, document.inspection
        if saved is None or now is None or index is None:
            return
        if saved.store is None or now.store is None:
            return
        # Edits never reach beyond the volume; ARM files have 64 MiB around it.
        end = now.store.volume.span.end if now.store.volume is not None else None
        before = saved.image.spaces[index].data[:end]
        after = now.image.spaces[index].data[:end]
        dialog = ReviewDialog(
            Path(now.image.files[index].path).name,
            changed_variables(saved.store, now.store),
            changed_bytes(before, after),
            before,
            after,
            self._window,
        )
        dialog.chosen.connect(lambda span: document.select(Place(index, span)))
        dialog.save_asked.connect(lambda: document.save(then))
        dialog.bytes_asked.connect(lambda: self._window.middle.bring_up("hex"))
        # It lies beside the bytes that it speaks of, and is over with the next edit.
        document.edits_changed.connect(dialog.reject)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    # Recovery

    @property
    def recoverable(self) -> bool:
        """Whether there is a store that cannot be edited as it is: damaged, half written, blank."""
        return self._document.store is not None and bool(self._document.read_only_because)

    def recover(self) -> None:
        """Ask for a new file, rebuild the store or format a blank one into it, and open that."""
        image, store = self._document.image, self._document.store
        if image is None or store is None:
            return
        old = Path(image.files[store.space].path)
        suggested = old.with_name(f"{old.stem}-{'formatted' if store.blank else 'recovered'}.fd")
        target, _filter = QFileDialog.getSaveFileName(
            self._window,
            "A new file for the store",
            str(suggested),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if target:
            self.recover_into(target)

    def recover_into(self, target: str) -> None:
        """Rebuild the store into a new file and open it; the damaged one stays as it is."""
        image, store = self._document.image, self._document.store
        if image is None or store is None:
            return
        paths = [file.path for file in image.files]
        old, data = paths[store.space], image.spaces[store.space].data
        paths[store.space] = target

        def work(report: Report) -> Recovery:
            report(0, 2, "reading what can be read")
            recovery = recover(data)
            report(1, 2, "writing")
            create_flash(target, recovery.data)
            return recovery

        def done(recovery: Recovery) -> None:
            words = recovery_words(recovery, Path(target).name, Path(old).name)
            severity = Severity.WARNING if recovery.lost else Severity.INFO
            details = "\n".join((words, *recovery.notes))

            def tell() -> None:
                self._document.presented.disconnect(tell)
                self._window.middle.message.show_message(words, severity, details)

            def show() -> None:
                self._document.presented.connect(tell)
                self._document.open([path for path in paths if Path(path).exists()])

            self._window.files.leave(show)

        title = f"Recovering {Path(old).name}"
        self._document.tasks.start(title, work, done, self._on_failure)

    def _on_failure(self, error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        self._document.refused.emit(str(error))

    # On disk

    def _on_disk(self, path: str) -> None:
        image = self._document.image
        if image is None:
            return
        name = Path(path).name
        if not Path(path).exists():
            self._window.middle.message.show_message(
                f"{name} is gone from the disk. What is shown is what was read; Save as keeps it."
            )
            return
        edits = ""
        if self._document.modified:
            edits = " Save would be refused. Reloading drops the edits; Save as keeps them."
        paths = [file.path for file in image.files]
        self._window.middle.message.show_message(
            f"{name} was changed on disk by another program since it was read.{edits}",
            offers=(
                ("Reload", lambda: self._document.open(paths)),
                ("Keep what is shown", lambda: self.watch.let_be(path)),
            ),
        )
