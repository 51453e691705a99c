"""The firmware modules of a CODE image that the witnesses question."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import dataclass, field
from ovmfgui.flash.executable import Executable, read_executable
from ovmfgui.flash.image import Architecture, Image, Role
from ovmfgui.flash.placement import FOUR_GIB
from ovmfgui.flash.region import Kind, Region
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# FILE_GUIDs from the modules' INF files in edk2.
FVB_RUNTIME = UUID("733cbac2-b23f-4b92-bc8e-fb01ce5907b7")  # OvmfPkg FvbServicesRuntimeDxe
FVB_SMM = UUID("2e7db7a7-608e-4041-b45f-00359e0766c6")  # OvmfPkg FvbServicesSmm
FVB_STANDALONE_MM = UUID("834da76a-4ea1-41c7-9601-fe7a7c564757")  # OvmfPkg FvbServicesStandaloneMm
EMU_FVB = UUID("22dc2b60-fe40-42ac-b01f-3ab1fad9aad8")  # OvmfPkg EmuVariableFvbRuntimeDxe
VIRT_NOR_FLASH = UUID("e452cabd-5fe1-4d97-8161-e80ed6a409a8")  # OvmfPkg VirtNorFlashDxe
ARM_NOR_FLASH = UUID("93e34c7e-b50e-11df-9223-2443dfd72085")  # ArmPlatformPkg NorFlashDxe
FTW_DXE = UUID("fe5cea76-4f72-49e8-986f-2cd899dffe5d")  # FaultTolerantWriteDxe
FTW_SMM = UUID("470cb248-e8ac-473c-bb4f-81069a1fe6fd")  # FaultTolerantWriteSmm
FTW_STANDALONE_MM = UUID("3aade4ec-63cc-4a48-a928-5a374dd463eb")  # FaultTolerantWriteStandaloneMm
FTW_PEI = UUID("aac33064-9ed0-4b89-a5ad-3ea767960b22")  # FaultTolerantWritePei
PLATFORM_PEI = UUID("222c386d-5abc-4fb4-b124-fbb82488acf4")  # OvmfPkg PlatformPei
VARIABLE_PEI = UUID("34c8c28f-b61c-45a2-8f2e-89e46becc63b")  # PeiVariable
VARIABLE_RUNTIME = UUID("cbd2e4d5-7068-4ff5-b462-9822b4ad8d60")  # VariableRuntimeDxe
VARIABLE_SMM = UUID("23a089b3-eed5-4ac5-b2ab-43e3298c2343")  # VariableSmm
VARIABLE_STANDALONE_MM = UUID("7ee2c0c1-c21a-4113-a53a-66824a95696f")  # VariableStandaloneMm
SECURITY_STUB_DXE = UUID("f80697e9-7fd6-4665-8646-88e33ef71dfc")  # SecurityStubDxe
VIRT_MM = UUID("0b807404-2d1c-4066-95f4-f28a58800185")  # OvmfPkg VirtMmCommunication


class Family(NamedTuple):
    """Drivers that do the same for different phases or in different years.

    Attributes:
        guids: of their FFS files.
        name: what the names of all of them have in common; a build that gave one another GUID is
            known by it.
    """

    guids: frozenset[UUID]
    name: str


FVB = Family(frozenset({FVB_RUNTIME, FVB_SMM, FVB_STANDALONE_MM}), "FvbServices")
EMULATION = Family(frozenset({EMU_FVB}), "EmuVariableFvb")
NOR_FLASH = Family(frozenset({VIRT_NOR_FLASH, ARM_NOR_FLASH}), "NorFlash")
FTW = Family(frozenset({FTW_DXE, FTW_SMM, FTW_STANDALONE_MM, FTW_PEI}), "FaultTolerantWrite")
VARIABLE = Family(
    frozenset({VARIABLE_RUNTIME, VARIABLE_SMM, VARIABLE_STANDALONE_MM}), "VariableRuntimeDxe"
)
VIRT_MM_VARIABLES = Family(frozenset({VIRT_MM}), "VirtMmCommunication")
SECURITY_STUB = Family(frozenset({SECURITY_STUB_DXE}), "SecurityStubDxe")
"""Judges what is started, in builds with SECURE_BOOT_ENABLE (OvmfPkg and ArmVirtPkg .dsc)."""
PLATFORM = Family(frozenset({PLATFORM_PEI}), "PlatformPei")
SIZES_IN_PEI = Family(frozenset({PLATFORM_PEI, VARIABLE_PEI}), "PeiVariable")


@dataclass(frozen=True, slots=True)
class Module:
    """An executable in the image; spans are in its space.

    Attributes:
        guid: of the FFS file that carries it.
        name: of that file.
        kind: that file's type, in words.
        data: all bytes of the space it lies in.
        space: that space.
        executable: its PE32 or TE image.
    """

    guid: UUID
    name: str
    kind: str
    data: bytes
    space: int
    executable: Executable

    @property
    def span(self) -> Span:
        """Where the executable lies in ``space``, in bytes."""
        return self.executable.span

    @property
    def in_mm(self) -> bool:
        """Whether it runs in system management mode (MM)."""
        return "MM module" in self.kind or self.guid in (FVB_SMM, FVB_STANDALONE_MM)

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
        padding: bytes in front of the first volume, which the build did not make.
        modules: every executable, in reading order.
    """

    image: Image
    architecture: Architecture | None
    chip_size: int
    unified: bool
    modules: tuple[Module, ...]
    padding: int = 0
    _of: dict[Family, tuple[tuple[Module, ...], tuple[Module, ...]]] = field(
        default_factory=dict, compare=False
    )

    def of(self, family: Family) -> tuple[Module, ...]:
        """The modules of a family."""
        among, found = self._of.get(family, ((), ()))
        # A copy with other modules has the same table.
        if among is not self.modules:
            found = tuple(
                module
                for module in self.modules
                if module.guid in family.guids or family.name in module.name
            )
            self._of[family] = (self.modules, found)
        return found

    def has(self, family: Family) -> bool:
        """Whether one of a family is in the image."""
        return bool(self.of(family))

    def flash_base(self, fv_length: int) -> int:
        """The guest address at which an x86 build expects the store (PcdOvmfFdBaseAddress)."""
        built = self.chip_size - self.padding
        return FOUR_GIB - (built if self.unified else built + fv_length)


