"""Proxmox VM configurations."""

import shutil

import pytest
from debian_firmware import CODE_4M_SECBOOT, VARS_4M

from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Outcome
from ovmfgui.machine.definition import form_of, parse_definition
from ovmfgui.machine.model import Kind, Machine, Mapping, StoreKind
from ovmfgui.machine.opening import open_machine
from ovmfgui.refusal import Refused

CONF = """#a note about bios: seabios
bios: ovmf
boot: order=scsi0
cores: 4
efidisk0: {disk}
machine: {machine}
memory: 4096
name: win11
scsi0: local-lvm:vm-100-disk-1,size=64G
{more}

[before-upgrade]
bios: seabios
efidisk0: gone:vm-100-disk-9
"""


def machine_of(disk: str, machine: str = "pc-q35-8.1", more: str = "", root=None) -> Machine:
    raw = CONF.format(disk=disk, machine=machine, more=more).encode()
    assert form_of(raw) == "proxmox"
    made = parse_definition("/etc/pve/qemu-server/100.conf", raw, root)
    assert made is not None
    assert made.kind is Kind.PROXMOX
    return made


def test_an_efidisk_on_lvm_is_a_block_volume_mapped_with_its_size():
    made = machine_of("local-lvm:vm-100-disk-0,efitype=4m,pre-enrolled-keys=1,size=4M")
    assert made.firmware is not None
    assert made.firmware.path == "/usr/share/pve-edk2-firmware/OVMF_CODE_4M.secboot.fd"
    assert made.store.template == "/usr/share/pve-edk2-firmware/OVMF_VARS_4M.ms.fd"
    assert (made.store.how, made.store.size) == (StoreKind.BLOCK, 540672)
    assert (made.name, made.board, made.smm) == ("win11", "pc-q35-8.1", True)


def test_a_folder_storage_gives_a_file(tmp_path):
    made = machine_of("local:100/vm-100-disk-0.raw,efitype=4m,size=528K")
    assert (made.store.how, made.store.path, made.store.format) == (
        StoreKind.FLASH,
        "/var/lib/vz/images/100/vm-100-disk-0.raw",
        "raw",
    )
    assert made.firmware is not None
    assert made.firmware.path.endswith("/OVMF_CODE_4M.secboot.fd")
    assert made.store.template.endswith("/OVMF_VARS_4M.fd")
    (tmp_path / "etc/pve").mkdir(parents=True)
    (tmp_path / "etc/pve/storage.cfg").write_text("dir: fast\n\tpath /mnt/fast\n\tcontent images\n")
    fast = machine_of("fast:100/d.qcow2,efitype=4m", root=str(tmp_path))
    assert (fast.store.path, fast.store.format, fast.store.size) == (
        "/mnt/fast/images/100/d.qcow2",
        "qcow2",
        None,
    )


def test_the_old_2m_layout_and_i440fx():
    made = machine_of("local-lvm:vm-100-disk-0,size=128K", "pc-i440fx-8.1")
    assert made.firmware is not None
    assert made.firmware.path.endswith("/OVMF_CODE.fd")
    assert made.store.size == 131072
    assert made.smm is None


@pytest.mark.parametrize("keys", ["", ",pre-enrolled-keys=0", ",pre-enrolled-keys=1"])
@pytest.mark.parametrize(
    ("board", "code"), [("q35", "OVMF_CODE_4M.secboot.fd"), ("pc-i440fx-9.0", "OVMF_CODE_4M.fd")]
)
def test_the_board_decides_about_smm_and_the_keys_about_the_template(keys, board, code):
    made = machine_of(f"local-lvm:vm-100-disk-0,efitype=4m{keys}", board)
    assert made.firmware is not None
    assert made.firmware.path.endswith(f"/{code}")
    assert made.store.template.endswith(".ms.fd") == keys.endswith("=1")


def test_a_template_is_not_written_and_a_linked_clone_has_a_volume_of_its_own():
    clone = "local:9000/base-9000-disk-1.qcow2/101/vm-101-disk-1.qcow2,efitype=4m"
    made = machine_of(clone)
    assert made.store.path == "/var/lib/vz/images/101/vm-101-disk-1.qcow2"
    assert made.store.readonly is None
    assert machine_of(clone, more="template: 1").store.readonly


