"""matrix, convert, compare, split and join."""

import json
from uuid import UUID

import pytest
from debian_firmware import UNIFIED_2M

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.editor import Editor


@pytest.fixture
def files(tmp_path):
    for build in ("2m", "4m"):
        folder = tmp_path / build
        folder.mkdir()
        made = synthetic_package(build)
        (folder / "CODE.fd").write_bytes(made.code)
        (folder / "VARS.fd").write_bytes(made.vars)
    return tmp_path


def run_json(capsys, *arguments):
    status = main([*map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_matrix_of_two_folders(capsys, files):
    status, out = run_json(capsys, "matrix", files / "2m", files / "4m")
    assert status == 1
    assert (len(out["code"]), len(out["vars"]), len(out["cells"])) == (2, 2, 4)
    outcomes = {(c["code"], c["vars"]): c["outcome"] for c in out["cells"]}
    assert outcomes == {
        (0, 0): "boots",
        (0, 1): "no-boot",
        (1, 0): "boots-volatile",
        (1, 1): "boots",
    }
    assert main(["matrix", str(files / "2m"), str(files / "4m")]) == 1
    out = capsys.readouterr().out
    assert "boots-volatile" in out
    assert str(files / "2m" / "VARS.fd") in out
    assert out.splitlines()[-1].startswith("2 of 4 fit")


def test_matrix_from_one_package_to_another(capsys, files):
    status, out = run_json(capsys, "matrix", "--from", files / "4m", "--to", files / "2m")
    assert status == 1
    (pair,) = out["pairs"]
    assert pair["source"]["code"].endswith("4m/CODE.fd")
    assert pair["live_migration"] == "refused"
    assert "Size mismatch" in pair["qemu_error"]
    assert pair["next_power_on"] == "no-boot"
    status, out = run_json(capsys, "matrix", "--from", files / "4m", "--to", files / "4m")
    assert status == 0
    assert out["pairs"][0]["qemu_error"] is None


@pytest.mark.parametrize("arguments", [[], ["--from", "x"], ["--from", "x", "--to", "y", "z"]])
def test_matrix_wants_paths_or_two_packages(capsys, arguments):
    assert main(["matrix", *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_convert_writes_a_new_file_and_leaves_the_old_one_alone(capsys, files):
    old = files / "4m" / "VARS.fd"
    before = old.read_bytes()
    arguments = [
        "convert",
        str(old),
        "--for",
        str(files / "2m" / "CODE.fd"),
        "-o",
        str(files / "n"),
    ]
    assert main(arguments) == 0
    assert (files / "n").stat().st_size == 0x20000
    assert old.read_bytes() == before
    capsys.readouterr()
    assert main(["check", str(files / "2m" / "CODE.fd"), str(files / "n")]) == 0
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err


def test_compare_two_pairs(capsys, files):
    pairs = [f"{files}/{build}/CODE.fd,{files}/{build}/VARS.fd" for build in ("4m", "2m")]
    status, out = run_json(capsys, "compare", *pairs)
    assert status == 1
    assert not out["same"]
    assert out["constants"][0]["differs"]
    assert {row["name"] for row in out["regions"]} >= {"variable region", "FTW spare area"}
    assert main(["compare", pairs[0], pairs[0]]) == 0
    assert "0 bytes differ" in capsys.readouterr().out


def test_split_and_join_are_each_others_inverse(capsys, files, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    unified = tmp_path / "u.fd"
    code, store = files / "2m" / "CODE.fd", files / "2m" / "VARS.fd"
    assert main(["join", str(code), str(store), "-o", str(unified)]) == 0
    assert unified.read_bytes() == store.read_bytes() + code.read_bytes()
    status, out = run_json(capsys, "split", unified) if capsys.readouterr() else (1, {})
    assert status == 0
    assert (here / "u_CODE.fd").read_bytes() == code.read_bytes()
    assert out["vars"]["size"] == 0x20000


def test_join_refuses_what_does_not_fit_unless_forced(capsys, files, tmp_path):
    code, store = str(files / "4m" / "CODE.fd"), str(files / "2m" / "VARS.fd")
    target = tmp_path / "u.fd"
    assert main(["join", code, store, "-o", str(target)]) == 1
    assert not target.exists()
    assert "Not written" in capsys.readouterr().out
    assert main(["join", code, store, "-o", str(target), "--force"]) == 0
    assert target.exists()


@pytest.mark.firmware
def test_split_debians_unified_image(tmp_path):
    code, store = tmp_path / "c.fd", tmp_path / "v.fd"
    assert main(["split", str(UNIFIED_2M), "--code", str(code), "--vars", str(store)]) == 0
    assert store.read_bytes() + code.read_bytes() == UNIFIED_2M.read_bytes()


def test_every_verdict_tells_what_was_read(capsys, files):
    code, store = files / "2m" / "CODE.fd", files / "2m" / "VARS.fd"
    keys = {"path", "sha256", "size", "format", "stands_for"}
    for number, arguments in enumerate(
        (
            ["matrix", code, store],
            ["matrix", "--from", files / "2m", "--to", files / "2m"],
            ["compare", f"{code},{store}", f"{code},{store}"],
            ["join", code, store, "-o", files / "u.fd"],
            ["convert", store, "--for", files / "4m" / "CODE.fd", "-o", files / "n.fd"],
            ["find", "_FVH", code, store],
            ["check", code, store],
        )
    ):
        _, out = run_json(capsys, *arguments)
        assert out["schema"] == 1
        assert out["files"], number
        assert all(file.keys() == keys for file in out["files"]), number
        assert str(store) in [file["path"] for file in out["files"]]


def test_compare_holds_moved_records_together(capsys, tmp_path):
    before = synthetic_package("2m").vars
    vendor = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
    one, other = tmp_path / "one.fd", tmp_path / "other.fd"
    one.write_bytes(Editor(before).set_variable("Beta", vendor, b"2", 7).after)
    after = Editor(before).set_variable("Alpha", vendor, b"1", 7).after
    other.write_bytes(Editor(after).set_variable("Beta", vendor, b"2", 7).after)
    status, out = run_json(capsys, "compare", str(one), str(other), "--bytes")
    assert status == 1
    (file,) = out["aligned"]
    assert (file["role"], file["places"], file["changed"]) == ("vars", 2, 0)
    assert [run["kind"] for run in file["runs"]] == ["only-b", "only-a"]
    assert file["runs"][0]["what"].endswith("Alpha")
    assert main(["compare", str(one), str(other), "--bytes"]) == 1
    told = capsys.readouterr().out
    assert "only in B" in told
    assert "2 places: " in told
