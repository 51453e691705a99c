"""A 4M store with a record in its last bytes: listed, edited, compacted, saved."""

import json

import pytest

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.refusal import Refused


@pytest.fixture(scope="module")
def filled():
    """The store, and the names that are in it."""
    editor, names = Editor(synthetic_package("4m").vars), []
    while True:
        name = f"V{len(names):04}"
        try:
            editor.go_on(editor.set_variable(name, GLOBAL, b"\1"))
        except Refused as refusal:
            assert "no room" in str(refusal)  # noqa: PT017 (the last of thousands refuses)
            return editor.data, names
        names.append(name)


def test_every_record_is_there_up_to_the_last(filled):
    data, names = filled
    store = read_store(data)
    assert store.findings == ()
    assert [record.name for record in store.live][-len(names) :] == names
    assert len(names) > 3000
    assert store.gauge.free < 80


def test_it_is_listed_edited_compacted_and_saved(filled, tmp_path, capsys):
    data, names = filled
    path = tmp_path / "full_VARS.fd"
    path.write_bytes(data)
    assert main(["vars", "list", "--json", str(path)]) == 0
    listed = json.loads(capsys.readouterr().out)["variables"]
    assert [each["name"] for each in listed][-len(names) :] == names
    # Another value needs a second record for as long as the first is there.
    assert main(["vars", "set", str(path), names[7], "--guid", str(GLOBAL), "--data", "02"]) == 2
    assert "no room" in capsys.readouterr().err
    assert path.read_bytes() == data
    assert main(["vars", "delete", str(path), names[0], "--guid", str(GLOBAL)]) == 0
    assert main(["vars", "compact", str(path)]) == 0
    assert main(["vars", "set", str(path), names[7], "--guid", str(GLOBAL), "--data", "02"]) == 0
    wanted = {r.name: r.data for r in read_store(data).live}
    del wanted[names[0]]
    wanted[names[7]] = b"\2"
    after = read_store(path.read_bytes())
    assert {r.name: r.data for r in after.live} == wanted
    assert after.findings == ()
