from uuid import UUID

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from ovmfgui.finding import Finding, Severity
from ovmfgui.gui.models.columns import SORT_ROLE, TEXT_ROLE, Column
from ovmfgui.gui.models.facts import fact_rows, facts_model
from ovmfgui.gui.models.fields import FieldsModel
from ovmfgui.gui.models.filtering import WordFilter
from ovmfgui.gui.models.findings import FindingsModel
from ovmfgui.gui.models.records import Change, RecordsModel, rows_of
from ovmfgui.gui.models.regions import RegionsModel, text_of
from ovmfgui.gui.models.rows import RowsModel
from ovmfgui.nvram.decode.remembered import Decoding
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.span import Place, Span


@pytest.fixture
def records(qapp, demo):
    model = RecordsModel(lambda record: Decoding().of(record).summary)
    model.set_rows(rows_of(demo.store, demo.store, every=True))
    return model


def cells(model, row):
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_records_hold_to_the_rules_of_models(qtmodeltester, records):
    qtmodeltester.check(records)


def test_regions_hold_to_the_rules_of_models(qtmodeltester, qapp, demo):
    model = RegionsModel()
    model.set_regions(demo.map)
    qtmodeltester.check(model)


def test_filtered_regions_hold_to_the_rules_of_models(qtmodeltester, qapp, demo):
    model = RegionsModel()
    model.set_regions(demo.map)
    assert model.set_words("ftw")
    assert not model.set_words(" FTW ")
    qtmodeltester.check(model)
    shown = set()

    def look(parent):
        for row in range(model.rowCount(parent)):
            index = model.index(row, 0, parent)
            shown.add(id(model.region(index)))
            look(index)

    look(QModelIndex())

    def around(region):
        below = [around(child) for child in region.children]
        found = set().union(*below)
        return found | {id(region)} if found or "ftw" in text_of(region).casefold() else found

    assert shown == set().union(*map(around, demo.map))
    model.set_words("")
    assert model.rowCount() == len(demo.map)


@pytest.mark.parametrize("narrow", [True, False])
def test_fields_hold_to_the_rules_of_models(qtmodeltester, qapp, demo, narrow):
    model = FieldsModel(narrow=narrow)
    model.set_rows(demo.store.records[0].fields)
    qtmodeltester.check(model)


def test_findings_hold_to_the_rules_of_models(qtmodeltester, qapp, demo):
    model = FindingsModel(str)
    model.set_rows(demo.findings)
    qtmodeltester.check(model)


def test_facts_hold_to_the_rules_of_models(qtmodeltester, qapp, demo):
    model = facts_model()
    model.set_rows(fact_rows(demo.verdict))
    qtmodeltester.check(model)


def test_only_live_variables_are_shown_unless_all_are_asked_for(demo):
    live = rows_of(demo.store, demo.store, every=False)
    assert [row.record.name for row in live] == [record.name for record in demo.store.live]
    assert len(rows_of(demo.store, demo.store, every=True)) == len(demo.store.records)
    assert rows_of(None, None, every=True) == ()


def test_an_edit_shows_the_old_value_struck_and_the_new_one_marked(document, records):
    document.edit(document.editor().set_variable("Timeout", GLOBAL, b"\x2a\x00"))
    rows = rows_of(document.store, document.saved.store, every=False)
    changes = {(row.record.status, row.change) for row in rows if row.record.name == "Timeout"}
    assert changes == {(Status.LIVE, Change.NEW), (Status.SUPERSEDED, Change.OLD)}
    records.set_rows(rows)
    for row, shown in enumerate(records.rows):
        font = records.index(row, 0).data(Qt.ItemDataRole.FontRole)
        assert font.strikeOut() == (shown.change is Change.OLD)
        ground = records.index(row, 0).data(Qt.ItemDataRole.BackgroundRole)
        assert (ground is not None) == (shown.change is not Change.NONE)


def test_rows_that_come_and_go_leave_the_others_in_place(qtbot, document, records):
    rows = rows_of(document.store, document.saved.store, every=True)
    document.edit(document.editor().set_variable("Timeout", GLOBAL, b"\x2a\x00"))
    more = rows_of(document.store, document.saved.store, every=True)
    resets = []
    records.modelReset.connect(lambda: resets.append(1))
    with qtbot.waitSignal(records.rowsInserted):
        records.set_rows(more)
    with qtbot.waitSignal(records.rowsRemoved):
        records.set_rows(rows)
    assert resets == []
    records.set_rows(())
    assert records.rowCount() == 0


def test_an_edit_of_an_edit_leaves_the_other_rows_in_place(document, records):
    resets = []
    records.modelReset.connect(lambda: resets.append(1))
    for value in (b"\x2a\x00", b"\x2b\x00"):
        document.edit(document.editor().set_variable("Timeout", GLOBAL, value))
        document.edit(document.editor().set_variable("Mine", GLOBAL, value))
        rows = rows_of(document.store, document.saved.store, every=False)
        records.set_rows(rows)
        assert records.rows == rows
    # From all records to the live ones and back.
    for every in (True, False):
        rows = rows_of(document.store, document.saved.store, every=every)
        records.set_rows(rows)
        assert records.rows == rows
    assert resets == []


def test_texts_are_worked_out_ahead_of_the_first_filter(qtbot, records):
    qtbot.waitUntil(lambda: not records._ahead.isActive())
    assert set(records._texts) == {row.record.span.start for row in records.rows}


