"""Firmware volume header templates in the data of the flash and the emulation driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.structures import (
    FV_SIGNATURE,
    NV_DATA,
    BlockMapEntry,
    FirmwareVolumeHeader,
)
from ovmfgui.layout.modules import EMULATION, FVB
from ovmfgui.layout.verdict import Evidence
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN, VariableStoreHeader
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage, Module

FLASH_TEMPLATE = "flash driver's header template"
EMULATION_TEMPLATE = "emulation driver's header template"

_FV_LENGTH = FirmwareVolumeHeader.offsetof("FvLength")
_MAP = FirmwareVolumeHeader.sizeof()
# The templates have one block map entry, and the two zeros that end the map.
_SIZE = _MAP + 2 * BlockMapEntry.sizeof()
_REVISION = 2
"""EFI_FVH_REVISION (PI 3, section 3.2.1)."""


@dataclass(frozen=True, slots=True)
class Template:
    """A volume header as a driver carries it in its data; ``start`` in the module's space."""

    module: Module
    start: int
    fv_length: int
    block_size: int
    store: tuple[UUID, int] | None

    def place(self, offset: int, size: int) -> Place:
        """The bytes of one of its fields."""
        return self.module.place(self.start + offset, size)


def templates(module: Module) -> Iterator[Template]:
    """The NvData volume header templates in a module.

    Not the checksum (the flash driver computes it at run time) but the structure tells them apart
    from chance: sixteen zeros, the GUID, the signature, HeaderLength, Revision, and a block map
    that adds up to FvLength.
    """
    wanted = NV_DATA.bytes_le
    position = module.data.find(wanted, module.span.start, module.span.end)
    while position >= 0:
        start = position - FirmwareVolumeHeader.offsetof("FileSystemGuid")
        template = _template_at(module, start)
        if template is not None:
            yield template
        position = module.data.find(wanted, position + 1, module.span.end)


def _template_at(module: Module, start: int) -> Template | None:
    data = module.data
    if not module.span.covers(Span(max(start, 0), _SIZE)):
        return None
    header = FirmwareVolumeHeader.read(data, start)
    entry = BlockMapEntry.read(data, start + _MAP)
    if header is None or entry is None:
        return None
    genuine = (
        not any(header.ZeroVector)
        and header.Signature == FV_SIGNATURE
        and header.HeaderLength == _SIZE
        and header.Revision == _REVISION
        and entry.NumBlocks * entry.Length == header.FvLength > 0
    )
    if not genuine:
        return None
    store = _store_behind(data, start + _SIZE)
    return Template(module, start, header.FvLength, entry.Length, store)


def _store_behind(data: bytes, offset: int) -> tuple[UUID, int] | None:
    values = VariableStoreHeader.read(data, offset)
    if values is None or values.Signature not in (AUTHENTICATED, PLAIN):
        return None
    return values.Signature, values.Size


def flash_drivers(code: CodeImage) -> list[Module]:
    """The drivers of OvmfPkg's flash chip.

    In a build that gave them other GUIDs and other names: the modules with a header template that
    has no store behind it, as the emulation driver's has.
    """
    known = list(code.of(FVB))
    if known or code.architecture is None or not code.architecture.is_x86:
        return known
    emulation = set(map(id, code.of(EMULATION)))
    others = (module for module in code.modules if id(module) not in emulation)
    return [m for m in others if any(template.store is None for template in templates(m))]


def hear_flash_template(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """``mPlatformFvbMediaInfo`` of FvbServicesRuntimeDxe or FvbServicesSmm.

    Exactly what the driver compares with the header of the VARS chip.
    """
    for module in flash_drivers(code):
        for template in templates(module):
            source = f"{FLASH_TEMPLATE} ({module.name})"
            yield Evidence("fv_length", template.fv_length, source, template.place(_FV_LENGTH, 8))
            place = template.place(_MAP + BlockMapEntry.offsetof("Length"), 4)
            yield Evidence("block_size", template.block_size, source, place)


def hear_emulation_template(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """The template of EmuVariableFvbRuntimeDxe: a volume header with a store header behind it.

    Its FvLength is EMU_FVB_SIZE, twice the spare area's size (EmuVariableFvbRuntimeDxe/Fvb.h), and
    so tells the spare area, not the length of the volume in flash: the two are equal only where
    everything in front of the spare area measures as much as it does.
    """
    for module in code.of(EMULATION):
        for template in templates(module):
            source = f"{EMULATION_TEMPLATE} ({module.name})"
            half = template.fv_length // 2
            yield Evidence("ftw_spare_size", half, source, template.place(_FV_LENGTH, 8))
            if template.store is not None:
                guid, size = template.store
                yield Evidence("store_guid", guid, source, template.place(_SIZE, 16))
                place = template.place(_SIZE + VariableStoreHeader.offsetof("Size"), 4)
                yield Evidence("variable_size", size + _SIZE, source, place)
