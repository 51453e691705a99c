"""The firmware modules of a CODE image that the witnesses question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.flash.executable import Executable, read_executable
from ovmfgui.flash.image import Architecture, Image, Role
from ovmfgui.flash.region import Kind, Region
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# FILE_GUIDs from the modules' INF files in edk2.
FVB_RUNTIME = UUID("733cbac2-b23f-4b92-bc8e-fb01ce5907b7")  # OvmfPkg FvbServicesRuntimeDxe
FVB_SMM = UUID("2e7db7a7-608e-4041-b45f-00359e0766c6")  # OvmfPkg FvbServicesSmm
EMU_FVB = UUID("22dc2b60-fe40-42ac-b01f-3ab1fad9aad8")  # OvmfPkg EmuVariableFvbRuntimeDxe
VIRT_NOR_FLASH = UUID("e452cabd-5fe1-4d97-8161-e80ed6a409a8")  # OvmfPkg VirtNorFlashDxe
ARM_NOR_FLASH = UUID("93e34c7e-b50e-11df-9223-2443dfd72085")  # ArmPlatformPkg NorFlashDxe
FTW_DXE = UUID("fe5cea76-4f72-49e8-986f-2cd899dffe5d")  # FaultTolerantWriteDxe
FTW_SMM = UUID("470cb248-e8ac-473c-bb4f-81069a1fe6fd")  # FaultTolerantWriteSmm
FTW_PEI = UUID("aac33064-9ed0-4b89-a5ad-3ea767960b22")  # FaultTolerantWritePei
PLATFORM_PEI = UUID("222c386d-5abc-4fb4-b124-fbb82488acf4")  # OvmfPkg PlatformPei
VARIABLE_PEI = UUID("34c8c28f-b61c-45a2-8f2e-89e46becc63b")  # PeiVariable

NOR_FLASH_DRIVERS = (VIRT_NOR_FLASH, ARM_NOR_FLASH)
FVB_DRIVERS = (FVB_RUNTIME, FVB_SMM)
FTW_DRIVERS = (FTW_DXE, FTW_SMM, FTW_PEI)


@dataclass(frozen=True, slots=True)
class Module:
    """An executable in the image; spans are in its space.

    Attributes:
        guid: of the FFS file that carries it.
        name: of that file.
        data: all bytes of the space it lies in.
        space: that space.
        executable: its PE32 or TE image.
    """

    guid: UUID
    name: str
    data: bytes
    space: int
    executable: Executable

    @property
    def span(self) -> Span:
        """The executable's bytes."""
        return self.executable.span

    def place(self, start: int, size: int) -> Place:
        """A place in the module's space."""
        return Place(self.space, Span(start, size))


@dataclass(frozen=True, slots=True)
class CodeImage:
    """What the witnesses look at.

    Attributes:
        image: as opened.
        architecture: of the firmware.
        chip_size: bytes of the file that holds CODE.
        unified: whether that file holds the variable store too.
        modules: every executable, in reading order.
    """

    image: Image
    architecture: Architecture | None
    chip_size: int
    unified: bool
    modules: tuple[Module, ...]

    def having(self, *guids: UUID) -> Iterator[Module]:
        """The modules with one of these GUIDs."""
        return (module for module in self.modules if module.guid in guids)

    def has(self, *guids: UUID) -> bool:
        """Whether one of these modules is in the image."""
        return any(True for _module in self.having(*guids))

    def nor_flash_drivers(self) -> Iterator[Module]:
        """The drivers of a NOR flash chip, by GUID or, in a build that gave it another, by name."""
        for module in self.modules:
            if module.guid in NOR_FLASH_DRIVERS or "NorFlash" in module.name:
                yield module

    def flash_base(self, fv_length: int) -> int:
        """The guest address at which an x86 build expects the store (PcdOvmfFdBaseAddress)."""
        below = self.chip_size if self.unified else self.chip_size + fv_length
        return (1 << 32) - below


def code_image(image: Image) -> CodeImage | None:
    """The CODE in an image; None where it holds none."""
    index = image.file_with(Role.CODE, Role.UNIFIED)
    if index is None:
        return None
    file = image.files[index]
    roots = (root for root in image.map if root.place.space == index)
    modules = tuple(module for root in roots for module in _modules(image, root, None))
    unified = file.role is Role.UNIFIED
    return CodeImage(image, image.architecture, file.size, unified, modules)


def _modules(image: Image, region: Region, file: Region | None) -> Iterator[Module]:
    if region.kind is Kind.FILE:
        file = region
    if region.kind is Kind.SECTION and region.name in ("PE32 image", "TE image"):
        module = _module(image, region, file)
        if module is not None:
            yield module
        return
    for child in region.children:
        yield from _modules(image, child, file)


def _module(image: Image, section: Region, file: Region | None) -> Module | None:
    if file is None or file.guid is None or not section.children:
        return None
    body = section.children[-1]
    data = image.spaces[body.place.space].data
    executable = read_executable(data, body.span)
    if executable is None:
        return None
    return Module(file.guid, file.name, data, body.place.space, executable)
