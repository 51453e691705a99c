"""States of the migration view that are worth a picture besides its steps."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.views.migration.source_bar import SourceBar
    from ovmfgui.migration.recorded.prepared import Prepared


def poses_of(bar: SourceBar, prepared: Prepared | None) -> Sequence[tuple[str, Callable[[], None]]]:
    """The activity, and the editor."""
    if prepared is None:
        return ()
    found: list[tuple[str, Callable[[], None]]] = []
    if not prepared.activity.quiet:
        found.append(("activity", partial(_only, bar, plot=True)))
    if prepared.aside is None:
        found.append(("editing", partial(_only, bar, edit=True)))
    return found


def _only(bar: SourceBar, *, plot: bool = False, edit: bool = False) -> None:
    bar.plot_button.setChecked(plot)
    bar.edit_button.setChecked(edit)
