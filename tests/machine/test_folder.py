"""What a folder holds: all of it, or the reason."""

import pytest

from ovmfgui.budgets import MOST_LEVELS
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine import folder as folder_module
from ovmfgui.machine.folder import PassedOver, lines_of, looked_through

STORE = synthetic_package("2m").vars


def reasons(found):
    return {each.path.rpartition("/")[2]: each for each in found.passed_over}


def test_no_number_of_files_is_too_many(tmp_path):
    for number in range(1203):
        (tmp_path / f"{number:04}.fd").write_bytes(b"")
    assert len(looked_through(tmp_path).images) == 1203


def test_folders_below_are_entered_and_the_bound_is_told(tmp_path):
    deep = tmp_path
    for number in range(MOST_LEVELS + 2):
        deep = deep / f"d{number}"
        deep.mkdir()
        (deep / "VARS.fd").write_bytes(STORE)
    found = looked_through(tmp_path)
    assert len(found.images) == MOST_LEVELS
    (told,) = found.passed_over
    assert told.failed
    assert "deep" in told.line


def test_more_entries_than_the_bound_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}.fd").write_bytes(STORE)
    found = looked_through(tmp_path)
    assert len(found.images) == 3
    assert [each.failed for each in found.passed_over] == [True]


def test_links_to_nothing_and_odd_files_are_named(tmp_path):
    (tmp_path / "gone.fd").symlink_to("nowhere")
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / "round").symlink_to(tmp_path)
    (tmp_path / "self.fd").symlink_to("self.fd")
    told = reasons(looked_through(tmp_path))
    assert told["gone.fd"].failed
    assert "link to nothing" in told["gone.fd"].line
    assert told["self.fd"].failed
    assert not told["notes.txt"].failed
    assert "not followed" in told["round"].line


@pytest.mark.parametrize("name", ["guest_VARS", "guest.nvram", "guest.fd.bak"])
def test_an_image_is_told_by_its_beginning_where_its_name_says_nothing(tmp_path, name):
    (tmp_path / name).write_bytes(STORE)
    assert looked_through(tmp_path).images == (str(tmp_path / name),)


def test_definitions_are_found(tmp_path):
    xml = "<domain type='kvm'><name>g</name><os><loader type='pflash'>/x.fd</loader></os></domain>"
    (tmp_path / "guest.xml").write_text(xml)
    assert looked_through(tmp_path).definitions == (str(tmp_path / "guest.xml"),)


def test_what_is_passed_over_for_one_reason_is_told_together_and_failures_alone():
    docs = [PassedOver(f"/usr/share/doc/{name}", "is no image") for name in "abcde"]
    broken = PassedOver("/usr/share/x.fd", "is broken", failed=True)
    alone = PassedOver("/usr/share/link", "is a link to nothing")
    assert list(lines_of([*docs, broken, alone])) == [
        (True, "/usr/share/x.fd is broken"),
        (False, "5 paths of which each is no image: a, b, c and 2 more"),
        (False, "/usr/share/link is a link to nothing"),
    ]


def test_what_may_be_a_json_store_and_is_too_large_is_told(tmp_path, monkeypatch):
    path = tmp_path / "vars"
    path.write_bytes(b'{"version": 2, "variables": []}')
    assert looked_through(tmp_path).images == (str(path),)
    monkeypatch.setattr(folder_module, "MOST_JSON_STORE", 30)
    (told,) = looked_through(tmp_path).passed_over
    assert told.failed
    assert "larger than what is looked through" in told.reason
