"""Which two hosts stand side by side at a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.simulation.step import Step


def pair_at(steps: Sequence[Step], index: int) -> tuple[str, ...]:
    """Names of the hosts to show at ``steps[index]``, in the order of the scenario.

    They are those of the last migration there was, before the first one those of the first to
    come; the host that something happens on is always among them.
    """
    order = [host.name for host in steps[index].snapshot.hosts]
    if len(order) <= 2:
        return tuple(order)
    pair = _streaming(steps, index) or order[:2]
    here = steps[index].host
    if here not in pair:
        # The host that the guest ran on last stays in sight.
        pair = [pair[-1], here]
    return tuple(sorted(pair, key=order.index))


def _streaming(steps: Sequence[Step], index: int) -> list[str] | None:
    before = range(index, -1, -1)
    after = range(index + 1, len(steps))
    for at in (*before, *after):
        stream = steps[at].snapshot.stream
        if stream is not None:
            return [stream.source, stream.destination]
    return None
