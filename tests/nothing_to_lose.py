"""Windows close without a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ovmfgui.gui.shell.window import Window


def nothing_to_lose(window: Window) -> None:
    """Whatever was edited in it is given up: stores, scenarios, and what no document stands for."""
    for each in window.document.all_open:
        each.undo_stack.setClean()
        each.pending = None
    window.workbench.unfinished.clear()
