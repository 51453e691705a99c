"""Images held against each other: two in the Compare view, many in the Matrix view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.workbench import Workbench


def compare_files(workbench: Workbench, first: Sequence[str], second: Sequence[str]) -> None:
    """Open one image or pair, with the other beside it in the Compare view."""
    from ovmfgui.gui.views.compare.view import CompareView

    workbench.document.open(first, then=lambda: workbench.show_view(CompareView).choose(second))


def judge_files(workbench: Workbench, paths: Sequence[str]) -> None:
    """Every CODE among these against every store, in the Matrix view."""
    from ovmfgui.gui.views.matrix.view import MatrixView

    workbench.show_view(MatrixView).add(tuple(paths))
