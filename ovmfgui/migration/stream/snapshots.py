"""Guests that ``savevm`` put into a qcow2 image: which there are, and one of them opened."""

from __future__ import annotations

import hashlib
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.budgets import MOST_COMPARED, MOST_HASHED
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.qcow2_layers import LayerFile, Qcow2, Snapshot
from ovmfgui.migration.stream.recording import Recording, read_recording
from ovmfgui.migration.stream.source import Source
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.flash.qcow2_layers import Layer


@dataclass(frozen=True, slots=True)
class SavedGuest:
    """A snapshot, and how its disk compares to the active layer.

    Attributes:
        snapshot: as the image has it.
        same_as_active: whether the store in it is the active layer's; None where it is not known.
    """

    snapshot: Snapshot
    same_as_active: bool | None

    @property
    def words(self) -> str:
        """What the snapshot is."""
        size = self.snapshot.state_size
        state = f"guest state of {size:,} bytes" if size else "of the disk alone, no guest state"
        store = {
            True: "its store is the active layer's",
            False: "another store than the active layer's",
            None: "its store was not compared",
        }[self.same_as_active]
        return f"{state}; {store}"


def saved_guests(file: IO[bytes]) -> tuple[SavedGuest, ...]:
    """The snapshots of a qcow2 image.

    Raises:
        Refused: it is damaged.
    """
    image = Qcow2(file)
    budget = MOST_HASHED
    found = []
    for snapshot in image.snapshots():
        budget -= snapshot.layer.disk_size
        same = _same(image, snapshot.layer) if budget >= 0 else None
        found.append(SavedGuest(snapshot, same))
    return tuple(found)


def read_snapshot(file: IO[bytes], name: str) -> Recording:
    """Read the guest that a snapshot holds.

    Args:
        file: a qcow2 image.
        name: the snapshot's name, or its id.

    Raises:
        Refused: there is no such snapshot, or it holds no guest.
    """
    image = Qcow2(file)
    found = image.snapshots()
    snapshot = next((s for s in found if s.name == name), None)
    snapshot = snapshot or next((s for s in found if s.id == name), None)
    if snapshot is None:
        names = ", ".join(s.name or s.id for s in found) or "none"
        msg = f"it has no snapshot {name}; there is: {names}"
        raise Refused(msg)
    if not snapshot.state_size:
        msg = f"snapshot {name} is of the disk alone, without a guest; read its store after "
        raise Refused(f"{msg}qemu-img convert -l {name} -O raw IMAGE NEW")
    with image.state_of(snapshot) as state:
        recording = read_recording(Source(cast("IO[bytes]", state), seekable=False))
    return replace(recording, findings=(*recording.findings, *_compared(image, snapshot)))


def _compared(image: Qcow2, snapshot: Snapshot) -> tuple[Finding, ...]:
    same = _same(image, snapshot.layer)
    if same is None:
        text = (
            f"Whether snapshot {snapshot.name} holds another store than the image's active layer "
            "was not compared: the disk is no chip's, or cannot be read."
        )
        return (Finding("snapshot-not-compared", Severity.INFO, text),)
    if same:
        return ()
    text = (
        f"Snapshot {snapshot.name} holds another store than the image's active layer: going back "
        "to it (loadvm) replaces what the guest has stored since."
    )
    return (Finding("snapshot-other-store", Severity.WARNING, text),)


def _same(image: Qcow2, layer: Layer) -> bool | None:
    """Whether a layer's disk is the active one's; None where that cannot be told."""
    if image.has_backing or max(layer.disk_size, image.active.disk_size) > MOST_COMPARED:
        return None
    if layer.disk_size != image.active.disk_size:
        return False
    try:
        return _digest(image, layer) == _digest(image, image.active)
    except Refused:
        return None


def _digest(image: Qcow2, layer: Layer) -> bytes:
    digest = hashlib.sha256()
    with LayerFile(image, layer, 0, layer.disk_size) as contents:
        while part := contents.read(1 << 20):
            digest.update(part)
    return digest.digest()
