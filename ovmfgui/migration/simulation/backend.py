"""What an engine has to be able to do: keep files, start machines, move guests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Format
from ovmfgui.migration.simulation.domain import Q35

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.scenario.host import Host
    from ovmfgui.migration.simulation.domain import Chipset
    from ovmfgui.migration.simulation.machine import ChipPlan, HostFile, Machine
    from ovmfgui.migration.simulation.states import RunState
    from ovmfgui.pflash.contents import Pages


@dataclass(frozen=True, slots=True)
class Failure:
    """A migration that came to nothing.

    Attributes:
        cut: whether the link was cut; otherwise the destination refused the stream.
        destination: what the destination's QEMU printed.
        source: what the source's QEMU printed.
    """

    cut: bool
    destination: str
    source: str


class Transfer(Protocol):
    """A migration from one machine to another, begun and then delivered."""

    def attempt(self, cut_at: int | None) -> Failure | None:
        """Send the stream; None where it goes through.

        Machines show themselves as they were before until ``deliver``.

        Args:
            cut_at: cut the link when that many per cent of the flash went over; None for never.
        """

    def deliver(self) -> None:
        """The destination has the chips and stands still; the source has done its work."""


class Platform(Protocol):
    """An engine: the hosts' disks, and the QEMU processes on them."""

    def place(
        self, host: Host, path: str, contents: Pages, *, shared: bool, form: Format = Format.RAW
    ) -> HostFile:
        """Make a file on a host, over what lies there; on shared storage all hosts see it.

        ``form`` is how the file keeps its contents, raw or qcow2.
        """

    def copy(self, file: HostFile, host: Host, path: str, *, shared: bool) -> HostFile:
        """Copy a file byte by byte to a host, over what lies there."""

    def remove(self, host: Host, path: str, *, shared: bool) -> None:
        """Delete a file from a host; one that is not there is nothing."""

    def launch(
        self,
        host: Host,
        domain: str,
        plans: Sequence[ChipPlan],
        run_state: RunState,
        chipset: Chipset = Q35,
    ) -> Machine | str:
        """Start QEMU with chips, unit 0 first; its words where it does not start.

        ``run_state`` is RUNNING, or INMIGRATE for one that waits for a stream; ``chipset`` is
        that of an x86 machine.
        """

    def transfer(self, source: Machine, destination: Machine) -> Transfer:
        """The way from a machine to one that waits."""

    def save(self, machine: Machine, host: Host, path: str) -> HostFile:
        """Write a machine that stands still into a file on its host, as ``virsh save`` has it.

        What the file shows are the contents of the writable chip in it, or of CODE's where there
        is none.
        """

    def restoring(self, file: HostFile, destination: Machine) -> Transfer:
        """The way from a save file to a machine that waits."""

    def snapshot_in(self, file: HostFile, name: str) -> HostFile:
        """What a snapshot inside a qcow2 file holds of its disk."""

    def close(self) -> None:
        """End every process, delete every file."""
