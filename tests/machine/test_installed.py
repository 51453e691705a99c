import pytest

from ovmfgui.machine.installed import MORE_FOLDERS, installed_files, is_firmware_name

FIRMWARE = (
    "OVMF_CODE_4M.fd",
    "edk2-x86_64-code.fd",
    "edk2-aarch64-code.fd",
    "ovmf-x86_64-smm-ms-code.bin",
    "aavmf-aarch64-vars.bin",
    "qemu-uefi-aarch64.bin",
    "QEMU_EFI-pflash.raw",
    "OVMF_VARS.qcow2",
)
OTHERS = ("vgabios-virtio.bin", "bios-256k.bin", "linuxboot_dma.bin", "efi-e1000.rom", "en-us")


@pytest.mark.parametrize("name", FIRMWARE)
def test_firmware_is_known_by_its_name(name):
    assert is_firmware_name(name)


@pytest.mark.parametrize("name", OTHERS)
def test_what_lies_beside_it_is_not(name):
    assert not is_firmware_name(name)


def test_files_are_found_among_others_and_once(tmp_path):
    folder = tmp_path / "qemu"
    folder.mkdir()
    for name in (*FIRMWARE, *OTHERS):
        (folder / name).write_bytes(b"x")
    (folder / "link.fd").symlink_to("OVMF_CODE_4M.fd")
    (folder / "loop.fd").symlink_to("loop.fd")
    found = installed_files((str(folder), str(tmp_path / "nowhere")))
    assert {each.name for each in found} == set(FIRMWARE)


@pytest.mark.parametrize("system", ["nix", "lxd", "incus", "homebrew", "UTM", "pve", "qemu", "x64"])
def test_the_folders_of_other_systems_are_known(system):
    assert any(system in folder for folder in MORE_FOLDERS)
