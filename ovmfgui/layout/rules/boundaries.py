"""Volumes of equal length whose regions end elsewhere."""

from __future__ import annotations

from ovmfgui.layout import texts
from ovmfgui.layout.rules.rule import Rule
from ovmfgui.layout.verdict import Fit, Outcome

BOUNDARIES = (
    Rule(
        "other-boundaries-halt",
        lambda pair: pair.other_boundaries and bool(pair.expects.debug),
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.other_boundaries_halt,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "OvmfPkg/Library/PlatformInitLib/Platform.c, PlatformValidateNvVarStore (seen, OVMF 2026)",
    ),
    Rule(
        "region-too-large",
        lambda pair: pair.other_boundaries and pair.region_too_large and pair.expects.smm,
        Fit.INCOMPATIBLE,
        Outcome.NO_BOOT,
        texts.region_too_large,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen, OVMF 2022.11)",
    ),
    Rule(
        "region-larger",
        lambda pair: pair.other_boundaries and pair.region_too_large,
        Fit.INCOMPATIBLE,
        Outcome.UNKNOWN,
        texts.region_larger,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "MdeModulePkg/Universal/Variable/RuntimeDxe/VariableNonVolatile.c (seen: one release build "
        "boots, two do not)",
    ),
    Rule(
        "other-boundaries",
        lambda pair: pair.other_boundaries,
        Fit.INCOMPATIBLE,
        Outcome.BOOTS_CORRUPTING,
        texts.other_boundaries,
        "Do not start it: use the CODE that this store was made for, or carry its variables over.",
        "OvmfPkg/Library/PlatformInitLib/Platform.c (seen, OVMF 2022.11 and 2026)",
    ),
)
