"""Files of real QEMU's hosts, on our disk: raw, qcow2, save files, and snapshots inside them."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, field
from ovmfgui.flash.image import Format
from ovmfgui.flash.qcow2_layers import LayerFile, Qcow2
from ovmfgui.migration.stream.opening import open_recording
from ovmfgui.pflash.contents import Pages
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

_EMPTY = Pages.of(b"")
_CONVERTING = 60.0


@dataclass(slots=True)
class DiskFile:
    """A file of a host; what it holds is what a guest finds in it, whatever its format.

    Attributes:
        path: of the file on our disk.
        form: how it keeps its contents.
        written: whether a QEMU has it to write to; nobody else changes it.
    """

    path: Path
    _last: Pages = field(default=_EMPTY)
    form: Format = Format.RAW
    written: bool = False

    @property
    def size(self) -> int:
        """Bytes that it holds."""
        if self.form is Format.QCOW2:
            return self.snapshot().size
        return self.path.stat().st_size

    def snapshot(self) -> Pages:
        """What it holds now; what did not change is shared with the last snapshot."""
        if not self.written:
            return self._last
        data = _active(self.path) if self.form is Format.QCOW2 else self.path.read_bytes()
        self._last = Pages.of(data, like=self._last)
        return self._last


@dataclass(frozen=True, slots=True)
class SnapshotInside:
    """What a snapshot inside a qcow2 file holds of its disk; QEMU may write to the file."""

    path: Path
    name: str

    @property
    def size(self) -> int:
        """Bytes of the disk."""
        return self.snapshot().size

    def snapshot(self) -> Pages:
        """See ``HostFile``."""
        with self.path.open("rb") as file:
            image = Qcow2(file)
            found = next(each for each in image.snapshots() if each.name == self.name)
            with LayerFile(image, found.layer, 0, found.layer.disk_size) as layer:
                return Pages.of(layer.read())


@dataclass(frozen=True, slots=True)
class SavedStream:
    """A save file; it shows what its stream holds of one chip."""

    path: Path
    chip: str

    @property
    def size(self) -> int:
        """Bytes of the chip."""
        return self.snapshot().size

    def snapshot(self) -> Pages:
        """See ``HostFile``."""
        flash = open_recording(self.path).flash
        return next(each.contents for each in flash if each.name == self.chip)


def write_file(path: Path, contents: Pages, form: Format) -> DiskFile:
    """Make a file, a new one as package managers do: whoever has the old one open keeps it."""
    path.unlink(missing_ok=True)
    path.write_bytes(contents.tobytes())
    if form is Format.QCOW2:
        raw = path.with_suffix(".raw")
        path.rename(raw)
        _convert(raw, path)
        raw.unlink()
    return DiskFile(path, contents, form)


def copy_file(file: DiskFile | SavedStream, path: Path) -> DiskFile | SavedStream:
    """Copy a file with all that is in it."""
    path.unlink(missing_ok=True)
    shutil.copyfile(file.path, path)
    if isinstance(file, SavedStream):
        return SavedStream(path, file.chip)
    return DiskFile(path, file.snapshot(), file.form)


def _active(path: Path) -> bytes:
    with path.open("rb") as file:
        image = Qcow2(file)
        with LayerFile(image, image.active, 0, image.active.disk_size) as layer:
            return layer.read()


def _convert(source: Path, target: Path) -> None:
    command = ["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(source), str(target)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_CONVERTING)
    except FileNotFoundError as error:
        msg = "qemu-img is not installed, and a qcow2 store is asked for (Debian: qemu-utils)"
        raise Refused(msg) from error
    except subprocess.SubprocessError as error:
        msg = f"qemu-img does not make a qcow2 file: {error}"
        raise Refused(msg) from error
