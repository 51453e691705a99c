"""Stores that this program wrote, judged by the firmware that has to live with them."""

import datetime
import subprocess
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from debian_firmware import (
    CODE_4M,
    VARS_2M_MS,
    VARS_4M_MS,
    VARS_4M_SNAKEOIL,
    VARS_AA64_MS,
    VARS_AA64_SNAKEOIL,
)
from firmware_boot import boot_firmware
from signed_updates import kept_key
from stores import NV_BS_RT, VENDOR, pristine, real_store

from ovmfgui.cli.main import main
from ovmfgui.nvram import vendors
from ovmfgui.nvram.boot_options import boot_options, boot_order
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.recovery import recover
from ovmfgui.nvram.signature_list import SHA256, build_signature_list

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

EFI_GLOBAL = UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c")
# What firmware itself writes anew while it boots.
REWRITTEN = ("MTC", "Con", "ErrOut", "Boot", "Timeout", "MemoryType", "Lang", "PlatformLang", "Key")


def kept(store):
    """The variables that a boot has no business to change."""
    return {
        record.key: (record.attributes, record.data)
        for record in store.live
        if not record.name.startswith(REWRITTEN)
    }


def switched_off(data):
    """A store with its keys and Secure Boot off, so that the shell, which nobody signed, may run;
    and without a pause before the boot."""
    store = read_store(data)
    if store.find("SecureBootEnable") is not None:
        guid = vendors.SECURE_BOOT_ENABLE
        data = Editor(data).set_variable("SecureBootEnable", guid, b"\0").after
    if store.find("Timeout") is not None:
        data = Editor(data).set_variable("Timeout", EFI_GLOBAL, b"\0\0").after
    return data


def listed_as_it_should_be(build, data):
    """Boot, and compare every variable that firmware has no business to change."""
    boot = boot_firmware(build, data)
    assert boot.variables is not None, boot.serial[-500:]
    expected = kept(read_store(data))
    assert {key: boot.variables.get(key) for key in expected} == expected
    # A first boot adds variables of its own.
    assert expected.items() <= kept(read_store(boot.after)).items()
    return boot


def certificate(name):
    """A certificate as it comes from elsewhere, in PEM."""
    key = kept_key(name)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    day = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    built = built.public_key(key.public_key()).serial_number(7)
    built = built.not_valid_before(day).not_valid_after(day.replace(year=2044))
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def edit_in_every_way(path, folder):
    """Every kind of edit on one file, as a person would type them."""
    pem, esl, guid = folder / "key.pem", folder / "hash.esl", ["--guid", str(VENDOR)]
    pem.write_bytes(certificate("Enrolled from outside"))
    esl.write_bytes(build_signature_list(SHA256, [(VENDOR, b"\xab" * 32)]))
    keys, hashed = ["--keys", str(pem)], ["--keys", str(esl), "--timestamp", "2033-03-03T03:03:03"]
    for command, name, *rest in (
        ("set", "Neu-變數", *guid, "--text", "from outside"),
        ("set", "Changed", *guid, "--text", "old"),
        ("set", "Changed", *guid, "--data", "01 02 03"),
        ("set", "Appended", *guid, "--text", "x"),
        ("append", "Appended", *guid, "--text", "y"),
        ("set", "Deleted", *guid, "--text", "gone"),
        ("delete", "Deleted", *guid),
        ("set", "Before", *guid, "--text", "renamed", "--attributes", "NV,BS"),
        ("rename", "Before", "After", *guid),
        ("set", "Attributes", *guid, "--text", "fewer"),
        ("attributes", "Attributes", "NV,BS", *guid),
        ("set", "PK", *keys),
        ("append", "KEK", *keys),
        ("append", "db", *keys),
        ("append", "dbx", *hashed),
        ("set", "SecureBootEnable", "--data", "00"),
    ):
        assert main(["vars", command, str(path), name, *rest]) == 0
    entry = ["Added", r"VenHw(12345678-9ABC-4DEF-8123-456789ABCDEF)/\EFI\none.efi"]
    assert main(["vars", "boot", "add", str(path), *entry, "--number", "AA"]) == 0
    entries = [each.name for each in boot_options(read_store(path.read_bytes()))]
    order = sorted(entries, key=lambda name: name != "Boot00AA")
    assert main(["vars", "boot", "order", str(path), *order]) == 0


