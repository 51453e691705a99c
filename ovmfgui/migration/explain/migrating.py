"""Messages of QEMU when a guest comes or goes, or is restored from a file."""

from __future__ import annotations

from ovmfgui.migration.explain import proof
from ovmfgui.migration.explain.message import Message

_RAM = "QEMU migration/ram.c"
_SAVEVM = "QEMU migration/savevm.c"
_PAIR = r"0x(?P<incoming>[0-9a-f]+) (?:in )?!= 0x(?P<own>[0-9a-f]+)"
_FLASH_CURE = (
    "Give the destination firmware files of the source's sizes, at the paths that the domain "
    "names; "
    "install the other package beside its own. Nothing is lost: the guest goes on at the source."
)

MESSAGES = (
    Message(
        "flash-size-mismatch",
        "QEMU",
        "Size mismatch: system.flash0: 0x37c000 != 0x1e0000: Invalid argument",
        rf"(?:Size|Length) mismatch: (?P<block>(?:system|virt)\.flash(?P<chip>\d)): {_PAIR}",
        "The two hosts' flash chips differ in size: chip {chip} comes with 0x{incoming} bytes and "
        "has 0x{own} here. To a migration the chips are memory, and memory blocks have to be "
        "equal.",
        "The hosts have firmware of different builds (2M and 4M). Chip 0 is CODE, chip 1 is VARS; "
        "the first number is what comes in.",
        _FLASH_CURE,
        f"{_RAM}, parse_ramblock (Length mismatch before QEMU 5.1)",
        proof.sizes,
        causes=(
            ("The hosts have firmware of different builds.", "Both sizes are those of a build."),
            (
                "A qcow2 store is opened as raw on one side.",
                "One size is that of no build; qemu-img info FILE there says qcow2.",
            ),
            (
                "An image was padded on one side only.",
                "One size is a power of two; the file ends in zeros or FF there.",
            ),
        ),
    ),
    Message(
        "bios-size-mismatch",
        "QEMU",
        "Length mismatch: pc.bios: 0x20000 in != 0x40000",
        r"(?:Size|Length) mismatch: (?P<block>pc\.bios|\S*bios\S*): "
        r"(?:0x)?(?P<incoming>[0-9a-f]+) (?:in )?!= (?:0x)?(?P<own>[0-9a-f]+)",
        "The two hosts' BIOS images differ in size: 0x{incoming} bytes come in, 0x{own} are here.",
        "The firmware was given with -bios, and the hosts have builds of different sizes: a "
        "unified "
        "OVMF of 2M and of 4M, or a SeaBIOS of 128 and of 256 KiB.",
        "Use an image of the source's size at the destination. With CODE and VARS as two pflash "
        "drives variables would be kept as well.",
        f"{_RAM}; the words of the message that this program was made for",
        proof.sizes,
    ),
    Message(
        "rom-size-mismatch",
        "QEMU",
        "Size mismatch: 0000:00:02.0/virtio-net-pci.rom: 0x40000 != 0x80000: Invalid argument",
        r"(?:Size|Length) mismatch: (?P<block>\S+\.rom): "
        r"(?:0x)?(?P<incoming>[0-9a-f]+) (?:in )?!= (?:0x)?(?P<own>[0-9a-f]+)",
        "The option ROM {block} has 0x{incoming} bytes at the source and 0x{own} here. This is a "
        "device's ROM, not the system firmware.",
        "The packages with the network boot ROMs (ipxe-qemu) or QEMU itself differ: a ROM "
        "grew over "
        "the power of two that it is padded to.",
        "Install the source's ROM package at the destination, name its file (romfile=), or switch "
        "the ROM off (rombar=0) on both sides.",
        f"{_RAM}, parse_ramblock",
        proof.sizes,
    ),
    Message(
        "memory-size-mismatch",
        "QEMU",
        "Size mismatch: pc.ram: 0x8000000 != 0x10000000: Invalid argument",
        r"(?:Size|Length) mismatch: (?P<block>[^\s:]+): "
        r"(?:0x)?(?P<incoming>[0-9a-f]+) (?:in )?!= (?:0x)?(?P<own>[0-9a-f]+)",
        "The memory block {block} has 0x{incoming} bytes at the source and 0x{own} here.",
        "The machine is defined differently on the two hosts: its memory size, a graphics card's "
        "memory, or another device.",
        "Start the destination with the source's definition (virsh dumpxml --migratable).",
        f"{_RAM}, parse_ramblock",
        proof.sizes,
    ),
    Message(
        "unknown-flash-block",
        "QEMU",
        'Unknown ramblock "system.flash1", cannot accept migration',
        r"Unknown (?:ramblock|RAM block) \"(?P<block>(?:system|virt)\.flash\d|pc\.bios)\"",
        "The guest comes with a chip ({block}) that the machine here does not have.",
        "The destination was started without the second pflash drive, or with -bios instead of "
        "pflash (or the other way round).",
        "Define the domain alike on both hosts: loader and nvram, both as pflash.",
        f"{_RAM}, ram_load_setup",
    ),
    Message(
        "unknown-block",
        "QEMU",
        'Unknown ramblock "0000:00:01.1:00.0/e1000e.rom", cannot accept migration',
        r"Unknown (?:ramblock|RAM block) \"(?P<block>[^\"]+)\"",
        "The guest comes with a memory block ({block}) that the machine here does not have.",
        "A device is missing at the destination, or stands in another slot.",
        "Start the destination with the source's definition, and the same machine type.",
        f"{_RAM}, ram_load_setup",
    ),
    Message(
        "unknown-section",
        "QEMU",
        "Unknown savevm section or instance 'pflash_cfi01' 1.",
        r"Unknown (?:savevm )?section or instance '(?P<device>[^']+)' (?P<instance>\d+)",
        "The guest comes with the state of a device ({device}, number {instance}) that is not "
        "here.",
        "The destination has fewer flash chips or other devices than the source.",
        "Define the domain alike on both hosts.",
        f"{_SAVEVM}, qemu_loadvm_section_start_full",
    ),
    Message(
        "section-footer",
        "QEMU",
        "Missing section footer for pflash_cfi01",
        r"Missing section footer for (?P<device>\S+)",
        "What came for {device} is longer or shorter than this QEMU reads.",
        "The two QEMU releases do not agree about this device's state.",
        "Use a versioned machine type that both know (pc-q35-7.2), or a newer destination.",
        f"{_SAVEVM}, check_section_footer",
    ),
    Message(
        "stream-ended",
        "QEMU",
        "error while loading state section id 2(ram)",
        r"error while loading state section id \d+\((?P<section>[^)]+)\)",
        "The stream ended or broke in the middle of {section}: the destination gives up, and its "
        "files are untouched.",
        "The connection was cut, the source's QEMU ended, or a recorded stream is cut off.",
        "Migrate again. The guest goes on at the source; see there for the first error.",
        f"{_SAVEVM}, qemu_loadvm_section_part_end",
    ),
    Message(
        "load-failed-argument",
        "QEMU",
        "load of migration failed: Invalid argument",
        r"load of migration failed: Invalid argument"
        r"|error while loading state for instance 0x[0-9a-f]+ of device '(?P<device>[^']+)'",
        "The destination refuses what comes; this line only says that it does.",
        "The line before it says why: a size that differs, a block or a device that is not there.",
        "Look at the line before, and at the destination's log: /var/log/libvirt/qemu/NAME.log.",
        f"{_SAVEVM}, qemu_loadvm_state_main",
    ),
    Message(
        "load-failed-io",
        "QEMU",
        "load of migration failed: Input/output error",
        r"load of migration failed: Input/output error",
        "The stream ended before its end.",
        "The connection was cut, the source ended, or a saved file is cut off.",
        "Migrate again; for a file, save the domain again and see that the disk has room.",
        "QEMU migration/migration.c, process_incoming_migration_co",
    ),
    Message(
        "lost-peer",
        "QEMU",
        "Unable to write to socket: Broken pipe",
        r"Unable to write to socket: (?:Broken pipe|Connection reset by peer)"
        r"|failed to save SaveStateEntry with id\(name\): \d+\([^)]+\): -\d+",
        "The destination has hung up while the source was sending; the guest goes on at the "
        "source.",
        "The destination's QEMU refused and ended; it does not say why to the source.",
        "Look for the reason in the destination's log: /var/log/libvirt/qemu/NAME.log there.",
        "QEMU io/channel-socket.c; migration/savevm.c, qemu_savevm_state_setup",
    ),
    Message(
        "migrated-already",
        "QEMU",
        "Can't migrate the vm that was paused due to previous migration",
        r"Can't migrate the vm that was paused due to previous migration",
        "This QEMU's guest has left already; what is left cannot leave a second time.",
        "An earlier migration was completed, and its source was not ended.",
        "See where the guest runs. If nowhere, continue it here (cont) before trying again.",
        "QEMU migration/migration.c, migrate_prepare",
    ),
    Message(
        "no-stream",
        "QEMU",
        "Not a migration stream",
        r"Not a migration stream|Unsupported migration stream version",
        "What comes in is no migration stream that this QEMU knows.",
        "A file of another kind was given, or one that libvirt wraps (virsh save) was given "
        "to QEMU "
        "itself.",
        "Restore libvirt's files with virsh restore; see what a file holds: ovmfgui stream FILE.",
        f"{_SAVEVM}, qemu_loadvm_state_header",
    ),
)
