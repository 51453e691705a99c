"""Variables of QEMU's uefi-vars device, out of a recording of QEMU 10.0.13."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest
from stream_building import be, head, name, section

from ovmfgui.cli.main import main
from ovmfgui.migration.recorded.stream import prepare_recording
from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.migration.stream.recording import read_recording
from ovmfgui.migration.stream.source import source_of
from ovmfgui.migration.stream.uefi_vars import read_uefi_vars
from ovmfgui.nvram.timestamp import text

FILE = Path(__file__).parents[2] / "data" / "streams" / "q10-uefi-vars.stream.xz"


def test_what_qemu_10_held_is_shown(capsys, tmp_path: Path):
    (service,) = open_recording(FILE).services
    assert service.device == "uefi-vars-sysbus"
    assert not service.exited_boot_services
    held = {each.name: each for each in service.variables}
    assert held["BootOrder"].data == bytes.fromhex("00000100")
    assert held["Timeout"].attributes == 7
    assert held["CustomMode"].guid.hex == "c076ec0c70284399a07271ee5c448b9f"
    assert text(held["Signed"].timestamp) == "2024-10-11T12:13:14.000000007"
    assert len(service.variables) == 10  # the volatile ones too
    assert set(service.digests) == {None}  # 10.0 does not send them
    assert main(["stream", str(FILE), "--extract", str(tmp_path)]) == 0
    assert "BootOrder" in capsys.readouterr().out
    written = json.loads((tmp_path / "uefi-vars-sysbus.json").read_text())["variables"]
    assert "Signed" in {each["name"] for each in written}
    assert "SetupMode" not in {each["name"] for each in written}  # volatile: never in the file


def test_the_json_lists_them(capsys):
    assert main(["stream", str(FILE), "--json"]) == 0
    (service,) = json.loads(capsys.readouterr().out)["uefi_vars"]
    timeout = next(each for each in service["variables"] if each["name"] == "Timeout")
    assert (timeout["data"], timeout["attributes"]) == ("0500", ["NV", "BS", "RT"])


def test_the_window_names_them_beside_the_stage():
    prepared = prepare_recording(str(FILE), lambda *_: None)
    assert prepared.aside is not None
    assert "uefi-vars-sysbus" in prepared.aside.html
    assert "BootOrder" in prepared.aside.html


def real_body() -> bytes:
    data = lzma.decompress(FILE.read_bytes())
    at = data.index(b"\x10uefi-vars-sysbus") + 17 + 8
    return data[at : data.index(b"\x7e" + data[at - 29 : at - 25], at)]


def test_a_digest_comes_along_where_qemu_sends_it():
    """Made by hand after the sources: no QEMU that sends it was at hand."""
    body = real_body()
    signed = body.index("Signed\0".encode("utf-16-le"))
    end = signed + 14 + 3 + 11  # name, data, time
    digest = bytes(range(32))
    part = b"\5" + name("uefi-variable-digest") + be(4, 0) + be(4, 32) + digest
    service = read_uefi_vars("uefi-vars-sysbus", body[:end] + part + body[end:])
    assert service is not None
    names = [each.name for each in service.variables]
    assert service.digests[names.index("Signed")] == digest
    entries = {each["name"]: each for each in json.loads(service.to_json())["variables"]}
    assert entries["Signed"]["digest"] == digest.hex()
    assert "digest" not in entries["Timeout"]


def test_a_state_that_is_cut_or_longer_is_not_guessed_at():
    body = real_body()
    assert read_uefi_vars("uefi-vars-sysbus", body) is not None
    for cut in range(0, len(body), 7):
        assert read_uefi_vars("uefi-vars-sysbus", body[:cut]) is None
    assert read_uefi_vars("uefi-vars-sysbus", body + b"\0") is None


@pytest.mark.parametrize("device", ["uefi-vars-sysbus", "uefi-vars-x64"])
def test_a_form_that_is_not_known_is_an_error_not_an_empty_list(device: str):
    data = head() + section(4, 9, device, 0, 0, be(4, 77)) + b"\0"
    recording = read_recording(source_of(data))
    assert [f.id for f in recording.findings] == ["stream-uefi-vars"]
    assert recording.services == ()
