"""A machine with its files read and what its CODE expects: what rules of the verdict look at."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.image import Architecture, Role
from ovmfgui.flash.placement import BOARDS
from ovmfgui.flash.region import Kind as RegionKind
from ovmfgui.flash.role import role_of
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.modules import front_padding
from ovmfgui.layout.pairing import Pairing
from ovmfgui.machine.boards import X86, has_flash, only_32_bit, plain_board
from ovmfgui.machine.model import Kind, Mapping, StoreKind
from ovmfgui.nvram.reading import read_store

if TYPE_CHECKING:
    from ovmfgui.flash.image import FlashFile
    from ovmfgui.flash.placement import Board
    from ovmfgui.flash.region import Region
    from ovmfgui.layout.verdict import Expectation
    from ovmfgui.machine.chips import ChipFile, Problem
    from ovmfgui.machine.model import Machine
    from ovmfgui.machine.opening import OpenedMachine
    from ovmfgui.nvram.store import Store

_EMULATORS = {
    Architecture.X64: ("x86_64",),
    Architecture.IA32: ("x86_64", "i386"),
    Architecture.AARCH64: ("aarch64",),
    Architecture.ARM: ("arm",),
    Architecture.RISCV64: ("riscv64",),
    Architecture.LOONGARCH64: ("loongarch64",),
}
_BOARDS_WITHOUT_SMM = ("pc", "isapc", "microvm", "xenfv", "xenpv", "ubuntu")


@dataclass(frozen=True)
class Situation:
    """What is known of a machine before it is started.

    Attributes:
        opened: the machine and its files.
        expects: what its CODE expects of a store; None where there is no CODE to ask.
    """

    opened: OpenedMachine
    expects: Expectation | None

    @property
    def machine(self) -> Machine:
        """As its definition tells it."""
        return self.opened.machine

    @property
    def firmware(self) -> ChipFile | None:
        """The file that the processor starts in."""
        return self.opened.firmware

    @property
    def store(self) -> ChipFile | None:
        """The file of the store, or of the template in its place."""
        return self.opened.store

    @property
    def code(self) -> FlashFile | None:
        """What the processor starts in, as it is mapped."""
        return None if self.firmware is None else self.firmware.file

    @property
    def rom(self) -> bool:
        """Whether an x86 machine has the image as ROM, which nothing can be written to.

        On ARM ``-bios`` fills the first flash chip, and the second is there all the same
        (hw/arm/virt.c, virt_firmware_init; seen, QEMU 7.2: boots and saves).
        """
        return self._as_rom and not self.fills_chip

    @property
    def _as_rom(self) -> bool:
        return self.machine.firmware is not None and self.machine.firmware.how is Mapping.ROM

    @property
    def fills_chip(self) -> bool:
        """Whether a ROM is the contents of the first flash chip."""
        emulator = self.machine.architecture
        return self._as_rom and (not self.x86 if emulator is None else emulator not in X86)

    @property
    def architecture(self) -> Architecture | None:
        """What CODE is built for."""
        return None if self.opened.image is None else self.opened.image.architecture

    @property
    def x86(self) -> bool:
        """Whether CODE is built for x86."""
        return self.architecture is not None and self.architecture.is_x86

    @property
    def board(self) -> Board | None:
        """The machine type, where its chips lie at fixed addresses and are of one size."""
        by_emulator = {names[0]: BOARDS.get(arch) for arch, names in _EMULATORS.items()}
        return by_emulator.get(self.machine.architecture or "")

    @property
    def other_architecture(self) -> bool:
        """Whether CODE is built for another processor than the machine has."""
        if self.machine.architecture is None or self.architecture is None:
            return False
        if self.architecture is Architecture.ARM and self._plays_32_bit:
            return False
        return self.machine.architecture not in _EMULATORS[self.architecture]

    @property
    def without_smm(self) -> bool:
        """Whether it is known that the machine has no System Management Mode."""
        return self.machine.smm is False or _has_no_smm(self.board_name or "")

    @property
    def without_smm_on_some(self) -> bool:
        """Whether a descriptor is for machine types, too, that have no SMM."""
        return any(_has_no_smm(board) for board in self.machine.boards)

    @property
    def board_name(self) -> str | None:
        """The machine type; the one that libvirt and QEMU take on x86 where none is named."""
        board = self.machine.board
        takes_pc = self.machine.kind in (Kind.LIBVIRT, Kind.QEMU) and self.x86
        return "pc" if board is None and takes_pc else board

    @property
    def board_has_flash(self) -> bool | None:
        """Whether the machine type has flash chips for firmware; None where it is not known."""
        return has_flash(self.machine.architecture, self.board_name)

    @property
    def processor_too_small(self) -> bool:
        """Whether CODE needs a 64-bit mode that the processor has not."""
        wide = self.architecture in (Architecture.X64, Architecture.AARCH64)
        return wide and self._plays_32_bit

    @property
    def _plays_32_bit(self) -> bool:
        return only_32_bit(self.machine.architecture, self.machine.processor)

    @property
    def uses_uefi_vars(self) -> bool:
        """Whether CODE leaves its variables to QEMU's uefi-vars device."""
        return self.expects is not None and self.expects.uses_uefi_vars

    def firmware_has(self, *problems: Problem) -> bool:
        """Whether the firmware's file has one of these problems."""
        return self.firmware is not None and self.firmware.problem in problems

    def store_has(self, *problems: Problem) -> bool:
        """Whether the store's file has one of these problems."""
        return self.store is not None and self.store.problem in problems

    @property
    def store_in_flash(self) -> bool:
        """Whether a file is mapped as the second flash chip."""
        return self.machine.store.how is StoreKind.FLASH and bool(
            self.machine.store.path or self.machine.store.template
        )

    @cached_property
    def store_begins(self) -> int | None:
        """Where on the first chip the volume of a store begins; None where none is on it.

        Of a store whose volume header is damaged too: firmware looks for it there all the same.
        """
        code = self.code
        if code is None or self.rom:
            return None
        roots = self._roots
        if code.role is Role.UNIFIED:
            return front_padding(roots, unified=True)
        length = None if self.expects is None else self.expects.layout.fv_length
        if not self.x86 or length is None:
            return None
        ends = (root.span.start for root in roots if root.kind is RegionKind.VOLUME)
        starts = (end - length for end in ends if end >= length)
        return next((s for s in starts if role_of(code.data[s : s + length]) is Role.VARS), None)

    @property
    def one_chip(self) -> bool:
        """Whether CODE and store lie in one image, on the first chip."""
        return self.store_begins is not None

    @property
    def store_readonly(self) -> bool:
        """Whether the chip that the store is on may not be written."""
        firmware = self.machine.firmware
        if self.one_chip:
            return firmware is not None and firmware.readonly is True
        return self.machine.store.readonly is True

    @property
    def _roots(self) -> tuple[Region, ...]:
        image = self.opened.image
        return () if image is None else tuple(r for r in image.map if r.place.space == 0)

    @cached_property
    def device_store(self) -> Store | None:
        """The store file as QEMU's uefi-vars device reads it; None where there is none."""
        if self.store is None or self.store.file is None:
            return None
        return read_store(self.store.file.data)

    @cached_property
    def pair(self) -> Pairing | None:
        """CODE and store as the bytes' rules look at them; None where one is missing."""
        if self.expects is None or self.code is None or self.rom:
            return None
        begins = self.store_begins
        if begins is not None:
            return self._paired(self.code.data, self.expects, begins, unified=True)
        if self.store is None or self.store.file is None:
            return None
        padding = front_padding(self._roots, unified=False)
        return self._paired(self.store.file.data, self.expects, padding, unified=False)

    def _paired(
        self, store: bytes, expects: Expectation, padding: int, *, unified: bool
    ) -> Pairing:
        assert self.code is not None
        board = BOARDS.get(self.architecture) if self.architecture is not None else None
        filled = board.chip_size if self.fills_chip and board is not None else 0
        return Pairing(
            expects,
            self.architecture,
            max(self.code.size, filled),
            store,
            vars_space=0 if unified else 1,
            unified=unified,
            code_data=self.code.data,
            padding=padding,
        )


def _has_no_smm(board: str) -> bool:
    """Whether a machine type, or a pattern of a descriptor, is one of the old PC's."""
    board = plain_board(board)
    family = board.removeprefix("pc-").partition("-")[0]
    old = family.startswith("i440fx") or family.partition(".")[0] in ("0", "1", "*")
    return old or board in _BOARDS_WITHOUT_SMM or board.startswith("rhel6.")


def situation_of(opened: OpenedMachine) -> Situation:
    """The machine with what its CODE expects."""
    image = opened.image
    return Situation(opened, None if image is None else expectation(image))