def test_what_is_filtered_is_what_a_row_shows_now(document, records):
    row = next(i for i, r in enumerate(records.rows) if r.record.status is Status.LIVE)
    before = records.index(row, 0).data(TEXT_ROLE)
    name, guid = records.rows[row].record.name, records.rows[row].record.guid
    document.edit(document.editor().delete_variable(name, guid))
    records.set_rows(rows_of(document.store, document.saved.store, every=True))
    after = records.index(row, 0).data(TEXT_ROLE)
    assert "live" in before
    assert "deleted" in after


def test_records_are_ordered_by_number_and_found_by_everything_they_show(records):
    row = next(i for i, r in enumerate(records.rows) if r.record.name == "Boot0000")
    record = records.rows[row].record
    size = next(i for i, c in enumerate(records.columns) if c.title == "Size")
    assert records.index(row, size).data(SORT_ROLE) == len(record.data)
    text = records.index(row, 0).data(TEXT_ROLE)
    assert str(GLOBAL) in text
    assert "debian" in text
    assert records.row_of(record) == row


def test_all_words_of_a_filter_have_to_occur(records):
    filtered = WordFilter()
    filtered.setSourceModel(records)
    filtered.set_words("debian boot")
    assert [filtered.index(r, 0).data() for r in range(filtered.rowCount())] == ["Boot0000"]
    filtered.set_words("debian nowhere")
    assert filtered.rowCount() == 0
    filtered.set_words("  ")
    assert filtered.rowCount() == records.rowCount()


def test_regions_find_the_row_of_any_region(qapp, demo, document):
    model = RegionsModel()
    model.set_regions(demo.map)
    record = demo.store.find("Timeout")
    path = document.path_at(Place(1, record.span))
    index = model.index_of(path)
    assert model.region(index) is path[-1]
    assert index.data() == "Timeout"
    assert model.region(index.parent()) is path[-2]
    assert not model.index_of(()).isValid()
    assert model.region(QModelIndex()) is None


def test_addresses_are_never_negative(qapp, demo):
    model = RegionsModel()
    model.set_regions(demo.map)
    texts = cells(model, 0)
    assert "0xFFC84000" in texts
    assert model.index(0, 4).data(SORT_ROLE) == 0xFFC84000


def test_findings_come_gravest_first(qapp):
    model = FindingsModel(lambda place: f"at {place.span.start}")
    found = (
        Finding("a", Severity.INFO, "little"),
        Finding("b", Severity.ERROR, "much", Place(0, Span(7, 1))),
        Finding("c", Severity.WARNING, "some"),
    )
    model.set_rows(found)
    assert [finding.id for finding in model.rows] == ["b", "c", "a"]
    assert cells(model, 0) == ["✖ error", "at 7", "much"]
    assert cells(model, 2) == ["ℹ note", "", "little"]


def test_fields_find_the_row_of_their_bytes(qapp, demo):
    fields = demo.store.records[0].fields
    model = FieldsModel(narrow=True)
    model.set_rows(fields)
    assert model.row_of(fields[3].span) == 3
    assert model.row_of(Span(0, 1)) is None
    assert model.index(0, 1).data().startswith("0x55AA")


def test_a_value_is_decoded_once_and_anew_when_it_changes(document):
    decoding = Decoding()
    record = document.store.find("Timeout")
    first = decoding.of(record)
    assert decoding.of(record) is first
    document.edit(document.editor().set_variable("Timeout", GLOBAL, b"\x2a\x00"))
    assert "42" in decoding.of(document.store.find("Timeout")).summary
    assert decoding.of(record) is first


def test_unknown_vendors_are_shown_by_their_guid(document):
    vendor = UUID("0c0ffee0-1111-2222-3333-444455556666")
    document.edit(document.editor().set_variable("Mine", vendor, b"x"))
    model = RecordsModel(lambda _record: "")
    model.set_rows(rows_of(document.store, document.saved.store, every=False))
    assert cells(model, model.rowCount() - 1)[1] == str(vendor)


def test_a_sorted_table_stays_sorted_and_keeps_what_is_pointed_at(qapp):
    model = RowsModel((Column("Word", str), Column("Length", str, len, number=True)))
    proxy = WordFilter()
    proxy.setSourceModel(model)
    model.set_rows(["ccc", "a", "bb", "d"])
    pointed = QPersistentModelIndex(proxy.index(2, 0))
    assert pointed.data() == "bb"

    def shown():
        return [proxy.index(row, 0).data() for row in range(proxy.rowCount())]

    proxy.sort(0, Qt.SortOrder.DescendingOrder)
    assert shown() == ["d", "ccc", "bb", "a"]
    assert pointed.data() == "bb"
    proxy.sort(1, Qt.SortOrder.AscendingOrder)
    assert shown() == ["a", "d", "bb", "ccc"]
    assert (pointed.row(), pointed.data()) == (2, "bb")
    model.set_rows(["eeee", "", "bb"])
    assert shown() == ["", "bb", "eeee"]
    proxy.sort(-1)
    assert shown() == ["eeee", "", "bb"]


def test_sorting_two_thousand_rows_asks_each_for_its_key_once(qapp):
    asked = []
    model = RowsModel((Column("Word", str, lambda row: (asked.append(row), -row)[1]),))
    proxy = WordFilter()
    proxy.setSourceModel(model)
    model.set_rows(range(2000))
    proxy.sort(0)
    assert proxy.index(0, 0).data() == "1999"
    assert len(asked) == 2000


def test_texts_of_a_store_that_was_closed_go(qtbot, records):
    qtbot.waitUntil(lambda: not records._ahead.isActive())
    assert len(records.rows) > 6
    records.set_rows(records.rows[:3])
    assert set(records._texts) == {row.record.span.start for row in records.rows}
