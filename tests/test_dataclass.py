"""Our decorator against the standard library's, on the same classes."""

import copy
import dataclasses
import pickle
import subprocess
import sys
from typing import ClassVar, Generic, TypeVar

import pytest

from ovmfgui import dataclass as quick

Row = TypeVar("Row")


def classes(module):
    """The kinds of class that there are in ovmfgui, made by one of the two."""
    dataclass, field = module.dataclass, module.field

    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        start: "int"
        size: "int" = 3

        def __post_init__(self) -> "None":
            if self.size < 0:
                raise ValueError(self.size)

        @property
        def end(self):
            return self.start + self.size

    @dataclass(slots=True)
    class Open:
        name: "str"
        rows: "list[int]" = field(default_factory=list)
        kinds: "ClassVar[int]" = 4

    @dataclass(frozen=True, slots=True)
    class Compared:
        value: "int"
        place: "int" = field(compare=False, default=0)

    @dataclass(frozen=True, slots=True)
    class Longer(Compared):
        more: "str" = "x"

    @dataclass(frozen=True)
    class Roomy:
        a: "int"
        b: "tuple[int, ...]" = field(default=())

    @dataclass(slots=True, eq=False)
    class Same:
        a: "int" = 1

    @dataclass(frozen=True, slots=True, repr=False)
    class Told:
        a: "int"

        def __repr__(self):
            return "told"

    @dataclass(frozen=True, slots=True)
    class Column(Generic[Row]):
        title: "str"

    @dataclass(frozen=True, slots=True)
    class Nothing:
        pass

    @dataclass
    class Plain:
        a: "int" = 0

    return {kind.__name__: kind for kind in (Ordered, Open, Compared, Longer, Roomy, Same, Told,
                                             Column, Nothing, Plain)}  # fmt: skip


@pytest.fixture(params=[0, quick._FIELD_BY_FIELD], ids=["compiled", "field by field"])
def pairs(request, monkeypatch):
    """Ours and the standard library's, by name; ours with each of the two that make objects."""
    monkeypatch.setattr(quick, "_FIELD_BY_FIELD", request.param)
    theirs = classes(dataclasses)
    return {name: (kind, theirs[name]) for name, kind in classes(quick).items()}


CALLS = {
    "Ordered": [(1,), (1, 2), (0, 9), (1, 2)],
    "Open": [("a",), ("a", [1]), ("a", [])],
    "Compared": [(1,), (1, 5), (2, 5)],
    "Longer": [(1,), (1, 2, "y"), (1, 3, "y")],
    "Roomy": [(1,), (1, (2,)), (1, (2,))],
    "Same": [(), (1,), (2,)],
    "Told": [(1,), (1,), (2,)],
    "Column": [("a",), ("b",)],
    "Nothing": [(), ()],
    "Plain": [(), (0,), (3,)],
}


@pytest.mark.parametrize("name", CALLS)
def test_equal_repr_hash_and_order(pairs, name):
    ours, theirs = pairs[name]
    mine = [ours(*arguments) for arguments in CALLS[name]]
    other = [theirs(*arguments) for arguments in CALLS[name]]
    if name != "Same":
        assert [repr(each).rsplit(">.")[-1] for each in mine] == [
            repr(each).rsplit(">.")[-1] for each in other
        ]
    same = [[a == b for b in mine] for a in mine]
    assert same == [[a == b for b in other] for a in other]
    assert not any(a == b for a in mine for b in other)
    assert (ours.__hash__ is None) == (theirs.__hash__ is None)
    if ours.__hash__ is not None:
        for a, row in zip(mine, same, strict=True):
            assert all(hash(a) == hash(b) for b, equal in zip(mine, row, strict=True) if equal)
    if name == "Ordered":
        assert [mine.index(each) for each in sorted(mine)] == [
            other.index(each) for each in sorted(other)
        ]
        assert [[a >= b for b in mine] for a in mine] == [[a >= b for b in other] for a in other]
        with pytest.raises(TypeError):
            mine[0] < other[0]  # noqa: B015


@pytest.mark.parametrize("name", CALLS)
def test_what_is_asked_of_a_class(pairs, name):
    ours, theirs = pairs[name]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__qualname__ == theirs.__qualname__
    assert ours.__doc__ is None or "=" not in ours.__doc__
    assert vars(ours).get("__slots__") == vars(theirs).get("__slots__")
    assert [each.name for each in dataclasses.fields(ours)] == [
        each.name for each in dataclasses.fields(theirs)
    ]


@pytest.mark.parametrize("name", CALLS)
def test_copies(pairs, name):
    ours, theirs = pairs[name]
    for arguments in CALLS[name]:
        mine, other = ours(*arguments), theirs(*arguments)
        assert dataclasses.asdict(mine) == dataclasses.asdict(other)
        for replace in (dataclasses.replace, quick.replace):
            for changed in ours.__match_args__:
                again = replace(mine, **{changed: 7})
                assert type(again) is ours
                assert dataclasses.asdict(again) == dataclasses.asdict(
                    dataclasses.replace(other, **{changed: 7})
                )
        if ours.__eq__ is not object.__eq__:
            assert copy.copy(mine) == mine
            assert copy.deepcopy(mine) == mine


@pytest.mark.parametrize("name", ["Ordered", "Compared", "Longer", "Roomy"])
def test_frozen_stays(pairs, name):
    ours, _theirs = pairs[name]
    made = ours(1)
    changed = ours.__match_args__[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, changed, 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(made, changed)
    assert getattr(made, changed) == 1


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("wrong", [{"nothing": 1}, {"a": 1, "b": 2, "c": 3, "d": 4}])
def test_wrong_arguments(pairs, name, wrong):
    for kind in pairs[name]:
        with pytest.raises(TypeError, match=f"{name}.__init__"):
            kind(**wrong)


def test_checks_of_the_class_and_shared_defaults(pairs):
    ordered, _ = pairs["Ordered"]
    with pytest.raises(ValueError, match="-1"):
        ordered(1, -1)
    open_, _ = pairs["Open"]
    first, second = open_("a"), open_("b")
    first.rows.append(1)
    assert second.rows == []
    first.name = "c"
    assert first == open_("c", [1])
    assert open_.kinds == 4


def test_options_that_it_does_not_know_are_refused():
    with pytest.raises(TypeError, match="kw_only"):
        quick.dataclass(kw_only=True)


def test_pickled_and_back():
    from ovmfgui.span import Span

    span = Span(3, 4)
    assert pickle.loads(pickle.dumps(span)) == span


@pytest.mark.parametrize(
    ("call", "named"), [((1,), {"start": 1}), ((1, 2, 3), {}), ((), {}), ((), {"size": 2})]
)
def test_a_field_given_twice_or_not_at_all(pairs, call, named):
    for kind in pairs["Ordered"]:
        with pytest.raises(TypeError, match=r"Ordered\.__init__"):
            kind(*call, **named)


def test_named_arguments_in_any_order(pairs):
    ordered, _ = pairs["Ordered"]
    assert ordered(size=5, start=1) == ordered(1, 5)
    assert ordered(1, size=5) == ordered(1, 5)
    assert ordered(start=4) == ordered(4, 3)


def test_a_class_of_which_few_are_made_compiles_nothing():
    code = (
        "import builtins, sys; made = []; real = builtins.exec; "
        "builtins.exec = lambda text, *a: (made.append(text), real(text, *a)); "
        "from ovmfgui.span import Span; Span(1, 2); "
        "told = lambda: print(sum(str(each).startswith('def __init__') for each in made)); "
        "told(); all(Span(i, 2) for i in range(99)); told()"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "1"]
