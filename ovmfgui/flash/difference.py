"""The runs of bytes in which two contents differ."""

from __future__ import annotations

from ovmfgui.span import Span

_CHUNK = 1 << 16


def differing(before: bytes, after: bytes) -> list[Span]:
    """The runs of bytes that differ, ascending, those that only one of the two has among them."""
    runs: list[Span] = []
    common = min(len(before), len(after))
    for start in range(0, common, _CHUNK):
        end = min(start + _CHUNK, common)
        old, new = before[start:end], after[start:end]
        if old != new:
            runs.extend(_runs(old, new, start))
    longer = max(len(before), len(after))
    if longer > common:
        runs.append(Span.between(common, longer))
    return _joined(runs)


def _runs(old: bytes, new: bytes, base: int) -> list[Span]:
    # Imported here: most commands do without NumPy, and it takes its time to load.
    import numpy as np

    differ = np.frombuffer(old, np.uint8) != np.frombuffer(new, np.uint8)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], differ, [False]))))
    pairs = edges.reshape(-1, 2).tolist()
    return [Span.between(base + start, base + end) for start, end in pairs]


def _joined(runs: list[Span]) -> list[Span]:
    """Runs that touch at a chunk's end are one."""
    joined: list[Span] = []
    for run in runs:
        if joined and joined[-1].end == run.start:
            joined[-1] = Span.between(joined[-1].start, run.end)
        else:
            joined.append(run)
    return joined
