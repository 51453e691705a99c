"""Reports, tables and drawings as files."""

import csv
import json
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFileDialog

from ovmfgui.gui.models import table_reading
from ovmfgui.gui.models.table_reading import TableReading
from ovmfgui.gui.models.table_text import csv_text, json_text
from ovmfgui.nvram.vendors import GLOBAL


@pytest.fixture
def named(monkeypatch, tmp_path):
    """Gives every save dialog this name."""

    def name(file):
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / file), "")
        )
        return tmp_path / file

    return name


@pytest.mark.parametrize(("file", "begin"), [("r.html", "<!DOCTYPE"), ("r.md", "# ")])
def test_the_report_is_written(qtbot, demo_window, named, file, begin):
    target = named(file)
    with qtbot.waitSignal(demo_window.workbench.told, timeout=20_000):
        demo_window.actions_of["report"].trigger()
    text = target.read_text()
    assert text.startswith(begin)
    assert "Timeout" in text


def test_a_table_is_written_as_it_is_shown(demo_window, named):
    view = demo_window.pages.bring_up("variables")
    view.filter.setText("boot")
    view.table.setFocus()
    target = named("t.csv")
    demo_window.actions_of["export-table"].trigger()
    rows = list(csv.reader(target.read_text().splitlines()))
    assert rows[0][:2] == ["Name", "Vendor"]
    assert [row[0] for row in rows[1:]] == [
        view.filtered.index(row, 0).data() for row in range(view.filtered.rowCount())
    ]
    target = named("t.json")
    demo_window.actions_of["export-table"].trigger()
    assert [row["Name"] for row in json.loads(target.read_text())] == [r[0] for r in rows[1:]]


def test_a_tree_keeps_what_lies_below_what(demo_window):
    tree = demo_window.pages.bring_up("structure").tree
    top = json.loads(json_text(tree.model()))
    assert len(top) == tree.model().rowCount()
    assert any(row.get("rows") for row in top)
    depths = [int(row["depth"]) for row in csv.DictReader(csv_text(tree.model()).splitlines())]
    assert max(depths) > 1


def test_no_cell_is_worked_out_by_a_spreadsheet(demo_window):
    document = demo_window.document
    for name in ("=1+1", "@SUM(A1)", "-2+3"):
        document.edit(document.editor().set_variable(name, GLOBAL, b"x"))
    table = demo_window.pages.bring_up("variables").table
    cells = {row[0] for row in csv.reader(csv_text(table.model()).splitlines())}
    assert {"'=1+1", "'@SUM(A1)", "'-2+3"} <= cells


def test_the_map_is_written_in_lines_and_in_pixels(demo_window, named):
    view = demo_window.pages.bring_up("map")
    target = named("m.svg")
    demo_window.actions_of["export-drawing"].trigger()
    root = ElementTree.fromstring(target.read_bytes())
    words = " ".join(root.itertext())
    assert "variable region" in words
    target = named("m.png")
    demo_window.actions_of["export-drawing"].trigger()
    image = QImage(str(target))
    assert image.size() == view.map.size() * 2


def test_nothing_is_written_over_what_is_there(demo_window, named, qtbot):
    demo_window.pages.bring_up("map")
    target = named("m.svg")
    target.write_text("mine")
    with qtbot.waitSignal(demo_window.workbench.refused) as refused:
        demo_window.actions_of["export-drawing"].trigger()
    assert "exists already" in refused.args[0]
    assert target.read_text() == "mine"


def test_gauge_timeline_and_activity_are_drawings_too(demo_window, named, qtbot):
    demo_window.pages.bring_up("variables")
    target = named("gauge.svg")
    demo_window.actions_of["export-drawing"].trigger()
    live = demo_window.document.store.gauge.live
    assert f"live {live:,}" in " ".join(ElementTree.fromstring(target.read_bytes()).itertext())
    view = demo_window.pages.bring_up("migration")
    with qtbot.waitSignal(view.replay_changed, timeout=30_000):
        demo_window.actions_of["play-lesson"].trigger()
    view.bar.plot_button.setChecked(True)
    qtbot.waitUntil(lambda: view.plot is not None, timeout=20_000)
    view.plot.amounts.setFocus()
    for widget, file, word in (
        (view.plot, "plot.svg", "Bytes changed at each step"),
        (view.player.timeline, "line.svg", "migrate"),
        (view.stage, "stage.svg", "Host A"),
    ):
        if widget is not view.plot:
            widget.setFocus()
        target = named(file)
        demo_window.actions_of["export-drawing"].trigger()
        root = ElementTree.fromstring(target.read_bytes())
        assert word in " ".join(root.itertext())


@pytest.mark.parametrize("text", [csv_text, json_text])
def test_rows_without_columns_have_an_end(qapp, text):
    assert text(QStandardItemModel(2, 0)).count("\n") in (3, 4)


def test_a_long_table_is_read_in_several_turns_as_long_as_it_stays(qtbot, monkeypatch):
    monkeypatch.setattr(table_reading, "AT_ONCE", 10)
    model = QStandardItemModel(35, 1)
    for row in range(35):
        model.setItem(row, 0, QStandardItem(str(row)))
    rows, changed = [], []
    reading = TableReading(model, frozenset())
    reading.read.connect(rows.extend)
    reading.go_on()
    assert rows == []
    qtbot.waitUntil(lambda: len(rows) == 35)
    assert rows[-1] == (0, ["34"])
    reading = TableReading(model, frozenset())
    reading.given_up.connect(lambda: changed.append(True))
    reading.go_on()
    model.removeRow(0)
    model.removeRow(0)
    assert changed == [True]
    qtbot.wait(20)
    assert len(rows) == 35


def test_a_long_table_is_written_in_the_background(qtbot, demo_window, tmp_path, monkeypatch):
    monkeypatch.setattr(table_reading, "AT_ONCE", 2)
    path = tmp_path / "long.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **_more: (str(path), ""))
    view = demo_window.pages.bring_up("variables")
    view.table.setFocus()
    demo_window.actions_of["export-table"].trigger()
    tasks = demo_window.workbench.tasks
    qtbot.waitUntil(lambda: path.exists() and not tasks.tasks, timeout=10_000)
    assert view.filtered.rowCount() > 2
    assert len(path.read_text().splitlines()) == 1 + view.filtered.rowCount()
