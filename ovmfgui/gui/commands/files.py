"""Opening, switching, saving and closing, with the questions that belong to them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ovmfgui.flash.image import Role
from ovmfgui.gui.commands.comparison import compare_files, judge_files
from ovmfgui.gui.dialogs.leaving import leave, leave_all
from ovmfgui.gui.document.settings import FOLDER
from ovmfgui.hosts.naming import DESCRIPTION, has_in_it, is_uri
from ovmfgui.layout.demo import demo_files
from ovmfgui.machine.sorting_out import Found, needs_sorting, sort_out
from ovmfgui.migration.recorded.file_kinds import opener_kind
from ovmfgui.resources import resource_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.document.opened import Opened
    from ovmfgui.gui.workbench import Workbench

_FILTER = (
    "All files (*);;"
    "Flash images (*.fd *.bin *.raw *.rom *.qcow2 *.xz *.img *.nvram *.json *.bak);;"
    "Machines of libvirt, QEMU and Proxmox (*.xml *.conf *.json *.sh *.args *.log);;"
    "Recordings and scenarios (*.stream *.save *.log *.toml)"
)
"""What a file is, its bytes tell: none is hidden for its name unless somebody asks for that."""

_SAVE_FILTER = (
    "Flash images (*.fd *.bin *.raw *.img *.qcow2 *.xz);;"
    "Store of QEMU's uefi-vars device (*.json);;"
    "All files (*)"
)


class FileCommands:
    """What opens, saves and closes.

    Args:
        workbench: whose document it is.
        play: takes a kind of opener and a path: what the migration view opens.
    """

    def __init__(self, workbench: Workbench, play: Callable[[str, str], None]) -> None:
        self._workbench = workbench
        self._play_file = play
        workbench.document.presented.connect(self._remember)
        workbench.actions.bind(
            {
                "open": self.ask_and_open,
                "open-half": self.ask_half,
                "open-demo": self.open_demo,
                "save": self.save,
                "save-as": self.save_as,
                "close": self.close,
                "close-all": self.close_all,
                "next-document": lambda: self._document.step(1),
                "previous-document": lambda: self._document.step(-1),
            },
            {
                "open": lambda: self._document.image is not None,
                "document": lambda: bool(self._document.all_open),
                "several": lambda: len(self._document.all_open) > 1,
                "half": self._is_half,
                "changed": lambda: self._document.front.changed,
                "modified": lambda: self._document.modified,
                "savable": lambda: (
                    self._document.front.pending is not None or not self._document.read_only_because
                ),
            },
        )

    @property
    def _document(self) -> Document:
        return self._workbench.document

    def _is_half(self) -> bool:
        image = self._document.image
        return image is not None and len(image.files) == 1 and self._document.verdict is None

    # Opening

    def ask_and_open(self) -> None:
        """Let files be chosen and open them."""
        paths = self._ask_files("Open a pair, a unified image or a VARS file")
        if paths:
            self.open(paths)

    def ask_half(self) -> None:
        """Let the other half of the pair be chosen and open both."""
        image = self._document.image
        if image is None or len(image.files) != 1:
            return
        wanted = "VARS" if image.role is Role.CODE else "CODE"
        paths = self._ask_files(f"Add the {wanted} file")
        if paths:
            whole = (image.files[0].path, *paths)
            leave(self._workbench, lambda: self._open(whole, instead=True))

    def _ask_files(self, title: str) -> tuple[str, ...]:
        settings = self._workbench.settings
        folder = str(settings.get(FOLDER))
        paths, _filter = QFileDialog.getOpenFileNames(self._workbench.owner, title, folder, _FILTER)
        if paths:
            settings.set(FOLDER, str(Path(paths[0]).parent))
        return tuple(paths)

    def open(self, paths: Sequence[str]) -> None:
        """Open files beside what is open; scenarios and recordings are played, hosts listed."""
        if self._play(paths):
            return
        if self._open_host(paths):
            return
        if len(paths) > 2 or (len(paths) == 1 and needs_sorting(paths)):
            self._sort_out(paths)
        else:
            self._open(paths)

    def _open(self, paths: Sequence[str], *, beside: str = "", instead: bool = False) -> None:
        # What was asked for is seen: a view that shows something else goes to the back.
        seen = self._workbench.views.show_document
        self._document.open(paths, beside=beside, instead=instead, then=seen)

    def _sort_out(self, paths: Sequence[str]) -> None:
        """Find out what is meant by several files or a folder, and ask where it takes that."""
        work = partial(sort_out, tuple(paths))
        self._workbench.tasks.start("Looking for images", work, self._on_found)

    def _on_found(self, found: Found) -> None:
        if len(found.offers) == 1:
            self._open(found.offers[0].paths)
            return
        from ovmfgui.gui.dialogs.offers import OffersDialog

        dialog = OffersDialog(found, self._workbench.owner)
        dialog.open_wanted.connect(self.open)
        dialog.compare_wanted.connect(partial(compare_files, self._workbench))
        dialog.matrix_wanted.connect(partial(judge_files, self._workbench))
        self._workbench.open_dialog(dialog)

    def _play(self, paths: Sequence[str]) -> bool:
        kind = opener_kind(paths)
        there = self._document.holding([str(Path(path).absolute()) for path in paths])
        if kind and there is not None:
            self._document.bring_to_front(there)
        elif kind:
            self._play_file(kind, paths[0])
        return bool(kind)

    def _open_host(self, paths: Sequence[str]) -> bool:
        """A libvirt URI, or what 'collect' has made of a host."""
        name = paths[0]
        host = len(paths) == 1 and (is_uri(name) or has_in_it(name, DESCRIPTION))
        if host:
            self._document.open_host(name if is_uri(name) else str(Path(name).absolute()))
        return host

    def open_dropped(self, paths: Sequence[str]) -> None:
        """Open files that were dropped; one file completes the half of a pair that is open."""
        if self._play(paths):
            return
        if self._open_host(paths):
            return
        if needs_sorting(paths):
            self._sort_out(paths)
            return
        image = self._document.image
        half = image.files[0].path if image is not None and len(image.files) == 1 else ""
        beside = half if half != paths[0] else ""
        if beside:
            # Both halves are read anew where they make a pair.
            leave(self._workbench, lambda: self._open(paths, beside=beside))
        else:
            self._open(paths)

    def open_demo(self) -> None:
        """Open the built-in pair."""
        self._document.open_made("the demo pair", demo_files)

    def _remember(self) -> None:
        """Put what is open now at the head of what was open lately."""
        paths = tuple(str(Path(path).absolute()) for path in self._document.front.paths)
        # Lessons have an index of their own, hosts a list.
        shipped = resource_path("scenarios")
        ours = any(Path(path).is_relative_to(shipped) for path in paths)
        if paths and not ours and not self._document.host:
            self._workbench.settings.remember(paths)

    # Saving and closing

    def save(self) -> None:
        """Write the edits where they belong; what never was a file is given a name first."""
        image, index = self._document.image, self._document.store_file
        if self._document.front.pending is not None:
            self._document.front.pending.save(lambda: None)
        elif image is not None and index is not None and self._document.without_file:
            self.save_as()
        else:
            self._document.save()

    def save_as(self) -> None:
        """Let a name be chosen and write the store, or the scenario, there."""
        if self._document.front.pending is not None:
            self._document.front.pending.save_as()
            return
        image, index = self._document.image, self._document.store_file
        if image is None or index is None:
            return
        proposed = image.files[index].path
        if self._document.without_file:
            proposed = f"{Path(proposed).name.replace(' ', '-')}.fd".replace(".fd.fd", ".fd")
        title = f"Save the store {Path(proposed).name} as"
        owner = self._workbench.owner
        path, _filter = QFileDialog.getSaveFileName(owner, title, proposed, _SAVE_FILTER)
        if path:
            self._document.save_as(path)

    def close(self, opened: Opened | None = None) -> None:
        """Close what is in front, or something beside it, once its edits are settled."""
        if opened is None or opened is self._document.front:
            leave(self._workbench, self._document.close)
        elif opened.changed:
            # The question is about what one sees.
            self._document.bring_to_front(opened)
            leave(self._workbench, self._document.close)
        else:
            self._document.close(opened)

    def close_all(self) -> None:
        """Close all that is open, once it is settled what becomes of its edits."""
        leave_all(self._workbench, self._document.close_all)
