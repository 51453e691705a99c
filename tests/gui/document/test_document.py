from pathlib import Path

import pytest

from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

DATA = Path(__file__).parents[2] / "data" / "uefi-vars"


def set_timeout(document, seconds):
    value = seconds.to_bytes(2, "little")
    document.edit(document.editor().set_variable("Timeout", GLOBAL, value))


def timeout_of(document):
    return int.from_bytes(document.store.find("Timeout").data, "little")


def test_files_are_opened_in_the_background(opened, demo_paths):
    assert opened.image.role is Role.PAIR
    assert [file.path for file in opened.image.files] == demo_paths
    assert opened.verdict is not None
    assert opened.selection is None


def test_what_cannot_be_opened_is_refused_and_leaves_the_rest_alone(qtbot, document, tmp_path):
    before = document.inspection
    wrong = tmp_path / "note.txt"
    wrong.write_text("no firmware in here")
    with qtbot.waitSignal(document.tasks.refused) as refused:
        document.open([str(wrong)])
    assert str(wrong) in refused.args[0]
    assert document.inspection is before


def test_of_two_requests_in_a_row_the_second_one_counts(qtbot, document, demo_paths):
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open(demo_paths[:1])
        document.open(demo_paths[1:])
    qtbot.waitUntil(lambda: not document.tasks.tasks)
    assert document.image.role is Role.VARS


def test_a_file_completes_the_half_that_is_open(qtbot, document, demo_paths):
    code, store = demo_paths
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open([store], beside=code)
    assert document.image.role is Role.PAIR


def test_a_file_that_completes_nothing_is_opened_alone(qtbot, document, demo_paths):
    code = demo_paths[0]
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open([code], beside=code)
    assert document.image.role is Role.CODE


def test_one_selection_is_told_once(qtbot, document):
    told = []
    document.selection_changed.connect(told.append)
    place = Place(1, Span(0, 4))
    document.select(place)
    document.select(place)
    document.select(Place(99, Span(0, 1)))
    assert told == [place]
    assert document.selection == place


def test_places_know_their_region_record_and_guest_address(document):
    record = document.store.find("Timeout")
    value = Place(document.store.space, record.data_span)
    assert document.record_at(value) == record
    assert document.path_at(value)[-1].name == "Timeout"
    base = document.address_of(Place(1, Span(0, 1)))
    assert document.address_of(value) == base + record.data_span.start
    assert document.address_of(Place(0, Span(0, 1))) == (1 << 32) - document.image.files[0].size


def test_unpacked_bodies_have_no_guest_address(document):
    body = next(i for i, s in enumerate(document.image.spaces) if s.origin is not None)
    assert document.address_of(Place(body, Span(0, 1))) is None


def test_an_edit_is_seen_at_once_and_can_be_undone_and_redone(document):
    before = document.image.spaces[1].data
    set_timeout(document, 42)
    assert timeout_of(document) == 42
    assert document.modified
    after = document.image.spaces[1].data
    assert document.image.files[1].data == after
    assert document.saved_bytes(1) == before
    document.undo_stack.undo()
    assert document.image.spaces[1].data == before
    assert not document.modified
    document.undo_stack.redo()
    assert document.image.spaces[1].data == after


def test_an_edit_keeps_what_code_expects(document):
    expects = document.inspection.expects
    set_timeout(document, 9)
    assert document.inspection.expects is expects
    assert document.verdict.fit == "fits"


def test_an_edit_that_firmware_would_not_write_is_no_step(qtbot, document):
    with qtbot.waitSignal(document.notice):
        set_timeout(document, timeout_of(document))
    assert document.undo_stack.count() == 0


def test_saving_writes_the_file_keeps_a_backup_and_cleans(qtbot, opened, demo_paths):
    store = Path(demo_paths[1])
    before = store.read_bytes()
    set_timeout(opened, 11)
    with qtbot.waitSignal(opened.notice) as notice:
        opened.save()
    assert store.read_bytes() == opened.image.spaces[1].data != before
    assert store.with_name(store.name + ".bak").read_bytes() == before
    assert not opened.modified
    assert ".bak" in notice.args[0]
    set_timeout(opened, 12)
    with qtbot.waitSignal(opened.notice):
        opened.save()
    assert store.with_name(store.name + ".bak").read_bytes() == before
    opened.undo_stack.undo()
    assert opened.modified


