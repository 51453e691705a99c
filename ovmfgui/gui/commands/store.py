"""What concerns the store's file as a whole: review, recovery, and its being changed on disk."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ovmfgui.finding import Severity
from ovmfgui.gui.document.disk_watch import DiskWatch
from ovmfgui.gui.workbench import Message

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.recovery import Recovery
    from ovmfgui.progress import Report
    from ovmfgui.refusal import Refused


def recovery_words(recovery: Recovery, new: str, old: str) -> str:
    """What came of a recovery, for a person."""
    lost = f" Lost: {'; '.join(recovery.lost)}." if recovery.lost else ""
    return f"{new} is {recovery.summary}.{lost} {old} is as it was."


class StoreCommands:
    """Drives the document's file, and watches it."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self.watch = DiskWatch(workbench.document)
        self.watch.changed.connect(self._on_disk)
        self._changed_beside: dict[Opened, str] = {}
        workbench.document.returned.connect(self._on_returned)
        workbench.document.save_refused.connect(self._on_save_refused)
        workbench.actions.bind(
            {"review-changes": self.review, "recover-store": self.recover},
            {"recoverable": lambda: self.recoverable},
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def review(self) -> None:
        """Show what Save would change."""
        from ovmfgui.gui.dialogs.review import review_changes

        review_changes(self._workbench)

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
            self._workbench.owner,
            "A new file for the store",
            str(suggested),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if target:
            self.recover_into(target)

    def recover_into(self, target: str) -> None:
        """Rebuild the store into a new file and open it; the damaged one stays as it is."""
        document = self._document
        image, store = document.image, document.store
        if image is None or store is None:
            return
        paths = [file.path for file in image.files]
        old, data = paths[store.space], image.spaces[store.space].data
        paths[store.space] = target

        def work(report: Report) -> Recovery:
            from ovmfgui.nvram.packing import create_flash
            from ovmfgui.nvram.recovery import recover

            report(0, 2, "reading what can be read")
            recovery = recover(data)
            report(1, 2, "writing")
            create_flash(target, recovery.data)
            return recovery

        def done(recovery: Recovery) -> None:
            words = recovery_words(recovery, Path(target).name, Path(old).name)
            severity = Severity.WARNING if recovery.lost else Severity.INFO
            details = "\n".join((words, *recovery.notes))

            message = Message(words, severity, details)
            document.open(
                [path for path in paths if Path(path).exists()],
                then=partial(self._workbench.announce, message),
            )

        self._workbench.tasks.start(f"Recovering {Path(old).name}", work, done)

    # On disk

    def _on_disk(self, opened: Opened, path: str) -> None:
        name = Path(path).name
        if opened is not self._document.front:
            # Its buttons would be taken for those of what is in front.
            self._changed_beside[opened] = path
            self._workbench.tell(f"{name}, open beside this, was changed on disk.")
            return
        if not Path(path).exists():
            text = (
                f"{name} is gone from the disk. What is shown is what was read; Save as keeps it."
            )
            self._workbench.announce(Message(text))
            return
        paths = opened.paths
        text = f"{name} was changed on disk by another program since it was read."
        offers = [("Reload", lambda: self._document.open(paths, instead=True))]
        if opened.modified:
            text += (
                " Save writes over no other program's bytes. Reloading drops the edits; Save as "
                "keeps them."
            )
            offers.append(("Save as…", self._workbench.actions["save-as"].trigger))
        offers.append(("Keep what is shown", lambda: self.watch.let_be(opened, path)))
        self._workbench.announce(Message(text, offers=tuple(offers)))

    def _on_returned(self) -> None:
        """What was changed while it was not in front."""
        front = self._document.front
        path = self._changed_beside.pop(front, "")
        if path and self.watch.differs(front, path):
            self._on_disk(front, path)

    def _on_save_refused(self, refusal: Refused) -> None:
        """Where another program wrote the file, with the ways out of it again."""
        image, index = self._document.image, self._document.store_file
        path = image.files[index].path if image is not None and index is not None else ""
        if path and self.watch.differs(self._document.front, path):
            self._on_disk(self._document.front, path)
        else:
            self._workbench.refuse(refusal)
