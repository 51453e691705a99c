from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash.difference import differing
from ovmfgui.span import Span


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_the_runs_cover_exactly_what_differs(before, after):
    covered = {offset for run in differing(before, after) for offset in range(run.start, run.end)}
    longer = max(len(before), len(after))
    assert covered == {i for i in range(longer) if before[i : i + 1] != after[i : i + 1]}


def test_runs_are_apart_and_those_across_chunks_are_one():
    size = 1 << 17
    runs = differing(bytes(size), b"\0" + b"\1" * (size - 2) + b"\0")
    assert [(run.start, run.size) for run in runs] == [(1, size - 2)]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=9000), st.binary(max_size=9000), st.integers(0, 8999))
def test_long_contents_with_a_common_start_are_compared_to_their_ends(before, after, at):
    after = before[:at] + after
    told = {offset for run in differing(before, after) for offset in range(run.start, run.end)}
    longer = max(len(before), len(after))
    assert told == {i for i in range(longer) if before[i : i + 1] != after[i : i + 1]}


def test_one_byte_in_the_last_step_is_found():
    data = bytes((1 << 16) + 5)
    assert differing(data, data[:-1] + b"\1") == [Span((1 << 16) + 4, 1)]
