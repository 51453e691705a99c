"""What a screen reader gets of each drawing, asked through QAccessible as it asks."""

import gc

import pytest
from painted import paints_itself
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import delete

from ovmfgui.gui.actions.view_table import VIEWS
from ovmfgui.gui.look.reading_order import tab_stops
from ovmfgui.gui.shell.screenshots import bring_what_fits, select_something, settle
from ovmfgui.gui.widgets import spoken
from ovmfgui.gui.widgets.legend import Legend
from ovmfgui.span import Place

Event, Role, Text = QAccessible.Event, QAccessible.Role, QAccessible.Text


def interface(widget):
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def children(widget):
    parent = interface(widget)
    return [parent.child(number) for number in range(parent.childCount())]


def names(widget):
    return [child.text(Text.Name) for child in children(widget)]


@pytest.fixture
def full_window(demo_window):
    select_something(demo_window.document)
    demo_window.commands.migration.play_lesson()
    settle(demo_window.workbench)
    return demo_window


def check_rows(widget):
    """A list with a name, of items with names of their own and places inside it."""
    listed = interface(widget)
    assert listed.role() is Role.List
    assert listed.text(Text.Name) == widget.accessibleName() != ""
    items = children(widget)
    assert items
    for item in items:
        assert item.role() is Role.ListItem
        assert item.text(Text.Name)
        assert not item.rect().isEmpty()
        assert listed.rect().intersects(item.rect()), item.text(Text.Name)
    return items


def test_the_map_can_be_explored_region_by_region(full_window):
    bring_what_fits(full_window.document, "map")
    view = full_window.pages.bring_up("map")
    document = full_window.document
    document.select(Place(1, document.store.find("Timeout").span))
    items = check_rows(view.map)
    chosen = [item.text(Text.Name) for item in items if item.state().selected]
    assert len(chosen) == 1
    assert "Timeout" in chosen[0]
    at = items[-1].rect().center()
    hit = interface(view.map).childAt(at.x(), at.y())
    assert hit.text(Text.Name) == items[-1].text(Text.Name)
    row = next(row for row in view.map.spoken_rows() if "BootOrder" in row.name)
    row.choose()
    assert document.record_at(document.selection).name == "BootOrder"


def test_bytes_are_read_row_by_row_with_what_they_mean(full_window):
    bring_what_fits(full_window.document, "hex")
    view = full_window.pages.bring_up("hex")
    document = full_window.document
    record = document.store.find("Timeout")
    document.select(Place(1, record.span))
    settle(full_window.workbench)
    items = check_rows(view.grid)
    (chosen,) = [item.text(Text.Name) for item in items if item.state().selected]
    row = record.span.start // 16 * 16
    assert chosen.startswith(f"{row:X}: ")
    assert document.image.spaces[1].data[row : row + 16].hex(" ").upper() in chosen


def test_both_layouts_and_where_they_meet(full_window):
    bring_what_fits(full_window.document, "map")
    view = full_window.pages.bring_up("map")
    view.show_mode(1)
    settle(full_window.workbench)
    words = [item.text(Text.Name) for item in check_rows(view.compare)]
    assert any(word.startswith("CODE expects") for word in words)
    assert any("both at" in word for word in words)


def test_the_stage_names_hosts_and_stream(full_window):
    bring_what_fits(full_window.document, "migration")
    view = full_window.pages.bring_up("migration")
    steps = view.replay.steps
    flowing = next(step.n for step in steps if step.snapshot.stream is not None)
    view.show_step(flowing)
    words = [item.text(Text.Name) for item in check_rows(view.stage)]
    for host in steps[flowing].snapshot.hosts[:2]:
        assert any(host.title in word for word in words)
    assert any(word.startswith("The stream from") for word in words)
    assert ".." not in view.stage.accessibleDescription()


def test_the_timeline_is_a_slider_with_a_value(full_window):
    bring_what_fits(full_window.document, "migration")
    view = full_window.pages.bring_up("migration")
    view.show_step(3)
    timeline = interface(view.player.timeline)
    assert timeline.role() is Role.Slider
    value = timeline.valueInterface()
    assert value.currentValue() == 3
    assert value.maximumValue() == len(view.replay.steps) - 1
    value.setCurrentValue(5)
    assert view.player.current == 5
    assert "step 5 of" in timeline.text(Text.Description)


def test_room_in_the_store_is_a_share(full_window):
    bring_what_fits(full_window.document, "variables")
    view = full_window.pages.bring_up("variables")
    gauge, shown = full_window.document.store.gauge, interface(view.gauge)
    assert shown.role() is Role.ProgressBar
    value = shown.valueInterface()
    assert value.currentValue() == gauge.live + gauge.dead
    assert value.maximumValue() == gauge.total


def test_the_verdict_is_told_by_its_name(full_window):
    assert "Fits" in interface(full_window.badge).text(Text.Name)


