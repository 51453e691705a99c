"""The words for how files, guests and streams stand; the machines' are QEMU's own."""

from __future__ import annotations

from enum import StrEnum


class FileRole(StrEnum):
    """What a file on a host is for."""

    CODE = "code"
    TEMPLATE = "template"
    STORE = "store"
    UNIFIED = "unified"
    SAVED = "saved"
    SNAPSHOT = "snapshot"


class RunState(StrEnum):
    """A virtual machine's run state, in QEMU's own words (QAPI RunState)."""

    RUNNING = "running"
    PAUSED = "paused"
    INMIGRATE = "inmigrate"
    POSTMIGRATE = "postmigrate"


class StreamState(StrEnum):
    """How a migration stream stands."""

    FLOWING = "flowing"
    COMPLETE = "complete"
    REFUSED = "refused"
    CUT = "cut"


class Holder(StrEnum):
    """What kind of object holds bytes."""

    FILE = "file"
    CHIP = "chip"
