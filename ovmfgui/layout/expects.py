"""What a CODE image expects of a variable store, read out of the binary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.layout.constants import FACTS, Layout
from ovmfgui.layout.enforcement import checks_images
from ovmfgui.layout.modules import (
    EMULATION,
    FTW,
    FVB,
    NOR_FLASH,
    PLATFORM,
    VARIABLE,
    VIRT_MM_VARIABLES,
    code_image,
)
from ovmfgui.layout.verdict import Evidence, Expectation
from ovmfgui.layout.witnesses import WITNESSES
from ovmfgui.layout.witnesses.templates import flash_drivers
from ovmfgui.nvram.structures import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.modules import CodeImage

_ASSERTING = (FVB, NOR_FLASH, FTW, VARIABLE, PLATFORM)
_ASSERTION = b"ASSERT_EFI_ERROR (Status = "


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
        tuple(sorted(evidence, key=lambda e: FACTS.index(e.fact))),
        smm=any(module.in_mm for module in flash_drivers(code)),
        has_emu_variable_fvb=code.has(EMULATION),
        reformats_store=code.has(NOR_FLASH),
        reason="" if layout.fv_length is not None else _why_unknown(code),
        findings=(*_disagreements(evidence), *_kept_elsewhere(code)),
        debug=_has_assertions(code),
        validates_records=_validates_records(code),
        enforcement=checks_images(code),
    )


def _validates_records(code: CodeImage) -> bool:
    """Whether the NOR flash driver is of edk2-stable202402 or later.

    In January 2024 VirtNorFlashDxe gave up the GUID of stores without authentication (ae22b2f136)
    and began to walk the records (4a443f73fd): a driver that still holds the GUID does neither.
    """
    drivers = list(code.of(NOR_FLASH))
    return bool(drivers) and not any(PLAIN.bytes_le in m.span.of(m.data) for m in drivers)


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


def _has_assertions(code: CodeImage) -> bool | None:
    """Whether the drivers that handle the store have their assertions compiled in.

    DEBUG and NOOPT builds hold the text that the macro ASSERT_EFI_ERROR prints
    (MdePkg/Include/Library/DebugLib.h); RELEASE builds leave the macro empty
    where their platform defines MDEPKG_NDEBUG.
    """
    asked = [module for family in _ASSERTING for module in code.of(family)]
    if not asked:
        return None
    return any(
        module.data.find(_ASSERTION, module.span.start, module.span.end) >= 0 for module in asked
    )


def _kept_elsewhere(code: CodeImage) -> Iterator[Finding]:
    """Firmware whose variable services QEMU provides writes to no variable store in flash."""
    if code.has(VIRT_MM_VARIABLES):
        text = (
            "This CODE leaves its variables to QEMU's uefi-vars device (VirtMmCommunication): it "
            "reads and writes none in a variable store in flash"
        )
        yield Finding("variables-in-qemu", Severity.WARNING, text, None)


def _why_unknown(code: CodeImage) -> str:
    if not code.modules:
        return "no firmware module could be read in this CODE image"
    if code.has(VIRT_MM_VARIABLES):
        return (
            "this CODE leaves its variables to QEMU's uefi-vars device and uses no store in flash"
        )
    if flash_drivers(code) or code.has(NOR_FLASH):
        return (
            f"the flash driver is there, but its code for {code.architecture} shows none of the "
            "known patterns that tell the store's size"
        )
    if code.has(EMULATION):
        return (
            "this CODE has no flash driver: it keeps its variables in memory "
            "(EmuVariableFvbRuntimeDxe) and loses them at power-off"
        )
    drivers = "FvbServicesRuntimeDxe, FvbServicesSmm, VirtNorFlashDxe"
    return f"this CODE image has no flash driver that is known here ({drivers})"


def _disagreements(evidence: Sequence[Evidence]) -> list[Finding]:
    found: list[Finding] = []
    for fact in FACTS:
        said = [item for item in evidence if item.fact == fact and not item.heuristic]
        values = {item.value for item in said}
        if len(values) > 1:
            voices = "; ".join(f"{_show(item.value)} by {item.source}" for item in said)
            text = f"Witnesses in CODE disagree about {fact}: {voices}"
            found.append(Finding("witnesses-disagree", Severity.ERROR, text, said[0].place))
    return found


def _show(value: object) -> str:
    return f"0x{value:X}" if isinstance(value, int) else str(value)
