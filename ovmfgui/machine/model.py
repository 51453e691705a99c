"""A machine as its definition tells it; None stands for what the definition does not tell."""

from __future__ import annotations

from enum import StrEnum

from ovmfgui.dataclass import dataclass, field
from ovmfgui.refusal import Refused


class WithoutUefi(Refused):
    """A definition of a machine that starts without UEFI: well defined, and nothing to judge."""


class Kind(StrEnum):
    """Where a machine's definition came from."""

    FILES = "files"
    LIBVIRT = "libvirt"
    DESCRIPTOR = "descriptor"
    QEMU = "qemu"
    PROXMOX = "proxmox"


class Mapping(StrEnum):
    """How the firmware image is mapped into the guest."""

    FLASH = "flash"
    ROM = "rom"


class StoreKind(StrEnum):
    """Where the variables live."""

    FLASH = "flash"
    UEFI_VARS = "uefi-vars"
    NONE = "none"
    BLOCK = "block"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Firmware:
    """The image that the processor starts in.

    Attributes:
        how: flash (pflash unit 0) or rom (``-bios``, ``<loader type='rom'>``, memory-mapped).
        path: as the definition names it.
        format: as declared (raw, qcow2); None where nothing is declared.
        size: bytes that QEMU is told to map of it (``size=``); None: all of it.
        offset: where in the file the chip begins, in bytes.
        readonly: whether the guest may not write to it.
    """

    how: Mapping
    path: str
    format: str | None = None
    size: int | None = None
    offset: int = 0
    readonly: bool | None = None


@dataclass(frozen=True, slots=True)
class StoreSource:
    """Where the variables of the machine are kept.

    Attributes:
        how: see ``StoreKind``.
        path: the private file, device or URL; empty where there is none.
        format: as declared; None where nothing is declared.
        size: bytes that QEMU is told to map (``size=``); None: all of it.
        offset: where in the file the chip begins, in bytes.
        template: the file that the store is made from where it does not exist; empty where none.
        template_format: as declared.
        readonly: whether the guest may not write to it.
        discarded: whether what is written is thrown away at power-off (``-snapshot``).
    """

    how: StoreKind
    path: str = ""
    format: str | None = None
    size: int | None = None
    offset: int = 0
    template: str = ""
    template_format: str | None = None
    readonly: bool | None = None
    discarded: bool = False


NO_STORE = StoreSource(StoreKind.NONE)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a definition that is not understood, and so may decide.

    Attributes:
        text: the statement, as it stands there, shortened.
        why: what it may change.
    """

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Machine:
    """What the hypervisor is told of one machine.

    Attributes:
        kind: of its definition.
        name: of the domain; empty where the definition gives none.
        architecture: as QEMU's system emulators are called (x86_64, i386, aarch64, arm, …).
        board: the machine type (pc-q35-7.2, virt, …).
        smm: whether System Management Mode is on; None: the hypervisor decides.
        stateless: whether it is declared that nothing is to be saved.
        secure: whether flash may be written from SMM alone (cfi.pflash01 secure=on).
        firmware: None where the machine starts without UEFI.
        store: where its variables are.
        boards: the machine types, with wildcards, that a descriptor is for; empty where one is
            known.
        processor: the model of the processor; None: the hypervisor decides.
        refusals: why the hypervisor refuses the definition itself, a clause each with its words.
        not_understood: statements that may decide and were not understood.
        notes: what was concluded and not said (an autoselected firmware), a sentence each.
        source: the definition's own path; empty for plain files.
    """

    kind: Kind
    name: str = ""
    architecture: str | None = None
    board: str | None = None
    smm: bool | None = None
    stateless: bool | None = None
    secure: bool | None = None
    firmware: Firmware | None = None
    store: StoreSource = NO_STORE
    boards: tuple[str, ...] = ()
    processor: str | None = None
    refusals: tuple[str, ...] = ()
    not_understood: tuple[Statement, ...] = ()
    notes: tuple[str, ...] = field(default=())
    source: str = ""

    @property
    def title(self) -> str:
        """What a person calls it."""
        from pathlib import PurePath

        return self.name or (PurePath(self.source).name if self.source else "these files")


_ALIASES = {
    "i486": "i386",
    "i586": "i386",
    "i686": "i386",
    "amd64": "x86_64",
    "x64": "x86_64",
    "armv7l": "arm",
    "armv6l": "arm",
    "arm64": "aarch64",
}


def qemu_architecture(name: str | None) -> str | None:
    """What libvirt or a distribution calls an architecture, as QEMU does: ``i686`` is ``i386``."""
    if not name:
        return None
    return _ALIASES.get(name, name)
