"""A device path typed as text, into the bytes that firmware reads."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from ovmfgui.nvram.decode.nodes import builders, plain_builders
from ovmfgui.nvram.decode.nodes.arguments import ucs2_bytes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

BUILDERS = plain_builders.BUILDERS | builders.BUILDERS
_BY_FOLDED_NAME = {name.casefold(): builder for name, builder in BUILDERS.items()}
_NODE = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\((.*)\)\Z", re.DOTALL)
_END_INSTANCE, _END_ENTIRE = b"\x7f\x01\x04\x00", b"\x7f\xff\x04\x00"
FILE_PATH = (4, 4)
"""Type and subtype of the node that is a file's path (UEFI specification, section 10.3.5.4)."""
_LARGEST = 0xFFFF


def _split(text: str, separator: str) -> Iterator[str]:
    """The parts of ``text`` between separators that stand outside of parentheses and quotes."""
    depth, quoted, start = 0, False, 0
    for at, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "()":
            depth += 1 if char == "(" else -1
        elif char == separator and not depth and not quoted:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def node_from_text(text: str) -> bytes:
    """The bytes of one node; raises ``Refused`` where it makes no sense."""
    match = _NODE.match(text)
    if match is None:
        if "(" in text and "\\" not in text:
            msg = f"{text!r} is no node: a parenthesis is missing"
            raise Refused(msg)
        type_, subtype, body = (*FILE_PATH, ucs2_bytes(text))
    else:
        name, inside = match.groups()
        builder = _BY_FOLDED_NAME.get(name.casefold())
        if builder is None:
            msg = f"{name!r} is no known kind of node; give it as Path(type,subtype,hex)"
            raise Refused(msg)
        arguments = [part.strip() for part in _split(inside, ",")] if inside else []
        try:
            type_, subtype, body = builder(arguments)
            head = struct.pack("<BBH", type_, subtype, 4 + len(body))
        except (ValueError, struct.error, IndexError) as error:
            msg = f"{text!r} is no {name} node: {error}"
            raise Refused(msg.replace("\n", " ")) from None
        return head + body
    if len(body) + 4 > _LARGEST:
        msg = "a path of that length does not fit into a node"
        raise Refused(msg)
    return struct.pack("<BBH", type_, subtype, 4 + len(body)) + body


def device_path_from_text(text: str) -> bytes:
    """The bytes of a device path in the text form of the UEFI specification.

    Nodes are separated by ``/``, instances by ``,``. What is no ``Name(arguments)`` is a file's
    path, such as ``\\EFI\\BOOT\\BOOTX64.EFI``.

    Raises:
        Refused: a part of it makes no sense; says which.
    """
    instances = []
    for instance in _split(text.strip(), ","):
        nodes = [part.strip() for part in _split(instance, "/")]
        instances.append(b"".join(node_from_text(part) for part in nodes if part))
    return _END_INSTANCE.join(instances) + _END_ENTIRE
