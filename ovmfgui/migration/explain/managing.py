"""Messages of libvirt and of tools above QEMU about firmware and its variables."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_FIRMWARE_C = "libvirt src/qemu/qemu_firmware.c"

MESSAGES = (
    Message(
        "no-matching-firmware",
        "libvirt",
        "Unable to find 'efi' firmware that is compatible with the current configuration",
        r"Unable to find '(?P<kind>\w+)' firmware that is compatible with the current",
        "None of the firmware descriptors on this host matches all that the domain asks for.",
        "A feature that no descriptor offers (Secure Boot, enrolled keys), the wrong machine type "
        "(i440fx for firmware made for q35), another format of the store (qcow2 or raw), a loader "
        "path that has gone since an upgrade; or KVM is not usable, so that no machine type "
        "counts.",
        "Compare the descriptors in /usr/share/qemu/firmware and /etc/qemu/firmware with the "
        "domain's XML (virsh domcapabilities), and drop the feature or path that none has.",
        f"{_FIRMWARE_C} since libvirt 9.2",
    ),
    Message(
        "no-firmware-older",
        "libvirt",
        "Unable to find any firmware to satisfy 'efi'",
        r"Unable to find any firmware to satisfy '(?P<kind>\w+)'",
        "None of the firmware descriptors on this host matches all that the domain asks for.",
        "The firmware package is not installed, or no descriptor offers the features, the machine "
        "type or the architecture of the domain.",
        "Install the package (ovmf, qemu-efi-aarch64), and compare its descriptors in "
        "/usr/share/qemu/firmware with the domain's XML.",
        f"{_FIRMWARE_C} before libvirt 9.2",
    ),
    Message(
        "no-template",
        "libvirt",
        "unable to find any master var store for loader: /usr/share/OVMF/OVMF_CODE.fd",
        r"unable to find any master var store for loader: (?P<path>\S+)",
        "The domain has no VARS file yet, and libvirt does not know which template belongs to "
        "{path}.",
        "The domain came from another host, or from a backup without its VARS; no descriptor "
        "and no "
        "nvram entry of qemu.conf names this CODE.",
        "Bring the domain's own VARS file along. Where it is lost, name the template: "
        "<nvram template='…VARS.fd'/>, made for this CODE (ovmfgui check CODE VARS).",
        "libvirt src/qemu/qemu_process.c, qemuPrepareNVRAM",
        proof.path_there,
    ),
    Message(
        "undefine-nvram",
        "libvirt",
        "Requested operation is not valid: cannot undefine domain with nvram",
        r"cannot (?:undefine|delete inactive) domain with nvram",
        "The domain has a VARS file of its own, and libvirt wants to be told what becomes of it.",
        "It is no error: the file holds boot entries and keys.",
        "virsh undefine --keep-nvram NAME keeps it, --nvram deletes it with the variables in it.",
        "libvirt src/qemu/qemu_driver.c, qemuDomainUndefineFlags",
    ),
    Message(
        "internal-snapshot",
        "libvirt",
        "internal snapshots of a VM with pflash based firmware are not supported",
        r"internal snapshots of a VM with pflash based firmware are not supported",
        "An internal snapshot would leave the flash's contents out: a raw VARS cannot hold one.",
        "The domain has pflash firmware with a raw VARS file, and it runs.",
        "Take an external snapshot (--disk-only --atomic), or with newer libvirt use a qcow2 VARS. "
        "Don't turn the loader into type='rom': variables would no longer be saved.",
        "libvirt src/qemu/qemu_snapshot.c",
    ),
    Message(
        "secure-boot-smm",
        "libvirt",
        "unsupported configuration: Secure boot requires SMM feature enabled",
        r"Secure boot (?:requires SMM feature|is supported with q35|is supported only with)",
        "A CODE with Secure Boot guards its store from System Management Mode, which this machine "
        "does not have.",
        "<smm state='off'/>, or a machine type other than q35.",
        "Use a q35 machine with <smm state='on'/>; or CODE without Secure Boot, which reads the "
        "same store.",
        "libvirt src/qemu/qemu_validate.c",
    ),
    Message(
        "monitor-closed",
        "libvirt",
        "internal error: qemu unexpectedly closed the monitor",
        r"(?:qemu|process|QEMU) unexpectedly closed the monitor|process exited while connecting to "
        r"monitor",
        "QEMU has ended before libvirt could talk to it; its own words follow.",
        "What follows says: a file that is not there, a size that does not fit, a lock.",
        "Read on in the same message, or in /var/log/libvirt/qemu/NAME.log.",
        "libvirt src/qemu/qemu_process.c",
        wrapper=True,
    ),
    Message(
        "incus-no-firmware",
        "Incus, LXD",
        "Unable to locate matching firmware",
        r"Unable to locate matching firmware|Required EFI firmware settings file missing",
        "None of the CODE/VARS pairs that the program knows by name is there.",
        "An upgrade has replaced 2M builds by 4M builds, and an instance's store has the old size; "
        "the choice is made by file names.",
        "Keep a pair for the old stores, or carry the instance's variables over: "
        "ovmfgui convert VARS --for CODE -o NEW.",
        "Incus internal/server/device, LXD lxd/instance/drivers/edk2",
    ),
    Message(
        "libvirt-open",
        "libvirt",
        "Failed to open file '/usr/share/OVMF/OVMF_VARS.fd': No such file or directory",
        r"[Ff]ailed to open file '(?P<path>[^']+\.(?:fd|bin|qcow2|raw|img))': (?P<why>[^\n]+)",
        "libvirt cannot open {path}: {why}",
        "The template or the private file has gone: the firmware package has other names now, or "
        "the domain came without its VARS.",
        "Install the package that has it, or bring the domain's VARS along.",
        "libvirt src/util/virfile.c",
        proof.path_there,
    ),
)
