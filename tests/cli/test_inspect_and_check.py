import json
import subprocess
import sys

import pytest
from debian_firmware import (
    AAVMF,
    CODE_2M,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    UNIFIED_2M,
    VARS_2M,
    VARS_4M,
    VARS_4M_MS,
    VARS_AA64_BLANK,
)

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package

FACTS = {
    "fv_length",
    "block_size",
    "variable_size",
    "event_log_offset",
    "event_log_size",
    "ftw_working_offset",
    "ftw_working_size",
    "ftw_spare_offset",
    "ftw_spare_size",
    "store_guid",
}


def run_json(capsys, *arguments):
    status = main([*map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


@pytest.fixture
def package(tmp_path):
    made = synthetic_package("4m")
    for name, data in (("CODE.fd", made.code), ("VARS.fd", made.vars)):
        (tmp_path / name).write_bytes(data)
    return tmp_path


def assert_tiled(nodes, size):
    position = 0
    for node in nodes:
        assert node["offset"] == position
        position += node["size"]
        children = node["children"]
        if children and children[0].get("space") != "decompressed":
            first = children[0]["offset"]
            assert first == node["offset"]
            assert sum(child["size"] for child in children) == node["size"]
    assert position == size


@pytest.mark.firmware
def test_inspect_a_real_pair_as_json(capsys):
    status, out = run_json(capsys, "inspect", VARS_4M_MS, CODE_4M)
    assert status == 0
    assert out["image"]["role"] == "pair"
    assert out["image"]["architecture"] == "x64"
    assert [f["path"] for f in out["image"]["files"]] == [str(CODE_4M), str(VARS_4M_MS)]
    assert [f["format"] for f in out["image"]["files"]] == ["raw", "raw"]
    for index, file in enumerate(out["image"]["files"]):
        assert_tiled([n for n in out["map"] if n["file"] == index], file["size"])
    assert set(out["provides"]) == FACTS
    assert set(out["expects"]) == FACTS | {"evidence"}
    assert {k: v for k, v in out["expects"].items() if k != "evidence"} == out["provides"]
    assert all({"id", "severity", "text", "file", "offset"} <= set(f) for f in out["findings"])


@pytest.mark.firmware
@pytest.mark.parametrize("path", [UNIFIED_2M, CODE_AA64, AAVMF / "AAVMF32_CODE.fd", VARS_2M])
def test_inspect_prints_something_readable(capsys, path):
    assert main(["inspect", str(path)]) == 0
    out = capsys.readouterr().out
    assert path.name in out
    assert max(map(len, out.splitlines())) < 160


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("code", "store", "status", "verdict", "outcome"),
    [
        (CODE_4M, VARS_4M, 0, "fits", "boots"),
        (CODE_4M, VARS_2M, 1, "incompatible", "boots-volatile"),
        (CODE_4M_SECBOOT, VARS_2M, 1, "incompatible", "no-boot"),
        (CODE_2M, VARS_4M, 1, "incompatible", "no-boot"),
        (CODE_AA64, VARS_AA64_BLANK, 0, "fits", "boots-initialises"),
        (AAVMF / "AAVMF32_CODE.fd", AAVMF / "AAVMF_VARS.ms.fd", 0, "fits", "boots"),
    ],
)
def test_check_real_pairs(capsys, code, store, status, verdict, outcome):
    got, out = run_json(capsys, "check", code, store)
    assert (got, out["verdict"], out["outcome"]) == (status, verdict, outcome)


def test_code_that_tells_nothing_is_unknown(capsys, package):
    path = package / "CODE.fd"
    code = path.read_bytes()
    # The packed volume's bytes gone, nothing tells what this CODE expects.
    path.write_bytes(code[:0x100] + bytes(0x40000) + code[0x40100:])
    got, out = run_json(capsys, "check", path, package / "VARS.fd")
    assert (got, out["verdict"], out["outcome"]) == (3, "unknown", "unknown")
    assert "no flash driver" in out["summary"]


def test_check_takes_the_files_in_any_order(capsys, package):
    assert main(["check", str(package / "VARS.fd"), str(package / "CODE.fd")]) == 0
    assert "fits" in capsys.readouterr().out


def test_strict_makes_a_risk_a_no(capsys, package):
    store = bytearray((package / "VARS.fd").read_bytes())
    store[0x41000:0x41020] = bytes(32)
    (package / "VARS.fd").write_bytes(store)
    arguments = ["check", str(package / "CODE.fd"), str(package / "VARS.fd")]
    assert main(arguments) == 0
    assert main([*arguments, "--strict"]) == 1
    assert "risky" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "inspect"])
@pytest.mark.parametrize("content", [b"", b"no firmware\n" * 100], ids=["empty", "text"])
def test_wrong_input_gets_one_line_and_status_2(capsys, package, command, content):
    bad = package / "bad.fd"
    bad.write_bytes(content)
    assert main([command, str(package / "CODE.fd"), str(bad)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "bad.fd" in captured.err
    assert captured.out == ""


def test_a_truncated_store_is_shown_but_not_judged(capsys, package):
    bad = package / "bad.fd"
    bad.write_bytes((package / "VARS.fd").read_bytes()[:0x9000])
    assert main(["inspect", str(bad)]) == 0
    assert "cut off" in capsys.readouterr().out
    assert main(["check", str(package / "CODE.fd"), str(bad)]) == 2
    assert "bad.fd is cut off" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_fault(package):
    command = [sys.executable, "-m", "ovmfgui", "inspect", "--json", str(package / "CODE.fd")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(30)
