"""What can be done about a verdict or a finding, as entries of the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.actions.spec import ActionSpec
from ovmfgui.layout.cures import Cure, cures

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from ovmfgui.finding import Finding
    from ovmfgui.gui.actions.bound import Actions
    from ovmfgui.layout.inspection import Inspection

CURING_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        Cure.LAYOUTS,
        "Show both &layouts",
        "",
        "",
        "Draw what CODE expects beside what VARS provides",
        "Tools",
        "verdict",
    ),
    ActionSpec(
        Cure.REPLAY,
        "Replay this mi&gration",
        "",
        "",
        "Play how a machine comes to this CODE with this store, and its next power-on, on copies",
        "Tools",
        "replayable",
    ),
    ActionSpec(
        Cure.CONVERT,
        "Convert the store &for this CODE…",
        "",
        "",
        "Carry the variables over into a new file of the layout that this CODE expects",
        "Tools",
        "convertible",
        separated=True,
    ),
    ActionSpec(
        Cure.CUT,
        "C&ut the padding…",
        "",
        "",
        "Write what lies within the padding into a new file, where firmware looks for it",
        "Tools",
        "padded",
    ),
    ActionSpec(
        Cure.RECOVER,
        "&Recover or format the store…",
        "",
        "",
        "Rebuild a damaged store, or format a blank one, into a new file; the old one is kept",
        "Tools",
        "recoverable",
    ),
    ActionSpec(
        Cure.TEMPLATE,
        "New store from the &template…",
        "",
        "",
        "Copy the VARS template that belongs to this CODE into a new file",
        "Tools",
        "template",
    ),
    ActionSpec(
        Cure.OTHER_STORE,
        "Open with another &store…",
        "",
        "",
        "Open this CODE with another VARS file",
        "Tools",
        "code",
    ),
)


def cure_actions(
    actions: Actions, inspection: Inspection | None, finding: Finding | None = None
) -> list[QAction]:
    """What can be done now about a finding, or about the verdict where None; the best first."""
    if inspection is None:
        return []
    return [actions[cure] for cure in cures(inspection, finding) if actions.can(cure)]
