"""Messages of the programs above libvirt and QEMU: virt-install, Incus and LXD, Proxmox VE, UTM."""

from __future__ import annotations

from ovmfgui.migration.explain.message import Message

MESSAGES = (
    Message(
        "virt-install-no-uefi",
        "virt-install",
        "ERROR    Did not find any UEFI binary path for arch 'x86_64'",
        r"Did not find any UEFI binary path for arch '(?P<one>[^']+)'"
        r"|Don't know how to setup UEFI for arch '(?P<two>[^']+)'"
        r"|Error: --boot uefi: (?P<three>[^\n]*)",
        "No firmware for {one}{two} was found, or libvirt tells of none.",
        "The firmware package of that architecture is not installed where libvirt runs, or QEMU "
        "for it is missing.",
        "Install it (ovmf, qemu-efi-aarch64), then see virsh domcapabilities --arch ARCH.",
        "virt-manager virtinst/domain/os.py, virtinst/domcapabilities.py",
    ),
    Message(
        "incus-files",
        "Incus, LXD",
        "Couldn't find one of the required UEFI firmware files: [{code:OVMF_CODE.4MB.fd "
        "vars:OVMF_VARS.4MB.ms.fd}]",
        r"Couldn't find one of the required UEFI firmware files"
        r"|Unable to locate matching VM firmware"
        r"|Failed setting up OVMF: Failed to find (?P<path>\S+)",
        "None of the pairs of CODE and VARS that the program knows by name is there.",
        "The host's package has other names, or the snap of LXD another set; the instance's store "
        "was made for one that has gone.",
        "Install the package with those names (INCUS_EDK2_PATH tells where), or carry the "
        "instance's store over: ovmfgui convert VARS --for CODE -o NEW.",
        "Incus and LXD, instance/drivers/edk2",
        causes=(
            ("The files are not there.", "ls of the folder that the message or the path names."),
            (
                "The store has the size of another build.",
                "ovmfgui inspect on the instance's store.",
            ),
        ),
    ),
    Message(
        "proxmox-no-efidisk",
        "Proxmox VE",
        "WARN: no efidisk configured! Using temporary efivars disk.",
        r"no efidisk configured! Using temporary efivars disk",
        "The machine has UEFI and no disk for its variables: they are lost at every power-off.",
        "bios: ovmf was set, and no EFI disk was added.",
        "Add one: Hardware, Add, EFI Disk; or qm set ID --efidisk0 STORAGE:1,efitype=4m.",
        "Proxmox VE qemu-server, PVE/QemuServer.pm",
    ),
    Message(
        "proxmox-efidisk-size",
        "Proxmox VE",
        "resizing of efidisks is not supported.",
        r"resizing of efidisks? is not supported",
        "The EFI disk has the size of its firmware's store; another size would not be found by it.",
        "A larger store was wanted, or a 2M one was to become a 4M one.",
        "Carry the variables over into a store of the 4M build: ovmfgui convert, then import it "
        "as the EFI disk with efitype=4m.",
        "Proxmox VE qemu-server, PVE/API2/Qemu.pm",
    ),
    Message(
        "proxmox-ms-cert",
        "Proxmox VE",
        "EFI disk without 'ms-cert=2023w' option, suggesting that the Microsoft UEFI 2023 "
        "certificate is not enrolled yet.",
        r"EFI disk without 'ms-cert=(?P<option>[^']+)' option",
        "The store was made before Microsoft's certificates of 2023 were put into templates.",
        "Those of 2011 end in 2026: loaders signed with the new ones alone will not start there.",
        "See what is enrolled: ovmfgui vars list VARS (KEK, db). Then enrol the new ones: qm "
        "enroll-efi-keys ID, with the guest off; suspend BitLocker before.",
        "Proxmox VE qemu-server",
    ),
    Message(
        "utm-suspend",
        "UTM",
        "QEMU error: QEMU exited from an error: …: -loadvm suspend: …",
        r"-loadvm (?P<name>\w+)\b[^\n]*",
        "The machine was to go on from the saved state {name}, and QEMU refused.",
        "The state was saved by another version or with other hardware, or was never complete: "
        "a raw VARS can hold no snapshot.",
        "Discard the saved state and start the machine anew; its disk and variables stay.",
        "UTM, QEMU migration/savevm.c",
    ),
)
