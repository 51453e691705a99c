"""Two hosts: which domain can migrate, and which starts again on the other side?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Format
from ovmfgui.hosts import preflight_texts as texts
from ovmfgui.hosts.libvirt_xml import parsed
from ovmfgui.hosts.live_migration import Answer, Live, live_migration, machine_type_refusal
from ovmfgui.hosts.machine_reading import MachineReading
from ovmfgui.hosts.storage import SHARED
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.chips import ChipFile, Problem
from ovmfgui.machine.model import Kind, Machine, StoreKind, qemu_architecture
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.hosts.host import Domain, Host
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.machine.opening import OpenedMachine
    from ovmfgui.progress import Report

SAME, OTHER, MISSING, UNKNOWN = "same", "other", "missing", "unknown"
"""How a file is found under the same path on the other host."""


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """A domain's variable store on its own host.

    Attributes:
        how: its kind.
        path: as the definition names it.
        format: as declared.
        size: bytes of the chip; None where they are not known.
        sha256: of the chip's contents.
        exists: whether the private store is there; None where that is not known.
        template: what it is made from.
        there: what lies under its path on the other host: same, other, missing, unknown.
        storage: whether its own host keeps it on storage that others can have: shared, local,
            unknown.
    """

    how: str
    path: str
    format: str | None
    size: int | None
    sha256: str | None
    exists: bool | None
    template: str
    there: str
    storage: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that the answer rests on, without its bytes.

    Attributes:
        host: that it lies on.
        path: as it is called there.
        sha256: of the contents that the guest sees.
        size: of these, in bytes.
        format: how the file holds them.
        stands_for: ``template`` where it was read in the place of a store.
    """

    host: str
    path: str
    sha256: str
    size: int
    format: str | None
    stands_for: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one domain.

    Attributes:
        name: of the domain.
        state: as libvirt says it.
        code: path of its CODE; empty where it has none.
        code_there: what lies under this path on the other host: same, other, missing, unknown.
        store: of its variables; None where it has no UEFI.
        live: whether it is accepted while it runs.
        next_power_on: on the other host, with the store that came along; None without UEFI.
        offline_move: the same where only the definition is carried; None without UEFI.
        advice: what to do; empty where nothing is to be done.
        findings: why, and what else is worth knowing.
        well: whether nothing stands against the move.
        files: what the next power-on was judged from: CODE of the other host, and the store.
        board: its machine type; empty where none is named.
        smm: whether System Management Mode is declared on or off; None where neither.
    """

    name: str
    state: str
    code: str
    code_there: str
    store: StoreFacts | None
    live: Live
    next_power_on: Outcome | None
    offline_move: Outcome | None
    advice: str
    findings: tuple[Finding, ...]
    well: bool
    files: tuple[FileFacts, ...] = ()
    board: str = ""
    smm: bool | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """The answer for two hosts.

    Attributes:
        source: name of the host that the domains are on.
        destination: name of the other one.
        rows: one a domain.
        distinct_codes: how many CODE images were read for all of them.
    """

    source: str
    destination: str
    rows: tuple[Row, ...] = field(default=())
    distinct_codes: int = 0

    @property
    def well(self) -> bool:
        """Whether every domain is."""
        return all(row.well for row in self.rows)


def preflight(
    source: Host, destination: Host, names: Sequence[str] = (), report: Report = silent
) -> Preflight:
    """Judge domains of one host on another.

    Args:
        source: the host that the domains are on.
        destination: the other one.
        names: of the domains; none: all of them.
        report: told of progress, in domains.

    Raises:
        Refused: a domain is not on the source.
    """
    chosen = _chosen(source, names)
    reading = MachineReading()
    rows: list[Row] = []
    for done, domain in enumerate(chosen):
        report(done, len(chosen), domain.name)
        rows.append(judged(domain, source, destination, reading))
    return Preflight(source.name, destination.name, tuple(rows), reading.distinct_codes)


def judged(domain: Domain, source: Host, destination: Host, reading: MachineReading) -> Row:
    """The row of one domain; many share what was read before."""
    return _Case(domain, source, destination, reading).row()


def _chosen(source: Host, names: Sequence[str]) -> tuple[Domain, ...]:
    known = {domain.name: domain for domain in source.domains}
    missing = [name for name in names if name not in known]
    if missing:
        has = ", ".join(list(known)[:8]) or "none"
        msg = f"{source.name} has no domain {', '.join(missing)}; it has {has}"
        raise Refused(msg)
    return tuple(known[name] for name in dict.fromkeys(names)) if names else source.domains


class _Case:
    """One domain between two hosts."""

    def __init__(
        self, domain: Domain, source: Host, destination: Host, reading: MachineReading
    ) -> None:
        self.domain, self.source, self.destination = domain, source, destination
        self.reading = reading

    def row(self) -> Row:
        """The domain's row; a definition that cannot be read is a row too."""
        try:
            return self._judged()
        except Refused as refusal:
            return self._not_judged(str(refusal))

    def _opened(self, xml: bytes, host: Host, store: ChipFile | None = None) -> OpenedMachine:
        machine = self.reading.machine(xml, self.domain.source, host)
        return self.reading.opened(machine, host, store)

    def _judged(self) -> Row:
        here = self._opened(self.domain.now, self.source)
        there = self._opened(self.domain.now, self.destination)
        live = live_migration(here, there, self.destination)
        moved = self._opened(self.domain.at_next_start, self.destination)
        offline = self.reading.verdict(moved)
        carried = self._with_store_of(here, moved)
        after = offline if carried is None else self.reading.verdict(carried)
        refused = machine_type_refusal(moved.machine, self.destination)
        code_there = self._found(here.firmware, there.firmware)
        store = self._store_facts(here, there)
        started = moved if carried is None else carried
        return Row(
            self.domain.name,
            self.domain.state,
            here.machine.firmware.path if here.machine.firmware else "",
            code_there,
            store,
            live,
            Outcome.REFUSED_BY_QEMU if refused else after.outcome,
            Outcome.REFUSED_BY_QEMU if refused else offline.outcome,
            _advice(live, after),
            tuple(_findings(live, after, offline, code_there, store, self.destination.name)),
            live.answer is Answer.ACCEPTED and after.fit.well and self._offline_well(offline),
            tuple(self._files(started, brought=carried is not None)),
            here.machine.board or "",
            here.machine.smm,
        )

    def _digest(self, chip: ChipFile | None, host: Host) -> str | None:
        """Of the contents on the host; a store may lie here without its values."""
        if chip is None or chip.file is None:
            return None
        if chip.named in host.without_values:
            return host.digests[chip.named]
        whole = chip.file.format is Format.RAW and chip.stored == chip.file.size
        known = host.digests.get(chip.named) if whole else None
        return known or self.reading.sha256(chip)

    def _found(self, here: ChipFile | None, there: ChipFile | None) -> str:
        """What lies under the path of CODE on the other host."""
        if here is None or there is None or here.named != there.named:
            return UNKNOWN
        if there.problem is Problem.MISSING or there.stands_for is not None:
            return MISSING
        if here.file is None or there.file is None or here.stands_for is not None:
            return UNKNOWN
        own, other = self._digest(here, self.source), self._digest(there, self.destination)
        return SAME if own == other else OTHER

    def _store_facts(self, here: OpenedMachine, there: OpenedMachine) -> StoreFacts:
        store, chip = here.machine.store, here.store
        own = chip is not None and chip.file is not None and chip.stands_for is None
        in_a_file = store.how in (StoreKind.FLASH, StoreKind.UEFI_VARS)
        digest = self._digest(chip, self.source) if own else None
        found = UNKNOWN
        if there.store_exists is False:
            found = MISSING
        elif there.machine.store.path == store.path:
            other = self._digest(there.store, self.destination)
            known = digest is not None and other is not None
            found = (SAME if digest == other else OTHER) if known else UNKNOWN
        return StoreFacts(
            str(store.how),
            store.path,
            store.format,
            chip.file.size if own and chip is not None and chip.file is not None else None,
            digest,
            here.store_exists,
            store.template,
            found,
            self.source.storage_of(store.path) if in_a_file and store.path else UNKNOWN,
        )

    def _files(self, started: OpenedMachine, *, brought: bool) -> Iterator[FileFacts]:
        """CODE lies on the other host, and so does the store if none was brought along."""
        for chip in started.files:
            own = brought and chip is started.store
            host = self.source if own else self.destination
            yield FileFacts(
                host.name,
                chip.named,
                self._digest(chip, host) or "",
                chip.file.size if chip.file is not None else 0,
                None if chip.content is None else str(chip.content),
                chip.stands_for,
            )

    def _offline_well(self, offline: Verdict) -> bool:
        """A domain that does not run is moved with its definition alone."""
        return self.domain.live is not None or offline.fit.well

    def _with_store_of(self, here: OpenedMachine, moved: OpenedMachine) -> OpenedMachine | None:
        """The machine on the other host with the store of its own; None where it has none to carry.

        A live migration writes the chip as the guest sees it, into a file of whatever format.
        """
        carries = here.machine.store.how is moved.machine.store.how and here.store is not None
        if not carries or here.machine.store.how is StoreKind.NONE or here.store_exists is False:
            return None
        assert here.store is not None
        store = here.store
        return self.reading.opened(moved.machine, self.destination, store)

    def _not_judged(self, why: str) -> Row:
        """A domain without UEFI has no store to lose; of any other nothing is known."""
        no_uefi = "without UEFI" in why or "without firmware" in why
        live = Live(Answer.UNKNOWN, why)
        if no_uefi:
            live = self._refused_without_uefi() or live
            finding = Finding("no-uefi", Severity.INFO, why)
        else:
            finding = Finding("not-judged", Severity.WARNING, why)
        outcome = None if no_uefi else Outcome.UNKNOWN
        findings = [finding]
        if live.answer is Answer.REFUSED:
            text = texts.live_refused(live.reason)
            findings.insert(0, Finding("live-refused", Severity.ERROR, text))
        return Row(
            self.domain.name,
            self.domain.state,
            "",
            UNKNOWN,
            None,
            live,
            outcome,
            outcome,
            live.advice if no_uefi else texts.NOT_JUDGED,
            tuple(findings),
            no_uefi and live.answer is not Answer.REFUSED,
        )

    def _refused_without_uefi(self) -> Live | None:
        """The machine type is a question to every domain."""
        root = parsed(self.domain.now)
        system = None if root is None else root.find(".//os/type")
        if system is None:
            return None
        architecture = qemu_architecture(system.get("arch"))
        machine = Machine(Kind.LIBVIRT, architecture=architecture, board=system.get("machine"))
        return machine_type_refusal(machine, self.destination)


