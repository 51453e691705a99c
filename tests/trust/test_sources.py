"""Stores under every name that a person may give them."""

import json
import shutil

import pytest
from debian_firmware import CODE_4M, CODE_4M_SECBOOT, VARS_4M, VARS_4M_MS, VARS_AA64_BLANK
from made_hosts import domain_xml
from stores import pristine

from ovmfgui.cli.main import main
from ovmfgui.trust.sources import stores_in

pytestmark = pytest.mark.firmware

BIOS = (
    "<domain type='kvm'><name>bios</name><os><type arch='x86_64' machine='pc'>hvm</type></os>"
    "</domain>"
)


@pytest.fixture
def answer(capsys):
    def asked(*arguments):
        status = main(["secureboot", *map(str, arguments), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return asked


@pytest.fixture
def host(tmp_path):
    """A tree of a host's files: two domains with stores, one without, one with BIOS."""
    root = tmp_path / "host"
    for folder in ("usr/share/OVMF", "etc/libvirt/qemu", "var/lib/libvirt/qemu/nvram"):
        (root / folder).mkdir(parents=True)
    shutil.copy(CODE_4M_SECBOOT, root / "usr/share/OVMF/OVMF_CODE.fd")
    shutil.copy(VARS_4M, root / "usr/share/OVMF/OVMF_VARS.fd")
    nvram = root / "var/lib/libvirt/qemu/nvram"
    shutil.copy(VARS_4M_MS, nvram / "keys_VARS.fd")
    shutil.copy(VARS_4M, nvram / "plain_VARS.fd")
    for name in ("keys", "plain", "new"):
        secure = "readonly='yes' secure='yes' type='pflash'"
        (root / f"etc/libvirt/qemu/{name}.xml").write_bytes(domain_xml(name, loader=secure))
    (root / "etc/libvirt/qemu/bios.xml").write_text(BIOS)
    return root


def test_a_host_has_a_row_for_each_store(host, answer):
    status, document = answer(host)
    assert status == 1
    rows = {each["path"].rsplit("/", 1)[-1]: each for each in document["stores"]}
    assert {name: row["mode"] for name, row in rows.items()} == {
        "keys_VARS.fd": "user",
        "plain_VARS.fd": "setup",
        "OVMF_VARS.fd": "setup",
    }
    assert rows["keys_VARS.fd"]["enforced"] is True
    assert rows["keys_VARS.fd"]["protected"] is True
    stands = [each["stands_for"] for each in document["files"] if each["stands_for"]]
    assert stands == ["template"]
    assert document["totals"]["failed"] == 0
    reasons = {p["path"].rsplit("/", 1)[-1]: p["reason"] for p in document["passed_over"]}
    assert "without UEFI" in reasons["bios.xml"]
    # A host's files are its own: nothing of this machine's was read.
    assert all(each["path"].startswith(str(host)) for each in document["files"])


def test_a_definition_brings_its_code_along(host, answer):
    status, document = answer(host / "etc/libvirt/qemu/keys.xml")
    assert status == 1
    (row,) = document["stores"]
    assert (row["enforced"], row["protected"]) == (True, True)
    assert row["code"].endswith("OVMF_CODE.fd")
    (host / "usr/share/OVMF/OVMF_CODE.fd").unlink()
    (row,) = answer(host / "etc/libvirt/qemu/keys.xml")[1]["stores"]
    assert (row["enforced"], row["protected"]) == (None, None)


def test_a_store_of_a_domain_that_is_gone_makes_the_answer_not_whole(host, answer):
    (host / "usr/share/OVMF/OVMF_VARS.fd").unlink()
    status, document = answer(host)
    assert status == 1
    assert document["totals"]["failed"] == 1
    (failed,) = [each for each in document["passed_over"] if each["failed"]]
    assert failed["path"].endswith("new.xml")


def test_code_beside_stores(tmp_path, answer, capsys):
    _, document = answer(VARS_4M_MS, CODE_4M, VARS_4M)
    assert [each["enforced"] for each in document["stores"]] == [True, True]
    assert [each["protected"] for each in document["stores"]] == [False, False]
    _, document = answer(VARS_4M_MS)
    assert document["stores"][0]["enforced"] is None
    assert document["stores"][0]["enforced_why"] == "no CODE was named"
    assert main(["secureboot", str(CODE_4M), str(CODE_4M_SECBOOT), str(VARS_4M)]) == 2
    assert "two CODE images" in capsys.readouterr().err
    assert main(["secureboot", str(CODE_4M)]) == 2
    assert "it is a CODE image" in capsys.readouterr().err


def test_a_unified_image_is_its_own_code(tmp_path, answer):
    whole = tmp_path / "OVMF.fd"
    whole.write_bytes(VARS_4M_MS.read_bytes() + CODE_4M.read_bytes())
    (row,) = answer(whole)[1]["stores"]
    assert (row["mode"], row["enforced"]) == ("user", True)


def test_json_stores_and_blank_ones(tmp_path, answer, capsys):
    assert main(["vars", "export", str(VARS_4M_MS), "-o", str(tmp_path / "vars.json")]) == 0
    capsys.readouterr()
    _, document = answer(tmp_path / "vars.json")
    (row,) = document["stores"]
    assert (row["mode"], row["next_update"]["fits"]) == ("user", True)
    assert document["files"][0]["format"] == "json"
    status, document = answer(VARS_AA64_BLANK)
    assert (status, document["stores"][0]["mode"]) == (0, "setup")


def test_bad_files(tmp_path, answer, capsys):
    good, bad = tmp_path / "good.fd", tmp_path / "bad.fd"
    good.write_bytes(pristine("4M"))
    bad.write_bytes(good.read_bytes()[:0x40] + bytes(0x40) + good.read_bytes()[0x80:])
    (tmp_path / "notes.txt").write_text("no store")
    status, document = answer(bad)
    assert status == 1
    assert document["stores"][0]["findings"][0]["id"] == "store-damaged"
    noise = tmp_path / "noise.fd"
    noise.write_bytes(bytes(range(256)) * 2112)
    status, document = answer(tmp_path)
    assert status == 1
    assert {each["path"] for each in document["stores"]} == {str(good), str(bad)}
    assert [p["path"] for p in document["passed_over"] if p["failed"]] == [str(noise)]
    assert document["totals"]["failed"] == 1
    for name in (tmp_path / "gone.fd", tmp_path / "notes.txt", noise):
        assert main(["secureboot", str(name)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["secureboot", str(empty)]) == 2
    bad.unlink()
    noise.unlink()
    assert answer(tmp_path)[0] == 0


def test_links_to_one_store_are_one_row(tmp_path):
    (tmp_path / "a.fd").write_bytes(pristine("4M"))
    (tmp_path / "b.fd").symlink_to("a.fd")
    found = stores_in([str(tmp_path)])
    assert len(found.stores) == 1
    assert "has its row already" in found.passed_over[0].reason
