import random
import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages
from typing import Annotated
from uuid import UUID

import construct
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ovmfgui
from ovmfgui.fields import fields_of
from ovmfgui.structure import (
    BigUInt32,
    BigUInt64,
    Bytes,
    Guid,
    Int64,
    Structure,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
)


class Ours(Structure):
    A: UInt8
    B: UInt16
    C: UInt32
    D: UInt64
    E: Int64
    F: Annotated[bytes, Bytes(3)]
    G: Guid


class Longer(Ours):
    H: UInt16


class Network(Structure):
    magic: Annotated[bytes, Bytes(2)]
    version: BigUInt32
    length: BigUInt64


THEIRS = construct.Struct(
    "A" / construct.Int8ul,
    "B" / construct.Int16ul,
    "C" / construct.Int32ul,
    "D" / construct.Int64ul,
    "E" / construct.Int64sl,
    "F" / construct.Bytes(3),
    "G" / construct.Bytes(16),
)
GOOD = {"A": 1, "B": 2, "C": 3, "D": 4, "E": -5, "F": b"abc", "G": UUID(int=7)}


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=42, max_size=60), st.integers(0, 20))
def test_it_reads_and_builds_what_construct_does(data, offset):
    ours = Ours.read(data, offset)
    assert Ours.sizeof() == THEIRS.sizeof() == 42
    if offset + Ours.sizeof() > len(data):
        assert ours is None
        return
    expected = dict(THEIRS.parse(data[offset:]))
    del expected["_io"]
    assert vars(ours) == expected | {"G": UUID(bytes_le=expected["G"])}
    assert ours.to_bytes() == data[offset : offset + Ours.sizeof()]


def test_nothing_is_read_before_the_start():
    assert Ours.read(bytes(100), -1) is None


def test_every_field_knows_its_bytes():
    fields = fields_of(Ours.read(bytes(42)), 100, C="a note")
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
    assert Ours.offsetof("D") == 7


def test_a_structure_goes_on_where_its_base_ends():
    longer = Longer.read(Ours(**GOOD).to_bytes() + b"\x34\x12")
    assert (0x1234, 1, UUID(int=7)) == (longer.H, longer.A, longer.G)
    assert Longer.offsetof("H") == 42
    assert longer != Ours(**GOOD)


def test_network_byte_order():
    read = Network.read(b"QF\0\0\0\3\0\0\0\0\0\0\1\0")
    assert (read.magic, read.version, read.length) == (b"QF", 3, 256)
    assert read.to_bytes() == b"QF\0\0\0\3\0\0\0\0\0\0\1\0"


def test_integers_of_two_byte_orders_are_no_structure():
    with pytest.raises(TypeError, match="one byte order"):
        type("Both", (Structure,), {"__annotations__": {"A": UInt16, "B": BigUInt32}}).sizeof()


def test_every_declaration_in_the_program_is_read_and_built_as_construct_does():
    """They are read when a structure is first used; here all of them are."""
    for module in walk_packages(ovmfgui.__path__, "ovmfgui."):
        if "gui" not in module.name.split(".") and module.name != "ovmfgui.__main__":
            import_module(module.name)
    waiting, seen = [Structure], 0
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if each.__module__.startswith("ovmfgui."):
                each.declare()
                seen += 1
                assert each.sizeof() == sum(part.size for part in each.parts), each
                data = random.Random(each.__name__).randbytes(each.sizeof())
                theirs = each.as_construct()
                read = each.read(data)
                assert vars(read) == {k: v for k, v in theirs.parse(data).items() if k != "_io"}
                assert read.to_bytes() == theirs.build(vars(read)) == data
    assert seen > 60


def test_a_structure_has_the_fields_of_its_base_first_in_any_order_of_use():
    class Base(Structure):
        A: UInt16

    class Longer(Base):
        B: UInt16

    assert Base.sizeof() == 2
    assert Longer.sizeof() == 4
    assert Longer.offsetof("B") == 2


def test_structures_are_values():
    assert Ours(**GOOD) == Ours(**GOOD)
    assert Ours(**GOOD) != Ours(**GOOD | {"A": 2})
    assert len({Ours(**GOOD), Ours(**GOOD)}) == 1
    assert repr(Network(magic=b"QF", version=3, length=1)) == (
        "Network(magic=b'QF', version=3, length=1)"
    )
    with pytest.raises(AttributeError):
        Ours(**GOOD).A = 2


@pytest.mark.parametrize("change", [{"A": 256}, {"F": b"ab"}, {"F": b"abcd"}, {"E": 1 << 63}])
def test_what_does_not_fit_is_no_structure_and_construct_tells_the_field(change):
    (name,) = change
    with pytest.raises(construct.ConstructError, match=rf"\(building\) -> {name}\b"):
        Ours(**GOOD | change).to_bytes()


def test_what_reads_a_structure_does_not_load_construct():
    code = (
        "import sys; from ovmfgui.flash.structures import BlockMapEntry; "
        "BlockMapEntry.read(bytes(8)).to_bytes(); sys.exit('construct' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("values", [{"A": 1}, GOOD | {"Hh": 1}])
def test_every_field_has_a_value_and_no_other_has(values):
    with pytest.raises(TypeError):
        Ours(**values)


def test_a_type_checker_knows_every_field(tmp_path):
    file = tmp_path / "misspelled.py"
    file.write_text(
        "from ovmfgui.flash.structures import BlockMapEntry\n"
        "entry = BlockMapEntry(NumBlocks=1, Length=2)\n"
        "text: str = entry.Length\n"
        "entry.Lenght\n"
        "entry.Length = 3\n"
        "BlockMapEntry(NumBlocks=1, Lenght=2)\n"
    )
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", file],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    lines = {line.split(":")[1] for line in found.splitlines() if ": error:" in line}
    assert lines == {"3", "4", "5", "6"}, found
