"""What QEMU prints about flash, in its exact words, and where each comes from.

The words are those of QEMU 7.2, seen on real runs; every line that goes to stderr starts with the
program's name. Sizes are in bytes.
"""

from __future__ import annotations

from ovmfgui.flash.placement import PC_BLOCK_SIZE, PC_MAX_FIRMWARE

PROGRAM = "qemu-system-x86_64"
PROGRAMS = (PROGRAM, "qemu-system-aarch64")
"""By whether the machine is Arm's virt."""

BLOCK_SECTOR = 512


def _lines(*lines: str) -> str:
    return "\n".join(f"{PROGRAM}: {line}" for line in lines)


def spoken_by(program: str, words: str) -> str:
    """The words in another emulator's mouth: lines begin with its name."""
    return words.replace(PROGRAM, program)


def other_chip_size(wanted: int, there: int) -> str:
    """A chip of the board has one size, and its file another (hw/block/block.c)."""
    return _lines(f"device requires {wanted} bytes, block backend provides {there} bytes")


def invalid_size(unit: int, size: int) -> str:
    """A chip's file is no multiple of 4096 (hw/i386/pc_sysfw.c, pc_system_flash_map).

    The raw block driver rounds a file up to 512 bytes before the check.
    """
    seen = -(-size // BLOCK_SECTOR) * BLOCK_SECTOR
    return _lines(
        f"system firmware block device pflash{unit} has invalid size {seen}",
        f"info: its size must be a non-zero multiple of 0x{PC_BLOCK_SIZE:x}",
    )


def combined_size() -> str:
    """Both chips together are larger than max-fw-size (pc_sysfw.c, pc_system_flash_map)."""
    return _lines(f"combined size of system firmware exceeds {PC_MAX_FIRMWARE} bytes")


def cannot_open(unit: int, path: str, form: str = "raw", *, read_only: bool) -> str:
    """The file behind a chip is not there (block/file-posix.c, raw_open_common)."""
    option = f"-drive if=pflash,unit={unit},format={form},{'readonly=on,' if read_only else ''}"
    return _lines(f"{option}file={path}: Could not open '{path}': No such file or directory")


def launch_refusal(sizes: tuple[int, ...]) -> str:
    """What QEMU says to chips of these file sizes, unit 0 first; empty where it starts.

    QEMU looks at sizes alone (hw/i386/pc_sysfw.c): not at what the files hold.
    """
    total = 0
    for unit, size in enumerate(sizes):
        if size == 0 or size % PC_BLOCK_SIZE:
            return invalid_size(unit, size)
        total += size
        if total > PC_MAX_FIRMWARE:
            return combined_size()
    return ""


def not_qcow2(unit: int, path: str) -> str:
    """A chip's file is declared qcow2 and is none (block/qcow2.c, qcow2_do_open)."""
    option = f"-drive if=pflash,unit={unit},format=qcow2,file={path}"
    return _lines(f"{option}: Image is not in qcow2 format")


def no_bios(path: str) -> str:
    """The file of ``-bios`` is not there or no multiple of 64 KiB (hw/i386/x86.c)."""
    return f"qemu: could not load PC BIOS '{path}'"


BIOS_UNIT = 64 << 10
"""What the size of ``-bios`` is a multiple of (x86_bios_rom_init)."""


def no_snapshot_in(unit: int) -> str:
    """A writable chip's file is of a format without snapshots (block/snapshot.c)."""
    return f"Error: Device 'pflash{unit}' is writable but does not support snapshots"


NO_SNAPSHOT_ANYWHERE = "Error: no block device can store vmstate for snapshot"
"""No writable device at all (block/snapshot.c, bdrv_all_find_vmstate_bs)."""


def no_such_snapshot(name: str) -> str:
    """``loadvm`` of a name that is not there (migration/savevm.c, load_snapshot)."""
    return f"Error: Snapshot '{name}' does not exist in one or more devices"


_RAM_FAILED = (
    "error while loading state for instance 0x0 of device 'ram'",
    "load of migration failed: Invalid argument",
)


def size_mismatch(block: str, incoming: int, own: int) -> str:
    """The destination's RAM block has another size than the source's (migration/ram.c)."""
    return _lines(
        f"Size mismatch: {block}: 0x{incoming:x} != 0x{own:x}: Invalid argument", *_RAM_FAILED
    )


def unknown_block(block: str) -> str:
    """The destination has no RAM block of that name (migration/ram.c, ram_load_setup)."""
    return _lines(f'Unknown ramblock "{block}", cannot accept migration', *_RAM_FAILED)


def stream_ended(section: int = 2, name: str = "ram") -> str:
    """The stream ends in the middle of a section (migration/savevm.c, qemu_loadvm_state_main)."""
    return _lines(
        f"error while loading state section id {section}({name})",
        "load of migration failed: Input/output error",
    )


def source_lost_its_peer() -> str:
    """The destination is gone while the source writes (io/channel-socket.c)."""
    return _lines("Unable to write to socket: Broken pipe")


def source_could_not_save() -> str:
    """The destination hung up at the stream's start: -5 is EIO (migration/savevm.c)."""
    return _lines(
        "failed to save SaveStateEntry with id(name): 2(ram): -5",
        "Unable to write to socket: Broken pipe",
    )
