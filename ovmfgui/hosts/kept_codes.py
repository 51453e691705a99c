"""What CODE images expect, kept on disk: the next start of a domain need not unpack its CODE."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from ovmfgui import __version__
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.fill import end_of_content
from ovmfgui.flash.image import Architecture, Image
from ovmfgui.layout import verdict, witnesses
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.enforcement import Enforcement
from ovmfgui.layout.modules import front_padding
from ovmfgui.layout.verdict import Evidence, Expectation
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.flash.image import FlashFile

_MOST_BYTES = 1 << 18
_CLASSES: dict[str, Any] = {
    each.__name__: each
    for each in (Expectation, Layout, Evidence, Place, Span, Finding, Enforcement)
}
"""What an expectation is made of; what is made of more is not kept."""
_WRITABLE_BY_OTHERS = 0o022


def contents_key(data: bytes) -> str:
    """Two images have the same key only if they have the same contents.

    An Arm image is 64 MiB, nearly all of it zeros at its end: these are counted and not hashed.
    """
    end = end_of_content(data, Span(0, len(data)), 0)
    return f"{sha256(memoryview(data)[:end]).hexdigest()}-{len(data):x}"


class KeptCodes:
    """A folder with a small file for each CODE, by the key of its contents.

    What cannot be read or written there is as if it had not been kept.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def get(self, key: str, file: FlashFile) -> tuple[Image, Expectation] | None:
        """An image without its map, for a verdict, and what it expects."""
        try:
            if not self._is_ours():
                return None
            path = self._folder / f"{key}.json"
            if path.stat().st_size > _MOST_BYTES:
                return None
            kept = json.loads(path.read_text("utf-8"))
            if kept["made_by"] != _made_by():
                return None
            architecture = kept["architecture"]
            architecture = None if architecture is None else Architecture(architecture)
            expects = _read(kept["expects"])
            if not isinstance(expects, Expectation):
                return None
            return Image((file,), file.role, architecture, (), (), ()), expects
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def put(self, key: str, image: Image, expects: Expectation | None) -> None:
        """Keep it, unless a verdict needs more of the image than what is kept."""
        x86 = image.architecture is None or image.architecture.is_x86
        if expects is None or (x86 and front_padding(image.map, unified=False)):
            return
        architecture = None if image.architecture is None else str(image.architecture)
        try:
            text = json.dumps(
                {
                    "made_by": _made_by(),
                    "architecture": architecture,
                    "expects": _written(expects),
                }
            )
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._is_ours():
                return
            partial = self._folder / f".{uuid4().hex}"
            try:
                partial.write_text(text, "utf-8")
                partial.replace(self._folder / f"{key}.json")
            finally:
                # Of a full disk: what was begun is not left there.
                partial.unlink(missing_ok=True)
        except (OSError, TypeError):
            return

    def _is_ours(self) -> bool:
        """Whether nobody else may write there: a verdict rests on what is kept."""
        said = self._folder.stat()
        return said.st_uid == os.geteuid() and not said.st_mode & _WRITABLE_BY_OTHERS


def _made_by() -> str:
    """The program as it is: what another one has read is read again."""
    fields = [f"{name}({','.join(each.__match_args__)})" for name, each in _CLASSES.items()]
    return sha256(repr([__version__, fields, sorted(_modules())]).encode()).hexdigest()


def _modules() -> Iterator[tuple[str, int]]:
    """The modules that read CODE, and when each was written."""
    for folder in (*witnesses.__path__, str(Path(verdict.__file__).parent)):
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    yield entry.name, entry.stat().st_mtime_ns


def _written(value: Any) -> Any:
    """An object for JSON.

    Raises:
        TypeError: it is made of something that is not known here.
    """
    if value is None or type(value) in (bool, int, str):
        return value
    if isinstance(value, Severity):
        return {"severity": str(value)}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if type(value) is tuple:
        return [_written(each) for each in value]
    name = type(value).__name__
    if _CLASSES.get(name) is not type(value):
        msg = f"{name} is not kept"
        raise TypeError(msg)
    return {"is": name, "of": [_written(getattr(value, each)) for each in value.__match_args__]}


def _read(value: Any) -> Any:
    """The object that was written.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it was something else.
    """
    if isinstance(value, list):
        return tuple(_read(each) for each in value)
    if not isinstance(value, dict):
        return value
    if "severity" in value:
        return Severity(value["severity"])
    if "uuid" in value:
        return UUID(value["uuid"])
    return _CLASSES[value["is"]](*(_read(each) for each in value["of"]))
