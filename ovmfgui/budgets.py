"""What the readers spend on one input at most, whatever the input claims: all in one place.

Every budget counts what is really read, made or waited for. One that is used up ends an answer,
and the answer says so: as a finding where the rest is still worth having, else as a refusal.
SECURITY.md lists them for people; a test holds the two together.
"""

from __future__ import annotations

from ovmfgui.named_tuple import NamedTuple

# Files, in bytes.
MOST_DEFINITION = 64 << 20
MOST_SCENARIO = 1 << 20
MOST_INPUT = 128 << 20
MOST_TRACE = 1 << 30
MOST_FOLLOWED = 2_000

# An image's structure. Real images nest five levels of volumes and sections, have some 700 parts,
# those of machines' vendors some thousands, and unpack to some 14 MiB. Each part is two regions or
# more, and a window with several such images open still answers at once.
MOST_DEPTH = 24
MOST_PARTS = 16_000
MOST_UNPACKED = 96 << 20
MOST_SYMBOLS = 4_000_000

# Variables.
MOST_RECORDS = 20_000

# Scenarios.
MOST_ACTIONS = 10_000
MOST_KEY_PARTS = 16

# Recordings.
MOST_FLASH = 160 << 20
MOST_STATE = 64 << 20
MOST_SECTIONS = 100_000

# An image's smaller parts.
MOST_XZ_MEMORY = 256 << 20
MOST_XZ_STREAMS = 1_024
MOST_SNAPSHOTS = 65_536  # QCOW_MAX_SNAPSHOTS, block/qcow2.h
MOST_CLUSTERED = 1 << 30
MOST_MAP_ENTRIES = 64  # no real volume has more than a handful
MOST_RANGES = 64
MOST_OPCODES = 512
MOST_MEASURED = 64 << 20  # OVMF's have the image's size at most

# Values, and what else holds variables.
MOST_VOLUMES = 64  # a file of real stores has one or two
MOST_TRIES = 100_000  # start ids that turn out to be none
MOST_WRITES = 4_096  # the largest real working block, 256 KiB, holds some 3,000
MOST_CERT_NODES = 4_096
MOST_SIGNATURES = 20_000  # a dbx has some hundreds
MOST_NODES = 1_024  # far beyond any real path
MOST_DER_PARTS = 64
MOST_ADDRESSES = 16
MOST_EC2 = 16 << 20
MOST_VALUE = 1 << 20  # no database is anywhere near this
MOST_JSON_STORE = 64 << 20  # QEMU's stores have some 100 KB

# Binaries, and the disks that they lie on.
MOST_BINARY = 256 << 20
MOST_VOLUME_FILES = 20_000
MOST_ESP = 2 << 30
MOST_ISO_LEVELS = 16
MOST_PARTITIONS = 1_024
MOST_LOADERS = 24
MOST_KERNELS = 8
MOST_ISO_FOLDER = 8 << 20
MOST_ISO_FOLDERS = 16 << 20  # a volume's 20,000 files need some 2 MB
MOST_CERTIFICATES = 64
MOST_SBAT_LINES = 4_096

# Definitions of machines.
MOST_DESCRIPTOR = 1 << 20  # real ones have less than two thousand bytes
MOST_LINKS = 40  # like Linux' MAXSYMLINKS
MOST_BLOCK_NODES = 8  # real chains have two or three
MOST_OPTION_LEVELS = 8  # real ones have three

# Hosts and packages.
MOST_DOMAIN = 4 << 20  # REMOTE_STRING_MAX of libvirt's remote_protocol.x
MOST_HOST = 64 << 20
MOST_DOMAINS = 200_000
MOST_KEPT = 160 << 20  # two of Arm's with some others, or hundreds of x86
MOST_HOOK = 64 << 10
MOST_PACKED = 4 << 30  # qemu-efi-aarch64 has 384 MiB, most of them zeros
MOST_PACKED_FILES = 20_000  # Debian's packages of firmware have some thirty
MOST_NAMES = 100_000

# A recording's parts.
MOST_BLOCKS = 4_096
MOST_IDLE = 65_536  # QEMU sends one or two, multifd's marks
MOST_MACHINE = 4_096
MOST_BETWEEN = 16 << 20  # QEMU rounds up to 1 MiB, MAPPED_RAM_FILE_OFFSET_ALIGNMENT
MOST_AROUND = 64 << 20
MOST_COMPARED = 64 << 20
MOST_HASHED = 1 << 30
MOST_CONSOLE = 1 << 20

# Messages.
MOST_MESSAGE = 1 << 20
MOST_FOUND = 50
MOST_LINE = 4_000

# What the window keeps.
MOST_JOURNAL = 64 << 20  # the hex digits of an Arm store's volume, and more
MOST_NOTES = 16 << 20
MOST_GUID_TABLE = 4 << 20  # some 100,000 names