@pytest.mark.parametrize(
    ("build", "template"),
    [
        ("2M", "ovmf-2m-ms-lived"),
        ("4M", "ovmf-4m-lived"),
        ("4M-secboot", VARS_4M_MS),
        ("AAVMF", VARS_AA64_MS),
    ],
)
def test_a_store_edited_in_every_way_boots_and_shows_the_edits(tmp_path, build, template):
    path = tmp_path / "guest_VARS.fd"
    data = real_store(template) if isinstance(template, str) else template.read_bytes()
    path.write_bytes(switched_off(data))
    edit_in_every_way(path, tmp_path)
    boot = listed_as_it_should_be(build, path.read_bytes())
    assert boot.variables[VENDOR, "Neu-變數"] == (NV_BS_RT, b"from outside")
    assert boot.variables[VENDOR, "Changed"] == (NV_BS_RT, b"\1\2\3")
    assert boot.variables[VENDOR, "Appended"] == (NV_BS_RT, b"xy")
    assert boot.variables[VENDOR, "After"] == (3, b"renamed")
    assert boot.variables[VENDOR, "Attributes"] == (3, b"fewer")
    assert not {(VENDOR, "Deleted"), (VENDOR, "Before")} & boot.variables.keys()
    assert boot.variables[EFI_GLOBAL, "SetupMode"][1] == b"\0"
    assert boot.variables[EFI_GLOBAL, "SecureBoot"][1] == b"\0"
    assert b"Enrolled from outside" in boot.variables[EFI_GLOBAL, "PK"][1]
    assert boot.variables[vendors.IMAGE_SECURITY, "dbx"][1].endswith(b"\xab" * 32)
    # The boot manager adds entries and sorts its own; ours it has no reason to touch.
    edited = read_store(path.read_bytes())
    assert boot.variables[EFI_GLOBAL, "Boot00AA"] == (NV_BS_RT, edited.find("Boot00AA").data)
    order = boot.variables[EFI_GLOBAL, "BootOrder"][1][::2]
    # QEMU was told to start from its disk first, and has the firmware put that to the front.
    wanted = [number for number in boot_order(edited) if number in order]
    disk = order[0] if order[0] != 0xAA else None
    assert [n for n in order if n in wanted and n != disk] == [n for n in wanted if n != disk]
    times = {r.key: r.timestamp for r in edited.live if r.attributes & Attributes.AT}
    after = {r.key: r.timestamp for r in read_store(boot.after).live}
    assert {key: after[key] for key in times} == times


@pytest.mark.parametrize("generation", list(Generation))
def test_every_stage_of_a_write_cut_off_is_taken_by_firmware_as_we_take_it(generation):
    template = pristine("4M") if generation is Generation.OLD else VARS_4M_SNAKEOIL.read_bytes()
    data = Editor(switched_off(template)).set_variable("Before", VENDOR, b"kept").after
    data = Editor(data).set_variable("Cut", VENDOR, b"old").after
    # The last stage but one: the new value is added, the old one still in transition.
    edit = Editor(data, generation).set_variable("Cut", VENDOR, b"new")
    boot = listed_as_it_should_be("4M", list(edit.stages())[-2])
    assert boot.variables[VENDOR, "Cut"] == (NV_BS_RT, b"new")
    assert boot.variables[VENDOR, "Before"] == (NV_BS_RT, b"kept")


@pytest.mark.parametrize(("build", "template"), [("2M", VARS_2M_MS), ("AAVMF", VARS_AA64_SNAKEOIL)])
def test_an_old_value_in_transition_is_what_firmware_returns(build, template):
    data = switched_off(template.read_bytes())
    data = Editor(data).set_variable("Cut", VENDOR, b"old").after
    edit = Editor(data).set_variable("Cut", VENDOR, b"new")
    stage = list(edit.stages())[1]
    assert [r.state for r in read_store(stage).live if r.name == "Cut"] == [0x3E]
    boot = listed_as_it_should_be(build, stage)
    assert boot.variables[VENDOR, "Cut"] == (NV_BS_RT, b"old")


