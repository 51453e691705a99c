import copy
import pickle
import typing
from typing import Generic, TypeVar

import pytest

from ovmfgui.named_tuple import NamedTuple

T = TypeVar("T")


class Ours(NamedTuple):
    """What it is."""

    name: str
    size: int = 3
    parts: tuple[int, ...] = ()

    @property
    def double(self) -> int:
        return self.size * 2


class Theirs(typing.NamedTuple):
    name: str
    size: int = 3
    parts: tuple[int, ...] = ()


class Empty(NamedTuple):
    pass


class Named(Ours):
    def __str__(self):
        return self.name


class Of(NamedTuple, Generic[T]):
    item: T


def test_it_is_made_and_read_as_typings_own():
    for arguments, named in ((("a",), {}), (("a", 4), {"parts": (1,)}), ((), {"name": "b"})):
        ours, theirs = Ours(*arguments, **named), Theirs(*arguments, **named)
        assert tuple(ours) == tuple(theirs)
        assert (ours.name, ours.size, ours.parts) == (theirs.name, theirs.size, theirs.parts)
        assert ours._asdict() == theirs._asdict()
        assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
        assert ours._replace(size=9) == theirs._replace(size=9)
        assert hash(ours) == hash(theirs)
    assert Ours._fields == Theirs._fields == Ours.__match_args__
    assert Ours._field_defaults == Theirs._field_defaults
    assert Ours._make(["a", 1, ()]) == ("a", 1, ())
    assert Ours.__doc__ == "What it is."
    assert Ours("a").double == 6


@pytest.mark.parametrize(
    ("arguments", "named"), [((), {}), (("a", 1, (), 2), {}), (("a",), {"nmae": 1})]
)
def test_it_refuses_what_typings_own_refuses(arguments, named):
    for kind in (Theirs, Ours, Ours):
        with pytest.raises(TypeError):
            kind(*arguments, **named)


def test_it_does_not_change_and_takes_no_more_room():
    each = Ours("a")
    with pytest.raises(AttributeError):
        each.name = "b"
    with pytest.raises(ValueError, match="nmae"):
        each._replace(nmae=1)
    assert not hasattr(each, "__dict__")
    assert each.__sizeof__() == Theirs("a").__sizeof__()


def test_copies_and_pickles_are_equal_and_of_the_class():
    each = Named("a", 5)
    for made in (copy.copy(each), copy.deepcopy(each), pickle.loads(pickle.dumps(each))):
        assert made == each
        assert type(made) is Named


def test_a_class_of_a_class_has_its_fields():
    # The derived class first: the constructor belongs to the class with the fields.
    class Base(NamedTuple):
        a: int
        b: int = 2

    class Derived(Base):
        pass

    assert Derived(1) == Base(1) == (1, 2)
    assert type(Derived(1)) is Derived
    assert type(Base(1)) is Base
    assert str(Named("x")) == "x"


def test_empty_and_generic_ones():
    assert Empty() == ()
    assert Of(3).item == 3
    match Ours("a"):
        case Ours(name, size):
            assert (name, size) == ("a", 3)