def _advice(live: Live, after: Verdict) -> str:
    needed = "" if after.fit is Fit.FITS else after.advice
    return " ".join(dict.fromkeys(filter(None, (live.advice, needed))))


def _findings(
    live: Live, after: Verdict, offline: Verdict, code_there: str, store: StoreFacts, there: str
) -> Iterator[Finding]:
    if live.answer is Answer.REFUSED:
        text = texts.live_refused(live.reason)
        yield Finding("live-refused", Severity.ERROR, text)
    elif live.answer is Answer.UNKNOWN:
        yield Finding("live-unknown", Severity.WARNING, texts.live_unknown(live.reason))
    decided = after.findings[0]
    yield Finding(decided.id, decided.severity, texts.next_power_on(decided.text))
    if code_there == OTHER:
        yield Finding("code-other-build", Severity.INFO, texts.other_build(there))
    in_a_file = store.how in (StoreKind.FLASH, StoreKind.UEFI_VARS)
    if in_a_file and store.exists and store.there == MISSING:
        shared = store.storage == SHARED
        text = texts.offline_move_loses(store.path, there, shared=shared)
        yield Finding("offline-move-loses-variables", Severity.WARNING, text)
    elif in_a_file and store.there == OTHER:
        text = texts.store_there_already(store.path, there)
        yield Finding("store-there-already", Severity.WARNING, text)
    if offline.findings[0].id != decided.id:
        first = offline.findings[0]
        yield Finding(f"offline-{first.id}", first.severity, texts.offline(first.text))
    yield from (each for each in after.findings if each.id == "machine-note")