def test_arm_firmware_takes_a_pristine_volume():
    padded = Editor(pristine("AAVMF")).set_variable("New", VENDOR, b"value").after
    boot = boot_firmware("AAVMF", padded.ljust(64 << 20, b"\xff"))
    assert boot.variables[VENDOR, "New"] == (NV_BS_RT, b"value")


def test_qemu_that_holds_the_file_keeps_it_from_being_saved(tmp_path, capsys):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(pristine("4M"))
    command = ["qemu-system-x86_64", "-machine", "q35,accel=tcg", "-S", "-display", "none"]
    command += ["-nodefaults", "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={CODE_4M}"]
    command += ["-drive", f"if=pflash,format=raw,unit=1,file={path}", "-qmp", "stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as qemu:
        try:
            assert b"QMP" in qemu.stdout.readline()
            assert main(["vars", "set", str(path), "Timeout", "--data", "0500"]) == 2
        finally:
            qemu.kill()
    assert "in use by a running virtual machine" in capsys.readouterr().err
    assert path.read_bytes() == pristine("4M")
    assert main(["vars", "set", str(path), "Timeout", "--data", "0500"]) == 0


@pytest.mark.parametrize(
    ("build", "template"), [("2M", "ovmf-2m-ftw-record-only"), ("AAVMF", "aavmf-lived")]
)
def test_a_compacted_store_boots_with_every_variable(build, template):
    data = Editor(real_store(template)).set_variable("Timeout", EFI_GLOBAL, b"\0\0").after
    compacted = Editor(data).compact().after
    boot = boot_firmware(build, compacted)
    assert boot.variables is not None, boot.serial[-500:]
    expected = kept(read_store(data))
    assert {key: boot.variables.get(key) for key in expected} == expected


def test_a_store_that_firmware_cannot_start_with_boots_once_recovered():
    whole = Editor(pristine("2M")).set_variable("Kept", VENDOR, b"value").after
    whole = Editor(whole).set_variable("Kept", VENDOR, b"other").after
    edit = Editor(whole).compact()
    damaged = next(s for s in edit.stages() if read_store(s).volume is None)
    boot = boot_firmware("2M", recover(damaged).data)
    assert boot.variables[VENDOR, "Kept"] == (NV_BS_RT, b"other")


def test_firmware_finishes_a_compaction_that_was_cut_off_before_the_erasure():
    whole = Editor(pristine("2M")).set_variable("Kept", VENDOR, b"value").after
    whole = Editor(whole).set_variable("Kept", VENDOR, b"other").after
    stages = list(Editor(whole).compact().stages())
    (spare_complete, *_) = [
        s for s in stages if (r := read_store(s)).volume and r.ftw.pending == "spare-complete"
    ]
    boot = boot_firmware("2M", spare_complete)
    assert boot.variables[VENDOR, "Kept"] == (NV_BS_RT, b"other")
    after = read_store(boot.after)
    assert after.ftw.pending is None
    assert after.records[0].name == "Kept"


@pytest.mark.parametrize("enforced", [False, True])
def test_keys_enrolled_here_put_firmware_into_user_mode(tmp_path, enforced):
    path, key = tmp_path / "VARS.fd", tmp_path / "key.esl"
    path.write_bytes(pristine("4M"))
    microsoft = read_store(VARS_4M_MS.read_bytes())
    key.write_bytes(microsoft.find("PK").data)
    for name in ("PK", "KEK", "db"):
        assert main(["vars", "set", str(path), name, "--keys", str(key)]) == 0
    switch = "01" if enforced else "00"
    assert main(["vars", "set", str(path), "SecureBootEnable", "--data", switch]) == 0

    boot = boot_firmware("4M-secboot", path.read_bytes())

    if enforced:
        # Nobody signed the shell: that it may not run is what was asked for.
        assert boot.variables is None
        assert "Security Violation" in boot.serial or "Access Denied" in boot.serial
        assert read_store(boot.after).find("PK").data == key.read_bytes()
        return
    assert boot.variables[EFI_GLOBAL, "SetupMode"][1] == b"\0"
    assert boot.variables[EFI_GLOBAL, "SecureBoot"][1] == b"\0"
    assert boot.variables[EFI_GLOBAL, "PK"] == (0x27, key.read_bytes())
