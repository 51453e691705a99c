"""A guest laid aside: what a save file or a snapshot holds of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.migration.simulation.machine import Guest, Sent


@dataclass(frozen=True, slots=True)
class Kept:
    """A guest as it was.

    Attributes:
        domain: whose it is.
        sent: its chips; empty for a snapshot of the disks alone.
        guest: what lived in its memory; None for a snapshot of the disks alone.
        was_running: whether it goes on by itself once it is back.
        known: the variables that it had been told are saved.
        deleted: those that it had been told are deleted.
        managed: whether the next start takes it up, with nobody asking.
        sparse: whether its save file is in libvirt's sparse format.
    """

    domain: str
    sent: tuple[Sent, ...]
    guest: Guest | None
    was_running: bool
    known: dict[tuple[UUID, str], bytes]
    deleted: frozenset[tuple[UUID, str]]
    managed: bool = False
    sparse: bool = False
