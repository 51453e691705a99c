"""dataclasses' decorator at a tenth of its price when a module is read.

The standard library writes and compiles six functions for each class when the class is made (half
a millisecond on Python 3.11), and a command that lives for a third of a second makes sixty
classes. Here most are shared, and the others are compiled when they are first called.
What the classes do is the same, and the standard library's ``fields``, ``replace`` and ``asdict``
take them; a type checker sees its own decorator.
"""

from __future__ import annotations

from operator import attrgetter, ge, gt, le, lt
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any

from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "replace"]

_UNSET: Any = object()
_FIELD_BY_FIELD = 30
"""So many objects of a class are made before its ``__init__`` is compiled."""


class _Field(NamedTuple):
    """How a field is filled, and whether two objects are compared by it."""

    default: Any = _UNSET
    default_factory: Any = _UNSET
    compare: bool = True


class _StandardFields:
    """``__dataclass_fields__``: the standard library makes them for whoever asks."""

    def __get__(self, _instance: object, owner: Any) -> Any:
        import dataclasses

        values: dict[str, object] = {"__annotations__": dict.fromkeys(owner.__match_args__, "Any")}
        for name, each in owner.__own_fields__.items():
            known = {k: v for k, v in each._asdict().items() if v is not _UNSET}
            if len(known) > 1 or not each.compare:
                values[name] = dataclasses.field(**known)
        # Required fields may follow those with defaults here: the shadow is never called.
        shadow: Any = dataclasses.dataclass(init=False, eq=False)(type("Shadow", (), values))
        return shadow.__dataclass_fields__


def _fields_of(cls: Any) -> dict[str, _Field]:
    """The fields of the bases and then the class's own; their defaults leave the class."""
    found: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= vars(base).get("__own_fields__", {})
    # The annotations are those of the class itself, and text: inspect need not be there.
    for name, kind in vars(cls).get("__annotations__", {}).items():
        if kind.startswith("ClassVar"):
            continue
        value = cls.__dict__.get(name, _UNSET)
        found[name] = value if isinstance(value, _Field) else _Field(value)
        if isinstance(value, _Field):
            delattr(cls, name)
    return found


def _init_text(cls: Any, known: dict[str, object]) -> str:
    """``__init__`` as a person would write it, past a frozen ``__setattr__``."""
    known |= {"_unset": _UNSET, "_set": object.__setattr__}
    arguments = ["self"]
    lines: list[str] = []
    for name, each in cls.__own_fields__.items():
        value = name
        if each.default_factory is not _UNSET:
            known[f"_make_{name}"] = each.default_factory
            arguments.append(f"{name}=_unset")
            value = f"_make_{name}() if {name} is _unset else {name}"
        elif each.default is not _UNSET:
            known[f"_default_{name}"] = each.default
            arguments.append(f"{name}=_default_{name}")
        else:
            arguments.append(name)
        if isinstance(slot := getattr(cls, name, None), MemberDescriptorType):
            known[f"_set_{name}"] = slot.__set__
            lines.append(f" _set_{name}(self, {value})\n")
        else:
            lines.append(f" _set(self, {name!r}, {value})\n")
    lines.append(" self.__post_init__()" if hasattr(cls, "__post_init__") else " pass")
    return f"def __init__({', '.join(arguments)}):\n{''.join(lines)}"


def _values_text(fields: Mapping[str, _Field], owner: str) -> str:
    return f"({''.join(f'{owner}.{name}, ' for name, each in fields.items() if each.compare)})"


def _compile_when_called(cls: Any, name: str, text: Callable[[dict[str, object]], str]) -> None:
    """Give the class a method that, called first, puts the compiled one in its place."""

    def first(self: object, *arguments: object, **named: object) -> Any:
        known: dict[str, object] = {}
        exec(text(known), known)
        compiled: Any = known[name]
        compiled.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, compiled)
        return compiled(self, *arguments, **named)

    setattr(cls, name, first)


def _add_init(cls: Any) -> None:
    """Give the class an ``__init__`` that sets field by field; a compiled one after some objects.

    Compiling one takes as long as making thirty objects, and of most classes a command makes one
    or two. What is not called as it should be is left to the compiled one, which tells it.
    """
    _compile_when_called(cls, "__init__", lambda known: _init_text(cls, known))
    compiled: Any = cls.__init__
    fields = cls.__own_fields__
    ends = hasattr(cls, "__post_init__")
    left = _FIELD_BY_FIELD

    def init(self: Any, *arguments: object, **named: object) -> None:
        nonlocal left
        left -= 1
        values = dict(zip(fields, arguments, strict=False)) | named
        defaults = 0 if left < 0 else _add_defaults(values, fields)
        given = len(arguments) + len(named)
        if left < 0 or given + defaults != len(fields) or values.keys() != fields.keys():
            compiled(self, *arguments, **named)
            return
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if ends:
            self.__post_init__()

    cls.__init__ = init


