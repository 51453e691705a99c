"""Where a new value is typed or fetched: as hex, as text, or from a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.flash.source import read_regular
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST_FILE = 1 << 20
"""Bytes; no firmware takes a variable anywhere near this big."""

ENCODINGS: Mapping[str, tuple[str, bytes]] = {
    "UCS-2 with NUL": ("utf-16-le", b"\0\0"),
    "UCS-2": ("utf-16-le", b""),
    "ASCII with NUL": ("ascii", b"\0"),
    "UTF-8": ("utf-8", b""),
}
"""How text becomes bytes: the codec, and what ends it."""


def hex_rows(data: bytes) -> str:
    """Bytes as people type them: 16 a row."""
    return "\n".join(data[at : at + 16].hex(" ").upper() for at in range(0, len(data), 16))


def bytes_of_hex(text: str) -> bytes:
    """Bytes of hexadecimal text; blanks, commas, colons and ``0x`` do not matter.

    Raises:
        Refused: something else is in it, or a digit is missing.
    """
    plain = re.sub(r"0[xX]|[\s,:;]", "", text)
    wrong = re.search(r"[^0-9A-Fa-f]", plain)
    if wrong is not None:
        msg = f"“{wrong.group()}” is no hexadecimal digit."
        raise Refused(msg)
    if len(plain) % 2:
        msg = "There is half a byte too much: hexadecimal digits come in pairs."
        raise Refused(msg)
    return bytes.fromhex(plain)


def bytes_of_text(text: str, encoding: str) -> bytes:
    """Bytes of text in one of ``ENCODINGS``.

    Raises:
        Refused: a character has no place in it.
    """
    codec, end = ENCODINGS[encoding]
    try:
        return text.encode(codec) + end if text else b""
    except UnicodeEncodeError as error:
        msg = f"“{text[error.start]}” cannot be written as {encoding}."
        raise Refused(msg) from error


def text_of_bytes(data: bytes) -> tuple[str, str] | None:
    """The text that a value holds and its encoding; None where it holds none."""
    for encoding, (codec, end) in ENCODINGS.items():
        body = data[: len(data) - len(end)]
        if not body or data[len(body) :] != end:
            continue
        try:
            text = body.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.isascii() and text.isprintable() and text.encode(codec) == body:
            return text, encoding
    return None


class ValueInput(QTabWidget):
    """Three ways to give the same thing.

    Signals:
        changed: ``value`` gives something else now.
    """

    changed = Signal()

    def __init__(self, data: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self.hex = QPlainTextEdit(hex_rows(data), self)
        self.hex.setFont(theme.fixed_font())
        self.hex.setPlaceholderText("00 01 02 …")
        self.hex.setAccessibleName("Value in hex")
        self.hex.setTabChangesFocus(True)
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName("Value as text")
        self.text.setTabChangesFocus(True)
        self.encoding = QComboBox(self)
        self.encoding.addItems(list(ENCODINGS))
        self.path = QLineEdit(self)
        self.path.setAccessibleName("File with the value")
        self.path.setPlaceholderText("A file whose whole contents become the value")
        known = text_of_bytes(data)
        if known is not None:
            self.text.setPlainText(known[0])
            self.encoding.setCurrentText(known[1])
        self.addTab(self._page(self.hex), "&Hex")
        self.addTab(self._text_page(), "&Text")
        self.addTab(self._file_page(), "&File")
        if known is not None:
            self.setCurrentIndex(1)
        self.hex.textChanged.connect(self.changed)
        self.text.textChanged.connect(self.changed)
        self.encoding.currentIndexChanged.connect(self.changed)
        self.path.textChanged.connect(self.changed)
        self.currentChanged.connect(self.changed)

    def value(self) -> bytes:
        """What has been typed or fetched on the page that shows.

        Raises:
            Refused: it is nothing that makes bytes; one line.
        """
        match self.currentIndex():
            case 0:
                return bytes_of_hex(self.hex.toPlainText())
            case 1:
                return bytes_of_text(self.text.toPlainText(), self.encoding.currentText())
            case _:
                path = self.path.text().strip()
                return read_regular(path, _LARGEST_FILE) if path else b""

    def _page(self, editor: QWidget) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 2 * theme.GRID, 0, 0)
        column.addWidget(editor)
        return page

    def _text_page(self) -> QWidget:
        page = self._page(self.text)
        row = QHBoxLayout()
        label = PlainLabel("&Written as", page)
        label.setBuddy(self.encoding)
        row.addWidget(label)
        row.addWidget(self.encoding)
        row.addStretch(1)
        layout = page.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(row)
        return page

    def _file_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 2 * theme.GRID, 0, 0)
        row = QHBoxLayout()
        browse = QPushButton("&Browse…", page)
        browse.clicked.connect(self._on_browse)
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _on_browse(self) -> None:
        folder = str(Path(self.path.text()).parent) if self.path.text() else ""
        path, _filter = QFileDialog.getOpenFileName(self, "A file with the value", folder)
        if path:
            self.path.setText(path)
