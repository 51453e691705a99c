"""Everything there is at one moment of a replay, as immutable values that a view can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.migration.simulation.states import FileRole, Holder, RunState, StreamState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.migration.simulation.guest_view import GuestView
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.state import CommandState

CODE_CHIP = "system.flash0"
VARS_CHIP = "system.flash1"
"""RAM block names of the two chips (QEMU hw/i386/pc_sysfw.c); a unified image uses the first."""

VIRT_CODE_CHIP = "virt.flash0"
VIRT_VARS_CHIP = "virt.flash1"
"""Those of Arm's virt (hw/arm/virt.c)."""

ROM_BLOCK = "pc.bios"
"""RAM block of an image that is mapped as ROM (hw/i386/x86.c, x86_bios_rom_init)."""


def is_second(name: str) -> bool:
    """Whether a RAM block is the second flash chip, on whatever board."""
    return name.rpartition(".")[2] == "flash1"


@dataclass(frozen=True, slots=True, order=True)
class ObjectKey:
    """Names an object that holds bytes, the same at every step.

    Attributes:
        host: name of the host.
        holder: file or chip.
        name: a file's path, or ``DOMAIN/system.flash0`` for a chip.
    """

    host: str
    holder: Holder
    name: str

    @classmethod
    def file(cls, host: str, path: str) -> ObjectKey:
        """The key of a file on a host."""
        return cls(host, Holder.FILE, path)

    @classmethod
    def chip(cls, host: str, domain: str, chip: str) -> ObjectKey:
        """The key of a chip of the guest that runs a domain on a host."""
        return cls(host, Holder.CHIP, f"{domain}/{chip}")


@dataclass(frozen=True, slots=True)
class FileState:
    """A file on a host.

    Attributes:
        path: its path on the host.
        role: what it is for.
        owner: the package or the domain it belongs to.
        contents: its bytes.
        shared: whether it lies on storage that both hosts see.
    """

    path: str
    role: FileRole
    owner: str
    contents: Pages
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PackageState:
    """A firmware package as installed on a host.

    Attributes:
        name: as the scenario names it.
        title: what it is, in a few words ("OVMF 4M, Debian 2022.11").
        code: path of CODE (or of the unified image) on the host.
        template: path of the VARS template; None for a unified image.
    """

    name: str
    title: str
    code: str
    template: str | None


@dataclass(frozen=True, slots=True)
class DomainState:
    """A domain (VM) definition on a host.

    Attributes:
        name: the domain's.
        code: path that the definition names for CODE (or for the private unified image).
        store: path of its private variable store; None where it has none.
        private: path of the file that is its own; None where nothing is.
        words: what else is to be said of its definition ("mapped as ROM"); mostly empty.
    """

    name: str
    code: str
    store: str | None
    private: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class ChipState:
    """One flash chip of a guest.

    Attributes:
        name: its RAM block, as ``system.flash0`` or ``virt.flash1``.
        contents: the array, whatever the guest reads at this moment.
        command: the command state; ``command.words`` says it.
        address: guest-physical address of its first byte.
        read_only: whether the guest's writes are refused.
        backing: path of the file behind it.
        dump_pending: whether the whole chip goes to the file at the next change of run state.
        firmware: where its CODE came from ("ovmf-4m on alpha"); empty for a variable store.
        attention: offset of the last bus write to it, for a marker on the map; None before any.
    """

    name: str
    contents: Pages
    command: CommandState
    address: int
    read_only: bool
    backing: str
    dump_pending: bool = False
    firmware: str = ""
    attention: int | None = None

    @property
    def size(self) -> int:
        """Size of the chip in bytes."""
        return self.contents.size

    @property
    def second(self) -> bool:
        """Whether it is the chip that a variable store of its own lies in."""
        return is_second(self.name)


@dataclass(frozen=True, slots=True)
class GuestState:
    """A QEMU process that runs a domain.

    Attributes:
        domain: its name.
        run_state: QEMU's.
        qemu: the version, as its generation is named.
        chips: the flash chips, ``system.flash0`` first.
        guest_view: what the guest sees.
        unfinished: what the guest is in the middle of writing ("variable Boot0001, 12 of 240 bus
            writes done"); empty where nothing is.
        alive: whether the firmware got as far as to boot.
    """

    domain: str
    run_state: RunState
    qemu: str
    chips: tuple[ChipState, ...]
    guest_view: GuestView
    unfinished: str = ""
    alive: bool = True

    def chip(self, name: str) -> ChipState | None:
        """The chip of that RAM block name."""
        return next((chip for chip in self.chips if chip.name == name), None)


@dataclass(frozen=True, slots=True)
class HostState:
    """A host.

    Attributes:
        name: as the scenario names it.
        title: as a person calls it ("Host A").
        qemu: the version of its QEMU.
        packages: the firmware installed.
        files: everything that matters here, packages' files first.
        domains: those defined here.
        guests: those that run here (the source of a finished migration stays, ``postmigrate``,
            until it is quit).
    """

    name: str
    title: str
    qemu: str
    packages: tuple[PackageState, ...]
    files: tuple[FileState, ...]
    domains: tuple[DomainState, ...]
    guests: tuple[GuestState, ...]

    def file(self, path: str) -> FileState | None:
        """The file at that path."""
        return next((file for file in self.files if file.path == path), None)

    def guest(self, domain: str) -> GuestState | None:
        """The guest that runs that domain."""
        return next((guest for guest in self.guests if guest.domain == domain), None)


@dataclass(frozen=True, slots=True)
class StreamBlock:
    """A RAM block in a stream: its name, its size in bytes, and how much of it has gone over."""

    name: str
    size: int
    sent: int


@dataclass(frozen=True, slots=True)
class StreamChip:
    """The device state of one chip in a stream: RAM block name and command state."""

    name: str
    command: CommandState


@dataclass(frozen=True, slots=True)
class Stream:
    """The migration stream in flight at a step.

    Attributes:
        domain: whose.
        source: host it comes from.
        destination: host it goes to.
        state: how it stands.
        blocks: the flash RAM blocks in it.
        chips: the ``pflash_cfi01`` sections in it.
    """

    domain: str
    source: str
    destination: str
    state: StreamState
    blocks: tuple[StreamBlock, ...]
    chips: tuple[StreamChip, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Both hosts, and what is between them; hosts in the order of the scenario."""

    hosts: tuple[HostState, ...]
    stream: Stream | None = None

    def host(self, name: str) -> HostState | None:
        """The host of that name."""
        return next((host for host in self.hosts if host.name == name), None)

    def objects(self) -> Iterator[tuple[ObjectKey, Pages]]:
        """Every object that holds bytes, with its contents."""
        for host in self.hosts:
            for file in host.files:
                yield ObjectKey.file(host.name, file.path), file.contents
            for guest in host.guests:
                for chip in guest.chips:
                    yield ObjectKey.chip(host.name, guest.domain, chip.name), chip.contents
