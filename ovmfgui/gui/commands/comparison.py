"""Images held against each other: two in the Compare view, many in the Matrix view."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench


def compare_files(workbench: Workbench, first: Sequence[str], second: Sequence[str]) -> None:
    """Open one image or pair, with the other beside it in the Compare view."""
    from ovmfgui.gui.views.compare.view import CompareView

    workbench.document.open(first, then=lambda: workbench.show_view(CompareView).choose(second))


def compare_two(
    workbench: Workbench, first: Opened | tuple[str, ...], second: Opened | tuple[str, ...]
) -> None:
    """Two of anything that Sources lists: what is open as it is now, files once they are read."""
    if isinstance(first, tuple) and not isinstance(second, tuple):
        first, second = second, first
    if isinstance(first, tuple) and isinstance(second, tuple):
        compare_files(workbench, first, second)
        return
    assert not isinstance(first, tuple)
    if first.host and not isinstance(second, tuple) and second.host:
        from ovmfgui.gui.views.hosts.view import HostsView

        workbench.document.bring_to_front(first)
        workbench.show_view(HostsView).choosing.choose(first.host, second.host)
        return
    from ovmfgui.gui.views.compare.view import CompareView

    workbench.document.bring_to_front(first)
    view = workbench.show_view(CompareView)
    if isinstance(second, tuple):
        view.choose(second)
    else:
        view.compare_with_opened(second)


def judge_files(workbench: Workbench, paths: Sequence[str]) -> None:
    """Every CODE among these against every store, in the Matrix view."""
    from ovmfgui.gui.views.matrix.view import MatrixView

    workbench.show_view(MatrixView).add(tuple(paths))
