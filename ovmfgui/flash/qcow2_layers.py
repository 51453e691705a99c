"""Internal snapshots of a qcow2 image: their list, and the bytes of a layer.

qemu-img can list them, but it gives nobody the guest state that ``savevm`` puts behind the disk's
end. Format: QEMU docs/interop/qcow2.rst; all numbers are big-endian.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Annotated

from ovmfgui.budgets import MOST_CLUSTERED, MOST_SNAPSHOTS
from ovmfgui.dataclass import dataclass
from ovmfgui.refusal import Refused
from ovmfgui.structure import BigUInt16, BigUInt32, BigUInt64, Bytes, Structure

if TYPE_CHECKING:
    from typing import Self

QCOW2_MAGIC = b"QFI\xfb"


_MAX_EXTRA = 1024
_CLUSTER_BITS = range(9, 22)
_OFFSET = 0x00FF_FFFF_FFFF_FE00
_COMPRESSED = 1 << 62
_ZEROS = 1
_EXTENDED_L2 = 1 << 4
EXTERNAL_DATA = 1 << 2


class Qcow2Header(Structure):
    """The header, as far as it is read; incompatible_features are version 3's."""

    magic: Annotated[bytes, Bytes(4)]
    version: BigUInt32
    backing_file_offset: BigUInt64
    backing_file_size: BigUInt32
    cluster_bits: BigUInt32
    size: BigUInt64
    crypt_method: BigUInt32
    l1_size: BigUInt32
    l1_table_offset: BigUInt64
    refcount_table_offset: BigUInt64
    refcount_table_clusters: BigUInt32
    nb_snapshots: BigUInt32
    snapshots_offset: BigUInt64
    incompatible_features: BigUInt64


class SnapshotHeader(Structure):
    """An entry of the list of snapshots; extra data, id and name follow."""

    l1_table_offset: BigUInt64
    l1_size: BigUInt32
    id_str_size: BigUInt16
    name_size: BigUInt16
    date_sec: BigUInt32
    date_nsec: BigUInt32
    vm_clock_nsec: BigUInt64
    vm_state_size: BigUInt32
    extra_data_size: BigUInt32


class SnapshotExtra(Structure):
    """What the extra data of a snapshot begins with."""

    vm_state_size_large: BigUInt64
    disk_size: BigUInt64


