"""The hosts while a scenario is played: what the actions work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ovmfgui.dataclass import dataclass, field
from ovmfgui.flash.image import Format
from ovmfgui.migration.scenario.host import Storage
from ovmfgui.migration.simulation.domain import FirmwareUse
from ovmfgui.migration.simulation.states import FileRole
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from uuid import UUID

    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.migration.scenario.host import Host, Package
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.backend import Platform
    from ovmfgui.migration.simulation.boot_verdict import Judge
    from ovmfgui.migration.simulation.domain import Domain
    from ovmfgui.migration.simulation.kept import Kept
    from ovmfgui.migration.simulation.machine import HostFile, Machine
    from ovmfgui.migration.simulation.snapshot import Stream
    from ovmfgui.migration.simulation.step_result import StepResult

PRIVATE_FOLDER = "/var/lib/libvirt/qemu/nvram"


@dataclass(slots=True)
class SimulatedFile:
    """A file on a host, or on the storage that hosts share."""

    path: str
    role: FileRole
    owner: str
    contents: HostFile
    shared: bool = False
    form: Format = Format.RAW


@dataclass(slots=True)
class SimulatedHost:
    """A host with what is on it.

    Attributes:
        plan: as the scenario has it.
        packages: by name.
        files: by path; a snapshot in a store's file has one of its own.
        domains: defined here, by name.
        machines: running here, by domain.
        saved: guests in save files, by the file's path.
        snapshots: by domain and the snapshot's name.
    """

    plan: Host
    packages: dict[str, Package] = field(default_factory=dict)
    files: dict[str, SimulatedFile] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    saved: dict[str, Kept] = field(default_factory=dict)
    snapshots: dict[tuple[str, str], Kept] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As the scenario names it."""
        return self.plan.name

    @property
    def title(self) -> str:
        """As a person calls it."""
        return self.plan.title

    def file(self, path: str) -> SimulatedFile:
        """The file at ``path``, or a refusal that says what lies there."""
        if path not in self.files:
            there = ", ".join(self.files) or "no file at all"
            msg = f"{self.title} has no {path}; it has {there}"
            raise Refused(msg)
        return self.files[path]