def test_another_name_of_the_saved_file_is_told(qtbot, opened, demo_paths, tmp_path):
    (tmp_path / "other.fd").hardlink_to(demo_paths[1])
    set_timeout(opened, 11)
    with qtbot.waitSignal(opened.notice) as notice:
        opened.save()
    assert "another name (hard links): what they lead to is as it was" in notice.args[0]


def test_a_file_changed_by_somebody_else_is_not_overwritten(qtbot, opened, demo_paths):
    store = Path(demo_paths[1])
    set_timeout(opened, 11)
    store.write_bytes(b"\xff" * 64)
    with qtbot.waitSignal(opened.save_refused):
        opened.save()
    assert store.read_bytes() == b"\xff" * 64
    assert opened.modified


@pytest.mark.parametrize("ending", ["fd", "fd.xz"])
def test_what_is_saved_as_another_file_is_that_file(qtbot, opened, demo_paths, tmp_path, ending):
    before = Path(demo_paths[1]).read_bytes()
    set_timeout(opened, 11)
    target = tmp_path / f"other.{ending}"
    for seconds in (11, 12):
        set_timeout(opened, seconds)
        with qtbot.waitSignal(opened.notice):
            opened.save_as(target)
        assert read_file(target).data == opened.image.spaces[1].data
        assert not opened.modified
        assert f"other.{ending}" in opened.title
    opened.undo_stack.undo()
    assert opened.modified
    assert opened.unsaved_edits == 1
    with qtbot.waitSignal(opened.notice):
        opened.save()
    assert read_file(target).data == opened.image.spaces[1].data
    assert timeout_of(opened) == 11
    assert Path(demo_paths[1]).read_bytes() == before


def test_a_store_of_another_kind_is_a_copy(qtbot, opened, tmp_path):
    title = opened.title
    set_timeout(opened, 11)
    with qtbot.waitSignal(opened.notice) as notice:
        opened.save_as(tmp_path / "copy.json")
    assert "copy" in notice.args[0]
    assert opened.modified
    assert opened.title == title


def test_without_a_store_there_is_no_editor_and_a_reason(qtbot, document):
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open_made("CODE", lambda: demo_files()[:1])
    assert "no variable store" in document.read_only_because
    with pytest.raises(Refused, match="no variable store"):
        document.editor()
    document.close_all()
    assert document.read_only_because == "Nothing is open."


@pytest.mark.firmware
@pytest.mark.parametrize(("build", "largest"), [("_4M", 0x8400), ("", 0x2000)])
def test_code_says_how_large_a_variable_may_be(qtbot, document, build, largest):
    names = [f"/usr/share/OVMF/OVMF_{kind}{build}.fd" for kind in ("CODE", "VARS")]
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open(names)
    assert document.limits.variable == largest
    header, name = 60, len("Mine\0") * 2
    room = largest - header - name
    assert document.editor().set_variable("Mine", GLOBAL, bytes(room)).writes
    with pytest.raises(Refused, match="too big"):
        document.editor().set_variable("Mine", GLOBAL, bytes(room + 1))


def test_a_json_store_is_edited_undone_and_saved(qtbot, document, tmp_path):
    path = tmp_path / "store.json"
    before = (DATA / "varstore.json").read_bytes()
    path.write_bytes(before)
    with qtbot.waitSignal(document.presented, timeout=20_000):
        document.open([str(path)])
    assert (document.image.role, document.read_only_because) == (Role.VARS, "")
    assert document.path_at(Place(0, document.store.live[0].span))[-1].name == "Timeout"
    set_timeout(document, 500)
    changed = document.image.spaces[0].data
    assert changed == before.replace(b"0500", b"f401")
    document.undo_stack.undo()
    assert document.image.spaces[0].data == before
    document.undo_stack.redo()
    with qtbot.waitSignal(document.on_disk, timeout=20_000):
        document.save()
    assert path.read_bytes() == changed
    assert (tmp_path / "store.json.bak").read_bytes() == before
