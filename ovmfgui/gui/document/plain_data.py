"""What an image was read into, kept from Python's search for cycles.

A damaged image may be a hundred thousand regions, places and fields, which refer to what is below
them and never back: there is nothing to find in them. The search would look at each again and
again, on the thread that the window waits for.
"""

from __future__ import annotations

import gc
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ovmfgui.fields import Field, FieldsWhenAsked
from ovmfgui.flash.region import Region
from ovmfgui.nvram.record import Record
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from ovmfgui.layout.inspection import Inspection

_PLAIN = (tuple, Region, Place, Span, Field, FieldsWhenAsked, Record)
"""What is made once and never changed, so that it cannot come to hold what holds it."""


def keep_from_search(inspection: Inspection) -> None:
    """Keep what was read from the search; it goes when nothing refers to it any more.

    For a worker. Where Python is another one than CPython, it does nothing.
    """
    untrack = _untrack()
    if untrack is None:
        return
    store = inspection.store
    waiting: list[Any] = [inspection.map, inspection.image.map]
    waiting += () if store is None else vars(store).values()
    while waiting:
        plain = [each for each in waiting if type(each) in _PLAIN and gc.is_tracked(each)]
        for each in plain:
            untrack(each)
        waiting = gc.get_referents(*plain)


@lru_cache(maxsize=1)
def _untrack() -> Callable[[object], None] | None:
    """CPython's PyObject_GC_UnTrack (Python/C API, "Supporting Cyclic Garbage Collection")."""
    if sys.implementation.name != "cpython":
        return None
    import ctypes

    function: Any = ctypes.pythonapi.PyObject_GC_UnTrack
    function.argtypes, function.restype = [ctypes.py_object], None
    return function  # type: ignore[no-any-return]
