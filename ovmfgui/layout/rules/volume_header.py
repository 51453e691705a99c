"""What flash and variable drivers object to before they read a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.volume_header import read_volume_header
from ovmfgui.layout import store_texts, texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.record import Status
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN, STORE_HEADER_SIZE

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_DAMAGED_HEADER = ("fv-checksum", "fv-revision", "fv-header-length", "fv-block-map", "fv-length")
BROKEN_CHAIN = ("record-overruns", "too-many-records")
# Beyond the store, in bytes: so far firmware was seen to get, and from here on to stop.
_STILL_READ, _NEVER_READ = 0x100000, 0x1000000
_FROM_A_COPY = "Do not start it: recover the store into a new file first (ovmfgui vars recover)."
_FVB = "OvmfPkg/QemuFlashFvbServicesRuntimeDxe"


def header_rejected(pair: Pairing) -> bool:
    """What sends the flash driver into rebuilding the volume."""
    volume = pair.seen.volume
    return volume is None or pair.noticed(*_DAMAGED_HEADER) or pair.differs("fv_length")


def _other_file_system(pair: Pairing) -> bool:
    """A sound volume header whose FileSystemGuid is not that of NvData."""
    if pair.seen.volume is not None:
        return False
    header = read_volume_header(pair.vars_data, pair.window_offset, pair.vars_size)
    length = pair.expected.fv_length
    return header is not None and header.checksum_ok and header.fixed.FvLength == length


def _no_store_header(pair: Pairing) -> bool:
    return pair.seen.guid not in (AUTHENTICATED, PLAIN)


def _overrun(pair: Pairing) -> int:
    """Bytes that the list's last record claims beyond the store; beyond all where it is none."""
    store = pair.seen
    last = store.records[-1] if store.records else None
    header = None if last is None else last.stored_header
    if last is None or header is None or store.region is None:
        return _NEVER_READ
    end = last.header_span.end + header.NameSize + header.DataSize
    return end - store.region.end if end > store.region.end else _NEVER_READ


def _full(pair: Pairing) -> bool:
    """Whether a compaction wins nothing: what it wins may make room for the record."""
    return all(r.status in (Status.LIVE, Status.INVALID) for r in pair.seen.records)


HEADERS = (
    Rule(
        "other-file-system",
        lambda pair: pair.x86 and _other_file_system(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.other_file_system,
        texts.backup_cure,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "volume-rebuilt",
        lambda pair: pair.x86 and (header_rejected(pair) or pair.differs("block_size")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.volume_rebuilt,
        _FROM_A_COPY,
        f"{_FVB}/FwBlockServiceDxe.c, InitializeVariableFvHeader (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-store-header",
        lambda pair: pair.x86 and (_no_store_header(pair) or pair.noticed("store-state")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.no_store_header,
        texts.backup_cure,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "volume-passed-over",
        lambda pair: pair.x86 and pair.noticed("fv-write-status"),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.volume_passed_over,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableDxe.c, GetFvbInfoByAddress (seen)",
    ),
    Rule(
        "block-map-short",
        lambda pair: pair.x86 and pair.noticed("fv-block-map-cover"),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.block_map_short,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "store-size-none",
        lambda pair: pair.noticed("store-size") and (pair.seen.size or 0) <= STORE_HEADER_SIZE,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        store_texts.store_size_none,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, 2022.11 and 2025.02)",
    ),
    Rule(
        "store-size-beyond",
        lambda pair: pair.noticed("store-size") and (pair.seen.size or 0) >= _NEVER_READ,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.store_size_beyond,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "store-size-unclear",
        lambda pair: pair.noticed("store-size"),
        Fit.INCOMPATIBLE,
        Outcome.UNKNOWN,
        store_texts.store_size_beyond,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c",
    ),
    Rule(
        "record-beyond-store",
        lambda pair: pair.noticed(*BROKEN_CHAIN) and _overrun(pair) >= _NEVER_READ,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.record_beyond_store,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "record-over-the-end",
        lambda pair: pair.noticed(*BROKEN_CHAIN) and _overrun(pair) <= _STILL_READ and _full(pair),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        store_texts.record_over_the_end,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/Variable.c, UpdateVariable (seen)",
    ),
    Rule(
        "record-overrun-unclear",
        lambda pair: pair.noticed(*BROKEN_CHAIN),
        Fit.INCOMPATIBLE,
        Outcome.UNKNOWN,
        store_texts.record_overrun_unclear,
        _FROM_A_COPY,
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c",
    ),
)
