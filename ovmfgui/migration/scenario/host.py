"""Hosts and firmware packages, as a scenario declares them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.flash.placement import Board
    from ovmfgui.pflash.generation import Generation


class Storage(StrEnum):
    """Where a host keeps its domains' private files."""

    OWN = "own"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Package:
    """A firmware package: CODE and the VARS template, or one unified image.

    Attributes:
        name: as the scenario names it.
        title: what it is in a few words.
        code: contents of CODE, or of the unified image.
        template: contents of the VARS template; None for a unified image.
        code_path: where it is installed on a host.
        template_path: where the template is installed; None for a unified image.
        old_records: whether this firmware appends a record in four writes, as before
            edk2-stable202402, instead of two.
        synthetic: whether there is no firmware in it that could run.
        board: the machine type that it is made for, where that has chips of one size; None for
            x86.
    """

    name: str
    title: str
    code: bytes
    template: bytes | None
    code_path: str
    template_path: str | None
    old_records: bool = False
    synthetic: bool = False
    board: Board | None = None

    @property
    def unified(self) -> bool:
        """Whether one image holds CODE and the variable store."""
        return self.template is None


@dataclass(frozen=True, slots=True)
class Host:
    """A host.

    Attributes:
        name: as the scenario names it.
        title: as a person calls it.
        qemu: which QEMU it runs.
        packages: names of the packages installed from the start.
        storage: where its domains' private files lie.
        libvirt: which libvirt manages it: its first two numbers.
    """

    name: str
    title: str
    qemu: Generation
    packages: tuple[str, ...]
    storage: Storage
    libvirt: tuple[int, int] = (9, 0)
