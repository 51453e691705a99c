"""Bytes on the clipboard, written as they were the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from ovmfgui.flash.byte_formats import LARGEST_COPY, byte_format
from ovmfgui.gui.document.settings import COPY_AS

if TYPE_CHECKING:
    from ovmfgui.gui.document.settings import Settings


class Copying:
    """How bytes are copied; the choice is remembered.

    Args:
        settings: where; for as long as this object lives where None.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self._last = str(COPY_AS.default)

    @property
    def last(self) -> str:
        """The id of the form that was chosen last."""
        return self._last if self._settings is None else str(self._settings.get(COPY_AS))

    def fitting(self, size: int) -> str:
        """The form chosen last, or the plain one where that does not take so many bytes."""
        return self.last if byte_format(self.last).takes(size) else str(COPY_AS.default)

    def copy(self, data: bytes, form: str = "") -> str:
        """Put bytes on the clipboard; returns why not, in words, or nothing.

        Args:
            data: the bytes.
            form: the id of a form, which is the last choice from now on; empty for the last one.
        """
        if len(data) > LARGEST_COPY:
            return f"{len(data):,} bytes are too many for the clipboard (at most 4 MiB)."
        if form:
            self._last = form
            if self._settings is not None:
                self._settings.set(COPY_AS, form)
        QGuiApplication.clipboard().setText(byte_format(form or self.fitting(len(data))).text(data))
        return ""