def _add_defaults(values: dict[str, object], fields: Mapping[str, _Field]) -> int:
    """Fill in the fields that have a default and no value; how many."""
    before = len(values)
    for name, each in fields.items():
        if name in values:
            continue
        if each.default_factory is not _UNSET:
            values[name] = each.default_factory()
        elif each.default is not _UNSET:
            values[name] = each.default
    return len(values) - before


def _add_compiled(cls: Any, fields: Mapping[str, _Field], options: Mapping[str, bool]) -> None:
    _add_init(cls)
    if not options.get("eq", True):
        return
    mine = _values_text(fields, "self")
    other = _values_text(fields, "other")
    if "__eq__" not in cls.__dict__:
        same = f"{mine} == {other} if other.__class__ is self.__class__ else NotImplemented"
        _compile_when_called(cls, "__eq__", lambda _k: f"def __eq__(self, other): return {same}")
    if options.get("frozen", False) and cls.__dict__.get("__hash__") is None:
        _compile_when_called(cls, "__hash__", lambda _k: f"def __hash__(self): return hash({mine})")


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({shown})"


def _refuse_change(self: object, name: str, _value: object = None) -> None:
    from dataclasses import FrozenInstanceError

    msg = f"{type(self).__name__} does not change: {name}"
    raise FrozenInstanceError(msg)


def _get_state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__match_args__]


def _set_state(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__match_args__, state, strict=True):
        object.__setattr__(self, name, value)


def _orders(fields: Mapping[str, _Field]) -> dict[str, Any]:
    """``__lt__`` and its three brothers."""
    values: Any = attrgetter(*(name for name, each in fields.items() if each.compare))

    def order(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], bool]:
        def compared(self: object, other: object) -> bool:
            same_kind = type(other) is type(self)
            return compare(values(self), values(other)) if same_kind else NotImplemented

        return compared

    return {f"__{each.__name__}__": order(each) for each in (lt, le, gt, ge)}


def _methods(fields: Mapping[str, _Field], options: Mapping[str, bool]) -> dict[str, Any]:
    """What needs no compiling; what the class has written itself stays."""
    found: dict[str, Any] = {}
    if options.get("repr", True):
        found["__repr__"] = _repr
    if options.get("order", False):
        found |= _orders(fields)
    if options.get("frozen", False):
        found |= {"__setattr__": _refuse_change, "__delattr__": _refuse_change}
    elif options.get("eq", True):
        found["__hash__"] = None
    return found


def _with_slots(cls: Any, fields: Mapping[str, _Field]) -> Any:
    """The class anew: slots can't be added to one that is there."""
    body = {name: value for name, value in cls.__dict__.items() if name not in fields}
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    taken = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    body["__slots__"] = tuple(name for name in fields if name not in taken)
    made: Any = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _made(cls: Any, options: Mapping[str, bool]) -> Any:
    fields = _fields_of(cls)
    methods = _methods(fields, options)
    if options.get("slots", False):
        cls = _with_slots(cls, fields)
        methods |= {"__getstate__": _get_state, "__setstate__": _set_state}
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(cls, name, method)
    setattr(cls, "__match_args__", tuple(fields))  # noqa: B010 (mypy thinks that it is none)
    cls.__own_fields__ = fields
    cls.__dataclass_fields__ = _StandardFields()
    _add_compiled(cls, fields, options)
    return cls


if not TYPE_CHECKING:

    def dataclass(cls: type | None = None, /, **options: bool) -> Any:
        """As ``dataclasses.dataclass``; of its options, frozen, slots, order, eq and repr."""
        if unknown := options.keys() - {"frozen", "slots", "order", "eq", "repr"}:
            msg = f"dataclass() takes no {', '.join(unknown)} here"
            raise TypeError(msg)
        return _made(cls, options) if cls is not None else lambda made: _made(made, options)

    def field(**options: Any) -> _Field:
        """As ``dataclasses.field``; of its options, default, default_factory and compare."""
        return _Field(**options)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """As ``dataclasses.replace``: a copy with some fields changed."""
        kept = {n: getattr(instance, n) for n in instance.__match_args__ if n not in changes}
        return type(instance)(**kept, **changes)
