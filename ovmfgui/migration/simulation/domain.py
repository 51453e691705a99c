"""A domain's definition on one host: which firmware, mapped how, and where its variables are."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Format

if TYPE_CHECKING:
    from ovmfgui.flash.placement import Board


class FirmwareUse(StrEnum):
    """How a domain's firmware is mapped."""

    SPLIT = "split"
    UNIFIED = "unified"
    ROM = "rom"
    STATELESS = "stateless"


@dataclass(frozen=True, slots=True)
class Chipset:
    """What an x86 domain's definition says of its machine.

    Attributes:
        board: the machine type without its version, q35 or pc.
        smm: whether System Management Mode is on; a pc has none that firmware could use.
    """

    board: str = "q35"
    smm: bool = True

    @property
    def without_smm(self) -> bool:
        """Whether firmware finds no System Management Mode."""
        return not self.smm or self.board != "q35"

    @property
    def words(self) -> str:
        """For a sentence."""
        return f"{self.board}, SMM off" if self.board == "q35" and not self.smm else self.board


Q35 = Chipset()


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain's definition on one host.

    Attributes:
        name: its name.
        code: path of CODE, or of its private unified image.
        store: path of its private variable store; None where it has none.
        use: how its firmware is mapped.
        firmware: whose firmware its private unified image is, in words; empty otherwise.
        template: what the store is made from where it does not exist; empty for none.
        form: format of the store.
        board: the machine type, where that has chips of one size; None for x86.
        chipset: of an x86 machine.
    """

    name: str
    code: str
    store: str | None
    use: FirmwareUse = FirmwareUse.SPLIT
    firmware: str = ""
    template: str = ""
    form: Format = Format.RAW
    board: Board | None = None
    chipset: Chipset = Q35

    @property
    def unified(self) -> bool:
        """Whether one private image holds both CODE and variables."""
        return self.use is FirmwareUse.UNIFIED

    @property
    def private(self) -> str | None:
        """Path of the file that is the domain's own; None where nothing is."""
        return self.code if self.unified else self.store
