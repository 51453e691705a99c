"""What a CODE image expects of a variable store, read out of the binary."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ovmfgui.finding import Finding, Severity
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.modules import EMU_FVB, FVB_SMM, NOR_FLASH_DRIVERS, code_image
from ovmfgui.layout.verdict import Evidence, Expectation
from ovmfgui.layout.witnesses import WITNESSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.modules import CodeImage

_FACTS = tuple(field.name for field in fields(Layout))


def expectation(image: Image) -> Expectation | None:
    """What the CODE in an image expects; None where the image holds no CODE."""
    code = code_image(image)
    if code is None:
        return None
    evidence: list[Evidence] = []
    layout = Layout()
    for witness in WITNESSES:
        evidence.extend(witness.hear(code, layout))
        layout = _merged(evidence)
    layout = _with_event_log(layout)
    return Expectation(
        layout,
        tuple(sorted(evidence, key=lambda e: _FACTS.index(e.fact))),
        smm=code.has(FVB_SMM),
        emulates=code.has(EMU_FVB),
        heals=code.has(*NOR_FLASH_DRIVERS),
        reason="" if layout.fv_length is not None else _why_unknown(code),
        findings=tuple(_disagreements(evidence)),
    )


def _merged(evidence: Sequence[Evidence]) -> Layout:
    """Each constant as its first witness has it: the table has the most direct ones first."""
    values: dict[str, Any] = {}
    for item in evidence:
        if not item.heuristic:
            values.setdefault(item.fact, item.value)
    return Layout(**values)


def _with_event_log(layout: Layout) -> Layout:
    """The event log is what lies between the variable region and the FTW working block."""
    end, working = layout.variable_size, layout.ftw_working_offset
    if end is None or working is None or working < end:
        return layout
    offset = end if working > end else None
    return replace(layout, event_log_offset=offset, event_log_size=working - end)


def _why_unknown(code: CodeImage) -> str:
    if not code.modules:
        return "no firmware module could be read in this CODE image"
    drivers = "FvbServicesRuntimeDxe, FvbServicesSmm, VirtNorFlashDxe"
    if not code.has(*NOR_FLASH_DRIVERS) and not any("Fvb" in m.name for m in code.modules):
        return f"this CODE image has no flash driver that is known here ({drivers})"
    return (
        f"the flash driver is there, but its code for {code.architecture} shows none of the known "
        "patterns that tell the store's size"
    )


def _disagreements(evidence: Sequence[Evidence]) -> list[Finding]:
    found: list[Finding] = []
    for fact in _FACTS:
        said = [item for item in evidence if item.fact == fact and not item.heuristic]
        values = {item.value for item in said}
        if len(values) > 1:
            voices = "; ".join(f"{_show(item.value)} by {item.source}" for item in said)
            text = f"Witnesses in CODE disagree about {fact}: {voices}"
            found.append(Finding("witnesses-disagree", Severity.ERROR, text, said[0].place))
    return found


def _show(value: object) -> str:
    return f"0x{value:X}" if isinstance(value, int) else str(value)
