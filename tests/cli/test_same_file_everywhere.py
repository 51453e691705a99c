"""A machine is the same whatever defines it, in every command, by path and on standard input."""

import io
import json
import sys

import pytest
from stores import VENDOR, real_store

from ovmfgui.cli.main import main
from ovmfgui.flash import standard_input
from ovmfgui.layout.synthetic import synthetic_package

DEFINITIONS = ("domain", "status", "descriptor", "command", "log", "proxmox")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """CODE, its store with 45 variables, and every kind of definition of the machine of the two."""
    folder = tmp_path_factory.mktemp("machine")
    code, store = folder / "CODE.fd", folder / "guest_VARS.fd"
    code.write_bytes(synthetic_package("4m").code)
    store.write_bytes(real_store("ovmf-4m-lived"))
    domain = (
        "<domain type='kvm'><name>g</name><os><type arch='x86_64' machine='q35'>hvm</type>"
        f"<loader type='pflash' readonly='yes'>{code}</loader><nvram>{store}</nvram></os></domain>"
    )
    command = (
        "qemu-system-x86_64 -machine q35 "
        f"-drive if=pflash,unit=0,format=raw,readonly=on,file={code} "
        f"-drive if=pflash,unit=1,format=raw,file={store}"
    )
    texts = {
        "domain": domain,
        "status": f"<domstatus state='running'>{domain}</domstatus>",
        "descriptor": json.dumps(
            {
                "interface-types": ["uefi"],
                "mapping": {
                    "device": "flash",
                    "mode": "split",
                    "executable": {"filename": str(code), "format": "raw"},
                    "nvram-template": {"filename": str(store), "format": "raw"},
                },
                "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
                "features": [],
            }
        ),
        "command": command,
        "log": "2026-01-01 10:00:00.000+0000: starting up libvirt version: 9.0.0\n"
        "LC_ALL=C \\\nPATH=/usr/bin \\\n" + command.replace(" -", " \\\n-") + "\n",
        # With bios: ovmf Proxmox has chips of its own, and QEMU refuses two drives for one.
        "proxmox": "bios: seabios\nmachine: q35\n"
        f"args: -drive if=pflash,unit=0,format=raw,readonly=on,file={code} "
        f"-drive if=pflash,unit=1,format=raw,file={store}\n",
    }
    for kind, text in texts.items():
        (folder / kind).write_text(text)
    return folder


@pytest.fixture
def answer(files, monkeypatch, capsys, tmp_path):
    """The JSON, or the output, of a command given a definition by its path or through ``-``."""

    def answer(kind, *arguments, piped=False, status=(0, 1)):
        named = str(files / kind)
        if piped:
            stdin = io.TextIOWrapper(io.BytesIO((files / kind).read_bytes()))
            monkeypatch.setattr(sys, "stdin", stdin)
            standard_input.standard_input.cache_clear()
            named = "-"
        given = [named if part is FILE else str(part) for part in arguments]
        assert main([given[0], *given[1:]]) in status
        return capsys.readouterr().out

    return answer


FILE = object()
READERS = {
    "inspect": ["inspect", FILE, "--json"],
    "list": ["vars", "list", FILE, "--json"],
    "get": ["vars", "get", FILE, "Boot0000", "--json"],
    "export": ["vars", "export", FILE],
    "boot": ["vars", "boot", "list", FILE, "--json"],
    "find": ["find", "--as", "name", "Boot0000", FILE, "--json"],
    "secureboot": ["secureboot", FILE, "--json"],
}


@pytest.mark.parametrize("piped", [False, True], ids=["by path", "piped"])
@pytest.mark.parametrize("kind", DEFINITIONS)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_answers_as_for_the_files_themselves(answer, files, reader, kind, piped):
    plain = json.loads(answer("guest_VARS.fd", *READERS[reader]))
    found = json.loads(answer(kind, *READERS[reader], piped=piped))
    match reader:
        case "inspect":
            assert found["provides"] == plain["provides"]
            assert found["image"]["role"] == "pair"
        case "list":
            assert found["variables"] == plain["variables"]
            assert found["files"][-1]["sha256"] == plain["files"][0]["sha256"]
        case "find":
            there = [match["offset"] for match in found["matches"] if match["file"] == 1]
            assert there == [match["offset"] for match in plain["matches"]] != []
        case "secureboot":
            assert found["stores"][0]["mode"] == plain["stores"][0]["mode"]
            assert found["stores"][0]["dbx"] == plain["stores"][0]["dbx"]
        case _:
            for each in (plain, found):
                each.pop("files", None)
            assert found == plain


@pytest.mark.parametrize("piped", [False, True], ids=["by path", "piped"])
@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_verdict_is_on_the_machine(answer, kind, piped, tmp_path):
    found = json.loads(answer(kind, "check", FILE, "--json", piped=piped))
    assert found["outcome"] in ("boots", "boots-initialises")
    assert len(found["files"]) == 2
    row = json.loads(answer(kind, "matrix", FILE, "--json", piped=piped))
    assert [each["outcome"] for each in row["machines"]] == [found["outcome"]]
    page = tmp_path / "report.html"
    report = json.loads(answer(kind, "report", FILE, "-o", page, "--json", piped=piped))
    assert (report["outcome"], page.exists()) == (found["outcome"], True)


@pytest.mark.parametrize("piped", [False, True], ids=["by path", "piped"])
@pytest.mark.parametrize("kind", DEFINITIONS)
def test_what_is_made_of_it_is_made_of_its_store(answer, files, kind, piped, tmp_path):
    plain = files / "guest_VARS.fd"
    assert (
        json.loads(answer(kind, "compare", FILE, plain, "--json", piped=piped))["variables"] == []
    )
    diff = json.loads(answer(kind, "vars", "diff", FILE, plain, "--json", piped=piped))
    assert diff["equal"] is True
    new, part = tmp_path / "new.fd", tmp_path / "part.fd"
    answer(kind, "convert", FILE, "--for", files / "CODE.fd", "-o", new, piped=piped)
    assert new.stat().st_size == plain.stat().st_size
    answer(kind, "extract", "0x0", FILE, "-o", part, "--number", 1, piped=piped)
    assert part.stat().st_size
    edited = tmp_path / "edited.fd"
    change = ["vars", "set", FILE, "Added", "--guid", str(VENDOR), "--text", "x", "-o", edited]
    # A descriptor's store is only the template of those that will be made from it.
    answer(kind, *change, piped=piped, status=(2,) if kind == "descriptor" else (0,))
    if kind == "descriptor":
        assert not edited.exists()
        return
    assert b"A\0d\0d\0e\0d\0" in edited.read_bytes()
    assert b"A\0d\0d\0e\0d\0" not in plain.read_bytes()
