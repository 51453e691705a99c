"""The actions that a scenario can name, with their parameters: the language of its steps."""

from __future__ import annotations

from enum import Enum

from ovmfgui.dataclass import dataclass


class Kind(Enum):
    """What a parameter takes; the value is the word for a person."""

    HOST = "a host's name"
    DOMAIN = "a domain's name"
    PACKAGE = "a package's name"
    TEXT = "text in quotes"
    HEX = "bytes in hex, in quotes"
    GUID = "a GUID in quotes"
    COUNT = "a number, 1 or more"
    FLAG = "true or false"
    ATTRIBUTES = 'attribute names, as ["NV", "BS", "RT"]'


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an action.

    Attributes:
        name: as a scenario writes it.
        kind: what it takes.
        summary: what it is, for a person who writes a scenario.
        required: whether it has to be there.
    """

    name: str
    kind: Kind
    summary: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ActionKind:
    """An action that a scenario can name; ``migration.actions`` carries it out.

    Attributes:
        name: as a scenario writes it.
        summary: one line: what it does.
        parameters: what a scenario can say with it.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]


DOMAIN = Parameter("domain", Kind.DOMAIN, "which domain; not needed where there is only one")
HOST = Parameter("host", Kind.HOST, "on which host", required=True)
_DOMAIN_PACKAGE = Parameter(
    "package", Kind.PACKAGE, "whose firmware; not needed where the host has only one"
)
_TO = Parameter("to", Kind.HOST, "the destination", required=True)
_FROM = Parameter("host", Kind.HOST, "from which host; not needed where it is on one other")
_SNAPSHOT = Parameter("name", Kind.TEXT, 'the snapshot\'s name, "before" if not given')
_SAVED = Parameter("file", Kind.TEXT, "the save file; not needed where there is one")
_WHERE = Parameter("host", Kind.HOST, "where; not needed where the domain is defined once")
_NAME = Parameter("name", Kind.TEXT, "the variable's name", required=True)
_GUID = Parameter("guid", Kind.GUID, "its vendor's GUID; that of the well-known name if not given")
_PACKAGE = Parameter("package", Kind.PACKAGE, "the package to install", required=True)

