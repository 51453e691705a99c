"""The size of the CODE file: a guess, never a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage


def hear_sizes(code: CodeImage, _known: Layout) -> Iterator[Evidence]:
    """Builds of OvmfPkg measure a power of two; what CODE lacks of the next one is VARS."""
    if code.architecture is None or not code.architecture.is_x86 or code.unified:
        return
    whole = 1 << (code.chip_size - 1).bit_length()
    if whole > code.chip_size:
        source = f"CODE rounded up to {whole:,} bytes (a guess from the file's size)"
        yield Evidence("fv_length", whole - code.chip_size, source, None, heuristic=True)
