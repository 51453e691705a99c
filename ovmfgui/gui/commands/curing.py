"""The advice of a verdict as deeds: each makes a new file, and opens it beside the old one."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ovmfgui.finding import Severity
from ovmfgui.flash.image import Role
from ovmfgui.gui.workbench import Message
from ovmfgui.layout.cures import Cure, cures, make, template_for
from ovmfgui.nvram.packing import create_flash

if TYPE_CHECKING:
    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.workbench import Workbench
    from ovmfgui.layout.cures import Made
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.progress import Report

_NAMES = {Cure.CONVERT: "converted", Cure.CUT: "cut", Cure.TEMPLATE: "VARS"}
"""What a new file's name proposes at its end."""


class CureCommands:
    """Makes the files that verdicts advise."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._known: tuple[Inspection | None, frozenset[Cure]] = (None, frozenset())
        self._on_disk: tuple[Inspection | None, tuple[str, ...]] = (None, ())
        made = (Cure.CONVERT, Cure.CUT, Cure.TEMPLATE)
        workbench.actions.bind(
            {
                **{cure: partial(self.ask, cure) for cure in made},
                Cure.OTHER_STORE: self._open_other,
                Cure.LAYOUTS: self._show_layouts,
                Cure.REPLAY: self.replay,
            },
            {
                "convertible": lambda: Cure.CONVERT in self._possible(),
                "padded": lambda: Cure.CUT in self._possible(),
                "template": lambda: bool(self._code and template_for(self._code)),
                "code": lambda: bool(self._code),
                "replayable": lambda: bool(self._pair) or self._document.played is not None,
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    @property
    def _code(self) -> str:
        """Path of the CODE file that a store can be put beside; empty for none."""
        image, inspection = self._document.image, self._document.inspection
        if image is None or inspection is None or inspection.machine is not None:
            return ""
        return image.files[0].path if image.role in (Role.CODE, Role.PAIR) else ""

    @property
    def _pair(self) -> tuple[str, ...]:
        """Paths of CODE and store as they lie on disk; empty where they do not.

        Looked for once for each state on disk: what can be done now is asked at every selection.
        """
        saved = self._document.saved
        if self._on_disk[0] is not saved:
            self._on_disk = saved, _lying_on_disk(saved)
        return self._on_disk[1]

    def _possible(self) -> frozenset[Cure]:
        """What helps what is open; worked out once for each state of it."""
        inspection = self._document.inspection
        if self._known[0] is not inspection:
            found = frozenset(cures(inspection)) if inspection is not None else frozenset()
            self._known = inspection, found
        return self._known[1]

    # New files

    def ask(self, cure: Cure) -> None:
        """Let a name be chosen for the new file, make it and open it."""
        image = self._document.image
        if image is None:
            return
        like = Path(image.files[-1 if cure is not Cure.CUT else 0].path)
        name = like.stem.replace("CODE", "VARS") if len(image.files) == 1 else like.stem
        suggested = Path.cwd() / f"{name}-{_NAMES[cure]}.fd"
        target, _filter = QFileDialog.getSaveFileName(
            self._workbench.owner,
            self._workbench.actions[cure].text().replace("&", "").rstrip("…"),
            str(suggested),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if target:
            self.make_into(cure, target)

    def make_into(self, cure: Cure, target: str) -> None:
        """Make the file that a cure is about and open it with the rest; the old ones stay."""
        inspection = self._document.inspection
        if inspection is None:
            return
        paths = [file.path for file in inspection.image.files]

        def work(report: Report) -> Made:
            report(0, 2, "reading")
            made = make(cure, inspection)
            report(1, 2, "writing")
            create_flash(target, made.data)
            return made

        def done(made: Made) -> None:
            if made.index is None:
                paths.append(target)
            else:
                paths[made.index] = target
            self._open(paths, made, Path(target).name)

        self._workbench.tasks.start(f"Writing {Path(target).name}", work, done)

    def _open(self, paths: list[str], made: Made, name: str) -> None:
        words = f"{name} is {made.words}. The files that were open are as they were."
        if made.notes:
            words += f" {made.notes[0]}" + (" …" if len(made.notes) > 1 else "")
        severity = Severity.WARNING if made.notes else Severity.INFO
        details = "\n".join((words, *made.notes))

        message = Message(words, severity, details)
        self._document.open(paths, then=partial(self._workbench.announce, message))

    # Other ways

    def _open_other(self) -> None:
        code = self._code
        path, _filter = QFileDialog.getOpenFileName(
            self._workbench.owner, "Open with another store", str(Path(code).parent)
        )
        if code and path:
            self._document.open((code, path))

    def replay(self) -> None:
        """What was played, from its start; else how a machine comes to the pair that is open."""
        if self._document.played is not None:
            self._workbench.show("migration")
            self._workbench.actions["first-step"].trigger()
        elif pair := self._pair:
            from ovmfgui.migration.scenario.of_change import Firmware, coming_to

            work = partial(coming_to, Firmware(*pair))
            self._workbench.tasks.start("Preparing the replay", work, self._workbench.play)

    def _show_layouts(self) -> None:
        from ovmfgui.gui.views.map.view import COMPARE, MapView

        self._workbench.show_view(MapView).show_mode(COMPARE)


def _lying_on_disk(saved: Inspection | None) -> tuple[str, ...]:
    if saved is None or saved.image.role is not Role.PAIR:
        return ()
    paths = tuple(file.path for file in saved.image.files)
    return paths if all(Path(path).is_file() for path in paths) else ()