class Simulation:
    """Everything that the actions of a scenario change.

    Attributes:
        scenario: what is played.
        hosts: by name, in the scenario's order.
        stream: the migration stream to be shown with the next step.
        judge: tells what happens at a power-on.
        platform: the engine that keeps the files and runs the machines.
        firmware: what runs in the guests, where that is real; the model's where None.
        known: by domain, the variables that its guest has been told are saved.
        deleted: by domain, the variables that its guest has been told are deleted.
        lost: by domain, the variables that its guest did not find again at its last power-on.
        unmet: what the scenario asked for and did not get, a sentence each.
    """

    def __init__(
        self,
        scenario: Scenario,
        judge: Judge,
        platform: Platform,
        firmware: RealFirmware | None = None,
    ) -> None:
        self.scenario = scenario
        self.judge = judge
        self.platform = platform
        self.firmware = firmware
        self.hosts = {host.name: SimulatedHost(host) for host in scenario.hosts}
        self.stream: Stream | None = None
        self.known: dict[str, dict[tuple[UUID, str], bytes]] = {}
        self.deleted: dict[str, set[tuple[UUID, str]]] = {}
        self.lost: dict[str, tuple[str, ...]] = {}
        self.unmet: list[str] = []
        self._old_records = {
            Pages.of(package.code).sha256
            for package in scenario.packages.values()
            if package.old_records
        }
        for host in self.hosts.values():
            for name in host.plan.packages:
                self.install(host, scenario.packages[name])

    def install(self, host: SimulatedHost, package: Package) -> None:
        """Put a package's files in place, over what lies there."""
        host.packages[package.name] = package
        role = FileRole.UNIFIED if package.unified else FileRole.CODE
        self._place(host, package.code_path, role, package.name, package.code)
        if package.template is not None and package.template_path is not None:
            self._place(
                host, package.template_path, FileRole.TEMPLATE, package.name, package.template
            )

    def _place(
        self, host: SimulatedHost, path: str, role: FileRole, owner: str, data: bytes
    ) -> None:
        file = self.platform.place(host.plan, path, Pages.of(data), shared=False, form=Format.RAW)
        host.files[path] = SimulatedFile(path, role, owner, file)

    def uninstall(self, host: SimulatedHost, package: Package) -> None:
        """Take a package and its files away."""
        del host.packages[package.name]
        for path in (package.code_path, package.template_path):
            if path and host.files.pop(path, None) is not None:
                self.platform.remove(host.plan, path, shared=False)

    def put_private(self, host: SimulatedHost, domain: Domain, contents: Pages) -> SimulatedFile:
        """Make a domain's private file; on shared storage both hosts see it."""
        assert domain.private is not None
        shared = host.plan.storage is Storage.SHARED
        made = self.platform.place(
            host.plan, domain.private, contents, shared=shared, form=domain.form
        )
        return self._private(host, domain, made)

    def copy_private(self, source: SimulatedHost, host: SimulatedHost, domain: Domain) -> None:
        """Copy the domain's private file to another host, over what lies there."""
        assert domain.private is not None
        file = source.file(domain.private)
        shared = host.plan.storage is Storage.SHARED
        made = self.platform.copy(file.contents, host.plan, domain.private, shared=shared)
        self._private(host, domain, made)

    def _private(self, host: SimulatedHost, domain: Domain, made: HostFile) -> SimulatedFile:
        assert domain.private is not None
        role = FileRole.UNIFIED if domain.unified else FileRole.STORE
        shared = host.plan.storage is Storage.SHARED
        file = SimulatedFile(domain.private, role, domain.name, made, shared, domain.form)
        for each in self._sharing(host):
            _forget_views(each, domain.private)
            each.files[domain.private] = file
        return file

    def remove_private(self, host: SimulatedHost, path: str) -> None:
        """Delete a domain's private file, and with it the snapshots in it."""
        shared = host.plan.storage is Storage.SHARED
        self.platform.remove(host.plan, path, shared=shared)
        for each in self._sharing(host):
            _forget_views(each, path)
            each.files.pop(path, None)

    def show_snapshot(self, host: SimulatedHost, file: SimulatedFile, name: str) -> None:
        """Show the store that a snapshot inside a store's file holds, as a file of its own."""
        path = snapshot_path(file.path, name)
        view = self.platform.snapshot_in(file.contents, name)
        shown = SimulatedFile(path, FileRole.SNAPSHOT, file.owner, view, file.shared, file.form)
        for each in self._sharing(host):
            each.files[path] = shown

    def put_saved(self, host: SimulatedHost, path: str, domain: str, made: HostFile) -> None:
        """A save file has been written on a host."""
        host.files[path] = SimulatedFile(path, FileRole.SAVED, domain, made)

    def remove_saved(self, host: SimulatedHost, path: str) -> None:
        """Delete a save file."""
        self.platform.remove(host.plan, path, shared=False)
        del host.files[path], host.saved[path]

    def _sharing(self, host: SimulatedHost) -> Iterable[SimulatedHost]:
        if host.plan.storage is not Storage.SHARED:
            return (host,)
        return [each for each in self.hosts.values() if each.plan.storage is Storage.SHARED]

    def host(self, name: str) -> SimulatedHost:
        """The host of that name."""
        return self.hosts[name]

    def package_on(self, host: SimulatedHost, name: str | None) -> Package:
        """The named package on a host, its only one where none is named."""
        if name is not None and name in host.packages:
            return host.packages[name]
        if name is None and len(host.packages) == 1:
            return next(iter(host.packages.values()))
        there = ", ".join(host.packages) or "none"
        wanted = f'no package "{name}"' if name else "several packages, so one has to be named"
        msg = f"{host.title} has {wanted} (installed: {there}); say package = …"
        raise Refused(msg)

    def domain_name(self, name: str | None) -> str:
        """A domain's name, the only one's where none is named."""
        names = sorted({domain for host in self.hosts.values() for domain in host.domains})
        if name is not None and name in names:
            return name
        if name is None and len(names) == 1:
            return names[0]
        there = ", ".join(names) or "none yet; define one first"
        what = f'there is no domain "{name}"' if name else "a domain has to be named"
        msg = f"{what} (defined: {there})"
        raise Refused(msg)

    def running(self, domain: str) -> tuple[SimulatedHost, Machine]:
        """Where a domain's guest runs, the arrived one where it has just migrated."""
        places = [
            (host, host.machines[domain]) for host in self.hosts.values() if domain in host.machines
        ]
        if not places:
            msg = f'the guest of "{domain}" is powered off; start it first'
            raise Refused(msg)
        return places[-1]

    def machines(self) -> Iterator[tuple[SimulatedHost, Machine]]:
        """Every machine with its host."""
        for host in self.hosts.values():
            for machine in host.machines.values():
                yield host, machine

    def appends_as_before(self, machine: Machine) -> bool:
        """Whether the CODE that a guest executes appends records in the old way."""
        return machine.code.device.contents().sha256 in self._old_records

    def verdict_on(self, machine: Machine) -> Verdict | None:
        """What starting with these chips comes to."""
        store = machine.store
        code = machine.code.device.contents()
        use, chipset = machine.use, machine.chipset
        if use in (FirmwareUse.ROM, FirmwareUse.STATELESS):
            return self.judge(code, None, use, chipset)
        if store is None or store is machine.code:
            return self.judge(code, None, None, chipset)
        return self.judge(code, store.device.contents(), None, chipset)


def snapshot_path(path: str, name: str) -> str:
    """What a snapshot inside a file is called among a host's files."""
    return f"{path} @{name}"


def _forget_views(host: SimulatedHost, path: str) -> None:
    for each in [each for each in host.files if each.startswith(snapshot_path(path, ""))]:
        del host.files[each]


class RealFirmware(Protocol):
    """Firmware that runs in the guests itself, and is watched."""

    def start(
        self, simulation: Simulation, host: SimulatedHost, machine: Machine, title: str, intro: str
    ) -> StepResult:
        """What comes of a power-on or a reset that has just begun."""

    def write(
        self,
        simulation: Simulation,
        host: SimulatedHost,
        machine: Machine,
        title: str,
        key: tuple[UUID, str],
        value: bytes | None,
        attributes: int | None,
    ) -> StepResult:
        """Have the guest set a variable, or delete it where ``value`` is None."""
