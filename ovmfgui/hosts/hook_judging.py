"""What libvirt's hook says to the start of a domain, and to one that comes here while it runs.

The hook is called by the daemon, which waits for it and holds the domain: nothing here asks
libvirt. All that is known is the domain XML on standard input and the files of this host.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.hosts.hook_script import KEPT
from ovmfgui.hosts.host import SHUT_OFF, Domain, Host
from ovmfgui.hosts.kept_codes import KeptCodes
from ovmfgui.hosts.live_migration import refused_chips
from ovmfgui.hosts.machine_reading import MachineReading
from ovmfgui.layout.verdict import Outcome
from ovmfgui.machine.chips import Problem
from ovmfgui.machine.descriptors import installed_descriptors, machine_described
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.machine.model import StoreKind
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.machine.opening import OpenedMachine

_DOES = {
    Outcome.WIPED: "would erase the variables in",
    Outcome.BOOTS_CORRUPTING: "would overwrite variables in",
    Outcome.NO_BOOT: "does not boot with",
}
"""What is refused; where QEMU itself refuses it says so better."""


class Objection(NamedTuple):
    """Why an operation should not go on.

    Attributes:
        why: one sentence; empty where it may go on.
        certain: whether it ends badly in any case. What is not certain is told and goes on.
    """

    why: str
    certain: bool = True


class Operation(StrEnum):
    """Of libvirt's hook for QEMU (docs/hooks: /etc/libvirt/hooks/qemu), those that are answered."""

    PREPARE = "prepare"
    """A domain is about to start; its store has not been made yet."""
    MIGRATE = "migrate"
    """A running domain is about to come here from another host."""


def objection(
    operation: Operation, name: str, xml: bytes, root: str = "/", kept: str | None = KEPT
) -> Objection:
    """Why an operation should not go on.

    One that cannot be judged may go on.

    Args:
        operation: what libvirt is about to do.
        name: of the domain.
        xml: the domain's, as libvirt hands it to hooks.
        root: the tree of the host's files.
        kept: a folder for what CODE expects; None: nothing is kept.
    """
    host = Host(name, HostTree(root), (Domain(name, SHUT_OFF, xml, None, name),))
    reading = MachineReading(None if kept is None else KeptCodes(kept))
    try:
        opened = reading.opened(reading.machine(xml, name, host), host)
        coming = operation is Operation.MIGRATE
        said = _to_what_comes(opened) if coming else _to_a_start(opened, reading)
        doubt = "" if said or not coming else _of_its_store(opened, reading)
        return Objection(" ".join((said or doubt).split()), certain=not doubt)
    except Refused:
        return Objection("")  # without UEFI


def keep_installed(kept: str = KEPT) -> None:
    """Read the CODE that this host's descriptors name: first starts are as short as others."""
    reading = MachineReading(KeptCodes(kept))
    host = Host("/", HostTree(), ())
    for descriptor in installed_descriptors():
        reading.opened(machine_described(descriptor), host)


def _to_a_start(opened: OpenedMachine, reading: MachineReading) -> str:
    verdict = reading.verdict(opened, refuse_cut_off=False)
    does = _DOES.get(verdict.outcome)
    if does is None:
        return ""
    code = opened.machine.firmware
    store = opened.machine.store.path or opened.machine.store.template
    what = f"{code.path if code else 'its firmware'} {does} {store or 'what it is given'}"
    cure = _first(verdict.advice)
    said = f"{what}: {_first(verdict.summary)}; {cure[:1].lower()}{cure[1:]}"
    if opened.store_exists:
        # libvirt replaces the store after this, and does not say here that it will.
        said += " (for a start with --reset-nvram too, move the old store away first)"
    return said


def _to_what_comes(opened: OpenedMachine) -> str:
    """CODE of the running machine, seen from here: its XML tells no sizes."""
    firmware = opened.firmware
    if firmware is None:
        return ""
    if firmware.problem is Problem.MISSING:
        return (
            f"the CODE that it runs on, {firmware.named}, is not on this host; install the "
            "firmware package that has this path"
        )
    words = refused_chips(opened)
    if words:
        return (
            f"QEMU does not start on this host with {firmware.named} and its store, which have "
            f"other sizes than where it runs: {words}"
        )
    return ""


def _of_its_store(opened: OpenedMachine, reading: MachineReading) -> str:
    """A store here that was made for CODE of another size than what lies here.

    On x86 CODE and store are parts of one flash device image of a fixed size. It is no proof: the
    running machine may have the same two, and save nothing. Where it has others QEMU says so.
    """
    store, firmware = opened.store, opened.firmware
    shared = opened.machine.store.how is StoreKind.FLASH and opened.store_exists is True
    expects = reading.expects(opened)
    if not shared or store is None or store.file is None or expects is None:
        return ""
    length = expects.layout.fv_length
    image = opened.image
    x86 = image is not None and image.architecture is not None and image.architecture.is_x86
    if not x86 or length is None or length == store.file.size or firmware is None:
        return ""
    return (
        f"{firmware.named} here is built for a store of {length:,} bytes, and the one that lies "
        f"here, {store.named}, has {store.file.size:,}: where the machine runs with others, QEMU "
        "refuses it for their sizes (Size mismatch)"
    )


def _first(text: str) -> str:
    """The first sentence, which says what; check tells the rest."""
    return text.partition(". ")[0].rstrip(".")
