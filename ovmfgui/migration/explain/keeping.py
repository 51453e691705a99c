"""Messages about the store's file and about snapshots of it.

Families by function: qemuPrepareNVRAM (libvirt src/qemu/qemu_process.c), qemuSnapshotPrepare and
what it calls (src/qemu/qemu_snapshot.c), save_snapshot and load_snapshot (QEMU migration/savevm.c).
"""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_PREPARE = "libvirt src/qemu/qemu_process.c, qemuPrepareNVRAM"
_SNAPSHOT = "libvirt src/qemu/qemu_snapshot.c"
_SAVEVM = "QEMU migration/savevm.c"

MESSAGES = (
    Message(
        "nvram-folder",
        "libvirt",
        "Failed to create nvram dir /var/lib/libvirt/qemu/nvram: Permission denied",
        r"[Ff]ailed to create nvram dir(?:ectory)? '?(?P<path>[^':]+)'?: (?P<why>[^\n]+)",
        "libvirt cannot make the folder for variable stores, {path}: {why}",
        "The folder above it is not there, or is not the service's to write to.",
        "See the folder above it: ls -ld, findmnt -T.",
        f"{_PREPARE}; src/qemu/qemu_driver.c",
    ),
    Message(
        "nvram-remove",
        "libvirt",
        "operation failed: failed to remove nvram: /var/lib/libvirt/qemu/nvram/vm_VARS.fd",
        r"failed to remove nvram: (?P<path>[^\n]+)",
        "The domain was to be deleted with its store {path}, and the file cannot be removed.",
        "It is gone already, or its folder is not libvirt's to write to.",
        "See whether it is there; where it is, virsh undefine --keep-nvram NAME, then delete it by "
        "hand.",
        "libvirt src/qemu/qemu_driver.c, qemuDomainUndefineFlags",
        proof.path_there,
        causes=(
            ("The file is gone already.", "ls -l FILE finds nothing."),
            ("Its folder is not writable for libvirt.", "ls -ld of the folder, and findmnt -T."),
        ),
    ),
    Message(
        "template-gone",
        "libvirt",
        "operation failed: template '/usr/share/OVMF/OVMF_VARS.ms.fd' does not exist",
        r"template '(?P<path>[^']+)' does not exist",
        "The domain has no store yet, and the template {path} to make it of is not there.",
        "An upgrade has renamed the package's files, or the definition came from another "
        "distribution.",
        "Install the package that has it; or name the template that belongs to the domain's CODE: "
        "ovmfgui check CODE VARS.",
        _PREPARE,
        proof.path_there,
    ),
    Message(
        "template-format",
        "libvirt",
        "Operation not supported: conversion of the nvram template to another target format is "
        "not supported",
        r"conversion of the nvram template to another target format is not supported",
        "The template has another format than the store that is to be made of it.",
        "format='qcow2' at <nvram> with a raw template, in a libvirt that copies and does not "
        "convert.",
        "Make the store yourself, once: qemu-img convert -O qcow2 TEMPLATE STORE; or name a "
        "template of that format (templateFormat).",
        _PREPARE,
    ),
    Message(
        "nvram-stat",
        "libvirt",
        "unable to stat: /var/lib/libvirt/qemu/nvram/vm_VARS.fd: No such file or directory",
        r"unable to stat:? '?(?P<path>/[^\n':]+)'?: (?P<why>[^\n]+)",
        "libvirt cannot look at {path}: {why}",
        "The file is gone, or a folder on the way to it cannot be entered.",
        "See each folder on the way: namei -l PATH.",
        "libvirt src/security, src/qemu/qemu_cgroup.c",
        proof.path_there,
    ),
    Message(
        "snapshot-raw-nvram",
        "libvirt",
        "internal snapshots of a VM with pflash based firmware require QCOW2 nvram format",
        r"internal snapshots of a VM with pflash based firmware require QCOW2 nvram format",
        "An internal snapshot puts the guest's state into its images, and a raw VARS holds none.",
        "The store is raw, as it is by default, and the guest runs.",
        "With the domain off: qemu-img convert -O qcow2 VARS NEW, and <nvram format='qcow2'> with "
        "the new path. Or an external snapshot (--disk-only), or one with the domain off.",
        f"{_SNAPSHOT}, since libvirt 10.10",
    ),
    Message(
        "snapshot-all-disks",
        "libvirt",
        "internal and full system snapshots require all disks to be selected for snapshot",
        r"internal and full system snapshots require all disks to be selected for snapshot",
        "A snapshot of the running guest has to hold every disk, and one was left out.",
        "A disk is raw, read-only by mistake, or marked snapshot='no'.",
        "Take an external snapshot of the disks that are wanted (--disk-only), or select all.",
        _SNAPSHOT,
    ),
    Message(
        "snapshot-nvram-image",
        "libvirt",
        "failed 'qemu-img snapshot -c' action on NVRAM image",
        r"failed 'qemu-img snapshot -(?P<what>\w)' action on NVRAM image",
        "qemu-img could not make, apply or delete the snapshot in the store's image.",
        "The image is in use or damaged.",
        "Keep a copy of it, then see: qemu-img check IMAGE; qemu-img snapshot -l IMAGE.",
        _SNAPSHOT,
        causes=(
            ("A machine has it open.", "lsof IMAGE names the process."),
            ("It is damaged.", "qemu-img check IMAGE counts errors."),
            ("It has no snapshot of that name.", "qemu-img snapshot -l IMAGE lists them."),
        ),
    ),
    Message(
        "snapshot-writable-raw",
        "QEMU",
        "Error: Device 'pflash1' is writable but does not support snapshots",
        r"Device '(?P<device>[^']+)' is writable but does not support snapshots",
        "savevm and loadvm need every writable image to be qcow2, and that of {device} is not.",
        "VARS is raw: pflash1 is the second flash chip. Suspending a machine (UTM, Proxmox) does "
        "the same.",
        "Convert VARS while the machine is off: qemu-img convert -O qcow2 VARS NEW, with "
        "format=qcow2. readonly=on or snapshot=on would lose variables.",
        f"{_SAVEVM}, bdrv_all_can_snapshot",
    ),
    Message(
        "not-qcow2",
        "QEMU",
        "-blockdev x: Image is not in qcow2 format",
        r"Image is not in (?P<format>\w+) format",
        "The image was opened as {format}, and is something else.",
        "A raw VARS beside format='{format}', or an image that was overwritten from its start.",
        "See what it is: qemu-img info FILE, ovmfgui inspect FILE; then say that format.",
        "QEMU block/qcow2.c, qcow2_do_open",
    ),
    Message(
        "saved-image-corrupt",
        "libvirt",
        "internal error: unknown image format of saved VM: image is corrupt",
        r"image is corrupt|save image is incomplete|invalid header data length"
        r"|image magic is incorrect|failed to read qemu header",
        "What virsh restore was given does not begin as a saved guest does.",
        "The save did not end, or the file is another one.",
        "See what it holds: ovmfgui stream FILE. A managed save can be let go of: virsh "
        "managedsave-remove NAME; the guest then starts anew.",
        "libvirt src/qemu/qemu_saveimage.c, qemuSaveImageOpen",
        causes=(
            ("The save was broken off.", "The file begins with LibvirtQemudPart."),
            ("It is QEMU's own stream, not libvirt's.", "The file begins with QEVM."),
        ),
    ),
    Message(
        "saved-format",
        "libvirt",
        "Invalid compressed save format 6",
        r"Invalid compressed save format (?P<format>\d+)",
        "The save file is packed in a way (number {format}) that this libvirt does not know.",
        "A newer libvirt has made it; 6 is sparse, from 11.2 on.",
        "Restore it with that libvirt. Its flash can be taken out here: ovmfgui stream FILE "
        "--extract DIR.",
        "libvirt src/qemu/qemu_saveimage.c",
    ),
    Message(
        "sparse-direct",
        "libvirt",
        "Requested operation is not valid: 'sparse' save image format requires direct I/O",
        r"'sparse' save image format requires direct I/O",
        "The format sparse needs O_DIRECT, which the storage does not have or nobody asked for.",
        "The file system (tmpfs, some network ones) has no direct I/O.",
        "Save with --bypass-cache to a file system that has it, or in another format (--image-"
        "format raw).",
        "libvirt src/qemu/qemu_saveimage.c",
    ),
)
