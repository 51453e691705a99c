"""The rules of the verdict, a rule an entry; the first that applies decides.

Where a source says "seen", real firmware was booted and watched; the others are edk2's sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout import texts
from ovmfgui.layout.rules.boundaries import BOUNDARIES
from ovmfgui.layout.rules.nor_flash import BLANK, REFORMATTED
from ovmfgui.layout.rules.placement import PLACES, SIZES, START
from ovmfgui.layout.rules.records import BROKEN, PENDING, RECORDS
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.rules.uefi_vars import JSON_STORES
from ovmfgui.layout.rules.volume_header import HEADERS
from ovmfgui.layout.verdict import Fit, Outcome

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_NO_WITNESS = (
    Rule(
        "no-witness",
        lambda pair: pair.expected.fv_length is None,
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.no_witness,
        "Compare the two by hand, or start the pair on a copy of the store.",
        "",
    ),
)

_UNKNOWN_CONSTANTS = (
    Rule(
        "constants-unknown",
        lambda pair: bool(pair.unknown_boundaries),
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        texts.constants_unknown,
        "Compare the two by hand, or start the pair on a copy of the store.",
        "",
    ),
)

_AGREES = (
    Rule(
        "agrees",
        lambda _pair: True,
        Fit.FITS,
        Outcome.BOOTS,
        texts.agrees,
        "",
        "",
    ),
)

RULES: tuple[Rule[Pairing], ...] = (
    *JSON_STORES,
    *SIZES,
    *START,
    *BLANK,
    *_NO_WITNESS,
    *REFORMATTED,
    *PLACES,
    *HEADERS,
    *BOUNDARIES,
    *PENDING,
    *BROKEN,
    *_UNKNOWN_CONSTANTS,
    *RECORDS,
    *_AGREES,
)