def code_image(image: Image) -> CodeImage | None:
    """The CODE in an image; None where it holds none."""
    index = image.file_with(Role.CODE, Role.UNIFIED)
    if index is None:
        return None
    file = image.files[index]
    roots = [root for root in image.map if root.place.space == index]
    modules = tuple(_modules(image, roots))
    unified = file.role is Role.UNIFIED
    padding = front_padding(roots, unified=unified)
    return CodeImage(image, image.architecture, file.size, unified, modules, padding)


def front_padding(roots: Sequence[Region], *, unified: bool) -> int:
    """Bytes in front of what the build made: of the store in a unified image, else of CODE."""
    first = Kind.NV_VOLUME if unified else Kind.VOLUME
    return next((root.span.start for root in roots if root.kind is first), 0)


def _modules(image: Image, roots: Sequence[Region]) -> Iterator[Module]:
    waiting: list[tuple[Region, Region | None]] = [(root, None) for root in reversed(roots)]
    while waiting:
        region, file = waiting.pop()
        if region.kind is Kind.FILE:
            file = region
        elif region.kind is Kind.SECTION and region.name in ("PE32 image", "TE image"):
            module = _module(image, region, file)
            if module is not None:
                yield module
            continue
        waiting += [(child, file) for child in reversed(region.children) if child.children]


def _module(image: Image, section: Region, file: Region | None) -> Module | None:
    if file is None or file.guid is None or not section.children:
        return None
    body = section.children[-1]
    data = image.spaces[body.place.space].data
    executable = read_executable(data, body.span)
    if executable is None:
        return None
    return Module(file.guid, file.name, file.detail, data, body.place.space, executable)
