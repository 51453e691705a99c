"""typing's NamedTuple at a tenth of its price when a module is read.

The standard library compiles a constructor for each class when the class is made (a quarter of a
millisecond on Python 3.11), and a short command makes forty classes. Here it is compiled when it is
first called; all else is shared. What the classes do is the same; a type checker sees typing's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # no CPython
        from operator import itemgetter

        def _getter(index: int, doc: str | None) -> property:
            return property(itemgetter(index), doc=doc)

    class _Meta(type):
        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            body["__slots__"] = ()
            # A class that is made of another one has its fields.
            if bases[0] is tuple or bases[0].__dict__["_fields"]:
                return super().__new__(cls, name, bases, body)
            names = tuple(body.get("__annotations__", ()))
            body["_field_defaults"] = {each: body[each] for each in names if each in body}
            body["_fields"] = body["__match_args__"] = names
            for index, each in enumerate(names):
                body[each] = _getter(index, None)
            body.setdefault("__new__", _compile_and_make)
            return super().__new__(cls, name, bases, body)

    def _compile_and_make(cls: Any, *values: object, **named: object) -> Any:
        """Put the compiled constructor in its own place and call it."""
        owner = next(each for each in cls.__mro__ if "_field_defaults" in vars(each))
        known = {f"_default_{k}": v for k, v in owner._field_defaults.items()}
        known["_make"] = tuple.__new__
        taken = ", ".join(
            f"{n}=_default_{n}" if f"_default_{n}" in known else n for n in cls._fields
        )
        made = "".join(f"{name}, " for name in cls._fields)
        exec(f"def __new__(_cls, {taken}): return _make(_cls, ({made}))", known)
        owner.__new__ = known["__new__"]
        return owner.__new__(cls, *values, **named)

    class NamedTuple(tuple, metaclass=_Meta):
        """As ``typing.NamedTuple``, to be the first base of a class with annotated fields."""

        _fields = ()
        _make = classmethod(tuple.__new__)

        def _replace(self, /, **changes: object) -> NamedTuple:
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                msg = f"Got unexpected field names: {list(changes)}"
                raise ValueError(msg)
            return made

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            shown = ", ".join(f"{k}={v!r}" for k, v in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({shown})"
