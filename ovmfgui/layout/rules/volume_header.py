"""What flash and variable drivers object to before they read a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout import texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_DAMAGED_HEADER = ("fv-checksum", "fv-revision", "fv-header-length", "fv-block-map", "fv-length")
BROKEN_CHAIN = ("record-overruns", "too-many-records")
_FVB = "OvmfPkg/QemuFlashFvbServicesRuntimeDxe"


def header_rejected(pair: Pairing) -> bool:
    """What sends the flash driver into rebuilding the volume."""
    volume = pair.seen.volume
    return volume is None or pair.noticed(*_DAMAGED_HEADER) or pair.differs("fv_length")


def _other_file_system(pair: Pairing) -> bool:
    """A sound volume header whose FileSystemGuid is not that of NvData."""
    start = pair.window_offset
    return pair.seen.volume is None and pair.vars_data[start + 0x28 : start + 0x2C] == b"_FVH"


def _no_store_header(pair: Pairing) -> bool:
    return pair.seen.guid not in (AUTHENTICATED, PLAIN)


HEADERS = (
    Rule(
        "other-file-system",
        lambda pair: pair.x86 and _other_file_system(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.other_file_system,
        "Restore the store from a backup, or start over with the template.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "volume-rebuilt",
        lambda pair: pair.x86 and (header_rejected(pair) or pair.differs("block_size")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.volume_rebuilt,
        "Do not start it: keep a copy of the store, then repair its header or use the template.",
        f"{_FVB}/FwBlockServiceDxe.c, InitializeVariableFvHeader (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-store-header",
        lambda pair: pair.x86 and (_no_store_header(pair) or pair.noticed("store-state")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.no_store_header,
        "Restore the store from a backup, or start over with the template.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "record-beyond-store",
        lambda pair: pair.noticed(*BROKEN_CHAIN),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.record_beyond_store,
        "Keep a copy and repair the record before the machine starts.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
)
