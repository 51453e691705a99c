"""What happens when firmware starts on two chips, told by the layout's own verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ovmfgui.migration.simulation.domain import Q35, FirmwareUse

if TYPE_CHECKING:
    from ovmfgui.flash.image import FlashFile, Image
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.migration.simulation.domain import Chipset
    from ovmfgui.pflash.contents import Pages


class Judge(Protocol):
    """Tells the verdict on a CODE and a VARS chip, or on the one chip of a unified image."""

    def __call__(
        self,
        code: Pages,
        store: Pages | None,
        use: FirmwareUse | None = None,
        chipset: Chipset = Q35,
    ) -> Verdict | None:
        """The verdict; None where nothing can be said.

        Args:
            code: of the chip that the processor starts in, or of the ROM.
            store: of the second chip; None where there is none.
            use: how the firmware is mapped; told by the number of chips where None.
            chipset: of an x86 machine.
        """


class LayoutJudge:
    """Asks ``ovmfgui.layout``; a CODE image is read once, which takes a while."""

    def __init__(self) -> None:
        self._images: dict[str, Image] = {}
        self._verdicts: dict[tuple[str, ...], Verdict | None] = {}

    def __call__(
        self,
        code: Pages,
        store: Pages | None,
        use: FirmwareUse | None = None,
        chipset: Chipset = Q35,
    ) -> Verdict | None:
        """See ``Judge``."""
        key = (code.sha256, store.sha256 if store is not None else "", use or "", chipset.words)
        if key not in self._verdicts:
            without_store = use in (FirmwareUse.ROM, FirmwareUse.STATELESS)
            self._verdicts[key] = (
                self._declared(code, use, chipset)
                if without_store or (chipset.without_smm and self._wants_smm(code))
                else self._judged(code, store)
            )
        return self._verdicts[key]

    def _wants_smm(self, code: Pages) -> bool:
        from ovmfgui.layout.expects import expectation

        expects = expectation(self._image(code, "CODE"))
        return expects is not None and expects.smm

    def _declared(self, code: Pages, use: FirmwareUse | None, chipset: Chipset) -> Verdict:
        """What comes of a machine whose definition decides, whatever is in a store."""
        from ovmfgui.layout.machine_verdict import judge_machine
        from ovmfgui.layout.situation import situation_of
        from ovmfgui.machine.chips import ChipFile
        from ovmfgui.machine.host_tree import THIS_MACHINE
        from ovmfgui.machine.model import Firmware, Kind, Machine, Mapping
        from ovmfgui.machine.opening import OpenedMachine

        image, rom = self._image(code, "CODE"), use is FirmwareUse.ROM
        file = image.files[0]
        firmware = Firmware(Mapping.ROM if rom else Mapping.FLASH, file.path, readonly=True)
        machine = Machine(
            Kind.LIBVIRT,
            "the domain",
            architecture="x86_64",
            board=chipset.board,
            smm=None if chipset.smm else False,  # on is what nobody has to declare
            stateless=use is FirmwareUse.STATELESS,
            firmware=firmware,
        )
        chip = ChipFile(file.path, file.path, file=file)
        return judge_machine(
            situation_of(OpenedMachine(machine, THIS_MACHINE, chip, None, None, image))
        )

    def _judged(self, code: Pages, store: Pages | None) -> Verdict | None:
        # Reading CODE pulls in decompression and the structure parsers: only when it is asked for.
        from ovmfgui.flash.image import Role
        from ovmfgui.layout.fit import check
        from ovmfgui.layout.inspection import inspect

        image = self._image(code, "CODE chip")
        if store is None:
            return inspect(image).verdict
        other = self._image(store, "VARS chip")
        if image.role is not Role.CODE or other.role not in (Role.VARS, Role.BLANK):
            return None
        return check(image, other)

    def _image(self, contents: Pages, name: str) -> Image:
        from ovmfgui.flash.opening import image_of

        image = self._images.get(contents.sha256)
        if image is None:
            image = image_of([_flash_file(name, contents.tobytes())])
            self._images[contents.sha256] = image
        return image


def _flash_file(name: str, data: bytes) -> FlashFile:
    from ovmfgui.flash.image import FlashFile, Format, Role
    from ovmfgui.flash.role import role_of

    return FlashFile(name, data, Format.RAW, role_of(data) or Role.CODE)
