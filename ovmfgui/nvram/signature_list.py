"""EFI_SIGNATURE_LIST: what Secure Boot's databases consist of (UEFI specification, 32.4.1)."""

from __future__ import annotations

from itertools import groupby
from uuid import UUID

from ovmfgui.budgets import MOST_SIGNATURES
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.span import Span
from ovmfgui.structure import Guid, Structure, UInt32


class EfiSignatureList(Structure):
    """EFI_SIGNATURE_LIST (UEFI specification, section 32.4.1); a header and signatures follow."""

    SignatureType: Guid
    SignatureListSize: UInt32
    SignatureHeaderSize: UInt32
    SignatureSize: UInt32


HEADER_SIZE = EfiSignatureList.sizeof()
OWNER_SIZE = 16


class SignatureType(NamedTuple):
    """A kind of signature; ``size`` in bytes without the owner, None where it varies."""

    name: str
    size: int | None


X509 = UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072")
SHA256 = UUID("c1c41626-504c-4092-aca9-41f936934328")
# MdePkg/Include/Guid/ImageAuthentication.h.
SIGNATURE_TYPES = {
    UUID("826ca512-cf10-4ac9-b187-be01496631bd"): SignatureType("SHA-1", 20),
    UUID("0b6e5233-a65c-44c9-9407-d9ab83bfc8bd"): SignatureType("SHA-224", 28),
    SHA256: SignatureType("SHA-256", 32),
    UUID("ff3e5307-9fd0-48c9-85f1-8ad56c701e01"): SignatureType("SHA-384", 48),
    UUID("093e0fae-a6c4-4f50-9f1b-d41e2b89c19a"): SignatureType("SHA-512", 64),
    UUID("57347f87-7a9b-403a-b93c-dc4afb7a0ebc"): SignatureType("SM3", 32),
    UUID("3c5766e8-269c-4e34-aa14-ed776e85b3b6"): SignatureType("RSA-2048", 256),
    UUID("e2b36190-879b-4a3d-ad8d-f2e7bba32784"): SignatureType("RSA-2048 SHA-256", 256),
    UUID("67f8444f-8743-48f1-a328-1eaab8736080"): SignatureType("RSA-2048 SHA-1", 256),
    X509: SignatureType("X.509", None),
    UUID("3bd2a492-96c0-4079-b420-fcf98ef103ed"): SignatureType("X.509 SHA-256", 48),
    UUID("7076876e-80c2-4ee6-aad2-28b349a6865b"): SignatureType("X.509 SHA-384", 64),
    UUID("446dbf63-2502-4cda-bcfa-2465d2b0fe9d"): SignatureType("X.509 SHA-512", 80),
    UUID("60d807e5-10b4-49a9-9331-e40437888d37"): SignatureType("X.509 SM3", 48),
    UUID("4aafd29d-68df-49ee-8aa9-347d375665a7"): SignatureType("PKCS#7", None),
    UUID("452e8ced-dfff-4b8c-ae01-5118862e682c"): SignatureType("external management", 1),
}


class Signature(NamedTuple):
    """EFI_SIGNATURE_DATA; ``span`` holds owner and data, counted from the first list's start."""

    owner: UUID
    data: bytes
    span: Span


class SignatureList(NamedTuple):
    """One list: signatures of one type and size; ``span`` as in ``Signature``."""

    type: UUID
    span: Span
    signatures: tuple[Signature, ...]

    @property
    def type_name(self) -> str:
        """What the type is called."""
        known = SIGNATURE_TYPES.get(self.type)
        return known.name if known else str(self.type)


class SignatureLists(NamedTuple):
    """Lists one behind the other, as far as they could be read, and what is wrong if anything."""

    lists: tuple[SignatureList, ...]
    problem: str | None
    size: int


def _size_problem(list_size: int, header_size: int, size: int, room: int) -> str | None:
    if not HEADER_SIZE <= list_size <= room:
        return f"SignatureListSize is {list_size}, with {room} bytes left"
    if header_size > list_size - HEADER_SIZE:
        return f"SignatureHeaderSize is {header_size} in a list of {list_size} bytes"
    if size < OWNER_SIZE:
        return f"SignatureSize is {size}, less than the owner's {OWNER_SIZE} bytes"
    if (list_size - HEADER_SIZE - header_size) % size:
        return f"{list_size} bytes are no whole number of signatures of {size} bytes"
    return None


