"""Messages of QEMU when what comes does not suit this QEMU: versions, flags, devices.

Families by function: configuration_post_load, qemu_loadvm_state_header and
qemu_loadvm_section_start_full (migration/savevm.c), vmstate_load_state (migration/vmstate.c),
ram_load_precopy (migration/ram.c).
"""

from __future__ import annotations

from ovmfgui.migration.explain.message import Message

_SAVEVM = "QEMU migration/savevm.c"
_VERSIONS = (
    "Use a versioned machine type that both have (-machine pc-q35-7.2), and go to the same or a "
    "newer QEMU."
)

MESSAGES = (
    Message(
        "machine-mismatch",
        "QEMU",
        "Machine type received is 'pc-q35-8.2' and local is 'pc-q35-7.2'",
        r"Machine type received is '(?P<incoming>[^']*)' and local is '(?P<own>[^']*)'",
        "The guest comes from a machine {incoming}, and this one is {own}.",
        "The alias (q35, pc, virt) stands for another version on each QEMU, or the definitions "
        "differ.",
        "Start the destination as {incoming}. Where this QEMU does not have it, the guest can only "
        "move while it is off; its flash is not concerned.",
        f"{_SAVEVM}, configuration_post_load",
    ),
    Message(
        "page-bits",
        "QEMU",
        "Received TARGET_PAGE_BITS is 12 but local is 14",
        r"Received TARGET_PAGE_BITS is (?P<incoming>\d+) but local is (?P<own>\d+)",
        "Source and destination have pages of 2^{incoming} and 2^{own} bytes.",
        "The machines or their processors differ.",
        "Define the machine alike on both hosts.",
        f"{_SAVEVM}, configuration_post_load",
    ),
    Message(
        "capability-mismatch",
        "QEMU",
        "Capability x-ignore-shared is off, but received capability is on",
        r"Capability (?P<name>[\w-]+) is (?P<own>on|off), "
        r"but received capability is (?P<incoming>on|off)",
        "The two sides were told different ways to migrate: {name} is {own} here.",
        "migrate-set-capabilities was called on one side only.",
        "Set the same capabilities on both sides; for a file, those it was recorded with.",
        f"{_SAVEVM}, configuration_validate_capabilities",
    ),
    Message(
        "configuration-missing",
        "QEMU",
        "Configuration section missing",
        r"Configuration section missing",
        "The stream does not begin with the machine's name, as this QEMU wants it.",
        "A very old machine type or QEMU has recorded it, or it is no whole stream.",
        "See what it is (ovmfgui stream FILE), and start the destination with the source's machine "
        "type.",
        f"{_SAVEVM}, qemu_loadvm_state_header",
    ),
    Message(
        "section-version",
        "QEMU",
        "savevm: unsupported version 2 for 'pflash_cfi01' v1",
        r"unsupported version (?P<incoming>\d+) for '(?P<device>[^']+)' v(?P<own>\d+)"
        r"|(?P<other>[\w./-]+): incoming version_id (?P<new>\d+) is too new for local version_id "
        r"(?P<old>\d+)",
        "The state of {device}{other} comes in version {incoming}{new}; this QEMU knows up to "
        "{own}{old}.",
        "The source is a newer QEMU than the destination.",
        _VERSIONS,
        f"{_SAVEVM}, qemu_loadvm_section_start_full; migration/vmstate.c",
    ),
    Message(
        "field-failed",
        "QEMU",
        "Failed to load pflash_cfi01:status",
        r"Failed to load (?P<device>[\w./-]+):(?P<field>[\w./-]+)",
        "The state of {device} ended, or did not suit, at its field {field}.",
        "Usually the stream broke here: it ends, or what came before was read too long or too "
        "short.",
        "Read the first message; where the stream was cut, migrate again.",
        "QEMU migration/vmstate.c, vmstate_load_state",
        causes=(
            ("The stream ends there.", "The last line says Input/output error (-5)."),
            ("The releases differ about the device.", "The last line says Invalid argument (-22)."),
        ),
    ),
    Message(
        "vm-state",
        "QEMU",
        "Error -22 while loading VM state",
        r"Error -(?P<number>\d+) while loading VM state",
        "A saved guest (loadvm, -loadvm) was refused; the line before it says at what.",
        "22 is Invalid argument: the machine is not the one that was saved. 5 is Input/output "
        "error: the state is cut off. 2: there is no such snapshot.",
        "Start with the machine type, memory, devices and firmware that it was saved with; see "
        "them: ovmfgui stream IMAGE --snapshot NAME.",
        f"{_SAVEVM}, load_snapshot",
    ),
    Message(
        "ram-flags",
        "QEMU",
        "Unknown combination of migration flags: 0x200",
        r"Unknown combination of migration flags: (?P<flags>0x[0-9a-f]+)",
        "The memory comes in a way that this QEMU does not know (flags {flags}).",
        "0x200 is multifd's mark of QEMU 8.1 and later; 0x100 compressed pages, gone since 9.1; 0 "
        "is a damaged stream.",
        "Turn that capability off at the source, or use releases that both know it.",
        "QEMU migration/ram.c, ram_load_precopy",
    ),
    Message(
        "non-migratable",
        "QEMU",
        "State blocked by non-migratable device '0000:00:03.0/ivshmem'",
        r"State blocked by non-migratable device '(?P<device>[^']+)'"
        r"|(?P<other>[\w-]+) (?:device )?does not support migration",
        "The device {device}{other} has no state that could go over: the guest can neither migrate "
        "nor be saved while it has it.",
        "A passed-through or shared device is plugged in.",
        "Unplug it before (device_del, virsh detach-device). The flash is not concerned.",
        f"{_SAVEVM}, qemu_savevm_state_blocked",
    ),
    Message(
        "migration-job",
        "libvirt",
        "operation failed: migration out job: unexpectedly failed",
        r"(?:migration (?:out|in) job|job 'migration (?:out|in)'|domain save job)[:\w ']*"
        r"(?:unexpectedly failed|failed)|operation failed: domain is no longer running",
        "The migration ended; libvirt does not say why here.",
        "The destination's QEMU refused what came, or one of the two QEMUs has ended.",
        "Look into /var/log/libvirt/qemu/NAME.log on both hosts, at the destination's first.",
        "libvirt src/qemu/qemu_migration.c, qemuMigrationJobCheckStatus",
        causes=(
            ("The destination refused.", "Its log says mismatch, Unknown ramblock or the like."),
            ("The source's QEMU ended.", "virsh domstate says shut off or crashed there."),
            ("The connection broke.", "The source's log says Broken pipe or reset by peer."),
        ),
    ),
    Message(
        "read-reset",
        "QEMU",
        "Unable to read from socket: Connection reset by peer",
        r"Unable to read from socket: (?P<reason>[^\n]+)",
        "The other side has hung up while this one was reading: {reason}",
        "At the destination: the source ended, or the connection broke. At the source: the "
        "destination refused.",
        "Look at the other side's log for the first error.",
        "QEMU io/channel-socket.c",
    ),
    Message(
        "outside-ram",
        "QEMU",
        "qemu: fatal: Trying to execute code outside RAM or ROM at 0x000000006fff0000",
        r"Trying to execute code outside RAM or ROM at (?P<address>0x[0-9a-f]+)",
        "The processor has jumped to {address}, where nothing is: the firmware or the system has "
        "gone astray.",
        "Soon after power-on: CODE of another machine or architecture, a cut CODE, or CODE and "
        "VARS that do not belong together.",
        "See whether they fit: ovmfgui check CODE VARS; ovmfgui inspect CODE names its "
        "architecture.",
        "QEMU accel/tcg/cputlb.c",
    ),
)
