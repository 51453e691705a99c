"""A message of QEMU, libvirt or firmware, pasted: what it means, proof from the opened files."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
)

from ovmfgui.flash.image import Role
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.term_browser import TermBrowser
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.migration.explain.explaining import explain, unread_of
from ovmfgui.migration.explain.proof import Opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.gui.document.tasks import Task
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.explain.message import Explanation
    from ovmfgui.progress import Report

_WAIT = 150
"""Milliseconds."""

_EXAMPLE = "Length mismatch: system.flash0: 0x37c000 in != 0x1e0000: Invalid argument"
_HINT = "Paste what QEMU, libvirt or the firmware printed; the whole of it, first line too."
_UNKNOWN = (
    "Nothing is known of this text. Paste the whole of what was printed, the first line too; "
    "'ovmfgui explain --list' shows the messages that are known."
)


class ExplainDialog(QDialog):
    """The text above, what is known of it below, told anew when that changes."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench.owner)
        self._tasks = workbench.tasks
        image = workbench.document.image
        self._files = image.files if image is not None else ()
        self._task: Task | None = None
        # Somebody who types is waited for.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT)
        self._timer.timeout.connect(self._start)
        self.setWindowTitle("Explain an error")
        self.message = QPlainTextEdit(self)
        self.message.setFont(theme.fixed_font())
        self.message.setPlaceholderText(f"{_HINT}\n\nFor instance:\n{_EXAMPLE}")
        self.message.setAccessibleName("The message")
        self.message.setTabChangesFocus(True)
        self.told = TermBrowser(self)
        self.told.asked.connect(workbench.term_asked)
        self.told.setAccessibleName("What it means")
        self.told.document().setDocumentMargin(2 * theme.GRID)
        names = " and ".join(file.path.rpartition("/")[2] for file in self._files)
        proof = WrappedLabel(
            f"Proof is taken from what is open: {names}."
            if names
            else "Open the machine's files, and they are looked at for proof.",
            self,
        )
        proof.setForegroundRole(proof.palette().ColorRole.PlaceholderText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[3 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        column.addWidget(self.message, 1)
        column.addWidget(self.told, 2)
        column.addWidget(proof)
        column.addWidget(buttons)
        self.resize(180 * theme.GRID, 130 * theme.GRID)
        self.message.textChanged.connect(self._timer.start)
        self.finished.connect(self._stop)
        self.message.setFocus()

    def _start(self) -> None:
        self._stop()
        text = self.message.toPlainText()
        if not text.strip():
            self.told.clear()
            return
        # Proof may take the reading of CODE.
        work = partial(_explained, text, self._files)
        self._task = self._tasks.start("Explaining", work, partial(self._show, text))

    def _stop(self) -> None:
        self._timer.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _show(self, text: str, found: tuple[Explanation, ...]) -> None:
        told = explanations_html(found, theme.muted(self.palette()).name())
        unread = unread_of(text, found)
        self.told.setHtml(f"<p>{escape(unread)}</p>{told}" if unread else told)


def _explained(text: str, files: Sequence[FlashFile], report: Report) -> tuple[Explanation, ...]:
    report(0, 0, "looking for known messages")
    return explain(text, opened_of(files))


def opened_of(files: Sequence[FlashFile]) -> Opened:
    """What is open, as the explanations look at it: CODE or a unified image, and the store."""
    from ovmfgui.flash.opening import image_of

    code = store = None
    for file in files:
        if file.role in (Role.CODE, Role.UNIFIED):
            code = image_of([file])
        else:
            store = image_of([file])
    return Opened(code, store)


def explanations_html(found: Sequence[Explanation], muted: str) -> str:
    """Line, meaning, cause, proof and cure of each."""
    if not found:
        return f"<p>{escape(_UNKNOWN)}</p>"
    return "<hr/>".join(_explanation_html(each, muted) for each in found)


def _explanation_html(explanation: Explanation, muted: str) -> str:
    parts = [
        ("Cause", explanation.cause),
        *(
            ("", f"{cause} You see it by this: {tell}")
            for cause, tell in explanation.message.causes
        ),
        *(("Proof", sentence) for sentence in explanation.proof),
        ("Cure", explanation.cure),
    ]
    rows = "".join(
        f'<tr><td style="color:{muted}">{title}&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>'
        for title, text in parts
    )
    return (
        f'<p style="margin:0 0 4px 0"><span style="color:{muted}">'
        f"{escape(explanation.message.speaker)}:</span> <tt>{escape(explanation.line)}</tt></p>"
        f'<p style="margin:0 0 4px 0"><b>{escape(explanation.meaning)}</b></p>'
        f'<table cellspacing="0" cellpadding="2">{rows}</table>'
    )
