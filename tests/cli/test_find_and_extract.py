import json

import pytest
from debian_firmware import CODE_4M, VARS_4M_MS

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package


@pytest.fixture
def code(tmp_path):
    path = tmp_path / "CODE.fd"
    path.write_bytes(synthetic_package("4m").code)
    return path


def find(capsys, *arguments):
    status = main(["find", *map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)["matches"]


def test_a_guid_is_found_in_packed_bodies_too(capsys, code):
    guid = "22dc2b60-fe40-42ac-b01f-3ab1fad9aad8"
    status, matches = find(capsys, guid, code, "--as", "guid")
    assert status == 0
    assert [m.get("space") for m in matches] == ["decompressed"]
    assert "EmuVariableFvbRuntimeDxe" in matches[0]["in"]


def test_hex_text_and_what_is_not_there(capsys, code):
    _, matches = find(capsys, "5F 46 56 48", code, "--as", "hex")
    offsets = [m["offset"] for m in matches if "space" not in m]
    assert offsets[:2] == [0x28, 0x348028]
    assert matches[0]["address"] == 0xFFC84028
    assert find(capsys, "SecMain", code, "--as", "utf-16")[0] == 0
    assert find(capsys, "no such text", code) == (1, [])


def test_a_pattern_that_is_none_gets_one_line(capsys, code):
    assert main(["find", "5F 4", str(code), "--as", "hex"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.firmware
def test_a_variable_by_its_name(capsys):
    status, matches = find(capsys, "PK", CODE_4M, VARS_4M_MS, "--as", "name")
    assert status == 0
    assert any(m["file"] == 1 and m["in"][-1] == "PK" for m in matches)


def test_extract_whole_body_and_unpacked(tmp_path, code):
    data = code.read_bytes()
    for part in ("whole", "body", "unpacked"):
        target = tmp_path / part
        assert main(["extract", "LZMA", str(code), "--part", part, "-o", str(target)]) == 0
    whole, body, unpacked = (tmp_path / p for p in ("whole", "body", "unpacked"))
    assert whole.read_bytes() in data
    assert whole.read_bytes().endswith(body.read_bytes())
    assert b"_FVH" in unpacked.read_bytes()


@pytest.mark.firmware
def test_a_module_by_guid_by_name_and_by_offset(tmp_path):
    wanted = ("733cbac2-b23f-4b92-bc8e-fb01ce5907b7", "fvbservicesruntimedxe")
    targets = [tmp_path / "a", tmp_path / "b"]
    for item, target in zip(wanted, targets, strict=True):
        assert main(["extract", item, str(CODE_4M), "-o", str(target)]) == 0
    assert targets[0].read_bytes() == targets[1].read_bytes()
    assert main(["extract", "0x37BFF0", str(CODE_4M), "-o", str(tmp_path / "c")]) == 0
    assert (tmp_path / "c").read_bytes() == CODE_4M.read_bytes()[-16:]


@pytest.mark.parametrize(
    ("item", "words"),
    [("nothing", "is called nothing"), ("file header", "say which with --number")],
)
def test_what_cannot_be_extracted_gets_one_line(capsys, tmp_path, code, item, words):
    assert main(["extract", item, str(code), "-o", str(tmp_path / "x")]) == 2
    assert words in capsys.readouterr().err


def test_nothing_packed_and_an_existing_target_are_refused(capsys, tmp_path, code):
    target = str(tmp_path / "x")
    assert main(["extract", "SecMain", str(code), "--part", "unpacked", "-o", target]) == 2
    assert "nothing that is packed" in capsys.readouterr().err
    assert main(["extract", "SecMain", str(code), "-o", target]) == 0
    assert main(["extract", "SecMain", str(code), "-o", target]) == 2
    assert "exists already" in capsys.readouterr().err


def test_many_files_are_searched_each_by_itself(capsys, tmp_path):
    for build in ("2m", "4m", "4m-next"):
        (tmp_path / f"{build}.fd").write_bytes(synthetic_package(build).vars)
    paths = sorted(map(str, tmp_path.iterdir()))
    assert main(["find", "5F 46 56 48", *paths, "--as", "hex", "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert [file["path"] for file in out["files"]] == paths
    assert {match["file"] for match in out["matches"]} == {0, 1, 2}
    assert main(["find", "5F 46 56 48", str(tmp_path), "--as", "hex"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(tuple(paths)) for line in lines)
    (tmp_path / "bad.fd").write_bytes(b"nothing")
    assert main(["find", "5F 46 56 48", str(tmp_path), "--as", "hex"]) == 1
    assert "bad.fd" in capsys.readouterr().err
