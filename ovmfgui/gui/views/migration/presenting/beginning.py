"""A presentation made ready, as the settings want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from ovmfgui.gui.document.settings import MOTION
from ovmfgui.gui.views.migration.presenting.presentation import Presentation
from ovmfgui.gui.views.migration.step_text import timeline_steps

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.recorded.prepared import Prepared


def presentation_of(workbench: Workbench, prepared: Prepared, index: int) -> Presentation:
    """The presentation of a replay, at a step; it is not begun yet."""
    shown = Presentation(workbench.owner)
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    shown.set_motion(workbench.settings.get(MOTION) == "calm")
    shown.set_prepared(prepared, timeline_steps(prepared.replay))
    shown.show_step(index)
    shown.motion_changed.connect(
        lambda on: workbench.settings.set(MOTION, "calm" if on else "none")
    )
    return shown
