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

# An image's structure. Real images nest five levels of volumes and sections, have some 2,200
# parts, and unpack to some 14 MiB.
MOST_DEPTH = 24
MOST_PARTS = 40_000
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
    Budget("folders below a folder", MOST_LEVELS, "levels", "said in the answer"),
    Budget("files of a folder", MOST_FILES, "files", "said in the answer"),
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
)
