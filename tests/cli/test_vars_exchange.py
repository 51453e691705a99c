import json

import pytest
from stores import DATA, OTHER, VENDOR, patched, pristine, real_store, record, store_of, values

from ovmfgui.cli.main import main
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.exchange import Variable, to_dmpstore
from ovmfgui.nvram.reading import read_store


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = main(["vars", *map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def file_of(folder, data, name="VARS.fd"):
    path = folder / name
    path.write_bytes(data)
    return path


def test_export_prints_json_or_writes_a_file(run, tmp_path):
    path = file_of(tmp_path, real_store("ovmf-4m-lived"))
    status, out, _err = run("export", path)
    assert status == 0
    assert len(json.loads(out)["variables"]) == 45
    new = tmp_path / "vars.json"
    assert run("export", path, "TestA", "--guid", VENDOR, "-o", new)[0] == 0
    (only,) = json.loads(new.read_text())["variables"]
    assert (only["name"], only["data"]) == ("TestA", "22222200")
    assert run("export", path, "Nope")[0] == 2
    assert run("export", path, "-o", new)[0] == 2


def test_export_tells_as_json_what_it_wrote(run, tmp_path):
    path = file_of(tmp_path, real_store("ovmf-4m-lived"))
    new = str(tmp_path / "vars.json")
    status, out, _err = run("export", path, "TestA", "--guid", VENDOR, "-o", new, "--json")
    said = json.loads(out)
    assert (status, said["path"], said["format"]) == (0, new, "json")
    assert said["variables"] == ["TestA"]


@pytest.mark.parametrize("form", ["json", "dmpstore", "efivarfs"])
def test_what_is_exported_can_be_imported(run, tmp_path, form):
    path = file_of(tmp_path, real_store("ovmf-4m-lived"))
    empty, out = file_of(tmp_path, pristine("4M"), "empty.fd"), tmp_path / "out"
    assert run("export", path, "--format", form, "-o", out)[0] == 0
    status, shown, _err = run("import", empty, out)
    assert status == 0
    assert "Import 45 variables" in shown
    assert values(read_store(empty.read_bytes())) == values(read_store(path.read_bytes()))
    assert run("diff", path, empty)[0] == 0
    assert (tmp_path / "empty.fd.bak").read_bytes() == pristine("4M")


def test_import_leaves_out_what_is_volatile(run, tmp_path):
    variables = [Variable("A", VENDOR, 7, b"1"), Variable("SetupMode", VENDOR, 6, b"0")]
    source = file_of(tmp_path, to_dmpstore(variables), "dump")
    path = file_of(tmp_path, store_of(record("Old", b"x")))
    status, _out, err = run("import", path, source, "--replace", "-o", tmp_path / "new.fd")
    assert (status, "SetupMode" in err) == (0, True)
    assert values(read_store((tmp_path / "new.fd").read_bytes())) == {(VENDOR, "A"): b"1"}
    assert path.read_bytes() == store_of(record("Old", b"x"))


@pytest.mark.parametrize("contents", [b"", b"nonsense", b'{"variables": [1]}'])
def test_import_of_nonsense_is_one_line(run, tmp_path, contents):
    path, source = file_of(tmp_path, pristine()), file_of(tmp_path, contents, "source")
    status, _out, err = run("import", path, source)
    assert (status, err.count("\n")) == (2, 1)
    assert "source" in err
    assert path.read_bytes() == pristine()
    (tmp_path / "folder").mkdir()
    assert run("import", path, tmp_path / "folder")[0] == 2


def test_diff_says_what_differs_and_answers_no(run, tmp_path):
    first = store_of(record("A", b"1"), record("B", b"2"))
    second = Editor(first).set_variable("A", VENDOR, b"\7").after
    second = Editor(second).delete_variable("B", VENDOR).after
    second = Editor(second).set_variable("C", OTHER, b"3").after
    a, b = file_of(tmp_path, first, "a.fd"), file_of(tmp_path, second, "b.fd")
    status, out, _err = run("diff", a, b)
    assert status == 1
    assert "~ A" in out
    assert "- B" in out
    assert "+ C" in out
    found = json.loads(run("diff", "--json", a, b)[1])
    assert not found["equal"]
    assert [d["kind"] for d in found["differences"]] == ["differs", "only-first", "only-second"]
    assert found["differences"][0]["second"]["data"] == "07"
    status, out, _err = run("diff", a, a)
    assert (status, "the same variables" in out) == (0, True)


def test_compact_drops_dead_records(run, tmp_path):
    path = file_of(tmp_path, real_store("ovmf-4m-lived"))
    status, out, _err = run("compact", path)
    assert (status, "FTW write complete" in out) == (0, True)
    store = read_store(path.read_bytes())
    assert store.gauge.dead == 0
    assert values(store) == values(read_store(real_store("ovmf-4m-lived")))
    assert "as it was" in run("compact", path)[1]


def test_set_compacts_a_full_store_when_told_to(run, tmp_path):
    full = store_of(*(record("Old", bytes(0x1E00), state=0x3C) for _ in range(7)))
    path, value = file_of(tmp_path, full), file_of(tmp_path, bytes(0x1F00), "value")
    arguments = ("set", path, "New", "--guid", VENDOR, "--file", value)
    status, _out, err = run(*arguments)
    assert (status, "compaction would make that" in err) == (2, True)
    assert run(*arguments, "--compact")[0] == 0
    assert [r.name for r in read_store(path.read_bytes()).records] == ["New"]


def test_recover_writes_a_new_file_and_keeps_the_damaged_one(run, tmp_path):
    edit = Editor(real_store("ovmf-2m-ms-lived")).compact()
    damaged = next(s for s in edit.stages() if read_store(s).volume is None)
    path, new = file_of(tmp_path, damaged), tmp_path / "new.fd"
    assert run("list", path)[0] == 2
    status, out, _err = run("recover", path, "-o", new)
    assert status == 0
    assert "50 variables, read from the FTW spare area" in out
    assert values(read_store(new.read_bytes())) == values(read_store(edit.after))
    assert path.read_bytes() == damaged
    assert run("recover", path, "-o", new)[0] == 2


def test_recover_tells_what_is_lost_and_answers_no(run, tmp_path):
    overrun = patched(store_of(record("A", b"1")), 0x64 + 68, record("B", b"2")[:0x28])
    overrun = patched(overrun, 0x64 + 68 + 0x28, b"\xff\xff\xff\x7f")
    path, new = file_of(tmp_path, overrun), tmp_path / "new.fd"
    status, out, _err = run("recover", path, "-o", new, "--json")
    told = json.loads(out)
    assert status == 1
    assert (told["layout"], told["variables"]) == ("2M", 1)
    assert told["lost"]


def test_recover_formats_a_blank_template(run, tmp_path):
    path, new = file_of(tmp_path, bytes(0x84000)), tmp_path / "new.fd"
    assert run("recover", path, "-o", new)[0] == 0
    assert new.read_bytes() == pristine("4M")
    odd = file_of(tmp_path, bytes(12345), "odd.fd")
    status, _out, err = run("recover", odd, "-o", tmp_path / "odd.new")
    assert (status, "AAVMF" in err) == (2, True)
    assert run("recover", odd, "-o", tmp_path / "named.fd", "--layout", "2M")[0] == 0
    assert (tmp_path / "named.fd").read_bytes() == pristine("2M")


@pytest.mark.parametrize("name", ["dbxupdate.auth", "dbx-two-hashes.esl"])
def test_an_update_of_dbx_is_appended_and_counted(run, tmp_path, name):
    path = file_of(tmp_path, pristine("4M"))
    status, out, _err = run("append", path, "dbx", "--file", DATA / name, "--json")
    assert (status, json.loads(out)["signatures"]) == (0, {"new": 2, "known": 0})
    status, out, _err = run("append", path, "dbx", "--file", DATA / "dbx-two-hashes.esl")
    assert (status, "2 known already" in out) == (0, True)
    before = path.read_bytes()
    cut = file_of(tmp_path, (DATA / name).read_bytes()[:-10], "cut")
    assert run("append", path, "dbx", "--file", cut)[0] == 2
    assert path.read_bytes() == before
