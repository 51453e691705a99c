"""What a guest sees of its flash, worked out when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ovmfgui.dataclass import dataclass
from ovmfgui.migration.simulation.states import RunState
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.nvram.store import Store
    from ovmfgui.pflash.contents import Pages

STORE_WINDOW = 2 << 20
"""How much of a chip is read to find its variables: no known layout's volume is larger."""


class VariableSeen(NamedTuple):
    """A variable as the guest reads it: name, GUID in text, value."""

    name: str
    guid: str
    data: bytes


# Known as long as somebody else has the contents: those of a chip for ARM are 64 MiB.
_stores: WeakKeyDictionary[Pages, Store] = WeakKeyDictionary()


def store_in(contents: Pages) -> Store:
    """The variable store that a chip or a file holds."""
    found = _stores.get(contents)
    if found is None:
        from ovmfgui.nvram.reading import read_store  # a replay that is only listed never needs it

        found = _stores[contents] = read_store(contents.read(0, STORE_WINDOW))
    return found


@dataclass(frozen=True, slots=True)
class GuestView:
    """What the guest sees of its flash.

    Attributes:
        code: whose CODE it executes ("OVMF 4M of Host A").
        alive: whether the firmware came up.
        run_state: the machine's.
        persistent: whether what it writes to its variables outlives a power-off.
        reads: what a read of the variable store's chip gives now ("the array", "status 0x80").
        store: contents of the writable chip; None where there is none.
        volatile: the variables where the firmware keeps them in memory alone; None where the
            chip holds them.
    """

    code: str
    alive: bool
    run_state: RunState
    persistent: bool
    reads: str
    store: Pages | None
    volatile: tuple[VariableSeen, ...] | None = None

    @property
    def variables(self) -> tuple[VariableSeen, ...]:
        """Those it can read, in the order of the store."""
        if not self.alive or self.run_state is RunState.INMIGRATE:
            return ()
        if self.volatile is not None:
            return self.volatile
        if self.store is None:
            return ()
        return tuple(VariableSeen(r.name, str(r.guid), r.data) for r in store_in(self.store).live)

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        if self.run_state is RunState.INMIGRATE:
            return "There is no guest in it yet: it waits for the stream."
        if self.run_state is RunState.POSTMIGRATE:
            return "The guest has gone over; what is left here stands still."
        if not self.alive:
            return (
                f"The firmware ({self.code}) did not come up: nobody is there to read a variable."
            )
        kept = ", kept in memory alone" if self.volatile is not None else ""
        still = "" if self.run_state is RunState.RUNNING else "It stands still. "
        found = count(len(self.variables), "variable")
        return f"{still}It executes {self.code} and finds {found}{kept}."
