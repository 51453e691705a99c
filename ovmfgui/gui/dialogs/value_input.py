"""Where a new value is typed or fetched: by its fields, as hex, as text, or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ovmfgui.budgets import MOST_VALUE
from ovmfgui.flash.source import read_regular
from ovmfgui.gui.dialogs.value_form import ValueForm
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.nvram.typed import (
    ENCODINGS,
    bytes_of_hex,
    bytes_of_text,
    hex_rows,
    text_of_bytes,
)
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.nvram.forms.form import Form


class ValueInput(QTabWidget):
    """Ways to give the same thing.

    Where the value has a form, its first page has the form and the bytes beside each other: what
    is done to one shows in the other.

    Signals:
        changed: ``value`` gives something else now.
    """

    changed = Signal()

    def __init__(
        self, data: bytes, parent: QWidget | None = None, *, form: Form | None = None
    ) -> None:
        super().__init__(parent)
        self._from_form = False
        self.form = ValueForm(form, self) if form is not None else None
        self.setDocumentMode(True)
        # Beside the form there is room for half a row.
        self._across = 16 if form is None else 8
        self.hex = QPlainTextEdit(hex_rows(data, self._across), self)
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
        if self.form is None:
            self.addTab(self._page(self.hex), "&Hex")
        else:
            self.addTab(self._form_page(self.form), "Fiel&ds and hex")
            self.form.show_bytes(data)
        self.addTab(self._text_page(), "&Text")
        self.addTab(self._file_page(), "&File")
        if known is not None and self.form is None:
            self.setCurrentIndex(1)
        self.hex.textChanged.connect(self._on_hex)
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
                mistake = self.form.mistake() if self.form is not None else None
                if mistake is not None:
                    raise mistake
                return bytes_of_hex(self.hex.toPlainText())
            case 1:
                return bytes_of_text(self.text.toPlainText(), self.encoding.currentText())
            case _:
                path = self.path.text().strip()
                return read_regular(path, MOST_VALUE) if path else b""

    def begin(self) -> None:
        """Put the cursor where the value is typed, not on the bar of the pages."""
        if self.currentIndex() == 0 and self.form is not None:
            first: QWidget = self.form if self.form.usable() else self.hex
        else:
            first = self.hex if self.currentIndex() == 0 else self.text
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_hex(self) -> None:
        if self.form is not None and not self._from_form:
            try:
                data = bytes_of_hex(self.hex.toPlainText())
            except Refused:
                pass  # Half a byte while somebody types; value() says so.
            else:
                self.form.show_bytes(data)
        self.changed.emit()

    def _on_form(self, data: bytes | None) -> None:
        if data is None:
            self.changed.emit()
            return
        self._from_form = True
        self.hex.setPlainText(hex_rows(data, self._across))
        self._from_form = False

    def _form_page(self, form: ValueForm) -> QWidget:
        page = QSplitter(self)
        page.setChildrenCollapsible(False)
        page.addWidget(form)
        page.addWidget(self.hex)
        page.setStretchFactor(0, 3)
        page.setStretchFactor(1, 2)
        form.filled_in.connect(self._on_form)
        return page

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
