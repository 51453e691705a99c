"""Messages of libvirt about a domain's definition: what its firmware and its store are to be.

Families by the function that says them: virDomainDefOSValidate (src/conf/domain_validate.c),
qemuValidateDomainDefBoot and qemuValidateDomainDefNvram (src/qemu/qemu_validate.c),
qemuFirmwareFillDomain (src/qemu/qemu_firmware.c).
"""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_VALIDATE = "libvirt src/conf/domain_validate.c, virDomainDefOSValidate"
_BOOT = "libvirt src/qemu/qemu_validate.c, qemuValidateDomainDefBoot"
_NVRAM = "libvirt src/qemu/qemu_validate.c, qemuValidateDomainDefNvram"
_FIRMWARE = "libvirt src/qemu/qemu_firmware.c"
_EDIT = "Change it with virsh edit NAME; see what this host offers: virsh domcapabilities."

MESSAGES = (
    Message(
        "autoselection-mixed",
        "libvirt",
        "XML error: loader path cannot be specified when firmware autoselection is enabled",
        r"(?:loader (?:attribute '(?P<what>\w+)'|path)|NVRAM|nvram template) cannot be specified "
        r"when firmware autoselection is enabled",
        "The definition lets libvirt choose the firmware (<os firmware='efi'>), and names a part "
        "of it itself.",
        "Both ways were mixed, most often by an older XML to which firmware='efi' was added; newer "
        "libvirt does not take both.",
        "Take firmware='efi' away and keep <loader> and <nvram>, which keeps the guest's variables "
        "with the CODE they were made for; or take the named part away.",
        _VALIDATE,
    ),
    Message(
        "features-without-autoselection",
        "libvirt",
        "XML error: cannot use feature-based firmware autoselection when firmware autoselection "
        "is disabled",
        r"cannot use feature-based firmware autoselection when firmware autoselection is disabled",
        "<firmware><feature …/></firmware> asks for features, and nothing lets libvirt choose.",
        "firmware='efi' is missing in <os>, or the features were left over when a <loader> was "
        "named.",
        "Add firmware='efi' and leave <loader> out, or take <firmware> away.",
        _VALIDATE,
    ),
    Message(
        "feature-contradiction",
        "libvirt",
        "XML error: firmware feature 'enrolled-keys' cannot be enabled when firmware feature "
        "'secure-boot' is disabled",
        r"firmware feature '(?P<one>[\w-]+)' cannot be enabled when firmware feature "
        r"'(?P<other>[\w-]+)' is disabled",
        "The definition wants {one} and forbids {other}: keys are only looked at by a firmware "
        "with Secure Boot.",
        "One of the two was changed by itself.",
        "Allow secure-boot, or forbid enrolled-keys as well.",
        _VALIDATE,
    ),
    Message(
        "no-loader",
        "libvirt",
        "XML error: no loader path specified and firmware auto selection disabled",
        r"no loader path specified and firmware auto ?selection disabled",
        "<loader> is there without a path, and nothing lets libvirt choose one.",
        "firmware='efi' was lost on the way, or the text of <loader> was.",
        "Write <os firmware='efi'>, or the path of CODE into <loader>.",
        _VALIDATE,
    ),
    Message(
        "stateless-with-nvram",
        "libvirt",
        "XML error: NVRAM is not permitted when loader is stateless",
        r"NVRAM (?:template )?is not permitted when loader is stateless",
        "<loader stateless='yes'> says that nothing is to be saved, and <nvram> names a store.",
        "A build for confidential guests (AMD SEV, Intel TDX) was chosen for a domain that had a "
        "store, or the other way round.",
        "Decide: without stateless='yes' the guest has variables that outlive a power-off; without "
        "<nvram> it has none.",
        _VALIDATE,
    ),
    Message(
        "nvram-without-flash",
        "libvirt",
        "XML error: Only pflash loader type permits NVRAM",
        r"Only (?:pflash loader type|EFI firmware) permits NVRAM"
        r"|firmware type '(?P<kind>\w+)' does not support nvram",
        "The definition names a variable store, and its firmware has no flash for one.",
        "<loader type='rom'> (QEMU's -bios), or firmware='bios': variables are kept in memory, or "
        "there are none.",
        "Use type='pflash' with a CODE file, or firmware='efi'; or take <nvram> away.",
        f"{_VALIDATE}; {_FIRMWARE}",
    ),
    Message(
        "nvram-format",
        "libvirt",
        "unsupported configuration: Unsupported nvram format 'qcow3'",
        r"Unsupported (?P<what>nvram|loader) format '(?P<format>[^']*)'",
        "{format} is no format that libvirt takes for the {what}: it takes raw and qcow2.",
        "A spelling mistake in format='…', or a format of disks (vmdk, vdi).",
        "Say format='raw' or format='qcow2', as the file is: qemu-img info FILE.",
        _NVRAM,
    ),
    Message(
        "nvram-network",
        "libvirt",
        "unsupported configuration: resetting of nvram is not supported with network backed nvram",
        r"resetting of nvram is not supported with (?:network backed nvram"
        r"|nvram device backed by '(?P<backing>\w+)')"
        r"|(?:nvram|NVRAM)[^\n]*(?:backed by|type) '(?P<type>\w+)' is not supported",
        "virsh start --reset-nvram copies the template over the store, and libvirt does that for "
        "local files only.",
        "The store lies on the network (iscsi, rbd, nbd) or on a block device.",
        "Write the template there yourself while the domain is off: qemu-img convert -O raw "
        "TEMPLATE TARGET; keep a copy of the store before.",
        "libvirt src/qemu/qemu_process.c, qemuPrepareNVRAM",
    ),
    Message(
        "secure-boot-architecture",
        "libvirt",
        "unsupported configuration: Secure boot is supported for x86_64 architecture only",
        r"Secure boot is supported for x86_64 architecture only",
        "<loader secure='yes'> stands for System Management Mode, which only x86 has.",
        "The XML of an x86 domain was used for another architecture.",
        "Leave secure='yes' out. An AArch64 build can have Secure Boot too, without guarding its "
        "store from the operating system.",
        _BOOT,
    ),
    Message(
        "secure-boot-firmware",
        "libvirt",
        "User requested Secure Boot, firmware '/usr/share/qemu/firmware/60-edk2-x86_64.json' "
        "doesn't support it",
        r"User requested Secure Boot, firmware '(?P<path>[^']+)' doesn't support it",
        "The definition asks for Secure Boot, and the firmware that {path} describes has none.",
        "<loader> names a CODE without Secure Boot beside secure='yes'.",
        "Name the CODE with Secure Boot (OVMF_CODE_4M.secboot.fd); its store has the same layout "
        "where both are 4M builds: ovmfgui check CODE VARS.",
        _FIRMWARE,
        proof.path_there,
    ),
    Message(
        "smm-required",
        "libvirt",
        "domain has SMM turned off but chosen firmware requires it",
        r"domain has SMM turned off but chosen firmware requires it",
        "The firmware guards its store by System Management Mode, and the definition turns that "
        "off.",
        "<smm state='off'/> beside a CODE with Secure Boot. Started all the same it would hang "
        "before its first picture.",
        "Write <smm state='on'/> on a q35 machine, or choose CODE without Secure Boot.",
        f"{_FIRMWARE}, qemuFirmwareEnableFeaturesModern",
    ),
    Message(
        "machine-unknown",
        "libvirt, QEMU",
        "Emulator '/usr/bin/qemu-system-x86_64' does not support machine type 'pc-q35-10.0'",
        r"does not support machine type '(?P<one>[^']+)'"
        r"|unsupported machine type: \"(?P<two>[^\"]+)\""
        r"|Machine type '(?P<three>[^']+)' is not supported by this QEMU",
        "This QEMU does not have the machine type {one}{two}{three}.",
        "A newer QEMU or another distribution's has made the domain; versioned types exist from "
        "their release on, and the oldest are dropped after some years.",
        "Install a QEMU that has it, or choose one that both hosts have (qemu-system-x86_64 "
        "-machine help) while the domain is off. The flash and its variables are not concerned.",
        "libvirt src/qemu/qemu_domain.c; QEMU system/vl.c, select_machine",
    ),
)
