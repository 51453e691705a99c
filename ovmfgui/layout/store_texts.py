"""The sentences of the verdict about what is in the store: headers, records, FTW areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.wording import count as counted

if TYPE_CHECKING:
    from ovmfgui.layout.pairing import Pairing


def _fault(pair: Pairing, *idents: str) -> str:
    """What reading the store says of the first of these findings."""
    return next((f.text for f in pair.seen.findings if f.id in idents), "")


def volume_passed_over(_pair: Pairing) -> str:
    """Attributes that say that the volume is not writable."""
    return (
        "The volume's attributes lack EFI_FVB2_WRITE_STATUS. The variable and FTW drivers pass it "
        "over, and the firmware stops with an exception; nothing is written."
    )


def block_map_short(pair: Pairing) -> str:
    """A block map that firmware cannot find its areas by."""
    return (
        f"{_fault(pair, 'fv-block-map-cover')} The firmware stops with an exception; nothing is "
        "written."
    )


def store_size_none(pair: Pairing) -> str:
    """A store without room for a record."""
    held = len(pair.seen.carved)
    there = f"the {counted(held, 'variable')} that stand there" if held else "what stands there"
    return (
        f"The store's Size is 0x{pair.seen.size or 0:X}. The firmware sees no variable in it, can "
        f"set none, and writes over {there}; newer builds (2025.02) hang then before any console."
    )


def store_size_beyond(pair: Pairing) -> str:
    """A store that claims more than its volume has."""
    return (
        f"The store's Size is 0x{pair.seen.size or 0:X}, more than the volume has. The firmware "
        "reads beyond the store and stops with an exception, or goes on with what it finds there."
    )


def record_beyond_store(pair: Pairing) -> str:
    """A live record whose sizes lie."""
    return (
        "A variable record claims more bytes than the store has. The firmware follows it out of "
        f"the store and stops with an exception{_behind_it(pair)}."
    )


def record_over_the_end(pair: Pairing) -> str:
    """A live record that ends a little behind the store."""
    return (
        "A variable record ends behind the store's end. The firmware finds no room behind it: it "
        f"can set no variable and saves nothing{_behind_it(pair)}."
    )


def record_overrun_unclear(pair: Pairing) -> str:
    """A live record that ends far behind the store."""
    return (
        "A variable record ends far behind the store's end. What the firmware meets there depends "
        f"on the machine: at best it saves nothing, at worst it does not boot{_behind_it(pair)}."
    )


def _behind_it(pair: Pairing) -> str:
    held = len(pair.seen.carved)
    return f"; {counted(held, 'variable')} behind it can be recovered" if held else ""


def plain_store(_pair: Pairing) -> str:
    """The store's records have no authentication, so Secure Boot's keys find no place."""
    return (
        "The store keeps variables without authentication. The firmware boots and saves, but "
        "Secure Boot keys cannot be kept in it."
    )


def odd_name(_pair: Pairing) -> str:
    """GetNextVariableName breaks at a record."""
    return (
        "A record has a name of an odd number of bytes. The firmware boots, but stops listing "
        "variables there: what stands behind it seems to be gone."
    )


def listing_leaves_out(pair: Pairing) -> str:
    """GetNextVariableName passes variables over."""
    return (
        "The firmware boots and saves, but lists not all variables: "
        f"{_fault(pair, 'name-embedded-nul', 'twins-in-transition', 'data-empty')}"
    )


def listing_never_ends(pair: Pairing) -> str:
    """GetNextVariableName runs in a circle."""
    why = _fault(pair, "record-shadowed", "name-empty")
    return f"The firmware hangs before any boot option: {why}"


def certdb_hangs(pair: Pairing) -> str:
    """Certdb cannot be cleaned."""
    return f"The firmware hangs before it shows anything: {_fault(pair, 'certdb')}"


def out_of_reach(pair: Pairing) -> str:
    """Variables behind the end of the list."""
    live, held = len(pair.seen.live), counted(len(pair.seen.carved), "variable")
    seen = f"only {counted(live, 'variable')}" if live else "no variable"
    return (
        f"The record list breaks off: the firmware sees {seen}, compacts the store at its next "
        f"start, and so erases {held} behind the break. It boots with what is left."
    )


def _both_sides(pair: Pairing) -> str:
    copy = pair.seen.copy
    there = "no readable store" if copy is None else counted(len(copy.live), "variable")
    return f"The spare area holds {there}, the region {counted(len(pair.seen.live), 'variable')}."


def ftw_not_replayed(pair: Pairing) -> str:
    """The variable driver reads the store before the FTW driver replays a pending write."""
    return (
        f"The machine was stopped while the store was being compacted. {_both_sides(pair)} This "
        "build reads the store before it finishes that write: it goes on with the region as it is "
        "now and writes where its list does not reach. Variables are lost, silently."
    )


def ftw_copy_damaged(pair: Pairing) -> str:
    """The spare area is about to overwrite the region, and is damaged."""
    return (
        "The machine was stopped while the store was being compacted, and the copy that is to take "
        f"the region's place is damaged. {_both_sides(pair)} The firmware puts it there unseen."
    )


def ftw_pending(pair: Pairing) -> str:
    """A reclaim was interrupted: what the next start makes of it."""
    ftw = pair.seen.ftw
    if ftw is not None and ftw.pending == "spare-complete":
        return (
            f"The machine was stopped while the store was being compacted. {_both_sides(pair)} "
            "This build finishes the write at its next start and goes on with what the spare area "
            "holds."
        )
    return (
        "The machine was stopped when a compaction of the store had just begun. The firmware "
        "drops that write at its next start; every variable is whole."
    )


def ftw_working_block_rebuilt(_pair: Pairing) -> str:
    """No usable FTW working block."""
    return (
        "The FTW working block is damaged or missing. The firmware makes a new one at its next "
        "start; it boots and saves, and variables are not affected."
    )


def store_faulty(pair: Pairing) -> str:
    """A fault that this firmware gets over."""
    return f"This firmware boots and saves, but the store is damaged: {pair.faults[0].text}"


def torn_records(_pair: Pairing) -> str:
    """A write that was cut off."""
    return (
        "It boots and saves. A variable write was cut off once; the firmware passes over what is "
        "left of it."
    )