_KINDS = (
    ActionKind(
        "define",
        "define a domain: CODE by its path, a private store from the template",
        (
            HOST,
            Parameter("domain", Kind.TEXT, 'its name, "vm1" if not given'),
            _DOMAIN_PACKAGE,
            Parameter("rom", Kind.FLAG, "map the image as ROM, as -bios does: nothing is saved"),
            Parameter("stateless", Kind.FLAG, "CODE alone, and nothing is to be saved"),
            Parameter("qcow2", Kind.FLAG, "its own file in qcow2, which can hold snapshots"),
            Parameter("machine", Kind.TEXT, 'its machine type, "q35" if not given, or "pc"'),
            Parameter("no_smm", Kind.FLAG, "SMM switched off (smm=off)"),
        ),
    ),
    ActionKind(
        "switch-firmware",
        "point a powered-off domain at other firmware, by hand, with a fresh store",
        (HOST, DOMAIN, _DOMAIN_PACKAGE),
    ),
    ActionKind(
        "undefine",
        "remove a powered-off domain's definition, and its store with it (--nvram)",
        (
            _WHERE,
            DOMAIN,
            Parameter("keep_nvram", Kind.FLAG, "leave the store where it is (--keep-nvram)"),
        ),
    ),
    ActionKind("start", "power a domain on", (_WHERE, DOMAIN)),
    ActionKind("relaunch", "power a domain on again", (_WHERE, DOMAIN)),
    ActionKind("power-off", "the guest shuts down", (DOMAIN,)),
    ActionKind("quit", "end QEMU without asking the guest", (DOMAIN,)),
    ActionKind("power-loss", "a host loses its power", (HOST,)),
    ActionKind("pause", "stop the guest's processors", (DOMAIN,)),
    ActionKind("continue", "let the guest's processors run on", (DOMAIN,)),
    ActionKind("reset", "the machine's reset button", (DOMAIN,)),
    ActionKind(
        "set-variable",
        "the guest sets a variable",
        (
            _NAME,
            DOMAIN,
            _GUID,
            Parameter("text", Kind.TEXT, "the value as text (UTF-8)"),
            Parameter("data", Kind.HEX, "the value in hex"),
            Parameter("size", Kind.COUNT, "a value of that many bytes, counting up from 0"),
            Parameter("attributes", Kind.ATTRIBUTES, "NV, BS and RT if not given"),
            Parameter("stop_after", Kind.COUNT, "stop after that many bus writes, in mid-write"),
            Parameter("slowly", Kind.FLAG, "a step for every flash write"),
        ),
    ),
    ActionKind(
        "delete-variable",
        "the guest deletes a variable",
        (
            _NAME,
            DOMAIN,
            _GUID,
            Parameter("stop_after", Kind.COUNT, "stop after that many bus writes, in mid-write"),
            Parameter("slowly", Kind.FLAG, "a step for every flash write"),
        ),
    ),
    ActionKind("finish-write", "the guest goes on with a stopped write", (DOMAIN,)),
    ActionKind("get", "the guest reads a variable", (_NAME, DOMAIN, _GUID)),
    ActionKind(
        "upgrade-package",
        "replace a host's firmware package in place",
        (
            HOST,
            _PACKAGE,
            Parameter(
                "replaces", Kind.PACKAGE, "which one; not needed where the host has only one"
            ),
        ),
    ),
    ActionKind(
        "install-second-package",
        "install another firmware package beside the first",
        (HOST, _PACKAGE),
    ),
    ActionKind(
        "migrate",
        "live migration to another host",
        (
            _TO,
            DOMAIN,
            Parameter("paused", Kind.FLAG, "the destination waits to be continued (-S)"),
            Parameter("cut_at", Kind.COUNT, "cut the link when that many per cent went over"),
            Parameter("without_store", Kind.FLAG, "the destination has no second chip"),
        ),
    ),
    ActionKind(
        "move-offline",
        "move a powered-off domain: libvirt carries the definition, not the store",
        (_TO, _FROM, DOMAIN),
    ),
    ActionKind(
        "copy-store",
        "copy a domain's own file to another host by hand",
        (_TO, _FROM, DOMAIN),
    ),
    ActionKind(
        "reset-nvram",
        "power a domain on with a store made anew from the template (start --reset-nvram)",
        (_WHERE, DOMAIN),
    ),
    ActionKind(
        "save",
        "stop a guest and write it to a file, its chips with it (virsh save)",
        (
            DOMAIN,
            Parameter("file", Kind.TEXT, "the save file; one of the domain's if not given"),
            Parameter("sparse", Kind.FLAG, "in the sparse format, which libvirt has since 11.2"),
        ),
    ),
    ActionKind(
        "restore",
        "take a guest up from a save file (virsh restore)",
        (
            Parameter("host", Kind.HOST, "where; not needed where the file is on one host"),
            DOMAIN,
            _SAVED,
        ),
    ),
    ActionKind(
        "copy-save",
        "copy a save file to another host by hand",
        (
            _TO,
            Parameter("host", Kind.HOST, "from which host; not needed where it is on one"),
            DOMAIN,
            _SAVED,
        ),
    ),
    ActionKind(
        "managed-save",
        "save a guest so that the next start takes it up again (virsh managedsave)",
        (DOMAIN,),
    ),
    ActionKind(
        "snapshot",
        "put guest and store into the store's own qcow2 file (savevm)",
        (DOMAIN, _SNAPSHOT),
    ),
    ActionKind("revert", "go back to such a snapshot (loadvm)", (DOMAIN, _SNAPSHOT)),
    ActionKind(
        "snapshot-disks",
        "a snapshot of the disks alone, without the store (snapshot-create --disk-only)",
        (_WHERE, DOMAIN, _SNAPSHOT),
    ),
    ActionKind(
        "revert-disks",
        "put a powered-off domain's disks back to such a snapshot; the store stays",
        (_WHERE, DOMAIN, _SNAPSHOT),
    ),
    ActionKind(
        "enrol-keys",
        "write a profile of Secure Boot keys into a powered-off domain's store",
        (
            Parameter("profile", Kind.TEXT, "which, as vars enrol knows them", required=True),
            _WHERE,
            DOMAIN,
        ),
    ),
    ActionKind(
        "try-loader",
        "would firmware with Secure Boot start a loader that this certificate vouches for?",
        (
            Parameter(
                "signed_by", Kind.TEXT, "a public certificate, as ms-uefi-2023", required=True
            ),
            _WHERE,
            DOMAIN,
        ),
    ),
)
ACTIONS = {kind.name: kind for kind in _KINDS}
"""All actions by name."""
