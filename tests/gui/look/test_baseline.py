"""Text in two fonts stands on one line."""

import pytest
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QTableView

from ovmfgui.gui.look import theme
from ovmfgui.gui.look.item_views import dress_table, lower_by
from ovmfgui.gui.models.columns import Column
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.gui.widgets.byte_inspector import ByteInspector


def lowest_ink(image: QImage, left: int, right: int, top: int, bottom: int) -> int:
    ground = image.pixelColor(left, top).value()
    return max(
        y
        for y in range(top, bottom)
        if any(abs(image.pixelColor(x, y).value() - ground) > 100 for x in range(left, right))
    )


@pytest.mark.parametrize("points", [6.0, 7.5, 9.0, 12.0])
def test_a_column_of_another_font_stands_on_the_line_of_the_text(qtbot, monkeypatch, points):
    other = QFont("DejaVu Sans Mono")
    other.setPointSizeF(points)
    monkeypatch.setattr(theme, "fixed_font", lambda: other)
    model = RowsModel((Column("A", lambda _r: "EEE"), Column("B", lambda _r: "EEE", fixed=True)))
    model.set_rows(("one", "two"))
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    dress_table(table, "Table")
    table.resize(400, 200)
    table.show()
    image = table.viewport().grab().toImage()
    found = []
    for column in range(2):
        cell = table.visualRect(model.index(1, column))
        found.append(lowest_ink(image, cell.left(), cell.right(), cell.top(), cell.bottom() + 1))
    assert found[0] == found[1]


def test_one_font_is_not_moved(qapp):
    assert lower_by(theme.fixed_font(), theme.fixed_font(), 20) == 0
    small, large = theme.fixed_font(7), theme.fixed_font(20)
    assert lower_by(small, large, 20) == -lower_by(large, small, 20) > 0


def test_the_inspectors_values_stand_on_the_line_of_their_titles(qtbot):
    inspector = ByteInspector()
    qtbot.addWidget(inspector)
    inspector.resize(900, inspector.sizeHint().height())
    inspector.show_bytes(b"\xee" * 16)
    inspector.show()
    image = inspector.grab().toImage()
    value = inspector._values["MAC"]
    title = inspector.layout().itemAtPosition(4, 4).widget()
    rects = [widget.geometry() for widget in (title, value)]
    found = [lowest_ink(image, r.left(), r.right(), r.top(), r.bottom() + 1) for r in rects]
    assert found[0] == found[1]