def check_painted(widget):
    """A role that says what it is, a name, and what is in it: rows, parts or a value."""
    told = interface(widget)
    assert told.role() is not Role.Client, type(widget)
    assert told.text(Text.Name), type(widget)
    if told.valueInterface() is not None:
        assert told.text(Text.Description), type(widget)
        return
    assert told.childCount(), type(widget)
    items = children(widget)
    for item in items:
        assert told.indexOfChild(item) >= 0, type(widget)
        assert item.role() is not Role.NoRole
    if told.role() is Role.List:
        chosen = [item.text(Text.Name) for item in items if item.state().selected]
        assert told.text(Text.Value) == "".join(chosen), type(widget)


def test_every_stop_of_the_tab_key_has_a_name_and_every_painting_a_role_and_parts(full_window):
    for spec in VIEWS:
        bring_what_fits(full_window.document, spec.id)
        view = full_window.pages.bring_up(spec.id)
        if hasattr(view, "fill_for_picture"):
            view.fill_for_picture()
        settle(full_window.workbench)
        for stop in tab_stops(full_window):
            told = interface(stop)
            assert told.text(Text.Name), (spec.id, type(stop), stop.objectName())
            assert told.role() is not Role.Client, (spec.id, type(stop))
        for widget in view.findChildren(QWidget):
            if widget.isVisible() and paints_itself(widget):
                check_painted(widget)


@pytest.fixture
def heard(monkeypatch):
    """What a screen reader is told of rows: event, widget and row; values too. Qt tells it."""
    events = []
    for name in ("_send", "_send_value"):
        really = getattr(spoken, name)

        def send(*told, really=really):
            events.append(told)
            really(*told)

        monkeypatch.setattr(spoken, name, send)
    monkeypatch.setattr(spoken.QAccessible, "isActive", lambda: True)
    return events


def test_another_choice_is_told_with_its_row_and_its_value(qtbot, full_window, heard):
    bring_what_fits(full_window.document, "map")
    flash_map = full_window.pages.bring_up("map").map
    flash_map.setFocus()
    heard.clear()
    full_window.document.select(Place(1, full_window.document.store.find("Timeout").span))
    rows = flash_map.spoken_rows()
    chosen = next(number for number, row in enumerate(rows) if row.chosen)
    assert (flash_map, rows[chosen].name) in heard
    for kind in (Event.Selection, Event.Focus):
        assert (flash_map, kind, chosen) in heard
    interface(flash_map)
    flash_map.clearFocus()
    heard.clear()
    flash_map.setFocus()
    assert (flash_map, Event.Focus, chosen) in heard


def test_bytes_and_the_stage_tell_what_is_chosen_and_that_rows_are_others(
    qtbot, full_window, heard
):
    bring_what_fits(full_window.document, "migration")
    stage = full_window.pages.bring_up("migration").stage
    heard.clear()
    full_window.pages.bring_up("migration").show_step(4)
    assert (stage, Event.ObjectReorder, -1) in heard
    row = stage.rows[0]
    stage.chosen.emit(row)
    chosen = next(n for n, each in enumerate(stage.spoken_rows()) if each.chosen)
    assert (stage, Event.Selection, chosen) in heard
    bring_what_fits(full_window.document, "hex")
    grid = full_window.pages.bring_up("hex").grid
    heard.clear()
    full_window.document.select(Place(1, full_window.document.store.find("Timeout").span))
    settle(full_window.workbench)
    assert any(told[:2] == (grid, Event.Selection) for told in heard)


def test_nothing_is_worked_out_where_nobody_listens(full_window, monkeypatch):
    bring_what_fits(full_window.document, "map")
    flash_map = full_window.pages.bring_up("map").map
    monkeypatch.setattr(spoken.QAccessible, "isActive", lambda: False)
    asked = []
    monkeypatch.setattr(type(flash_map), "spoken_rows", lambda _self: asked.append(1) or ())
    spoken.tell_choice(flash_map)
    assert asked == []


def test_drawings_that_go_are_forgotten(full_window):
    bring_what_fits(full_window.document, "map")
    view = full_window.pages.bring_up("map")
    before = names(view.map)
    full_window.document.select(None)
    gc.collect()
    assert len(names(view.map)) == len(before)
    full_window.document.close()
    QApplication.processEvents()
    assert children(view.map) == []


def test_asked_again_it_gives_another_as_qt_deletes_each_that_it_was_given(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    legend = Legend(owner)
    first, second = (spoken._interface("Legend", legend) for _time in range(2))
    assert first is not second
    number = id(legend)
    assert spoken._kept[number] == [first, second]
    delete(legend)
    assert number not in spoken._kept
    # Qt goes by their addresses a moment longer.
    assert {id(first), id(second)} <= {id(each) for each in spoken._leaving}
