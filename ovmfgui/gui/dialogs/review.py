"""What Save would change, before it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_tree, set_widths
from ovmfgui.gui.look.plain import plain_tip
from ovmfgui.gui.widgets.wrapped_label import WrappedLabel
from ovmfgui.nvram.changes import changed_bytes, changed_variables
from ovmfgui.span import Place
from ovmfgui.trust.pcr7 import pcr7_between
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.nvram.changes import ChangedBytes, ChangedVariable
    from ovmfgui.span import Span

_SPAN = Qt.ItemDataRole.UserRole
_SHOWN = 12


def _hex(data: bytes) -> str:
    shown = data[:_SHOWN].hex(" ").upper()
    return f"{shown} …" if len(data) > _SHOWN else shown


class ReviewDialog(QDialog):
    """Two lists: by variable, by byte; a row selects its bytes. Not modal.

    Signals:
        chosen: a ``Span`` of the store's file.
        bytes_asked: the chosen bytes are to be seen (double click, Enter).
        save_asked: all of it is to be saved.
    """

    chosen = Signal(object)
    bytes_asked = Signal()
    save_asked = Signal()

    def __init__(
        self,
        file_name: str,
        variables: tuple[ChangedVariable, ...],
        changed: ChangedBytes,
        before: bytes,
        after: bytes,
        parent: QWidget | None = None,
        measured: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Review changes")
        self.summary = WrappedLabel("", self)
        self.tabs = QTabWidget(self)
        self.variables = QTreeWidget(self)
        self.bytes = QTreeWidget(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.save = self.buttons.addButton("&Save", QDialogButtonBox.ButtonRole.ApplyRole)
        self._build()
        self._fill_variables(variables)
        self._fill_bytes(changed, before, after)
        told = _summary(file_name, len(variables), changed)
        self.summary.setText(f"{told}\n\n⚠ {measured}" if measured else told)
        self.save.setEnabled(bool(changed.count))

    def _build(self) -> None:
        dress_tree(self.variables, "Changed variables")
        self.variables.setHeaderLabels(["Variable", "Change", "Before", "After"])
        set_widths(self.variables, ("InitialAttemptOrder", "data, timestamp", "n" * 30))
        dress_tree(self.bytes, "Changed bytes")
        self.bytes.setHeaderLabels(["Offset", "Bytes", "Before", "After"])
        digits = "00 " * (_SHOWN + 1)
        set_widths(self.bytes, ("0x00000000", "00000", digits, digits))
        for tree in (self.variables, self.bytes):
            tree.setRootIsDecorated(False)
            tree.currentItemChanged.connect(self._on_item)
            tree.itemClicked.connect(self._on_item)
            tree.itemActivated.connect(lambda *_row: self.bytes_asked.emit())
            tree.setToolTip("A click selects the bytes, a double click shows them")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.variables, "By variable")
        self.tabs.addTab(self.bytes, "By byte")
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(3 * theme.GRID)
        column.addWidget(self.summary)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.buttons)
        self.resize(230 * theme.GRID, 110 * theme.GRID)
        self.save.setDefault(True)
        self.save.clicked.connect(self._on_save)
        self.buttons.rejected.connect(self.reject)

    def _fill_variables(self, variables: tuple[ChangedVariable, ...]) -> None:
        for each in variables:
            item = QTreeWidgetItem([each.name, each.what, each.before or "–", each.after or "–"])
            item.setData(0, _SPAN, each.record.span)
            for column, text in ((2, each.before), (3, each.after)):
                item.setToolTip(column, plain_tip(text))
            font = item.font(2)
            font.setStrikeOut(bool(each.before))
            item.setFont(2, font)
            self.variables.addTopLevelItem(item)

    def _fill_bytes(self, changed: ChangedBytes, before: bytes, after: bytes) -> None:
        for run in changed.runs:
            texts = [f"0x{run.start:08X}", f"{run.size:,}", _hex(run.of(before))]
            item = QTreeWidgetItem([*texts, _hex(run.of(after))])
            item.setData(0, _SPAN, run)
            for column in range(4):
                item.setFont(column, theme.fixed_font())
            self.bytes.addTopLevelItem(item)

    def _on_item(self, item: QTreeWidgetItem | None, _other: object = None) -> None:
        span: Span | None = item.data(0, _SPAN) if item is not None else None
        if span is not None:
            self.chosen.emit(span)

    def _on_save(self) -> None:
        self.accept()
        self.save_asked.emit()


def _summary(file_name: str, variables: int, changed: ChangedBytes) -> str:
    if not changed.count:
        return f"Nothing: {file_name} is on disk as it is shown."
    what = count(variables, "variable changes", "variables change")
    size = count(changed.count, "byte differs", "bytes differ")
    runs = count(len(changed.runs), "run")
    more = f"; the first {len(changed.runs):,} are listed" if changed.cut else ""
    return f"Save writes into {file_name}: {what}, {size}, in {runs}{more}. All other bytes stay."


def review_changes(workbench: Workbench, then: Callable[[], None] | None = None) -> None:
    """Show what Save would change; ``then`` is called once it has been saved from there."""
    document, index = workbench.document, workbench.document.store_file
    saved, now = document.saved, document.inspection
    if saved is None or now is None or index is None:
        return
    if saved.store is None or now.store is None:
        return
    # Edits never reach beyond the volume; ARM files have 64 MiB around it.
    end = now.store.volume.span.end if now.store.volume is not None else None
    before = saved.image.spaces[index].data[:end]
    after = now.image.spaces[index].data[:end]
    pcr7 = pcr7_between(saved.store, now.store)
    dialog = ReviewDialog(
        Path(now.image.files[index].path).name,
        changed_variables(saved.store, now.store),
        changed_bytes(before, after),
        before,
        after,
        workbench.owner,
        pcr7.sentence if pcr7 is not None else "",
    )
    dialog.chosen.connect(lambda span: document.select(Place(index, span)))
    dialog.save_asked.connect(lambda: document.save(then))
    dialog.bytes_asked.connect(lambda: workbench.show("hex"))
    # It lies beside the bytes that it speaks of, and is over with the next edit.
    document.edits_changed.connect(dialog.reject)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