# Folders.
MOST_LEVELS = 8
MOST_FILES = 100_000

# Answers.
MOST_ALIKE = 64
MOST_ROWS = 2_000
MOST_TEXT = 2_000
MOST_CELL = 500
MOST_LABEL = 4_000

# Other programs, in seconds.
MONITOR_SECONDS = 5.0
QUIET_SECONDS = 20.0
QEMU_IMG_SECONDS = 20.0
VIRSH_SECONDS = 120.0
MTOOLS_SECONDS = 60.0
DISK_SECONDS = 120.0
DPKG_SECONDS = 60.0


class Budget(NamedTuple):
    """One row of SECURITY.md's table.

    Attributes:
        what: is counted.
        most: how much of it.
        unit: "bytes", "seconds", or what is counted one by one.
        told: how an answer says that it is used up.
    """

    what: str
    most: float
    unit: str
    told: str


_REFUSED = "refused"
_FINDING = "a finding; the rest is shown"
_SAID = "said in the answer"
_VOLUME = "of an image, said in the answer; a folder is refused"

BUDGETS = (
    Budget("a definition, descriptor or log", MOST_DEFINITION, "bytes", _REFUSED),
    Budget("a scenario", MOST_SCENARIO, "bytes", _REFUSED),
    Budget("standard input", MOST_INPUT, "bytes", _REFUSED),
    Budget("a trace", MOST_TRACE, "bytes", _REFUSED),
    Budget("nesting of an image's volumes and sections", MOST_DEPTH, "levels", _FINDING),
    Budget("volumes, files and sections of an image", MOST_PARTS, "parts", _FINDING),
    Budget("bodies that an image's sections unpack to", MOST_UNPACKED, "bytes", _FINDING),
    Budget("Tiano and UEFI compression in an image", MOST_SYMBOLS, "symbols", _FINDING),
    Budget("records of a store, variables of a JSON store", MOST_RECORDS, "records", _FINDING),
    Budget("actions of a scenario", MOST_ACTIONS, "actions", _REFUSED),
    Budget("a dotted key in a scenario", MOST_KEY_PARTS, "parts", _REFUSED),
    Budget("flash kept of a recording", MOST_FLASH, "bytes", _FINDING),
    Budget("one device's state in a recording", MOST_STATE, "bytes", _REFUSED),
    Budget("sections of a recording", MOST_SECTIONS, "sections", _FINDING),
    Budget("folders below a folder", MOST_LEVELS, "levels", _SAID),
    Budget("files of a folder", MOST_FILES, "files", _SAID),
    Budget(
        "findings of one kind, neighbours alike in a map's JSON",
        MOST_ALIKE,
        "findings",
        "one more counts the rest",
    ),
    Budget("rows of a map in the terminal", MOST_ROWS, "rows", "a last row counts the rest"),
    Budget("a sentence in the terminal", MOST_TEXT, "characters", "its middle is …"),
    Budget("a cell of a table in the terminal", MOST_CELL, "characters", "its middle is …"),
    Budget("a label of the window", MOST_LABEL, "characters", "its middle is …"),
    Budget("an answer of QEMU's monitor", MONITOR_SECONDS, "seconds", _REFUSED),
    Budget("acts of a machine that is followed in the window", MOST_FOLLOWED, "acts", "said there"),
    Budget(
        "a pause between two writes of a guest that is followed", QUIET_SECONDS, "seconds", _REFUSED
    ),
    Budget("qemu-img", QEMU_IMG_SECONDS, "seconds", _REFUSED),
    Budget("virsh", VIRSH_SECONDS, "seconds", _REFUSED),
    Budget("memory of an xz decoder; xz -9 needs 65 MiB", MOST_XZ_MEMORY, "bytes", _REFUSED),
    Budget("streams of an xz file", MOST_XZ_STREAMS, "streams", _REFUSED),
    Budget("snapshots of a qcow2 image", MOST_SNAPSHOTS, "snapshots", _REFUSED),
    Budget("a qcow2 disk whose clusters are looked for", MOST_CLUSTERED, "bytes", _REFUSED),
    Budget("a volume's block map", MOST_MAP_ENTRIES, "entries", _FINDING),
    Budget(
        "memory ranges of SEV's and TDX's metadata",
        MOST_RANGES,
        "ranges",
        f"{_FINDING}; measure refuses",
    ),
    Budget("a dependency expression", MOST_OPCODES, "opcodes", "said in its place"),
    Budget("a section or range that attestation measures", MOST_MEASURED, "bytes", _REFUSED),
    Budget("volumes in which a store is looked for", MOST_VOLUMES, "places", _FINDING),
    Budget(
        "places tried behind a broken record",
        MOST_TRIES,
        "places",
        _FINDING,
    ),
    Budget("writes and records of the FTW working block", MOST_WRITES, "writes", _FINDING),
    Budget("entries of certdb", MOST_CERT_NODES, "entries", _FINDING),
    Budget("signatures of a key database", MOST_SIGNATURES, "signatures", _FINDING),
    Budget("nodes of a device path", MOST_NODES, "nodes", _FINDING),
    Budget("parts of one level of a certificate", MOST_DER_PARTS, "parts", _REFUSED),
    Budget("servers of an HTTP or iSCSI attempt", MOST_ADDRESSES, "records", _REFUSED),
    Budget("EC2's UEFI data, unpacked; EC2 takes 64 KiB packed", MOST_EC2, "bytes", _REFUSED),
    Budget("a file of keys, or of a variable's value in the window", MOST_VALUE, "bytes", _REFUSED),
    Budget("a file in which a JSON store is looked for", MOST_JSON_STORE, "bytes", _SAID),
    Budget("an EFI binary, or a file on a volume", MOST_BINARY, "bytes", _REFUSED),
    Budget("files of a volume", MOST_VOLUME_FILES, "files", _VOLUME),
    Budget("an EFI system partition in a packed disk", MOST_ESP, "bytes", _SAID),
    Budget(
        "folders below a folder with loaders",
        MOST_ISO_LEVELS,
        "levels",
        _VOLUME,
    ),
    Budget("entries of a partition table", MOST_PARTITIONS, "entries", _SAID),
    Budget("loaders of a disk or folder", MOST_LOADERS, "loaders", _SAID),
    Budget("kernels of a disk or folder", MOST_KERNELS, "kernels", _SAID),
    Budget("a folder's own records in an ISO image", MOST_ISO_FOLDER, "bytes", _SAID),
    Budget("the records of all folders of an ISO image", MOST_ISO_FOLDERS, "bytes", _SAID),
    Budget("certificates of a signature", MOST_CERTIFICATES, "certificates", _REFUSED),
    Budget("lines of SBAT", MOST_SBAT_LINES, "lines", _REFUSED),
    Budget("a firmware descriptor", MOST_DESCRIPTOR, "bytes", _REFUSED),
    Budget("links on the way to a file of another host's tree", MOST_LINKS, "links", _REFUSED),
    Budget("block nodes from a chip to its file", MOST_BLOCK_NODES, "nodes", _FINDING),
    Budget("levels of a nested option of QEMU", MOST_OPTION_LEVELS, "levels", "named; unknown"),
    Budget("a domain's XML on a host or from libvirt's hook", MOST_DOMAIN, "bytes", _REFUSED),
    Budget("a collected folder's own description", MOST_HOST, "bytes", _REFUSED),
    Budget("domains of a host", MOST_DOMAINS, "domains", _REFUSED),
    Budget("contents of stores that are kept for the next pair", MOST_KEPT, "bytes", "read again"),
    Budget("a hook of libvirt that is there already", MOST_HOOK, "bytes", _REFUSED),
    Budget("all files of a package", MOST_PACKED, "bytes", _REFUSED),
    Budget("files of a package", MOST_PACKED_FILES, "files", _REFUSED),
    Budget("names of a package's files, through links too", MOST_NAMES, "names", _SAID),
    Budget("blocks of a recording's memory", MOST_BLOCKS, "blocks", _REFUSED),
    Budget("words of a RAM section that bring no page", MOST_IDLE, "words", _REFUSED),
    Budget("the machine type's name in a recording", MOST_MACHINE, "bytes", _REFUSED),
    Budget("gaps between a block's parts in a mapped-ram file", MOST_BETWEEN, "bytes", _REFUSED),
    Budget(
        "bytes before a stream, or unpacked behind it",
        MOST_AROUND,
        "bytes",
        f"{_REFUSED}; {_FINDING}",
    ),
    Budget("a disk with snapshots that may be a chip's", MOST_COMPARED, "bytes", _SAID),
    Budget("all snapshots that are compared", MOST_HASHED, "bytes", _SAID),
    Budget("what a guest under real QEMU prints", MOST_CONSOLE, "bytes", "its end is kept"),
    Budget("a message that is explained", MOST_MESSAGE, "characters", _SAID),
    Budget("explanations of one text", MOST_FOUND, "explanations", _SAID),
    Budget("a line of it", MOST_LINE, "characters", _SAID),
    Budget("the window's journal of unsaved edits", MOST_JOURNAL, "bytes", "passed over"),
    Budget("a file of notes", MOST_NOTES, "bytes", _REFUSED),
    Budget("a table of GUIDs' names of one's own", MOST_GUID_TABLE, "bytes", "said in settings"),
    Budget("mtools", MTOOLS_SECONDS, "seconds", _REFUSED),
    Budget("qemu-img with a whole disk", DISK_SECONDS, "seconds", _REFUSED),
    Budget("dpkg", DPKG_SECONDS, "seconds", _REFUSED),
)
