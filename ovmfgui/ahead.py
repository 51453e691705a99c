"""Work that goes on beside something else."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Ahead(Generic[T]):
    """Starts a function at once in a thread; ``result`` waits for what it returns or raises.

    For work that lets go of the interpreter, as liblzma and OpenSSL do.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._value: T
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value = self._work()
        except BaseException as error:  # noqa: BLE001 (raised where it is asked for)
            self._error = error
        finally:
            del self._work  # with the bytes that it looked at

    @property
    def going_on(self) -> bool:
        """Whether the function has not returned yet."""
        return self._thread.is_alive()

    def result(self) -> T:
        """What the function returned; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value
