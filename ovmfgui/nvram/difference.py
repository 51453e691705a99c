"""Two stores, variable by variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.timestamp import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store


@dataclass(frozen=True, slots=True)
class VariableDifference:
    """A variable that is not the same in two stores.

    Attributes:
        first: the record in the first store; None where it is only in the second.
        second: the record in the second store; None where it is only in the first.
    """

    first: Record | None
    second: Record | None

    @property
    def record(self) -> Record:
        """Either of the two, for name and GUID."""
        record = self.first if self.first is not None else self.second
        if record is None:
            msg = "a difference has one side at least"
            raise ValueError(msg)
        return record

    @property
    def kind(self) -> str:
        """``only-first``, ``only-second`` or ``differs``."""
        if self.second is None:
            return "only-first"
        return "only-second" if self.first is None else "differs"

    @property
    def what(self) -> tuple[str, ...]:
        """Which of ``data``, ``attributes`` and ``timestamp`` differ, where both are there."""
        first, second = self.first, self.second
        if first is None or second is None:
            return ()
        parts = (
            ("data", first.data != second.data),
            ("attributes", first.attributes != second.attributes),
            # A store without authentication keeps none, which is as good as an empty one.
            ("timestamp", (first.timestamp or ZERO) != (second.timestamp or ZERO)),
        )
        return tuple(name for name, differs in parts if differs)


def differences(first: Store, second: Store) -> Iterator[VariableDifference]:
    """The variables that differ, in the order of the first store, then of the second."""
    for record in first.live:
        found = VariableDifference(record, second.by_key.get(record.key))
        if found.second is None or found.what:
            yield found
    for record in second.live:
        if record.key not in first.by_key:
            yield VariableDifference(None, record)
