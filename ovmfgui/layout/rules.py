"""The rules of the verdict, a rule an entry; the first that applies decides.

Where a source says "seen", real firmware was booted and watched; the others are edk2's sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ovmfgui.layout import explanations as say
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.layout.pairing import Pairing

QEMU_BLOCK = 4096
QEMU_MAX_X86 = 8 << 20

_DAMAGED_HEADER = ("fv-checksum", "fv-revision", "fv-header-length", "fv-block-map", "fv-length")
_BROKEN_CHAIN = ("record-overruns", "too-many-records")
_ARM_CHAIN = (*_BROKEN_CHAIN, "record-state", "name-size-odd", "name-empty", "name-unterminated")
_FVB = "OvmfPkg/QemuFlashFvbServicesRuntimeDxe"
_NOR = "OvmfPkg/VirtNorFlashDxe"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be the case with a pair.

    Attributes:
        id: kebab-case; the finding that explains the verdict carries it.
        applies: whether it is the case.
        fit: the answer.
        outcome: what happens at power-on.
        explain: the summary: what it means, in a sentence or two.
        advice: what to do; empty where nothing is to be done.
        source: where that is known from.
    """

    id: str
    applies: Callable[[Pairing], bool]
    fit: Fit
    outcome: Outcome
    explain: Callable[[Pairing], str]
    advice: str
    source: str


def _refused_size(pair: Pairing) -> bool:
    board = pair.board
    if board is not None:
        return pair.code_size != board.chip_size or pair.vars_size != board.chip_size
    sizes = (pair.code_size,) if pair.unified else (pair.code_size, pair.vars_size)
    return any(size % QEMU_BLOCK for size in sizes) or sum(sizes) > QEMU_MAX_X86


def _header_rejected(pair: Pairing) -> bool:
    """What sends the flash driver into rebuilding the volume."""
    volume = pair.seen.volume
    return volume is None or pair.noticed(*_DAMAGED_HEADER) or pair.differs("fv_length")


def _other_file_system(pair: Pairing) -> bool:
    """A sound volume header whose FileSystemGuid is not that of NvData."""
    start = pair.window_offset
    return pair.seen.volume is None and pair.vars_data[start + 0x28 : start + 0x2C] == b"_FVH"


def _no_store_header(pair: Pairing) -> bool:
    return pair.seen.guid not in (AUTHENTICATED, PLAIN)


def _formats_anew(pair: Pairing) -> bool:
    """What the NOR flash driver's ValidateFvHeader objects to."""
    strict = pair.expects.strict
    accepted = (AUTHENTICATED,) if strict else (AUTHENTICATED, PLAIN)
    return (
        _header_rejected(pair)
        or pair.seen.guid not in accepted
        or pair.noticed("store-state", "store-size")
        or pair.differs("variable_size")
        or (strict and pair.noticed(*_ARM_CHAIN))
    )


