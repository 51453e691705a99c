"""What is open in plain text, for a ticket or a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui import __version__
from ovmfgui.flash.opening import describe_role
from ovmfgui.layout.words import FACT_NAMES, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.finding import Finding
    from ovmfgui.flash.image import Image
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.layout.verdict import Verdict


def report_text(inspection: Inspection) -> str:
    """Files, verdict with its reasons, variables in short, findings."""
    return "\n".join(_lines(inspection))


def _lines(inspection: Inspection) -> Iterator[str]:
    image = inspection.image
    yield f"ovmfgui {__version__}"
    for file in image.files:
        yield f"{file.path}: {describe_role(file.role)}, {file.size:,} bytes, SHA-256 {file.sha256}"
    if image.architecture is not None:
        yield f"architecture: {image.architecture}"
    if inspection.verdict is not None:
        yield from _verdict(inspection.verdict)
    store = inspection.store
    if store is not None and store.readable:
        gauge = store.gauge
        yield (
            f"variables: {len(store.live)}; {gauge.live:,} bytes live, {gauge.dead:,} dead, "
            f"{gauge.free:,} free"
        )
    yield f"findings: {len(inspection.findings) or 'none'}"
    for finding in inspection.findings:
        yield f"  {finding.severity}: {_where(image, finding)}{finding.text} [{finding.id}]"


def _where(image: Image, finding: Finding) -> str:
    if finding.place is None:
        return ""
    space = finding.place.space
    name = image.files[space].role.upper() if space < len(image.files) else "unpacked"
    return f"{name} 0x{finding.place.span.start:X}: "


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"verdict: {verdict.fit}; at the next power-on: {verdict.outcome}"
    yield f"  {verdict.summary} {verdict.advice}".rstrip()
    for difference in verdict.differences:
        name = FACT_NAMES.get(difference.fact, difference.fact)
        yield (
            f"  {name}: CODE expects {value_text(difference.expected)}, VARS provides "
            f"{value_text(difference.provided)}"
        )
