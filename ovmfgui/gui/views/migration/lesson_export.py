"""The lesson as a web page, written into a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QIODevice, QSaveFile
from PySide6.QtWidgets import QFileDialog

from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.progress import Report


def export_lesson(workbench: Workbench, replay: Replay) -> None:
    """Ask where to, and write the page there."""
    path, _filter = QFileDialog.getSaveFileName(
        workbench.owner,
        "Save the lesson as a web page",
        f"{replay.scenario.name}.html",
        "Web pages (*.html)",
    )
    if path:
        write_lesson(workbench, replay, path)


def write_lesson(workbench: Workbench, replay: Replay, path: str) -> None:
    """Write the lesson's page in the background, whole or not at all."""
    workbench.tasks.start(
        f"Writing {Path(path).name}",
        partial(_write_page, replay, path),
        lambda size: workbench.tell(f"The lesson is in {path} ({size:,} bytes)."),
    )


def _write_page(replay: Replay, path: str, report: Report) -> int:
    from ovmfgui.migration.lesson.page import lesson_page

    report(0, 2, "drawing the pictures")
    page = lesson_page(replay).encode()
    report(1, 2, "writing")
    file = QSaveFile(path)
    written = file.open(QIODevice.OpenModeFlag.WriteOnly) and file.write(page) == len(page)
    if not written or not file.commit():
        msg = f"{path} cannot be written: {file.errorString()}; choose another place"
        raise Refused(msg)
    return len(page)
