"""What plots, loaded when somebody asks for plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.gui.views.migration.activity_plot import ActivityPlot
    from ovmfgui.progress import Report


def load_plots(_report: Report) -> type[ActivityPlot]:
    """Import the library that plots, for a worker: it takes a quarter of a second.

    It makes no Qt object as it is imported.
    """
    from ovmfgui.gui.views.migration.activity_plot import ActivityPlot

    return ActivityPlot
