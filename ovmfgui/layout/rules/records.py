"""What is in the store: its kind, its records, its FTW areas."""

from __future__ import annotations

from ovmfgui.layout import texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.structures import PLAIN

RECORDS = (
    Rule(
        "plain-store",
        lambda pair: pair.seen.guid == PLAIN,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.plain_store,
        "For Secure Boot carry the variables over into a store with authenticated variables.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "name-size-odd",
        lambda pair: pair.noticed("name-size-odd"),
        Fit.RISKY,
        Outcome.BOOTS,
        texts.odd_name,
        "Delete the record before the machine starts.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "ftw-pending",
        lambda pair: pair.seen.ftw is not None and pair.seen.ftw.pending is not None,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.ftw_pending,
        "",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/FtwMisc.c, InitFtwProtocol (seen)",
    ),
    Rule(
        "ftw-heals",
        lambda pair: pair.seen.ftw is None or not pair.seen.ftw.header_ok,
        Fit.RISKY,
        Outcome.BOOTS,
        texts.ftw_working_block_rebuilt,
        "",
        "MdeModulePkg/Universal/FaultTolerantWriteDxe/UpdateWorkingBlock.c (seen)",
    ),
    Rule(
        "torn-records",
        lambda pair: pair.noticed("record-torn", "header-cut-off"),
        Fit.RISKY,
        Outcome.BOOTS,
        texts.torn_records,
        "",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableParsing.c (seen, OVMF 2022.11)",
    ),
)
