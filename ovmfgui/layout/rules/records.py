"""What is in the store: its kind, its records, its FTW areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.layout import store_texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing

_VARIABLE = "MdeModulePkg/Universal/Variable/RuntimeDxe"
_RECOVER = "Recover the store into a new file before the machine starts (ovmfgui vars recover)."
_LISTING = ("record-shadowed", "name-empty")
_PASSED_OVER = ("name-embedded-nul", "twins-in-transition", "data-empty")


def _replays(pair: Pairing) -> bool:
    """Whether the variable driver reads the store as a pending FTW write will leave it.

    SMM builds have FaultTolerantWritePei, whose HOB sends it to the spare area; VirtNorFlashDxe
    is dispatched behind the FTW driver's replay.
    """
    return pair.expects.smm or pair.expects.reformats_store


def _spare_complete(pair: Pairing) -> bool:
    return pair.seen.ftw is not None and pair.seen.ftw.pending == "spare-complete"


def _copy_without_store(pair: Pairing) -> bool:
    copy = pair.seen.copy
    return copy is None or copy.guid not in (AUTHENTICATED, PLAIN)


def _copy_damaged(pair: Pairing) -> bool:
    return pair.noticed("spare-copy-damaged")


# What stands in the spare area decides before what stands in the region: it takes its place.
PENDING = (
    Rule(
        "ftw-pending-not-replayed",
        lambda pair: _spare_complete(pair) and not _replays(pair),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        store_texts.ftw_not_replayed,
        _RECOVER,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, InitFtwProtocol (seen, OVMF "
        "2022.11 and 2025)",
    ),
    Rule(
        "ftw-pending-no-store",
        lambda pair: _spare_complete(pair) and _copy_without_store(pair),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.ftw_copy_damaged,
        _RECOVER,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, FtwRestart (seen, OVMF 2022.11)",
    ),
    Rule(
        "ftw-pending-copy-damaged",
        lambda pair: _spare_complete(pair) and _copy_damaged(pair),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        store_texts.ftw_copy_damaged,
        _RECOVER,
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, FtwRestart (seen, OVMF 2022.11)",
    ),
)

BROKEN = (
    Rule(
        "certdb-hangs",
        # A build without Secure Boot links AuthVariableLibNull, which reads none (seen, 2025.02).
        lambda pair: pair.noticed("certdb") and pair.expects.secure_boot is not False,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.certdb_hangs,
        _RECOVER,
        "SecurityPkg/Library/AuthVariableLib/AuthService.c, CleanCertsFromDb (seen, OVMF 2022.11)",
    ),
    Rule(
        "listing-never-ends",
        lambda pair: pair.noticed(*_LISTING),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        store_texts.listing_never_ends,
        _RECOVER,
        f"{_VARIABLE}/VariableParsing.c, VariableServiceGetNextVariableInternal (seen, OVMF and "
        "AAVMF 2022.11)",
    ),
    Rule(
        "all-out-of-reach",
        lambda pair: pair.noticed("hidden-data") and not pair.seen.live,
        Fit.INCOMPATIBLE,
        Outcome.WIPED,
        store_texts.out_of_reach,
        _RECOVER,
        f"{_VARIABLE}/Variable.c, VariableWriteServiceInitialize (seen, OVMF and AAVMF 2022.11)",
    ),
    Rule(
        "out-of-reach",
        lambda pair: pair.noticed("hidden-data"),
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        store_texts.out_of_reach,
        _RECOVER,
        f"{_VARIABLE}/Variable.c, VariableWriteServiceInitialize (seen, OVMF 2022.11)",
    ),
)

RECORDS = (
    Rule(
        "plain-store",
        lambda pair: pair.seen.guid == PLAIN,
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.plain_store,
        "For Secure Boot carry the variables over into a store with authenticated variables.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "name-size-odd",
        lambda pair: pair.noticed("name-size-odd"),
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.odd_name,
        "Delete the record before the machine starts.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "ftw-pending",
        lambda pair: pair.seen.ftw is not None and pair.seen.ftw.pending is not None,
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.ftw_pending,
        "Recover the store before you edit it or give it to other firmware.",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, InitFtwProtocol (seen)",
    ),
    Rule(
        "listing-leaves-out",
        lambda pair: pair.noticed(*_PASSED_OVER),
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.listing_leaves_out,
        "Delete what is named before the machine starts.",
        f"{_VARIABLE}/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "ftw-heals",
        lambda pair: pair.seen.ftw is None or not pair.seen.ftw.header_ok,
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.ftw_working_block_rebuilt,
        "",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/UpdateWorkingBlock.c (seen)",
    ),
    Rule(
        "torn-records",
        lambda pair: pair.noticed("record-torn", "header-cut-off"),
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.torn_records,
        "",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "store-faulty",
        lambda pair: bool(pair.faults),
        Fit.RISKY,
        Outcome.BOOTS,
        store_texts.store_faulty,
        _RECOVER,
        f"{_VARIABLE}/VariableParsing.c (seen, OVMF and AAVMF 2022.11)",
    ),
)
