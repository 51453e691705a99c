"""What VirtNorFlashDxe (ARM, RISC-V, LoongArch) does with a store that it does not accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout import texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.rules.volume_header import BROKEN_CHAIN, header_rejected
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

# What the driver objects to since it walks the records, dead ones too (ValidateFvHeader).
_ARM_CHAIN = (
    *BROKEN_CHAIN,
    "dead-record-overruns",
    "record-state",
    "name-size-odd",
    "name-empty",
    "dead-name-empty",
    "name-unterminated",
    "header-cut-off",
)
_NOR = "OvmfPkg/VirtNorFlashDxe"


def _formats_anew(pair: Pairing) -> bool:
    """What the NOR flash driver's ValidateFvHeader objects to."""
    validates = pair.expects.validates_records
    accepted = (AUTHENTICATED,) if validates else (AUTHENTICATED, PLAIN)
    return (
        header_rejected(pair)
        or pair.seen.guid not in accepted
        or pair.noticed("store-state", "store-size")
        or pair.differs("variable_size")
        or (validates and pair.noticed(*_ARM_CHAIN))
    )


BLANK = (
    Rule(
        "blank-initialised",
        lambda pair: pair.expects.reformats_store and pair.seen.blank is not None,
        Fit.FITS,
        Outcome.BOOTS_INITIALISES,
        texts.blank_initialised,
        "",
        f"{_NOR}/VirtNorFlashDxe.c (seen, AAVMF 2022.11)",
    ),
)

REFORMATTED = (
    Rule(
        "store-formatted-anew",
        lambda pair: pair.expects.reformats_store and _formats_anew(pair),
        Fit.INCOMPATIBLE,
        Outcome.WIPED,
        texts.formatted_anew,
        "Keep a copy of the store; carry its variables over into a store that this CODE accepts.",
        f"{_NOR}/VirtNorFlashFvb.c, ValidateFvHeader (seen, AAVMF 2022.11)",
    ),
)
