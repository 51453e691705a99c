"""Stores that this program wrote, judged by the firmware that has to live with them."""

import subprocess
from uuid import UUID

import pytest
from debian_firmware import CODE_4M, VARS_4M_MS
from firmware_boot import boot_firmware
from stores import NV_BS_RT, OTHER, VENDOR, pristine, real_store

from ovmfgui.cli.main import main
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.recovery import recover
from ovmfgui.nvram.store import read_store

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


@pytest.mark.parametrize(
    ("build", "template"), [("2M", "ovmf-2m-ms-lived"), ("4M", "ovmf-4m-lived")]
)
def test_a_store_edited_on_the_command_line_boots_and_shows_the_edits(tmp_path, build, template):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(real_store(template))
    guid = ["--guid", str(VENDOR)]
    assert main(["vars", "set", str(path), "Neu-變數", *guid, "--text", "from outside"]) == 0
    assert main(["vars", "set", str(path), "TestA", *guid, "--data", "01 02 03"]) == 0
    assert main(["vars", "append", str(path), "Odd1", "--data", "79"]) == 0
    assert main(["vars", "delete", str(path), "TestA", "--guid", str(OTHER)]) == 0
    if read_store(path.read_bytes()).find("SecureBootEnable") is not None:
        # So that the shell, which nobody signed, may run.
        assert main(["vars", "set", str(path), "SecureBootEnable", "--data", "00"]) == 0
    edited = path.read_bytes()

    boot = boot_firmware(build, edited)

    assert boot.variables is not None, boot.serial[-500:]
    assert boot.variables[VENDOR, "Neu-變數"] == (NV_BS_RT, b"from outside")
    assert boot.variables[VENDOR, "TestA"] == (NV_BS_RT, b"\1\2\3")
    assert boot.variables[VENDOR, "Odd1"][1] == b"xy"
    assert (OTHER, "TestA") not in boot.variables
    expected = kept(read_store(edited))
    assert {key: boot.variables.get(key) for key in expected} == expected
    assert kept(read_store(boot.after)) == expected


@pytest.mark.parametrize("generation", list(Generation))
def test_every_stage_of_a_write_cut_off_is_taken_by_firmware_as_we_take_it(generation):
    data = Editor(pristine("4M")).set_variable("Before", VENDOR, b"kept").after
    data = Editor(data).set_variable("Cut", VENDOR, b"old").after
    # The last stage but one: the new value is added, the old one still in transition.
    edit = Editor(data, generation).set_variable("Cut", VENDOR, b"new")
    stage = list(edit.stages())[-2]
    boot = boot_firmware("4M", stage)
    assert boot.variables[VENDOR, "Cut"] == (NV_BS_RT, b"new")
    assert boot.variables[VENDOR, "Before"] == (NV_BS_RT, b"kept")


def test_an_old_value_in_transition_is_what_firmware_returns():
    data = Editor(pristine("2M")).set_variable("Cut", VENDOR, b"old").after
    edit = Editor(data).set_variable("Cut", VENDOR, b"new")
    stage = list(edit.stages())[1]
    assert [r.state for r in read_store(stage).live] == [0x3E]
    boot = boot_firmware("2M", stage)
    assert boot.variables[VENDOR, "Cut"] == (NV_BS_RT, b"old")


def test_arm_firmware_takes_an_edited_store():
    edited = Editor(real_store("aavmf-lived")).set_variable("New", VENDOR, b"value").after
    # The store asks for a pause of 256 s before the boot.
    edited = Editor(edited).set_variable("Timeout", EFI_GLOBAL, b"\0\0").after
    boot = boot_firmware("AAVMF", edited)
    assert boot.variables is not None, boot.serial[-500:]
    expected = kept(read_store(edited))
    assert {key: boot.variables.get(key) for key in expected} == expected


def test_arm_firmware_takes_a_pristine_volume():
    padded = Editor(pristine("AAVMF")).set_variable("New", VENDOR, b"value").after
    boot = boot_firmware("AAVMF", padded.ljust(64 << 20, b"\xff"))
    assert boot.variables[VENDOR, "New"] == (NV_BS_RT, b"value")


def test_secure_boot_firmware_takes_an_edited_store():
    # Switched off, so that the shell, which nobody signed, may list the variables.
    data = VARS_4M_MS.read_bytes()
    enable = read_store(data).find("SecureBootEnable")
    edited = Editor(data).set_variable(enable.name, enable.guid, b"\0").after
    edited = Editor(edited).set_variable("New", VENDOR, b"value").after
    boot = boot_firmware("4M-secboot", edited)
    assert boot.variables[VENDOR, "New"] == (NV_BS_RT, b"value")
    assert boot.variables[EFI_GLOBAL, "SecureBoot"][1] == b"\0"
    for name in ("PK", "KEK"):
        assert boot.variables[EFI_GLOBAL, name][1] == read_store(data).find(name).data


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
