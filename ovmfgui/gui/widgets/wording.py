"""Selected bytes in words, the same in every view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.span import Span


def selection_text(data: bytes, span: Span | None, what: str) -> str:
    """Selected bytes in one sentence; ``what`` is what the first of them is."""
    if span is None:
        return f"{len(data):,} bytes, none selected"
    some = span.of(data)[:16].hex(" ")
    more = " and more" if span.size > 16 else ""
    plural = "byte" if span.size == 1 else "bytes"
    text = f"{span.size:,} {plural} at 0x{span.start:X}: {some}{more}"
    return f"{text}; {what}" if what else text
