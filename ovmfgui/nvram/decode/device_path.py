"""Device paths: nodes, instances, and the text form of the UEFI specification, section 10.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_NODES
from ovmfgui.fields import Field, fields_of
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.nodes import NODE_FORMS
from ovmfgui.nvram.decode.nodes.arguments import ucs2_bytes
from ovmfgui.refusal import Refused
from ovmfgui.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER_SIZE = 4
_END_TYPE, _END_INSTANCE, _END_ENTIRE = 0x7F, 0x01, 0xFF
# What nodes of a known type and an unknown subtype are called.
_TYPE_NAMES = {1: "HardwarePath", 2: "AcpiPath", 3: "Msg", 4: "MediaPath", 5: "BbsPath"}


class Node(NamedTuple):
    """One node; ``span`` counts from the start of the bytes that were parsed."""

    type: int
    subtype: int
    body: bytes
    span: Span

    @property
    def title(self) -> str:
        """What the specification calls this kind."""
        form = NODE_FORMS.get((self.type, self.subtype))
        return form.title if form else f"type 0x{self.type:02X}, subtype 0x{self.subtype:02X}"

    @property
    def text(self) -> str:
        """The text form; hex of the body where that would not tell all of it."""
        form = NODE_FORMS.get((self.type, self.subtype))
        fixed = None if form is None else form.structure.read(self.body)
        if form is not None and fixed is not None:
            text = form.text(fixed, self.body[form.structure.sizeof() :])
            if self._is_whole(text):
                return text
        data = f",{self.body.hex()}" if self.body else ""
        name = _TYPE_NAMES.get(self.type)
        return (
            f"{name}({self.subtype}{data})" if name else f"Path({self.type},{self.subtype}{data})"
        )

    def _is_whole(self, text: str) -> bool:
        """Whether the text leads back to these bytes: a body may go on behind what its type has.

        A file's path does so even where a separator in it would be taken for the end of a node.
        """
        # Most stores have no path in them, and most lists no need to read one back.
        from ovmfgui.nvram.decode.path_from_text import FILE_PATH, node_from_text

        if (self.type, self.subtype) == FILE_PATH:
            return self.body == ucs2_bytes(text)
        try:
            return node_from_text(text)[_HEADER_SIZE:] == self.body
        except Refused:
            return False

    def fields(self, start: int) -> tuple[Field, ...]:
        """The fields of the body, whose node lies ``start`` bytes behind what was parsed."""
        form = NODE_FORMS.get((self.type, self.subtype))
        fixed = None if form is None else form.structure.read(self.body)
        return () if fixed is None else fields_of(fixed, start + self.span.start + _HEADER_SIZE)


class DevicePath(NamedTuple):
    """A device path of one or more instances.

    Attributes:
        instances: the nodes of each instance, without end nodes.
        size: bytes up to and with the end node, or as far as could be read.
        problem: what is wrong, in a few words; None where all is well.
    """

    instances: tuple[tuple[Node, ...], ...]
    size: int
    problem: str | None

    @property
    def nodes(self) -> Iterator[Node]:
        """The nodes of all instances."""
        for instance in self.instances:
            yield from instance

    @property
    def text(self) -> str:
        """Nodes joined by "/", instances by ","."""
        return ",".join("/".join(node.text for node in nodes) for nodes in self.instances)


def parse_device_path(data: bytes) -> DevicePath:
    """Read a device path; whatever the bytes are, what could be read comes back."""
    instances: list[tuple[Node, ...]] = []
    nodes: list[Node] = []
    at, count, problem = 0, 0, None
    while True:
        if at + _HEADER_SIZE > len(data):
            problem = "it has no end node"
            break
        kind, subtype = data[at], data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "little")
        if length < _HEADER_SIZE or at + length > len(data):
            problem = f"the node at byte {at} has the length {length}"
            break
        count += 1
        if count > MOST_NODES:
            problem = f"it has more than {MOST_NODES} nodes"
            break
        span = Span(at, length)
        at += length
        if kind != _END_TYPE:
            nodes.append(Node(kind, subtype, data[span.start + _HEADER_SIZE : at], span))
            continue
        instances.append(tuple(nodes))
        nodes = []
        if subtype != _END_INSTANCE:
            problem = None if subtype == _END_ENTIRE else f"its end node has subtype {subtype}"
            break
    if nodes:
        instances.append(tuple(nodes))
    return DevicePath(tuple(instances), at, problem)


def device_path_text(data: bytes) -> str:
    """The text form of a device path; what cannot be read is told behind an ellipsis."""
    path = parse_device_path(data)
    return path.text if path.problem is None else f"{path.text}… ({path.problem})"