def parse_signature_lists(data: bytes) -> SignatureLists:
    """Read signature lists up to the end of ``data`` or the first thing that is wrong."""
    lists: list[SignatureList] = []
    at, count = 0, 0
    while at < len(data):
        values = EfiSignatureList.read(data, at)
        if values is None:
            return SignatureLists(tuple(lists), f"{len(data) - at} bytes follow the lists", at)
        list_size, size = values.SignatureListSize, values.SignatureSize
        header_size = values.SignatureHeaderSize
        problem = _size_problem(list_size, header_size, size, len(data) - at)
        if problem is not None:
            return SignatureLists(tuple(lists), f"at byte {at}: {problem}", at)
        starts = range(at + HEADER_SIZE + header_size, at + list_size, size)
        count += len(starts)
        if count > MOST_SIGNATURES:
            problem = f"more than {MOST_SIGNATURES} signatures"
            return SignatureLists(tuple(lists), problem, at)
        signatures = tuple(
            Signature(
                UUID(bytes_le=data[start : start + OWNER_SIZE]),
                data[start + OWNER_SIZE : start + size],
                Span(start, size),
            )
            for start in starts
        )
        lists.append(SignatureList(values.SignatureType, Span(at, list_size), signatures))
        at += list_size
    return SignatureLists(tuple(lists), None, at)


def signature_size_problem(signatures: SignatureList) -> str | None:
    """Why firmware takes no list with signatures of this size, in one line; None where it may.

    SecurityPkg/Library/AuthVariableLib/AuthService.c, CheckSignatureListFormat.
    """
    known = SIGNATURE_TYPES.get(signatures.type)
    if known is None or known.size is None or not signatures.signatures:
        return None
    size = len(signatures.signatures[0].data)
    if size == known.size:
        return None
    return f"a signature of the type {known.name} has {known.size} bytes, and here {size}"


def build_signature_list(kind: UUID, signatures: list[tuple[UUID, bytes]]) -> bytes:
    """One list of signatures (owner and data) that all have the same size."""
    size = OWNER_SIZE + len(signatures[0][1])
    body = b"".join(owner.bytes_le + data for owner, data in signatures)
    if len(body) != size * len(signatures):
        msg = "the signatures of one list must be of one size"
        raise ValueError(msg)
    header = EfiSignatureList(
        SignatureType=kind,
        SignatureListSize=HEADER_SIZE + len(body),
        SignatureHeaderSize=0,
        SignatureSize=size,
    )
    return header.to_bytes() + body


def new_signatures(old: bytes, new: bytes) -> list[tuple[SignatureList, Signature]]:
    """The signatures of ``new`` that ``old`` does not have, each with its list, in their order.

    As firmware tells them (AuthService.c, FilterSignatureList): a signature is the same where
    type, owner and data are.
    """
    known = {
        (each.type, signature.owner, signature.data)
        for each in parse_signature_lists(old).lists
        for signature in each.signatures
    }
    return [
        (each, s)
        for each in parse_signature_lists(new).lists
        for s in each.signatures
        if (each.type, s.owner, s.data) not in known
    ]


def merge_signatures(old: bytes, new: bytes) -> bytes:
    """``old`` with the signatures of ``new`` that it does not have yet, their lists behind its own.

    What is the same is told as firmware does it; see ``new_signatures``.
    """
    parts = [old]
    for _start, group in groupby(new_signatures(old, new), lambda pair: pair[0].span.start):
        fresh = list(group)
        parts.append(_relisted(new, fresh[0][0], [signature for _list, signature in fresh]))
    return b"".join(parts)


def _relisted(data: bytes, each: SignatureList, signatures: list[Signature]) -> bytes:
    """A list of ``data`` with some of its signatures; header and sizes stay as they were."""
    first = each.signatures[0].span.start
    header = bytearray(data[each.span.start : first])
    body = b"".join(signature.span.of(data) for signature in signatures)
    header[16:20] = (len(header) + len(body)).to_bytes(4, "little")
    return bytes(header) + body