@dataclass(frozen=True, slots=True)
class Layer:
    """A view of the image's bytes: its active layer, or a snapshot's.

    Attributes:
        l1_offset: of its level 1 table, in bytes from the start of the file.
        l1_size: entries in it.
        disk_size: bytes of the disk; guest state lies behind, at ``Qcow2.state_offset``.
    """

    l1_offset: int
    l1_size: int
    disk_size: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An internal snapshot.

    Attributes:
        id: its number, as text.
        name: as ``savevm`` or ``qemu-img snapshot -c`` was told.
        seconds: when it was made, in seconds since 1970.
        state_size: bytes of guest state; 0 for a snapshot of the disk alone.
        layer: its view of the disk.
    """

    id: str
    name: str
    seconds: int
    state_size: int
    layer: Layer


class Qcow2:
    """A qcow2 image whose layers can be read, a few KiB of it in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the header.

        Args:
            file: the image, seekable.

        Raises:
            Refused: it is damaged, or of a kind that is not read.
        """
        self._file = file
        self._tables: dict[int, bytes] = {}
        size = Qcow2Header.sizeof()
        header = Qcow2Header.read(self._at(0, size).ljust(size, b"\0"))
        assert header is not None
        self._bits = header.cluster_bits
        known = header.magic == QCOW2_MAGIC and header.version in (2, 3)
        features = header.incompatible_features if header.version > 2 else 0
        if not known or self._bits not in _CLUSTER_BITS:
            msg = "its qcow2 header is damaged"
            raise Refused(msg)
        if header.crypt_method or features & (_EXTENDED_L2 | EXTERNAL_DATA):
            msg = "snapshots of a qcow2 image with encryption, an external data file or extended "
            raise Refused(msg + "L2 entries are not read; load the snapshot with QEMU")
        self.has_backing = bool(header.backing_file_offset)
        self.active = Layer(header.l1_table_offset, header.l1_size, header.size)
        self._count, self._snapshots_at = header.nb_snapshots, header.snapshots_offset

    def snapshots(self) -> tuple[Snapshot, ...]:
        """The internal snapshots, in the order of the file.

        Raises:
            Refused: the list is damaged.
        """
        if self._count > MOST_SNAPSHOTS:
            raise _damaged("its list of snapshots")
        at = self._snapshots_at
        found = []
        for _ in range(self._count):
            entry = SnapshotHeader.read(self._at(at, SnapshotHeader.sizeof()))
            if entry is None or entry.extra_data_size > _MAX_EXTRA:
                raise _damaged("its list of snapshots")
            at += SnapshotHeader.sizeof()
            behind_extra = entry.extra_data_size + entry.id_str_size
            size = behind_extra + entry.name_size
            rest = self._at(at, size)
            extra = SnapshotExtra.read(rest[: entry.extra_data_size])
            state, disk = entry.vm_state_size, self.active.disk_size
            if extra is not None:
                state, disk = extra.vm_state_size_large, extra.disk_size
            ident = rest[entry.extra_data_size : behind_extra].decode("utf-8", "replace")
            name = rest[behind_extra:].decode("utf-8", "replace")
            layer = Layer(entry.l1_table_offset, entry.l1_size, disk)
            found.append(Snapshot(ident, name, entry.date_sec, state, layer))
            at = at + size + 7 & ~7
        return tuple(found)

    def state_of(self, snapshot: Snapshot) -> LayerFile:
        """The guest state of a snapshot, as a file; it lies behind all that the disk's L1 maps."""
        mapped = self._bits + self._bits - 3
        start = -(-snapshot.layer.disk_size >> mapped) << mapped
        return LayerFile(self, snapshot.layer, start, snapshot.state_size)

    def read(self, layer: Layer, offset: int, size: int) -> bytes:
        """Bytes of a layer that lie in one cluster, at most ``size``.

        Raises:
            Refused: they are compressed, or lie behind the file's end.
        """
        cluster = 1 << self._bits
        size = min(size, cluster - offset % cluster)
        entry = self._entry(layer, offset)
        if entry & _COMPRESSED:
            msg = "a part of it is compressed; load the snapshot with QEMU"
            raise Refused(msg)
        if entry & _ZEROS or not entry & _OFFSET:
            return bytes(size)
        data = self._at((entry & _OFFSET) + offset % cluster, size)
        # QEMU leaves the last cluster short where nobody wrote to its end; only then is that zero.
        if not data:
            raise _damaged("it is cut short: a part of it")
        return data.ljust(size, b"\0")

    def missing_clusters(self, size: int) -> int:
        """How many clusters of the active layer lie wholly behind the file's end.

        Args:
            size: of the file, in bytes.

        Raises:
            Refused: a table lies there, or the disk is larger than is looked through.
        """
        cluster = 1 << self._bits
        missing = 0
        if self.active.disk_size > MOST_CLUSTERED:
            msg = f"its disk measures {self.active.disk_size:,} bytes, more than is looked through"
            raise Refused(msg)
        for offset in range(0, self.active.disk_size, cluster):
            entry = self._entry(self.active, offset)
            if entry & _COMPRESSED:
                # The host offset ends where the sector count begins: docs/interop/qcow2.rst.
                at = entry & ((1 << 62 - (self._bits - 8)) - 1)
            elif entry & _ZEROS or not entry & _OFFSET:
                continue
            else:
                at = entry & _OFFSET
            missing += at >= size
        return missing

    def _entry(self, layer: Layer, offset: int) -> int:
        """The level 2 entry of the cluster that ``offset`` lies in."""
        index, within = divmod(offset >> self._bits, 1 << self._bits - 3)
        if index >= layer.l1_size:
            return 0
        l1 = int.from_bytes(self._at(layer.l1_offset + index * 8, 8), "big") & _OFFSET
        if not l1:
            return 0
        if l1 not in self._tables:
            table = self._at(l1, 1 << self._bits)
            if len(table) < 1 << self._bits:
                raise _damaged("it is cut short: a table of it")
            self._tables = {l1: table}
        return int.from_bytes(self._tables[l1][within * 8 : within * 8 + 8], "big")

    def _at(self, offset: int, size: int) -> bytes:
        if offset >> 62:
            raise _damaged("an offset in it")
        self._file.seek(offset)
        return self._file.read(size)


class LayerFile(io.RawIOBase):
    """A run of bytes of a layer, to be read forwards."""

    def __init__(self, image: Qcow2, layer: Layer, start: int, size: int) -> None:
        super().__init__()
        self._image, self._layer = image, layer
        self._at, self._end = start, start + size

    def __enter__(self) -> Self:
        return self

    def readable(self) -> bool:
        """Always, as io.RawIOBase asks."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill with what comes next; 0 at the end."""
        room = memoryview(buffer)  # type: ignore[arg-type]
        wanted = min(len(room), self._end - self._at)
        if wanted <= 0:
            return 0
        data = self._image.read(self._layer, self._at, wanted)
        room[: len(data)] = data
        self._at += len(data)
        return len(data)


def _damaged(what: str) -> Refused:
    return Refused(f"{what} is damaged or lies behind the file's end; check it with qemu-img check")
