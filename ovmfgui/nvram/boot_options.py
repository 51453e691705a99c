"""Boot entries: Boot#### and BootOrder, which only together mean something."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import vendors
from ovmfgui.nvram.batch import Batch
from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.decode.device_path import parse_device_path
from ovmfgui.nvram.decode.options import (
    ACTIVE,
    AUTO_CREATED,
    build_load_option,
    split_load_option,
)
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

ORDER, NEXT = "BootOrder", "BootNext"
_NAME = re.compile(r"Boot([0-9A-F]{4})\Z")
_LAST_NUMBER = 0xFFFF


def option_name(number: int) -> str:
    """The variable of a boot entry."""
    return f"Boot{number:04X}"


class BootOption(NamedTuple):
    """A boot entry.

    Attributes:
        number: the #### of Boot####.
        record: its variable; None where BootOrder names an entry that is not there.
        description: as the boot menu shows it.
        path: its first device path as text.
        active: whether firmware tries it by itself.
        automatic: whether firmware made it, and may make or delete it at any start.
        position: its place in BootOrder, from 0; None where it is not in it.
        is_next: whether BootNext asks for it.
        problem: why its variable cannot be read; empty where it can.
    """

    number: int
    record: Record | None
    description: str
    path: str
    active: bool
    automatic: bool
    position: int | None
    is_next: bool
    problem: str

    @property
    def name(self) -> str:
        """The name of its variable, as Boot0003."""
        return option_name(self.number)


def _numbers(store: Store, name: str) -> tuple[int, ...]:
    record = store.find(name, vendors.GLOBAL)
    data = b"" if record is None else record.data
    return tuple(int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data) & ~1, 2))


def boot_order(store: Store) -> tuple[int, ...]:
    """The numbers in BootOrder."""
    return _numbers(store, ORDER)


def _records(store: Store) -> dict[int, Record]:
    return {
        int(match[1], 16): record
        for record in store.live
        if record.guid == vendors.GLOBAL and (match := _NAME.match(record.name)) is not None
    }


def boot_options(store: Store) -> tuple[BootOption, ...]:
    """All boot entries: those of BootOrder in its order, then the others by number."""
    records, order = _records(store), dict.fromkeys(boot_order(store))
    after = _numbers(store, NEXT)[:1]
    rest = sorted(set(records) - set(order))
    return tuple(
        _option(number, records.get(number), position, number in after)
        for position, number in [*enumerate(order), *((None, number) for number in rest)]
    )


def _option(number: int, record: Record | None, position: int | None, is_next: bool) -> BootOption:
    unread = ("", "", False, False, position, is_next)
    if record is None:
        return BootOption(number, None, *unread, "BootOrder names it, and it is not there")
    try:
        attributes, description, start, end = split_load_option(record.data)
    except Undecodable as reason:
        return BootOption(number, record, *unread, reason.why)
    path = parse_device_path(record.data[start:end]).text
    automatic = record.data[end:] == AUTO_CREATED.bytes_le
    active = bool(attributes & ACTIVE)
    return BootOption(number, record, description, path, active, automatic, position, is_next, "")


def matching_options(options: Iterable[BootOption], pattern: str) -> tuple[BootOption, ...]:
    """The entries whose name, description or device path a pattern of the shell's fits.

    Upper and lower case are the same: descriptions are for people.
    """
    fits = re.compile(fnmatch.translate(pattern), re.IGNORECASE).match
    return tuple(
        option
        for option in options
        if any(fits(text) for text in (option.name, option.description, option.path))
    )


class BootEditor:
    """Makes edits of the boot entries in one store's bytes; each may be several variables'.

    Raises:
        Refused: the store must not be changed as it is.
    """

    def __init__(self, data: bytes, *, limits: Limits | None = None, compact: bool = False) -> None:
        self._batch = Batch(data, limits=limits, compact=compact)
        self.store = self._batch.editor.store

    def add(
        self,
        description: str,
        paths: bytes,
        *,
        optional: bytes = b"",
        active: bool = True,
        position: int | None = None,
        number: int | None = None,
    ) -> Edit:
        """Add a boot entry: its variable first, then its place in BootOrder.

        Args:
            description: as the boot menu shows it.
            paths: a device path with its end node, or several.
            optional: data that is handed to what is started.
            active: whether firmware tries it by itself.
            position: in BootOrder, from 0; the last where None.
            number: of the entry; the lowest that is free where None.

        Raises:
            Refused: the number is taken, or firmware would not take the variables.
        """
        taken = set(_records(self.store)) | set(boot_order(self.store))
        chosen = self._free(taken) if number is None else number
        if chosen in taken:
            msg = f"there is a {option_name(chosen)} already, or BootOrder names one"
            raise Refused(msg)
        option = build_load_option(
            description, paths, attributes=ACTIVE if active else 0, optional=optional
        )
        order = list(boot_order(self.store))
        order.insert(len(order) if position is None else position, chosen)
        self._set(option_name(chosen), option)
        self._set_order(order)
        return self._batch.edit(f"Add {option_name(chosen)}, {description}")

    @staticmethod
    def _free(taken: Iterable[int]) -> int:
        """The lowest number that is not taken, as firmware chooses it."""
        used = set(taken)
        found = next((n for n in range(_LAST_NUMBER + 1) if n not in used), None)
        if found is None:
            msg = "there is no number left for a boot entry"
            raise Refused(msg)
        return found

    def order(self, numbers: Sequence[int]) -> Edit:
        """Make BootOrder these entries; those that are left out stay, and are not tried.

        Raises:
            Refused: one is not there, or stands twice.
        """
        records = _records(self.store)
        for number in numbers:
            if number not in records:
                msg = f"there is no {option_name(number)}"
                raise Refused(msg)
            if numbers.count(number) > 1:
                msg = f"{option_name(number)} stands twice in the order"
                raise Refused(msg)
        self._set_order(numbers)
        return self._batch.edit("Set the boot order")

    def remove(self, *numbers: int) -> Edit:
        """Remove boot entries, from BootNext and BootOrder first, so that none is left dangling.

        Raises:
            Refused: there is none of one of the numbers.
        """
        order, records = boot_order(self.store), _records(self.store)
        gone = set(numbers)
        for number in numbers:
            if number not in records and number not in order:
                msg = f"there is no {option_name(number)}"
                raise Refused(msg)
        if gone.intersection(_numbers(self.store, NEXT)[:1]):
            self._delete(NEXT)
        if gone.intersection(order):
            self._set_order([each for each in order if each not in gone])
        for number in dict.fromkeys(numbers):
            if number in records:
                self._delete(option_name(number))
        if len(gone) == 1:
            return self._batch.edit(f"Remove {option_name(numbers[0])}")
        if not gone:
            return self._batch.edit("Remove no boot entry")
        return self._batch.edit(f"Remove {count(len(gone), 'boot entry', 'boot entries')}")

    def start_next(self, number: int | None) -> Edit:
        """Have an entry started at the next start, once; None: none in particular.

        Raises:
            Refused: there is none of that number.
        """
        if number is None:
            if self.store.find(NEXT, vendors.GLOBAL) is not None:
                self._delete(NEXT)
            return self._batch.edit("Start as BootOrder has it")
        if number not in _records(self.store):
            msg = f"there is no {option_name(number)}"
            raise Refused(msg)
        self._set(NEXT, number.to_bytes(2, "little"))
        return self._batch.edit(f"Start {option_name(number)} next")

    def _set(self, name: str, data: bytes) -> None:
        self._batch.add(self._batch.editor.set_variable(name, vendors.GLOBAL, data))

    def _delete(self, name: str) -> None:
        self._batch.add(self._batch.editor.delete_variable(name, vendors.GLOBAL))

    def _set_order(self, numbers: Sequence[int]) -> None:
        if numbers:
            self._set(ORDER, b"".join(number.to_bytes(2, "little") for number in numbers))
        elif self.store.find(ORDER, vendors.GLOBAL) is not None:
            # Firmware keeps no variable without a value.
            self._delete(ORDER)
