import os
from uuid import UUID

import pytest

from ovmfgui.guid import guid_name, guid_names, use_table
from ovmfgui.resources import resource_text


def test_every_row_of_the_table_has_a_name_and_a_source():
    rows = [r for r in resource_text("guids.tsv").splitlines() if r and not r.startswith("#")]
    assert len(guid_names()) == len(rows)
    assert all(len(row.split("\t")) == 3 and all(row.split("\t")) for row in rows)


def test_names_are_found_and_unknown_guids_have_none():
    assert guid_name(UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")) == "EfiGlobalVariable"
    assert guid_name(UUID(int=1)) == ""
    assert guid_name(None) == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_place_of_a_persons_own_table_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "names")
    use_table(tmp_path / "names")
    try:
        assert guid_name(UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")) == "EfiGlobalVariable"
    finally:
        use_table(None)


def test_a_persons_own_table_adds_names_and_wrong_lines_do_no_harm(tmp_path, monkeypatch):
    folder = tmp_path / "ovmfgui"
    folder.mkdir()
    own = UUID("12345678-9abc-def0-1234-56789abcdef0")
    (folder / "guids.tsv").write_text(f"{own}\tMine\nrubbish\n\t\n{UUID(int=9)},Comma\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    guid_names.cache_clear()
    try:
        assert guid_name(own) == "Mine"
        assert guid_name(UUID(int=9)) == "Comma"
        assert guid_name(UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")) == "EfiGlobalVariable"
    finally:
        guid_names.cache_clear()
