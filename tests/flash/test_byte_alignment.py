import random
import time

from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.flash.byte_alignment import MOST_STRETCHES, align, ascending
from ovmfgui.span import Span

pieces = st.lists(st.binary(min_size=0, max_size=40), max_size=12)


def held(stretches, first: bytes, second: bytes) -> None:
    """What has to hold of every alignment."""
    assert b"".join(each.first.of(first) for each in stretches) == first
    assert b"".join(each.second.of(second) for each in stretches) == second
    for each in stretches:
        assert each.first.size or each.second.size
        assert not each.paired or each.first.size == each.second.size
    here = there = 0
    for each in stretches:
        assert (each.first.start, each.second.start) == (here, there)
        here, there = each.first.end, each.second.end


@given(st.binary(max_size=400), st.binary(max_size=400))
def test_any_two_contents_come_back_whole(first, second):
    held(align(first, second), first, second)


@given(pieces, st.randoms(use_true_random=False))
def test_pieces_taken_out_and_put_in_come_back_whole(parts, chance):
    other = [part for part in parts if chance.random() > 0.3]
    other.insert(chance.randrange(len(other) + 1), bytes(chance.randbytes(24)))
    first, second = b"".join(parts), b"".join(other)
    held(align(first, second), first, second)


@given(st.data(), st.integers(3, 6))
def test_there_are_never_more_stretches_than_asked_for(data, most):
    first, second = data.draw(st.binary(max_size=300)), data.draw(st.binary(max_size=300))
    cuts = sorted(data.draw(st.sets(st.integers(0, min(len(first), len(second))), max_size=9)))
    known = [
        (Span.between(a, b), Span.between(max(a, b - 1), b))
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    stretches = align(first, second, known, most=most)
    held(stretches, first, second)
    assert len(stretches) <= most


def test_what_was_put_in_is_on_its_side_alone():
    before = random.Random(1).randbytes(4096)
    after = before[:1000] + b"put in" + before[1000:3000] + before[3100:]
    found = align(before, after)
    held(found, before, after)
    assert [(each.first, each.second) for each in found if not each.paired] == [
        (Span(1000, 0), Span(1000, 6)),
        (Span(3000, 100), Span(3006, 0)),
    ]


def test_what_is_known_to_belong_together_is_held_together():
    before, after = b"\1" * 8 + b"\2" * 8, b"\3" * 4 + b"\4" * 8 + b"\5" * 6
    found = align(before, after, [(Span(8, 8), Span(4, 8))])
    held(found, before, after)
    assert [(each.first, each.second) for each in found] == [
        (Span(0, 4), Span(0, 4)),
        (Span(4, 4), Span(4, 0)),
        (Span(8, 8), Span(4, 8)),
        (Span(16, 0), Span(12, 6)),
    ]


def test_ascending_leaves_out_as_few_as_can_be():
    numbers = [5, 1, 2, 9, 3, 4, 0]
    assert [numbers[index] for index in ascending(numbers)] == [1, 2, 3, 4]
    assert ascending([]) == []


def test_64_mib_with_an_insertion_are_aligned_in_a_few_passes():
    block = random.Random(2).randbytes(1 << 20)
    before = block * 64
    after = before[: 30 << 20] + b"new" + before[30 << 20 :]
    began = time.process_time()
    found = align(before, after)
    spent = time.process_time() - began
    began = time.process_time()
    for at in range(0, len(before), 1 << 16):
        assert before[at : at + (1 << 16)] == bytes(before[at : at + (1 << 16)])
    one_pass = time.process_time() - began
    held(found, before, after)
    assert [each for each in found if not each.paired] == [
        each for each in found if each.second == Span(30 << 20, 3)
    ]
    assert spent < max(60 * one_pass, 2.0)


def test_noise_is_bounded():
    chance = random.Random(3)
    before, after = chance.randbytes(900_000), chance.randbytes(700_000)
    found = align(before, after)
    held(found, before, after)
    assert len(found) <= MOST_STRETCHES
