import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.migration.scenario.file import parse
from ovmfgui.migration.scenario.shipped import shipped
from ovmfgui.migration.scenario.writing import scenario_text, with_absolute_paths

# What TOML can hold: no lone surrogates.
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)
VALUE = st.one_of(TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.lists(TEXT, max_size=3))
TABLE = st.dictionaries(TEXT.filter(bool), VALUE, max_size=4)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in shipped()])
def test_a_shipped_scenario_is_written_as_it_was_read(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert tomllib.loads(scenario_text(document)) == document


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["title", "summary", "outcome"]), TEXT),
    st.dictionaries(TEXT.filter(bool), TABLE, min_size=1, max_size=3),
    st.lists(TABLE, min_size=1, max_size=4),
)
def test_whatever_stands_in_a_document_comes_back(head, packages, actions):
    document = {**head, "packages": packages, "actions": actions}
    assert tomllib.loads(scenario_text(document)) == document


def test_what_is_written_can_be_played_from():
    path = next(path for path in shipped() if path.stem == "demo")
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    written = parse(scenario_text(document), "demo", str(path), path.parent)
    read = parse(path.read_text(encoding="utf-8"), "demo", str(path), path.parent)
    assert written.actions == read.actions
    assert written.hosts == read.hosts


def test_a_text_of_many_lines_keeps_them_for_the_reader():
    text = scenario_text({"summary": "one\ntwo\n", "actions": [{"do": "start"}]})
    assert 'summary = """\none\ntwo\n"""\n' in text
    assert "[[actions]]\ndo = " in text


def test_paths_of_firmware_are_made_whole_for_another_folder(tmp_path):
    document = {
        "title": "t",
        "packages": {
            "real": {"code": "fw/CODE.fd", "vars": "/usr/share/VARS.fd", "code_path": "CODE.fd"},
            "joined": {"synthetic": "4m", "unified": True},
        },
    }
    packages = with_absolute_paths(document, tmp_path)["packages"]
    assert packages["real"]["code"] == str(tmp_path / "fw" / "CODE.fd")
    assert packages["real"]["vars"] == "/usr/share/VARS.fd"
    assert packages["real"]["code_path"] == "CODE.fd"
    assert packages["joined"] == {"synthetic": "4m", "unified": True}
    assert Path(document["packages"]["real"]["code"]) == Path("fw/CODE.fd")
