"""What is open and what is shown, as files for others: reports, tables, drawings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QTableView,
    QTreeView,
    QWidget,
)

from ovmfgui.gui.widgets.drawing import is_drawing
from ovmfgui.nvram.saving import create
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.progress import Report


class ReportCommands:
    """Writes files that others read; none of them over one that is there."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        workbench.actions.bind(
            {
                "copy-report": self.copy,
                "report": self._ask_report,
                "export-table": self._ask_table,
                "export-drawing": self._ask_drawing,
            }
        )

    def copy(self) -> None:
        """The report as text, on the clipboard."""
        inspection = self._workbench.document.inspection
        if inspection is not None:
            from ovmfgui.layout.report import report_text

            QGuiApplication.clipboard().setText(report_text(inspection))
            self._workbench.tell("The report is on the clipboard.")

    # Asking

    def _ask(self, title: str, proposed: str, kinds: str) -> str:
        path, _filter = QFileDialog.getSaveFileName(
            self._workbench.owner,
            title,
            proposed,
            kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        return str(path)

    def _ask_report(self) -> None:
        title = Path(self._workbench.document.title.partition(" + ")[0]).stem
        kinds = "Web page (*.html);;Markdown, for a ticket (*.md)"
        path = self._ask("Write a report", f"{title}-report.html", kinds)
        if path:
            self.write_report(path)

    def _ask_table(self) -> None:
        table = self.table()
        if table is None:
            self._workbench.refuse("There is no table in this view; click one, then export it.")
            return
        name = table.accessibleName() or "table"
        proposed = f"{name.partition(',')[0].lower().replace(' ', '-')}.csv"
        path = self._ask(f"Export the table {name}", proposed, "CSV (*.csv);;JSON (*.json)")
        if path:
            self.write_table(table, path)

    def _ask_drawing(self) -> None:
        drawing = self.drawing()
        if drawing is None:
            self._workbench.refuse("There is no drawing in this view; the map has one.")
            return
        name = drawing.accessibleName() or "drawing"
        proposed = f"{name.lower().replace(' ', '-')}.svg"
        path = self._ask(f"Export the drawing {name}", proposed, "SVG (*.svg);;PNG (*.png)")
        if path:
            self.write_drawing(drawing, path)

    # What is meant

    def table(self) -> QAbstractItemView | None:
        """The table that has the focus, else the largest in sight."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QTableView | QTreeView) and focused.model() is not None:
            return focused
        views: list[QTableView | QTreeView] = [
            *self._workbench.owner.findChildren(QTableView),
            *self._workbench.owner.findChildren(QTreeView),
        ]
        found = [view for view in views if view.isVisible() and view.model().rowCount()]
        return max(found, key=_area, default=None)

    def drawing(self) -> QWidget | None:
        """The drawing that has the focus in it, else the largest in sight."""
        focused = QApplication.focusWidget()
        while focused is not None:
            if is_drawing(focused):
                return focused
            focused = focused.parentWidget()
        widgets = self._workbench.owner.findChildren(QWidget)
        found = [each for each in widgets if each.isVisible() and is_drawing(each)]
        return max(found, key=_area, default=None)

    # Writing

    def write_report(self, path: str) -> None:
        """All that is to be said of what is open, as a page or as Markdown."""
        inspection = self._workbench.document.inspection
        if inspection is None:
            return

        def work(report: Report) -> None:
            from ovmfgui.layout.report_file import report_bytes

            report(0, 1, "writing")
            create(path, report_bytes(inspection, path))

        def done(_nothing: None) -> None:
            self._workbench.tell(f"The report is in {Path(path).name}.")

        self._workbench.tasks.start(f"Writing {Path(path).name}", work, done)

    def write_table(self, table: QAbstractItemView, path: str) -> None:
        """What a table shows, filtered and sorted as it is."""
        from ovmfgui.gui.models.table_reading import AT_ONCE, TableReading
        from ovmfgui.gui.models.table_text import csv_of, json_of, shown_heads

        hidden = frozenset(
            column for column in range(table.model().columnCount()) if _is_hidden(table, column)
        )
        as_json = Path(path).suffix.casefold() == ".json"
        model, text_of = table.model(), json_of if as_json else csv_of
        heads = shown_heads(model, hidden)

        def write(rows: list[tuple[int, list[str]]]) -> None:
            def text() -> bytes:
                return text_of(heads, rows).encode("utf-8", "backslashreplace")

            if len(rows) < AT_ONCE:
                self._write(path, text, "The table")
                return
            self._workbench.tasks.start(
                f"Writing {Path(path).name}",
                lambda _report: create(path, text()),
                lambda _nothing: self._workbench.tell(f"The table is in {Path(path).name}."),
            )

        reading = TableReading(model, hidden, self._workbench.owner)
        reading.read.connect(write)
        reading.given_up.connect(
            lambda: self._workbench.refuse("The table changed meanwhile; nothing is written.")
        )
        reading.go_on()

    def write_drawing(self, drawing: QWidget, path: str) -> None:
        """What a widget draws."""
        from ovmfgui.gui.widgets.drawing_file import png_bytes, svg_bytes

        as_png = Path(path).suffix.casefold() == ".png"
        self._write(path, lambda: (png_bytes if as_png else svg_bytes)(drawing), "The drawing")

    def _write(self, path: str, data: Callable[[], bytes], what: str) -> None:
        try:
            create(path, data())
        except Refused as refusal:
            self._workbench.refuse(refusal)
            return
        self._workbench.tell(f"{what} is in {Path(path).name}.")


def _area(widget: QWidget) -> int:
    return widget.width() * widget.height()


def _is_hidden(table: QAbstractItemView, column: int) -> bool:
    return isinstance(table, QTableView | QTreeView) and table.isColumnHidden(column)
