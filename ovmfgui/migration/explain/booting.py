"""Messages of the firmware, and of a guest's tools, about the variable store."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

MESSAGES = (
    Message(
        "exception",
        "OVMF",
        "!!!! X64 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!",
        r"(?:X64|IA32) Exception Type - (?P<type>[0-9A-F]{2})",
        "The firmware has crashed. Soon after power-on this is how x86 firmware ends that does not "
        "find a variable store it accepts.",
        "CODE and VARS have different layouts (2M CODE on a 4M store), the volume header or the "
        "store header is damaged, or VARS is blank: x86 firmware does not format it.",
        "Keep a copy of VARS: the firmware may have written over its headers. Then use the VARS "
        "that belongs to this CODE, or recover: ovmfgui vars recover VARS -o NEW.",
        "OVMF, RELEASE builds; seen on 2022.11",
        proof.fit,
    ),
    Message(
        "store-corrupted",
        "edk2, DEBUG builds",
        "Firmware Volume for Variable Store is corrupted",
        r"Firmware Volume for Variable Store is corrupted|Variable Store (?:header )?is corrupted"
        r"|NvVarStore (?:FV|Variable) headers? w(?:ere|as) invalid",
        "The firmware does not accept the volume header or the header of the variable store.",
        "The store was made for a build of another layout, power was lost while it was rebuilt, or "
        "it is blank.",
        "Keep a copy, see what is wrong (ovmfgui inspect VARS), and recover it.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe; OvmfPkg/Library/PlatformInitLib",
        proof.fit,
    ),
    Message(
        "variable-assert",
        "edk2, DEBUG builds",
        "ASSERT [VariableRuntimeDxe] Variable.c(…): …",
        r"ASSERT[^\n]*(?:Variable\w*Dxe|VariableSmm|FaultTolerantWrite|FvbServices)",
        "The variable driver has stopped: something in the store is not as it has to be.",
        "A record that was left half written by a power loss (state 0xFF, or states no driver "
        "writes), or a store of another layout.",
        "See the records (ovmfgui vars list --all VARS), and recover the store from a copy.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe",
        proof.fit,
    ),
    Message(
        "no-space",
        "fwupd",
        "Not enough efivarfs space, requested 30.7 kB and got 8.0 kB",
        r"(?:efivarfs space|requested [\d.]+ ?kB and got [\d.]+ ?kB)",
        "There is not enough room in the variable store for the update (of dbx, db or KEK).",
        "The store is small (2M builds have 56 KiB for variables) or full of deleted records, "
        "which "
        "only a reclaim at the next start clears away.",
        "Restart the guest once. Where that does not help, carry the variables over into a "
        "store of "
        "a 4M build with its CODE: ovmfgui convert VARS --for CODE -o NEW.",
        "fwupd, uefi-dbx plugin",
        proof.room,
    ),
    Message(
        "out-of-resources",
        "UEFI shell, efibootmgr",
        "setvar: Unable to set - Out of Resources",
        r"Unable to set[^\n]*Out of Resources|Could not prepare Boot variable: No space left|"
        r"efivarfs[^\n]*No space left on device",
        "The variable store is full.",
        "Live variables and deleted records together fill it.",
        "Restart the guest: firmware clears deleted records away. Else delete variables, or "
        "ovmfgui vars compact VARS while it is off.",
        "UEFI specification, SetVariable: EFI_OUT_OF_RESOURCES",
        proof.room,
    ),
    Message(
        "write-protected",
        "OVMF",
        "QEMU Flash: Failed to find probe location",
        r"QEMU Flash: (?:Failed to find probe location|Attempting flash detection|FD behaves as)",
        "The firmware looks whether there is flash where it expects its store. Where there is none "
        "it keeps variables in memory: they are lost at power-off, and nobody is told.",
        "-bios instead of pflash, a VARS chip that is missing or too small for this CODE, or one "
        "that is full of 00, 50 or 70.",
        "Give CODE and the VARS that belongs to it as two pflash drives.",
        "OvmfPkg/QemuFlashFvbServicesRuntimeDxe/QemuFlash.c, DEBUG builds",
        proof.fit,
    ),
)
