from uuid import UUID

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.fields import fields_of
from ovmfgui.structure import Bytes, Guid, Int8ul, Int16ul, Int32ul, Int64sl, Int64ul, Struct

OURS = Struct(
    "A" / Int8ul,
    "B" / Int16ul,
    "C" / Int32ul,
    "D" / Int64ul,
    "E" / Int64sl,
    "F" / Bytes(3),
    "G" / Guid,
)
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
    values = OURS.read(data, offset)
    assert OURS.sizeof() == THEIRS.sizeof() == OURS.size == 42
    if offset + OURS.size > len(data):
        assert values is None
        return
    expected = dict(THEIRS.parse(data[offset:]))
    del expected["_io"]
    assert values == expected | {"G": UUID(bytes_le=expected["G"])}
    assert OURS.build(values) == data[offset : offset + OURS.size]


def test_nothing_is_read_before_the_start():
    assert OURS.read(bytes(100), -1) is None


def test_every_field_knows_its_bytes():
    fields = fields_of(OURS, OURS.read(bytes(42), 0), 100, C="a note")
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
    good = OURS.read(bytes(42), 0)
    with pytest.raises(construct.ConstructError):
        OURS.build(good | change)


def test_every_field_has_to_have_a_value():
    with pytest.raises(KeyError):
        OURS.build({"A": 1})
