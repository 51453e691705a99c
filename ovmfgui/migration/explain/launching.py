"""Messages of QEMU when it starts a machine with flash chips."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_CFI = "QEMU hw/block/pflash_cfi01.c"
_FW = "QEMU hw/i386/pc_sysfw.c"

MESSAGES = (
    Message(
        "invalid-size",
        "QEMU",
        "system firmware block device pflash0 has invalid size 296960",
        r"system firmware block device (?P<chip>pflash\d) has invalid size "
        r"(?P<size>\d{1,20}+)(?!\d)",
        "The file behind {chip} has {size} bytes (rounded up to 512), and a flash chip consists of "
        "blocks of 4096.",
        "The file is cut off, empty, or no firmware image at all: a broken download, or an error "
        "page saved under the image's name. A qcow2 image opened as raw shows up here as well.",
        "Get the file again from the firmware package; for a qcow2 image say format=qcow2.",
        f"{_FW}, pc_system_flash_map",
        proof.file_size,
    ),
    Message(
        "invalid-size-older",
        "QEMU before 4.0",
        "qemu: PC system firmware (pflash) must be a multiple of 0x1000",
        r"PC system firmware \(pflash\) (?:must be a multiple of 0x[0-9a-f]+|cannot have zero size"
        r"|not available)",
        "A flash chip's file is empty or no multiple of 4096 bytes, or there is no firmware "
        "file at "
        "all.",
        "The file is cut off or empty, or the package with the firmware is not installed: older "
        "QEMU made a chip of bios.bin too.",
        "Install the firmware package (ovmf, or seabios), and compare the file's size with it.",
        f"{_FW} of QEMU 1.1 to 3.1",
    ),
    Message(
        "combined-size",
        "QEMU",
        "combined size of system firmware exceeds 8388608 bytes",
        r"combined size of system firmware exceeds (?P<limit>\d{1,20}) bytes",
        "CODE and VARS together are larger than the {limit} bytes below 4 GiB that are set aside "
        "for flash.",
        "A file that does not belong there (ARM's images have 64 MiB each), or an unusually large "
        "firmware.",
        "Use x86 images; for a large one raise the limit up to 16 MiB: -machine max-fw-size=16M.",
        f"{_FW}, pc_system_flash_map",
        proof.total_size,
    ),
    Message(
        "oversized-older",
        "QEMU before 4.0",
        "oversized backing file, pflash segments cannot be mapped under 00000000ff800000",
        r"oversized backing file, pflash segments cannot be mapped under",
        "CODE and VARS together do not fit between 8 MiB below 4 GiB and 4 GiB.",
        "A file that does not belong there, or an unusually large firmware.",
        "Use the images of an x86 build of at most 8 MiB together.",
        f"{_FW} of QEMU 1.6 to 3.1",
    ),
    Message(
        "max-fw-size",
        "QEMU",
        "User specified max allowed firmware size 33554432 is greater than 16MiB.",
        r"User specified max allowed firmware size (?P<size>\d{1,20}) is greater than 16MiB",
        "max-fw-size asks for {size} bytes; the room below 4 GiB has 16 MiB for flash at most.",
        "The machine's option was set too high.",
        "Set -machine max-fw-size=16M or less.",
        "QEMU hw/i386/pc.c",
    ),
    Message(
        "unit-1-alone",
        "QEMU",
        "pflash1 requires pflash0",
        r"pflash1 requires pflash0",
        "There is a VARS chip and no CODE chip: chips are mapped downwards from 4 GiB, CODE first.",
        "The drive for CODE is missing, or has unit=1 as well.",
        "Give CODE as unit 0 and VARS as unit 1.",
        f"{_FW}, pc_system_firmware_init",
    ),
    Message(
        "backend-size",
        "QEMU",
        "device requires 67108864 bytes, block backend provides 2097152 bytes",
        r"device(?: '[^']*')? requires (?P<needed>\d{1,20}) bytes, "
        r"(?:\S+ )?block backend(?: '?\S+'?)? provides (?P<given>\d{1,20}) bytes",
        "The machine's flash chip has {needed} bytes and its file {given}: they have to be equal.",
        "ARM's virt machine has two chips of 64 MiB, whatever the firmware's size; the file "
        "was not "
        "padded. Or the file was replaced by one of another size while the machine was on.",
        "Pad the file: truncate -s 64M FILE (zeros behind the firmware do no harm), or take the "
        "package's padded image.",
        "QEMU hw/block/block.c, blk_check_size_and_read_all",
        proof.backend_size,
    ),
    Message(
        "initial-contents",
        "QEMU",
        "failed to read the initial flash content",
        r"failed to read the initial flash content",
        "A flash chip could not be filled from its file.",
        "The file is shorter than the chip, or cannot be read (rights, a broken disk).",
        "Compare the file's size with the chip's, and see that QEMU's user may read it.",
        f"{_CFI} of QEMU before 4.0",
    ),
    Message(
        "no-bios",
        "QEMU",
        "qemu: could not load PC BIOS 'OVMF.fd'",
        r"could not load PC BIOS '(?P<path>[^']*)'",
        "-bios names {path}, and QEMU does not find it, or it has a size that no BIOS can have.",
        "The package with the firmware is not installed, or the name is wrong. -bios takes unified "
        "images only.",
        "Install the package, or give CODE and VARS as two pflash drives: with -bios no variable "
        "outlives a power-off.",
        "QEMU hw/i386/x86.c, x86_bios_rom_init",
        proof.path_there,
    ),
    Message(
        "write-lock",
        "QEMU",
        'Failed to get "write" lock',
        r"Failed to get (?:shared )?\"(?:write|consistent read|resize)\" lock"
        r"|Is another process using the image",
        "Another process has this file open for writing: most likely a second machine on the same "
        "VARS.",
        "Two domains name one private VARS file, or the machine runs already. Each domain needs a "
        "VARS of its own.",
        "See who has it (lsof FILE); give each domain a copy of the template.",
        "QEMU block/file-posix.c, raw_check_lock_bytes",
    ),
    Message(
        "read-only",
        "QEMU",
        "Block node is read-only",
        r"Block node(?: '\S+')? is read-only|can't use a read-only drive",
        "A flash chip is to be written to, and its drive is read-only.",
        "CODE's options were used for VARS, or a unified image is read-only.",
        "Leave readonly=on out for VARS and for a unified image; check the file's rights.",
        "QEMU block.c",
    ),
    Message(
        "update-failed",
        "QEMU",
        "Could not update PFLASH: No space left on device",
        r"Could not update PFLASH: ?(?P<why>[^\n]*)",
        "The guest has written a variable, and QEMU could not write it to the file ({why}). The "
        "guest was not told.",
        "The disk is full, the file lies on storage that is gone, or rights have changed.",
        "Make room, then have the guest write the variable again, or shut it down: what is in the "
        "chip and not in the file is lost at power-off.",
        f"{_CFI}, pflash_update",
        proof.room,
    ),
    Message(
        "unimplemented-command",
        "QEMU",
        "pflash_write: Unimplemented flash cmd sequence (offset 0x1000, wcycle 0x0 cmd 0x0 "
        "value 0x28)",
        r"pflash_write: Unimplemented flash cmd sequence",
        "Something wrote to the flash chip that is no command; the chip went back to reading.",
        "A guest that takes the chip for memory, such as firmware that is told the wrong address "
        "for its store.",
        "Check whether CODE and VARS belong together.",
        f"{_CFI}, pflash_write",
        proof.fit,
    ),
    Message(
        "cannot-open",
        "QEMU",
        "Could not open '/usr/share/OVMF/OVMF_CODE.fd': No such file or directory",
        r"Could not open '(?P<path>[^']+)': (?P<why>[^\n]+)",
        "The file {path} cannot be opened: {why}",
        "The firmware package was replaced by one with other names (2M builds have left several "
        "distributions), or the domain came from another host.",
        "Install a package with that file, or point the domain at the firmware that is there, with "
        "a store that fits it (ovmfgui check CODE VARS).",
        "QEMU block/file-posix.c, raw_open_common",
        proof.path_there,
    ),
)
