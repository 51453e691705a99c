"""What the system's own words behind a message mean: they decide the cause."""

from __future__ import annotations

from ovmfgui.named_tuple import NamedTuple


class Reason(NamedTuple):
    """An error number in words.

    Attributes:
        words: of strerror.
        cause: what has led to it, for a file or folder.
        cure: what to do.
    """

    words: str
    cause: str
    cure: str


REASONS = (
    Reason(
        "No such file or directory",
        "It is not there: the firmware package has other names now (2M builds have left several "
        "distributions), or the domain came from another host without its files.",
        "Install a package with that file, bring the domain's own VARS along, or point the domain "
        "at firmware that is there (ovmfgui check CODE VARS).",
    ),
    Reason(
        "Permission denied",
        "It is there, and the one who opens it may not: QEMU's user (libvirt-qemu, qemu), a folder "
        "on the way that it cannot enter, or SELinux or AppArmor.",
        "See each folder on the way (namei -l PATH) and what was forbidden (ausearch -m avc, "
        "dmesg | grep DENIED). Keep VARS in /var/lib/libvirt/qemu/nvram; don't make it 777.",
    ),
    Reason(
        "Operation not permitted",
        "It is immutable, or of a file system or container that forbids this.",
        "See lsattr FILE, and how it is mounted: findmnt -T FILE.",
    ),
    Reason(
        "Read-only file system",
        "Where it lies is mounted read-only: a package folder of an immutable system, or a disk "
        "that the kernel has stopped writing to after errors.",
        "Keep VARS in a writable folder; see findmnt -T FILE and dmesg.",
    ),
    Reason(
        "No space left on device",
        "The disk or its quota is full.",
        "Make room (df, df -i) before the guest writes again: what is in the chip and not in the "
        "file is lost at power-off.",
    ),
    Reason(
        "Disk quota exceeded",
        "The user's quota is used up.",
        "Make room before the guest writes again.",
    ),
    Reason(
        "Is a directory",
        "A folder is named where a file is meant.",
        "Name the file in it.",
    ),
    Reason(
        "Not a directory",
        "A part of the path is a file, not a folder.",
        "Correct the path.",
    ),
    Reason(
        "Text file busy",
        "It is being executed or swapped to.",
        "See who has it: lsof FILE.",
    ),
    Reason(
        "Device or resource busy",
        "Another one has it: a second machine, a mount, device mapper.",
        "See who: lsof FILE, lsblk.",
    ),
    Reason(
        "Resource temporarily unavailable",
        "Another process holds a lock on it: most likely a second machine on the same file.",
        "See who has it (lsof FILE); give each domain a store of its own.",
    ),
    Reason(
        "Stale file handle",
        "The network storage has replaced or removed it under this host.",
        "Mount the storage again; see that the file is there on the server.",
    ),
    Reason(
        "Input/output error",
        "The disk or the network storage below it fails.",
        "See dmesg; make a copy of VARS at once.",
    ),
    Reason(
        "Invalid argument",
        "The file system does not do what was asked, most often direct I/O (cache=none) on tmpfs "
        "or a network.",
        "Set another cache mode for this drive, or keep the file elsewhere.",
    ),
    Reason(
        "Too many levels of symbolic links",
        "Symbolic links on the way point in a circle.",
        "Follow them: namei -l PATH.",
    ),
)


def reason_of(words: str) -> Reason | None:
    """The reason that a message ends with; None where it is none that is known."""
    told = words.strip().lower()
    return next((each for each in REASONS if told.startswith(each.words.lower())), None)
