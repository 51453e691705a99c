"""The files of a machine, read as the hypervisor maps them: declared format, size and offset."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.role import role_of
from ovmfgui.flash.source import MAX_STORED, packed_format, read_regular, unpack
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.machine.host_tree import HostTree
    from ovmfgui.machine.model import Firmware, StoreSource


class Problem(StrEnum):
    """Why a chip's contents are not known, or are not what is declared."""

    NONE = ""
    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_READ = "not-read"
    DECLARED_RAW = "declared-raw"
    NOT_QCOW2 = "not-qcow2"
    TOO_SHORT = "too-short"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class ChipFile:
    """A file behind a chip or ROM.

    Attributes:
        named: its path in the definition.
        path: where it lies here.
        problem: see ``Problem``; with DECLARED_RAW the contents are there all the same.
        words: the problem in a clause.
        file: the contents as the guest sees them; None where they are not known.
        stored: bytes of the file as it is stored.
        content: how the file holds its contents, whatever is declared.
        stands_for: ``template`` where it was read in the place of a store that does not exist.
    """

    named: str
    path: str
    problem: Problem = Problem.NONE
    words: str = ""
    file: FlashFile | None = None
    stored: int | None = None
    content: Format | None = None
    stands_for: str | None = None


def exists(path: str) -> bool | None:
    """Whether a file is there; None where that cannot be seen."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return None
    return True


def read_firmware(firmware: Firmware, tree: HostTree) -> ChipFile:
    """The image that the processor starts in."""
    return _read(firmware.path, firmware.format, firmware.size, firmware.offset, tree, Role.CODE)


def read_store_file(store: StoreSource, tree: HostTree) -> ChipFile:
    """The private store of a machine; never another file in its place."""
    return _read(store.path, store.format, store.size, store.offset, tree, Role.VARS)


def read_template(store: StoreSource, tree: HostTree) -> ChipFile:
    """The template, as what the store will be once it is made from it."""
    read = _read(store.template, store.template_format, None, 0, tree, Role.VARS)
    return replace(read, stands_for="template")


def read_json_file(named: str, tree: HostTree, stands_for: str | None = None) -> ChipFile:
    """The JSON store of QEMU's uefi-vars device; a file that is none is UNUSABLE."""
    path = tree.path(named)
    chip = ChipFile(named, path, stands_for=stands_for)
    found = exists(path)
    if found is False:
        return replace(chip, problem=Problem.MISSING, words="does not exist")
    if found is None or not os.access(path, os.R_OK) or not os.path.isfile(path):
        return replace(chip, problem=Problem.UNREADABLE, words="cannot be read by this user")
    # QEMU takes an empty file as a store without variables (uefi_vars_json_load).
    nothing = b'{"version": 2, "variables": []}'
    stored = read_regular(path) if os.stat(path).st_size else nothing
    if not is_json_store(stored):
        words = "is no JSON store of QEMU's uefi-vars device"
        return replace(chip, problem=Problem.UNUSABLE, words=words)
    file = FlashFile(path, stored, Format.JSON, Role.VARS)
    return replace(chip, stored=len(stored), content=Format.JSON, file=file)


def _read(
    named: str, form: str | None, size: int | None, offset: int, tree: HostTree, otherwise: Role
) -> ChipFile:
    path = tree.path(named)
    found = exists(path)
    if found is False:
        return ChipFile(named, path, Problem.MISSING, "does not exist")
    if found is None or not os.access(path, os.R_OK):
        return ChipFile(named, path, Problem.UNREADABLE, "cannot be read by this user")
    if not os.path.isfile(path):
        return ChipFile(named, path, Problem.NOT_READ, "is no regular file")
    try:
        stored = read_regular(path, MAX_STORED)
    except Refused as refusal:
        empty = os.stat(path).st_size == 0
        problem = Problem.UNUSABLE if empty else Problem.UNREADABLE
        return ChipFile(named, path, problem, str(refusal).removeprefix(f"{path} "))
    chip = ChipFile(named, path, stored=len(stored))
    return _as_declared(chip, stored, form, size, offset, otherwise)


def _as_declared(
    chip: ChipFile, stored: bytes, form: str | None, size: int | None, offset: int, otherwise: Role
) -> ChipFile:
    content = packed_format(stored)
    chip = replace(chip, content=content)
    if form == "qcow2" and content is not Format.QCOW2:
        return replace(chip, problem=Problem.NOT_QCOW2, words="is declared qcow2 and is none")
    if form not in (None, "raw", "qcow2"):
        words = f"is declared {form}, a format that is not read here"
        return replace(chip, problem=Problem.NOT_READ, words=words)
    # Where no format is declared QEMU guesses, and knows no xz.
    as_stored = content is Format.XZ or (form == "raw" and content is not Format.RAW)
    data = stored
    if not as_stored:
        try:
            data, content = unpack(chip.path, stored)
        except Refused as refusal:
            words = str(refusal).removeprefix(f"{chip.path} ")
            return replace(chip, problem=Problem.UNUSABLE, words=words)
    if size is not None or offset:
        end = len(data) if size is None else offset + size
        if end > len(data) or offset >= len(data):
            words = f"holds {len(data):,} bytes, and {end:,} are to be mapped"
            return replace(chip, problem=Problem.TOO_SHORT, words=words)
        data = data[offset:end]
    shown = Format.RAW if as_stored else content
    file = FlashFile(chip.path, data, shown, role_of(data) or otherwise)
    if as_stored:
        said = "declared raw" if form == "raw" else "taken for raw"
        words = f"is {said} and is {content}"
        return replace(chip, problem=Problem.DECLARED_RAW, words=words, file=file)
    return replace(chip, file=file)
