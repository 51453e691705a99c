from uuid import UUID

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.fields import fields_of
from ovmfgui.structure import (
    Bytes,
    Guid,
    Int8ul,
    Int16ul,
    Int32ul,
    Int64sl,
    Int64ul,
    Structure,
    member,
)


class Ours(Structure):
    """One field of every kind."""

    A: int = member(Int8ul)
    B: int = member(Int16ul)
    C: int = member(Int32ul)
    D: int = member(Int64ul)
    E: int = member(Int64sl)
    F: bytes = member(Bytes(3))
    G: UUID = member(Guid)


THEIRS = construct.Struct(
    "A" / construct.Int8ul,
    "B" / construct.Int16ul,
    "C" / construct.Int32ul,
    "D" / construct.Int64ul,
    "E" / construct.Int64sl,
    "F" / construct.Bytes(3),
    "G" / construct.Bytes(16),
)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=42, max_size=60), st.integers(0, 20))
def test_it_reads_and_builds_what_construct_does(data, offset):
    values = Ours.read(data, offset)
    assert Ours.LAYOUT.sizeof() == THEIRS.sizeof() == Ours.SIZE == 42
    if offset + Ours.SIZE > len(data):
        assert values is None
        return
    expected = dict(THEIRS.parse(data[offset:]))
    del expected["_io"]
    assert vars(values) == expected | {"G": UUID(bytes_le=expected["G"])}
    assert values.to_bytes() == data[offset : offset + Ours.SIZE]


def test_nothing_is_read_before_the_start():
    assert Ours.read(bytes(100), -1) is None


def test_every_field_knows_its_bytes():
    fields = fields_of(Ours.read(bytes(42), 0), 100, C="a note")
    assert [(f.name, f.span.start, f.span.size) for f in fields] == [
        ("A", 100, 1),
        ("B", 101, 2),
        ("C", 103, 4),
        ("D", 107, 8),
        ("E", 115, 8),
        ("F", 123, 3),
        ("G", 126, 16),
    ]
    assert fields[2].note == "a note"


@pytest.mark.parametrize("change", [{"A": 256}, {"F": b"ab"}])
def test_what_does_not_fit_is_no_structure(change):
    good = vars(Ours.read(bytes(42), 0))
    with pytest.raises(construct.ConstructError):
        Ours(**good | change).to_bytes()


def test_every_field_has_to_have_a_value():
    with pytest.raises(KeyError):
        Ours(A=1).to_bytes()


def test_an_attribute_that_is_no_field_is_missed():
    with pytest.raises(AttributeError):
        _ = Ours.read(bytes(42), 0).Misspelt