@pytest.mark.parametrize("said", ["amd-sev: type=snp", "intel-tdx: type=tdx"])
def test_an_encrypted_guest_has_other_firmware(said):
    made = machine_of("local-lvm:vm-100-disk-0,efitype=4m", more=said)
    assert [each.text for each in made.not_understood] == [said]


def test_a_flash_chip_that_is_passed_on_is_a_third():
    made = machine_of("local:1/d.raw,efitype=4m", more="args: -drive if=pflash,file=/x.fd")
    assert "unit=2" in made.refusals[0]


def test_without_an_efidisk_what_is_written_is_thrown_away():
    raw = b"bios: ovmf\ncores: 1\nmemory: 512\nname: x\n"
    made = parse_definition("100.conf", raw)
    assert made is not None
    assert made.store.discarded
    assert "efidisk0" in made.notes[0]


def test_an_option_of_the_future_is_not_understood():
    made = machine_of("local-lvm:vm-100-disk-0,efitype=4m,ms-cert=2023,future=1")
    assert [each.text for each in made.not_understood] == ["efidisk0: future=1"]


def test_an_efitype_of_the_future_is_not_understood():
    made = machine_of("local-lvm:vm-100-disk-0,efitype=8m,size=8M")
    assert [each.text for each in made.not_understood] == ["efitype=8m"]


def test_the_processor_counts_and_a_drive_may_be_called_volume():
    disk = "volume=local:100/vm-100-disk-0.raw,efitype=4m"
    made = machine_of(disk, more="cpu: cputype=kvm32,flags=+aes")
    assert (made.processor, made.store.path) == (
        "kvm32",
        "/var/lib/vz/images/100/vm-100-disk-0.raw",
    )
    assert machine_of(disk, more="cpu: qemu32").processor == "qemu32"
    assert machine_of(disk).processor is None


def test_a_volume_that_is_gone_is_not_made_anew(tmp_path):
    firmware = tmp_path / "usr/share/pve-edk2-firmware"
    firmware.mkdir(parents=True)
    for each in (CODE_4M_SECBOOT, VARS_4M):
        shutil.copy(each, firmware / each.name)
    conf = tmp_path / "etc/pve/qemu-server/100.conf"
    conf.parent.mkdir(parents=True)
    conf.write_text(CONF.format(disk="local:100/gone.raw,efitype=4m", machine="q35", more=""))
    opened = open_machine([conf])
    assert opened is not None
    verdict = check_machine(opened)
    assert (verdict.outcome, verdict.findings[0].id) == (Outcome.REFUSED_BY_QEMU, "store-missing")
    assert "does not make it anew" in verdict.summary


def test_a_rom_beside_flash_is_not_loaded():
    disk = "local:100/vm-100-disk-0.raw,efitype=4m"
    made = machine_of(disk, more="args: -bios /custom/OVMF.fd")
    assert made.firmware is not None
    assert made.firmware.how is Mapping.FLASH


def test_arguments_that_are_passed_on_count():
    made = machine_of(
        "local-lvm:vm-100-disk-0,efitype=4m", more="args: -bios /custom/OVMF.fd -snapshot"
    )
    assert made.store.discarded


def test_seabios_is_no_uefi():
    with pytest.raises(Refused, match="SeaBIOS"):
        parse_definition("100.conf", b"bios: seabios\ncores: 1\nname: old\nmemory: 512\n")


PASSED = (
    "bios: seabios\ncores: 1\nmemory: 512\nmachine: q35\n{more}args: -drive "
    "if=pflash,unit=0,format=raw,readonly=on,file=/c.fd -drive if=pflash,unit=1,format=raw,"
    "file=/v.fd\n"
)


@pytest.mark.parametrize(
    ("more", "smm"),
    [("", None), ("vga: qxl\n", None), ("vga: serial0\n", False), ("vga: none\n", False)],
)
def test_firmware_that_is_passed_on_is_uefi_all_the_same(more, smm):
    made = parse_definition("100.conf", PASSED.format(more=more).encode())
    assert made is not None
    assert made.firmware is not None
    assert (made.firmware.path, made.store.path, made.smm) == ("/c.fd", "/v.fd", smm)
    assert made.refusals == ()


def test_firmware_that_is_passed_on_beside_proxmox_own_is_refused():
    text = PASSED.format(more="").replace("seabios", "ovmf")
    made = parse_definition("100.conf", text.encode())
    assert made is not None
    assert len(made.refusals) == 2
