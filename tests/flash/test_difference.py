from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.difference import differing


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_runs_cover_exactly_what_differs(before, after):
    covered = {offset for run in differing(before, after) for offset in range(run.start, run.end)}
    longer = max(len(before), len(after))
    assert covered == {i for i in range(longer) if before[i : i + 1] != after[i : i + 1]}


def test_runs_are_apart_and_those_across_chunks_are_one():
    size = 1 << 17
    runs = differing(bytes(size), b"\0" + b"\1" * (size - 2) + b"\0")
    assert [(run.start, run.size) for run in runs] == [(1, size - 2)]