RULES = (
    Rule(
        "qemu-refuses-size",
        _refused_size,
        Fit.INCOMPATIBLE,
        Outcome.REFUSED_BY_QEMU,
        say.refused_size,
        "Use files of the size that the machine's flash chips have.",
        "QEMU hw/i386/pc_sysfw.c, hw/block/pflash_cfi01.c (seen, QEMU 7.2)",
    ),
    Rule(
        "blank-initialised",
        lambda pair: pair.expects.heals and pair.seen.blank is not None,
        Fit.FITS,
        Outcome.BOOTS_INITIALISES,
        say.blank_initialised,
        "",
        f"{_NOR}/VirtNorFlashDxe.c (seen, AAVMF 2022.11)",
    ),
    Rule(
        "no-witness",
        lambda pair: pair.expected.fv_length is None,
        Fit.UNKNOWN,
        Outcome.UNKNOWN,
        say.no_witness,
        "Compare the two by hand, or start the pair on a copy of the store.",
        "",
    ),
    Rule(
        "store-formatted-anew",
        lambda pair: pair.expects.heals and _formats_anew(pair),
        Fit.INCOMPATIBLE,
        Outcome.WIPED,
        say.formatted_anew,
        "Keep a copy of the store; carry its variables over into a store that this CODE accepts.",
        f"{_NOR}/VirtNorFlashFvb.c, ValidateFvHeader (seen, AAVMF 2022.11)",
    ),
    Rule(
        "too-small-volatile",
        lambda pair: pair.too_small and pair.expects.emulates,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        say.too_small_volatile,
        "Give the machine the VARS template that belongs to this CODE.",
        f"{_FVB}/QemuFlash.c, QemuFlashDetected (seen, OVMF 2022.11)",
    ),
    Rule(
        "too-small-no-boot",
        lambda pair: pair.too_small,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.too_small_no_boot,
        "Give the machine the VARS template that belongs to this CODE.",
        f"{_FVB}/QemuFlash.c, QemuFlashInitialize (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-flash-seen-volatile",
        lambda pair: pair.unseen_by_probe and pair.expects.emulates,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_VOLATILE,
        say.no_flash_seen,
        "x86 firmware does not format a blank file: copy the VARS template of this CODE.",
        f"{_FVB}/QemuFlash.c, QemuFlashDetected (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-flash-seen-no-boot",
        lambda pair: pair.unseen_by_probe,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.no_flash_seen,
        "x86 firmware does not format a blank file: copy the VARS template of this CODE.",
        f"{_FVB}/QemuFlash.c, QemuFlashInitialize",
    ),
    Rule(
        "too-large-no-boot",
        lambda pair: pair.x86 and pair.window_offset > 0 and _header_rejected(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.too_large,
        "Give the machine the VARS template that belongs to this CODE, or the CODE of this store.",
        f"{_FVB}/FwBlockServiceDxe.c, InitializeVariableFvHeader (seen, OVMF 2022.11)",
    ),
    Rule(
        "other-file-system",
        lambda pair: pair.x86 and _other_file_system(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.other_file_system,
        "Restore the store from a backup, or start over with the template.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "volume-rebuilt",
        lambda pair: pair.x86 and (_header_rejected(pair) or pair.differs("block_size")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.volume_rebuilt,
        "Do not start it: keep a copy of the store, then repair its header or use the template.",
        f"{_FVB}/FwBlockServiceDxe.c, InitializeVariableFvHeader (seen, OVMF 2022.11)",
    ),
    Rule(
        "no-store-header",
        lambda pair: pair.x86 and (_no_store_header(pair) or pair.noticed("store-state")),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.no_store_header,
        "Restore the store from a backup, or start over with the template.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "record-beyond-store",
        lambda pair: pair.noticed(*_BROKEN_CHAIN),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.record_beyond_store,
        "Keep a copy and repair the record before the machine starts.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "other-boundaries-halt",
        lambda pair: pair.other_boundaries and bool(pair.expects.debug),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.other_boundaries_halt,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "OvmfPkg/Library/PlatformInitLib/Platform.c, PlatformValidateNvVarStore (seen, OVMF 2026)",
    ),
    Rule(
        "region-too-large",
        lambda pair: pair.other_boundaries and pair.region_too_large and pair.expects.smm,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        say.region_too_large,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "other-boundaries",
        lambda pair: pair.other_boundaries,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        say.other_boundaries,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "OvmfPkg/Library/PlatformInitLib/Platform.c (seen, OVMF 2022.11 and 2026)",
    ),
    Rule(
        "plain-store",
        lambda pair: pair.seen.guid == PLAIN,
        Fit.RISKY,
        Outcome.BOOTS,
        say.plain_store,
        "For Secure Boot carry the variables over into a store with authenticated variables.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "name-size-odd",
        lambda pair: pair.noticed("name-size-odd"),
        Fit.RISKY,
        Outcome.BOOTS,
        say.odd_name,
        "Delete the record before the machine starts.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "ftw-pending",
        lambda pair: pair.seen.ftw is not None and pair.seen.ftw.pending is not None,
        Fit.RISKY,
        Outcome.BOOTS,
        say.ftw_pending,
        "",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, InitFtwProtocol (seen)",
    ),
    Rule(
        "ftw-heals",
        lambda pair: pair.seen.ftw is None or not pair.seen.ftw.header_ok,
        Fit.RISKY,
        Outcome.BOOTS,
        say.ftw_heals,
        "",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/UpdateWorkingBlock.c (seen)",
    ),
    Rule(
        "torn-records",
        lambda pair: pair.noticed("record-torn", "header-cut-off"),
        Fit.RISKY,
        Outcome.BOOTS,
        say.torn_records,
        "",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "agrees",
        lambda _pair: True,
        Fit.FITS,
        Outcome.BOOTS,
        say.agrees,
        "",
        "",
    ),
)
