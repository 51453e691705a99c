"""How much the chips were written to, step by step, and which blocks were erased how often."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.flash.placement import PC_BLOCK_SIZE
from ovmfgui.migration.simulation.states import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ovmfgui.migration.simulation.snapshot import Snapshot
    from ovmfgui.migration.simulation.step import Step
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.span import Span


@dataclass(frozen=True, slots=True)
class Activity:
    """What the guests did to the chips that they can write.

    Attributes:
        unit: what is counted ("bus writes").
        amounts: how much of it, for each step.
        erased: for each step the numbers of the blocks that were erased, once for every erase.
        counted: whether every erase was seen; else a block counts that could not have become what
            it is without one.
        block_size: bytes of an erase block of these chips.
    """

    unit: str
    amounts: tuple[int, ...]
    erased: tuple[tuple[int, ...], ...]
    counted: bool = True
    block_size: int = PC_BLOCK_SIZE

    @property
    def quiet(self) -> bool:
        """Whether nothing was written at all."""
        return not any(self.amounts)


def wear(activity: Activity, step: int) -> Mapping[int, int]:
    """Erases of each block up to a step, by the block's number."""
    found: Counter[int] = Counter()
    for blocks in activity.erased[: step + 1]:
        found.update(blocks)
    return dict(sorted(found.items()))


def wear_bars(activity: Activity, step: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The blocks that are ever erased and their neighbours between, and their erases so far."""
    ever = [block for blocks in activity.erased for block in blocks]
    if not ever:
        return (), ()
    now = wear(activity, step)
    blocks = tuple(range(min(ever), max(ever) + 1))
    return blocks, tuple(now.get(block, 0) for block in blocks)


def activity_of(steps: Sequence[Step]) -> Activity:
    """What the steps of a scenario say of it; what a migration brings is no write."""
    amounts, erased = [0] * len(steps), [()] * len(steps)
    found: list[tuple[int, ...]] = [*erased]
    for index in range(1, len(steps)):
        step = steps[index]
        before = _chips(steps[index - 1].snapshot)
        after = _chips(step.snapshot)
        for change in step.changed:
            old, new = before.get(change.key.name), after.get(change.key.name)
            if change.key.holder is not Holder.CHIP or step.action == "migrate":
                continue
            if old is None or new is None or old.size != new.size:
                continue
            amounts[index] += change.size
            found[index] = (*found[index], *_erased(old, new, change.spans))
    return Activity("bytes changed", tuple(amounts), tuple(found), counted=False)


def _chips(snapshot: Snapshot) -> dict[str, Pages]:
    """The chips that can be written, by domain and name: a guest that moves takes its own along."""
    return {
        f"{guest.domain}/{chip.name}": chip.contents
        for host in snapshot.hosts
        for guest in host.guests
        for chip in guest.chips
        if not chip.read_only
    }


def _erased(old: Pages, new: Pages, spans: Sequence[Span]) -> Iterator[int]:
    """Blocks in which a bit went from 0 to 1: programming alone only clears bits."""
    blocks = {
        block
        for span in spans
        for block in range(span.start // PC_BLOCK_SIZE, -(-span.end // PC_BLOCK_SIZE))
    }
    for block in sorted(blocks):
        size = min(PC_BLOCK_SIZE, old.size - block * PC_BLOCK_SIZE)
        was = int.from_bytes(old.read(block * PC_BLOCK_SIZE, size), "big")
        now = int.from_bytes(new.read(block * PC_BLOCK_SIZE, size), "big")
        if now & ~was:
            yield block
