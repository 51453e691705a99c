"""certdb: whose signature each private authenticated variable demands (AuthVariableLib)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.budgets import MOST_CERT_NODES
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.structure import Guid, Structure, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterable


class AuthCertDbData(Structure):
    """AUTH_CERT_DB_DATA (SecurityPkg/Library/AuthVariableLib/AuthServiceInternal.h).

    The name without its NUL and the signer's digest follow. NameSize counts characters.
    """

    VendorGuid: Guid
    CertNodeSize: UInt32
    NameSize: UInt32
    CertDataSize: UInt32


_NODE_SIZE = AuthCertDbData.sizeof()
_HEAD_SIZE = 4
# EFI_CERT_DB_NAME and gEfiCertDbGuid.
CERT_DB = UUID("d9bee56e-75dc-49d9-b4d7-b534210f637a")
CERT_DB_NAME = "certdb"


class CertNode(NamedTuple):
    """One entry: the variable, and the digest of its signer; ``span`` counts in certdb's value."""

    guid: UUID
    name: str
    digest: bytes
    span: Span


def parse_certdb(data: bytes) -> tuple[tuple[CertNode, ...], str | None]:
    """The entries of a certdb, and what is wrong with it; None where nothing is.

    It starts with its total size; one entry for each variable follows.
    """
    if len(data) < _HEAD_SIZE or int.from_bytes(data[:_HEAD_SIZE], "little") != len(data):
        return (), "its own size is not the variable's"
    nodes: list[CertNode] = []
    at = _HEAD_SIZE
    while at < len(data):
        values = AuthCertDbData.read(data, at)
        if values is None or len(nodes) >= MOST_CERT_NODES:
            return tuple(nodes), f"the entry at byte {at} is cut off"
        size, name_start = values.CertNodeSize, at + _NODE_SIZE
        name_end = name_start + 2 * values.NameSize
        end = at + size
        if end != name_end + values.CertDataSize or end > len(data):
            return tuple(nodes), f"the entry at byte {at} has sizes that contradict one another"
        name = data[name_start:name_end].decode("utf-16-le", "surrogatepass")
        nodes.append(CertNode(values.VendorGuid, name, data[name_end:end], Span.between(at, end)))
        at = end
    return tuple(nodes), None


def cleans_for_ever(data: bytes, timed: frozenset[tuple[UUID, str]]) -> bool:
    """Whether firmware comes to no end with a damaged certdb.

    Args:
        data: its value, with sizes that do not agree.
        timed: the time-based authenticated variables in the store.
    """
    at = _HEAD_SIZE
    for _ in range(MOST_CERT_NODES):
        if at >= len(data):
            return False
        values = AuthCertDbData.read(data, at)
        if values is None:
            return True
        raw = data[at + _NODE_SIZE :][: 2 * values.NameSize]
        key = (values.VendorGuid, raw[: len(raw) & ~1].decode("utf-16-le", "surrogatepass"))
        if key not in timed or not values.CertNodeSize:
            return True
        at += values.CertNodeSize
    return True


def without_entries(data: bytes, keys: Iterable[tuple[UUID, str]]) -> bytes:
    """A certdb without the entries of the variables ``keys``."""
    gone = frozenset(keys)
    nodes, _problem = parse_certdb(data)
    body = b"".join(node.span.of(data) for node in nodes if (node.guid, node.name) not in gone)
    return (_HEAD_SIZE + len(body)).to_bytes(_HEAD_SIZE, "little") + body
