"""The stores and templates that were read last: one store meets many hosts, one template many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_KEPT
from ovmfgui.machine.chips import read_store_file, read_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.machine.chips import ChipFile
    from ovmfgui.machine.host_tree import HostTree
    from ovmfgui.machine.model import StoreSource


class StoresRead:
    """Reads a store of flash or a template, unless it was read lately."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], ChipFile] = {}
        self._bytes = 0

    def store(self, source: StoreSource, tree: HostTree) -> ChipFile:
        """See ``read_store_file``."""
        return self._read((tree.root, source), lambda: read_store_file(source, tree))

    def template(self, source: StoreSource, tree: HostTree) -> ChipFile:
        """See ``read_template``."""
        key = (tree.root, source.template, source.template_format)
        return self._read(key, lambda: read_template(source, tree))

    def _read(self, key: tuple[object, ...], read: Callable[[], ChipFile]) -> ChipFile:
        chip = self._kept.pop(key, None)
        if chip is None:
            chip = read()
            self._bytes += _size(chip)
        self._kept[key] = chip
        while self._bytes > MOST_KEPT and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            self._bytes -= _size(self._kept.pop(oldest))
        return chip


def _size(chip: ChipFile) -> int:
    return 0 if chip.file is None else chip.file.size
