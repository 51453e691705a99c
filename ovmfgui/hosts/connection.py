"""What is asked of a host, whoever answers: libvirt, a tree of files, a stand-in for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType


@dataclass(frozen=True, slots=True)
class DomainText:
    """A domain as a host tells it; see ``ovmfgui.hosts.host.Domain``."""

    name: str
    state: str
    definition: bytes | None
    live: bytes | None


class Connection(Protocol):
    """A host that can be asked; a context, which leaves nothing behind on the host."""

    @property
    def name(self) -> str:
        """What a person calls it: its URI or folder."""

    def machine_types(self) -> Mapping[str, Sequence[str]] | None:
        """Machine types by architecture, aliases included; None where they cannot be asked."""

    def domains(self) -> Sequence[DomainText]:
        """All domains.

        Raises:
            Refused: the host does not answer.
        """

    def files_in(self, folder: str) -> Mapping[str, int] | None:
        """Names and bytes of the files in a folder; empty where it does not exist.

        None where it cannot be looked into.
        """

    def storage_of(self, folder: str) -> str | None:
        """``shared`` or ``local``; None where the host does not tell (see ``hosts.storage``)."""

    def prefetch(self, paths: Sequence[str]) -> None:
        """Files that are going to be read, for connections where many at once cost less."""

    def read(self, path: str) -> bytes:
        """A file's bytes as they are stored.

        Raises:
            Refused: it cannot be read.
        """

    def __enter__(self) -> Connection:
        """Ready to be asked."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """What was made for reading is removed, on errors and on Ctrl+C too."""
