"""What a person names, opened: a machine with its files read, or a plain image."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import Image, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.machine.chips import (
    ChipFile,
    Problem,
    exists,
    read_firmware,
    read_json_file,
    read_store_file,
    read_template,
)
from ovmfgui.machine.definition import is_definition, read_definition
from ovmfgui.machine.host_tree import THIS_MACHINE, HostTree, tree_of
from ovmfgui.machine.locating import located_one
from ovmfgui.machine.model import Kind, Machine, StoreKind
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ovmfgui.flash.image import FlashFile
    from ovmfgui.machine.model import StoreSource
    from ovmfgui.progress import Report


StoreReader: TypeAlias = "Callable[[StoreSource, HostTree], ChipFile]"


@dataclass(frozen=True, slots=True)
class OpenedMachine:
    """A machine and what was read of it.

    Attributes:
        machine: as its definition tells it.
        tree: of the host that it runs on.
        firmware: the file that the processor starts in; None where there is none.
        store: the file of the store, or of the template in its place; None where none is mapped.
        store_exists: whether the private store is there; None where that cannot be seen.
        image: of what could be read; None where nothing could.
    """

    machine: Machine
    tree: HostTree
    firmware: ChipFile | None
    store: ChipFile | None
    store_exists: bool | None
    image: Image | None

    @property
    def files(self) -> tuple[ChipFile, ...]:
        """Every file that was read."""
        return tuple(f for f in (self.firmware, self.store) if f is not None and f.file is not None)

    def with_image(self, image: Image, index: int) -> OpenedMachine:
        """The machine once the file at ``index`` of its image has other bytes."""
        file = image.files[index]
        firmware, store = self.firmware, self.store
        if store is not None and store.file is not None and store.file.path == file.path:
            store = replace(store, file=file)
        elif firmware is not None and firmware.file is not None:
            firmware = replace(firmware, file=file)
        return replace(self, firmware=firmware, store=store, image=image)


def open_machine(
    paths: Sequence[str | Path], root: str | None = None, report: Report = silent
) -> OpenedMachine | None:
    """The machine that a definition tells, its files read; None where plain files were named.

    Args:
        paths: one definition (or ``-``), or plain files.
        root: the tree of the host that is meant.
        report: told of progress.

    Raises:
        Refused: the definition cannot be used.
    """
    if len(paths) != 1 or not is_definition(str(paths[0])):
        return None
    path = str(paths[0])
    report(0, 2, f"reading {path}")
    machine = read_definition(path, root)
    if machine is None:
        msg = f"{path} is no definition of a machine and no flash image"
        raise Refused(msg)
    return opened(machine, tree_of("" if path == "-" else path, root), report)


def opened(
    machine: Machine, tree: HostTree = THIS_MACHINE, report: Report = silent
) -> OpenedMachine:
    """The machine with its files read."""
    firmware = None if machine.firmware is None else read_firmware(machine.firmware, tree)
    there, store = read_store_of(machine, tree)
    report(1, 2, "reading the structure")
    return OpenedMachine(machine, tree, firmware, store, there, image_of_chips(firmware, store))


def read_store_of(
    machine: Machine,
    tree: HostTree,
    store_file: StoreReader = read_store_file,
    template: StoreReader = read_template,
) -> tuple[bool | None, ChipFile | None]:
    """Whether a machine's store exists, and its file, or the template's in its place.

    Args:
        machine: whose store it is.
        tree: of its host.
        store_file: reads a store in flash; for those who keep what many machines share.
        template: reads a template in the same way.
    """
    source = machine.store
    if source.how is StoreKind.NONE:
        return None, None
    if source.how in (StoreKind.BLOCK, StoreKind.NETWORK):
        return None, ChipFile(source.path, source.path, Problem.NOT_READ, "is not read")
    there = exists(tree.path(source.path)) if source.path else False
    if there is not False:
        if source.how is StoreKind.UEFI_VARS:
            return there, read_json_file(source.path, tree)
        return there, store_file(source, tree)
    # Proxmox fills a volume when it makes it, and never again.
    makes = machine.kind is not Kind.PROXMOX or not source.path
    if not source.template or not makes:
        return False, ChipFile(
            source.path, tree.path(source.path), Problem.MISSING, "does not exist"
        )
    if source.how is StoreKind.UEFI_VARS:
        return False, read_json_file(source.template, tree, stands_for="template")
    return False, template(source, tree)


def image_of_chips(firmware: ChipFile | None, store: ChipFile | None) -> Image | None:
    """The image that the files of a machine make up; None where none could be read."""
    files: list[FlashFile] = [f.file for f in (firmware, store) if f is not None and f.file]
    if not files:
        return None
    try:
        return image_of(files)
    except Refused:
        # Two that make no pair (swapped, say): the first is shown, the verdict speaks of both.
        return image_of(files[:1])


def open_image(
    paths: Sequence[str | Path], report: Report = silent, root: str | None = None
) -> Image:
    """Open one file, a CODE and its VARS in any order, or what a definition names.

    Raises:
        Refused: a file cannot be used, or the files are no pair.
    """
    files = read_files(paths, report, root)
    report(len(files), len(files) + 1, "reading the structure")
    return image_of(files)


def read_files(
    paths: Sequence[str | Path], report: Report = silent, root: str | None = None
) -> list[FlashFile]:
    """Read the files of one image, in the order they were named.

    Raises:
        Refused: no file, or one that cannot be used.
    """
    if not paths:
        msg = "no file given"
        raise Refused(msg)
    found = open_machine(paths, root, report)
    if found is not None:
        return _files_of(found)
    names = located_one(paths)
    files: list[FlashFile] = []
    for index, path in enumerate(names):
        report(index, len(names) + 1, f"reading {path}")
        files.append(read_file(path))
    return files


def _files_of(found: OpenedMachine) -> list[FlashFile]:
    """The files of a machine that can be looked at, each as it is mapped."""
    files = [each.file for each in found.files if each.file is not None]
    if not files:
        missing = found.firmware or found.store
        what = "names no file" if missing is None else f"{missing.named} {missing.words}"
        msg = f"{found.machine.title}: {what}"
        raise Refused(msg)
    return files


NOTHING_READ = Image((), Role.BLANK, None, (), (), ())
"""For an answer that rests on no file: places in it are none."""
