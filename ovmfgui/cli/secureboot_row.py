"""A row of ``ovmfgui secureboot``: one store and all that is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from ovmfgui.layout.enforcement import Enforcement
    from ovmfgui.trust.binary import Judgement
    from ovmfgui.trust.boot_chain import Chain
    from ovmfgui.trust.overview import Overview
    from ovmfgui.trust.sources import Store

MODES = {
    "setup": "setup mode: no PK, nothing is checked",
    "user": "user mode: what starts is checked",
    "off": "keys are enrolled, and Secure Boot is switched off",
    "none": "the store cannot hold keys",
}


class Judged(NamedTuple):
    """A store, what was read of it, what its CODE enforces, and what a binary would meet there.

    ``chains`` has what becomes of every loader where a medium was named in place of a binary,
    and ``unread`` what of it was not looked at.
    """

    store: Store
    overview: Overview
    code: Enforcement
    findings: tuple[Finding, ...]
    binary: Judgement | None
    chains: tuple[Chain, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        starts = self.binary is None or self.binary.starts is True
        return (
            starts
            and not self.unread
            and not any(f.severity is not Severity.INFO for f in self.findings)
        )
