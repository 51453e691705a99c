"""What an action made of the hosts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.layout.verdict import Outcome, Verdict


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step that an action makes; ``Step`` tells what the attributes mean."""

    host: str
    title: str
    text: str
    qemu: str = ""
    ok: bool = True
    consequence: str = ""
    verdict: Verdict | None = None
    outcome: Outcome | None = None
