"""Messages on the guest's screen: boot manager, firmware and its drivers."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_BDS = "edk2 MdeModulePkg/Universal/BdsDxe; UefiBootManagerLib, EfiBootManagerBoot"

MESSAGES = (
    Message(
        "boot-option-failed",
        "edk2",
        'BdsDxe: failed to load Boot0001 "UEFI QEMU HARDDISK QM00001 " from PciRoot(0x0)/…: Not '
        "Found",
        r"BdsDxe: failed to (?P<verb>load|start) Boot(?P<number>[0-9A-F]{4})[^\n]*: "
        r"(?P<status>Not Found|Unsupported|Timed? ?out|Device Error|No Media|Load Error"
        r"|Out of Resources|Aborted|No mapping|Volume Corrupted)",
        "Boot{number} could not be used ({status}); the firmware goes on with the next entry.",
        "The disk or the loader on it is not where the entry says, which is no fault of the store "
        "unless the entry itself was lost or is old.",
        "See entries and order: ovmfgui vars boot list VARS.",
        _BDS,
        causes=(
            ("The device is gone or has another place.", "The path in the message names its slot."),
            ("There is no loader on it.", "Its EFI partition has no EFI/BOOT/BOOTX64.EFI."),
            ("The store came without its entries.", "vars boot list shows none of the system's."),
        ),
    ),
    Message(
        "nothing-to-boot",
        "edk2",
        "BdsDxe: No bootable option or device was found.",
        r"No bootable option or device was found",
        "Every boot entry was tried, and none could be started.",
        "No disk with a loader, or a store without the system's boot entry: a fresh one made of "
        "the template, after the domain came without its VARS.",
        "Enter the boot manager and choose the loader's file once, or bring the old VARS back; see "
        "the entries: ovmfgui vars boot list VARS.",
        _BDS,
        causes=(
            ("The disk is not there.", "The firmware's Boot Manager lists no disk."),
            ("The boot entries are lost.", "ovmfgui vars list VARS has no Boot0000 of the system."),
            ("Secure Boot refused the loader.", "A line before says Access Denied or Security."),
        ),
    ),
    Message(
        "assert-status",
        "edk2, DEBUG builds",
        "ASSERT_EFI_ERROR (Status = Out of Resources)",
        r"ASSERT_EFI_ERROR \(Status = (?P<status>[^)]+)\)",
        "A driver has stopped at an answer that it did not expect: {status}.",
        "A full store where the status is Out of Resources; one of another layout where it is "
        "Volume Corrupted or Not Found.",
        "The line before names file and line. See the store: ovmfgui inspect VARS.",
        "edk2 MdePkg/Include/Library/DebugLib.h",
        proof.room,
        causes=(
            ("The store is full.", "The gauge of the opened store has little free."),
            ("Memory is short.", "It also happens with a fresh VARS."),
        ),
    ),
    Message(
        "status-code",
        "edk2",
        "ERROR: C40000002:V03050003 I0 (Unable to set variable)",
        r"ERROR: C4[0-9A-F]+:V(?P<value>[0-9A-F]{8})[^\n]*",
        "The firmware reports an error by number: value {value}.",
        "V03050003 with a variable's GUID behind it: a variable could not be set, mostly because "
        "the store is full.",
        "See how full it is: ovmfgui vars list VARS.",
        "edk2 MdePkg/Include/Pi/PiStatusCode.h; StatusCodeHandler, SerialStatusCodeWorker.c",
        proof.room,
    ),
)
