"""TDVF metadata behind the reset vector: where the unified image keeps CODE and VARS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Role
from ovmfgui.flash.reset_vector import read_reset_vector
from ovmfgui.layout.verdict import Evidence
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage

_CFV = 1  # TDVF_SECTION_TYPE_CFV, OvmfPkg/ResetVector/X64/IntelTdxMetadata.nasm.inc
_RAW_SIZE_OFFSET = 4


def hear_tdvf(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """The CFV section's size is FvLength (PcdCfvRawDataSize); only X64 SEC builds have it."""
    index = code.image.file_with(Role.CODE, Role.UNIFIED)
    if index is None or code.architecture is None or not code.architecture.is_x86:
        return
    found = read_reset_vector(code.image.files[index].data)
    for entry in found.ranges if found else ():
        if entry.technology == "TDX" and entry.type == _CFV and entry.raw_size:
            place = Place(index, Span(entry.span.start + _RAW_SIZE_OFFSET, 4))
            yield Evidence("fv_length", entry.raw_size, "TDVF metadata, CFV section", place)
