"""A link between two QEMUs that breaks when so much of the flash has gone over."""

from __future__ import annotations

import io
import socket
import threading
from typing import IO, TYPE_CHECKING, cast

from ovmfgui.dataclass import dataclass
from ovmfgui.migration.engine.monitor import PATIENCE
from ovmfgui.migration.stream.elements import StreamReader
from ovmfgui.migration.stream.ram import Ram
from ovmfgui.migration.stream.source import Source, StreamEnded
from ovmfgui.migration.stream.structures import RamFlag
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from ovmfgui.migration.stream.blocks import Block

_PIECE = 4096


class _LinkCut(Exception):
    """Enough has gone over."""


@dataclass(slots=True)
class _CountedRam(Ram):
    """Counts the bytes of flash that came along, and cuts the link at a limit."""

    limit: int = 0
    flash: int = 0

    def _store(self, block: Block, offset: int, page: bytes) -> None:  # noqa: ARG002
        self.flash += len(page)
        if self.flash >= self.limit:
            raise _LinkCut

    def _pass_over(self, source: Source, flags: int) -> None:
        # Never look ahead: what is looked at has gone over.
        if not self._passed_packed(source, flags):
            source.skip(1 if flags & RamFlag.ZERO else self.page_size)


class _Forwarding(io.RawIOBase):
    """Reads what one side sends, in small pieces, and passes each on to the other side."""

    def __init__(self, source: socket.socket, destination: socket.socket) -> None:
        super().__init__()
        self._source = source
        self._destination = destination

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(buffer)[:_PIECE]  # type: ignore[arg-type]
        size = self._source.recv_into(room)
        self._destination.sendall(room[:size])
        return size


class BreakingLink:
    """Listens for the source, passes its stream on to the destination, and breaks."""

    def __init__(self, path: Path, destination: Path, limit: int) -> None:
        """Listen.

        Args:
            path: of the socket that the source connects to.
            destination: the socket on which the destination waits.
            limit: bytes of flash after which the link breaks.
        """
        self.path = path
        self.cut = False
        self._destination = destination
        self._limit = limit
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.settimeout(PATIENCE)
        self._listener.bind(str(path))
        self._listener.listen(1)
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(PATIENCE)
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _carry(self) -> None:
        try:
            source, _ = self._listener.accept()
        except OSError:
            return
        with source, socket.socket(socket.AF_UNIX) as destination:
            source.settimeout(PATIENCE)
            destination.settimeout(PATIENCE)
            try:
                destination.connect(str(self._destination))
                file = _Forwarding(source, destination)
                stream = Source(cast("IO[bytes]", file), seekable=False)
                StreamReader(stream, _CountedRam(limit=self._limit)).read()
                while file.read(_PIECE):
                    pass
            except _LinkCut:
                self.cut = True
            except (OSError, StreamEnded, Refused):
                pass  # one of the sides has hung up: that is what the other will be told
